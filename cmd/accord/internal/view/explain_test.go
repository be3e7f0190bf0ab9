package view_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// answers are relationships with every outcome, each as a destination of its own.
func answers() []reconcile.ExplainedRelationship {
	run := &reconcile.ExplainedRun{Number: 7, By: "svc@office", Started: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	pair := &reconcile.ExplainedPair{Status: state.Active, OriginalRef: "lunch.ics", ReplicaRef: "accord-r-x.ics"}
	filter := &reconcile.ExplainedFilter{File: "main.hcl", Line: 14, Conditions: []reconcile.ExplainedCondition{
		{Text: `contains(item.categories, "Company")`, Names: []reconcile.ExplainedName{{Name: "item.categories", Value: []any{"Private"}}}},
		{Text: `item.busy != "free"`, Holds: true, Names: []reconcile.ExplainedName{{Name: "item.busy", Value: "busy"}}},
		{Text: `item.summary == var.secret`, Names: []reconcile.ExplainedName{{Name: "item.summary", Hidden: true}, {Name: "var.secret", Hidden: true}}},
		{Text: `item.priority > 1`, Error: "Operation failed: argument must not be null", Names: []reconcile.ExplainedName{{Name: "item.priority"}}},
	}}
	edit := plan.Operation{Action: plan.Edit, Side: plan.Destination, Title: "Team lunch", Reason: "changed_at_source", Fields: []plan.Field{{Name: "location", Before: "Room 4", After: "Room 5"}}}
	remove := plan.Operation{Action: plan.Delete, Side: plan.Destination, Title: "Team lunch", Reason: "gone_at_source", Fields: []plan.Field{}}
	conflict := plan.Operation{Action: plan.Conflict, Side: plan.Destination, Title: "Team lunch", Reason: "conflict_manual", Fields: []plan.Field{{Name: "location", Before: "Room 4", After: "Room 5"}}}
	all := []reconcile.ExplainedRelationship{
		{Outcome: reconcile.Planned, Operations: []plan.Operation{edit}, Pair: pair, SettledBy: run},
		{Outcome: reconcile.Settled, Pair: pair, SettledBy: run},
		{Outcome: reconcile.Settled, Pair: &reconcile.ExplainedPair{Status: state.Active, ReplicaRef: "lunch.ics", Adopted: true}},
		{Outcome: reconcile.Settled, Side: plan.Destination, Pair: pair, SettledBy: run},
		{Outcome: reconcile.Waits, Operations: []plan.Operation{conflict}, Pair: pair},
		{Outcome: reconcile.Held, Status: plan.Blocked, Reason: "it would delete 6 of 12 items in folder.b, and its guard allows 30 % (3). To allow exactly this: -allow-deletes=relationship.x:6", Operations: []plan.Operation{remove}, Pair: pair},
		{Outcome: reconcile.Held, Status: plan.Alert, Reason: "folder.b: the folder is gone", Pair: pair},
		{Outcome: reconcile.Held, Status: plan.Disabled, Reason: "enabled = false"},
		{Outcome: reconcile.Held, Status: plan.Unresolved, Reason: "folder.b has no address"},
		{Outcome: reconcile.Held, Status: plan.Paused, Reason: "paused by svc@office since 2026-03-02 12:00:00 +0000. To go on: accord resume"},
		{Outcome: reconcile.NeverCopied},
		{Outcome: reconcile.NeverCopied, Reason: "the next apply makes it the replica of relationship.y"},
		{Outcome: reconcile.BeganThere, Side: plan.Destination},
		{Outcome: reconcile.Filtered, Filter: filter},
		{Outcome: reconcile.Filtered, Filter: filter, Pair: pair, OnUnmatched: "freeze"},
		{Outcome: reconcile.OutOfWindow, Reason: "it comes in on 2026-12-01 at 09:00 UTC"},
		{Outcome: reconcile.OutOfWindow, Reason: "it takes place outside of it, and time will not bring it in", Pair: pair},
		{Outcome: reconcile.Settling, Reason: "it is carried from 2026-12-01 at 09:00 UTC on, unless it changes again", Pair: pair},
		{Outcome: reconcile.Untriggered, Reason: "summary changed, and waits for a change of start or end", Pair: pair, SettledBy: run},
		{Outcome: reconcile.Lingers, Pair: late("cancelled", false), SettledBy: run},
		{Outcome: reconcile.Lingers, Side: plan.Destination, Pair: late("cancelled", false)},
		{Outcome: reconcile.Settled, Pair: late("changed", false)},
		{Outcome: reconcile.Settled, Side: plan.Destination, Pair: late("cancelled", false)},
		{Outcome: reconcile.Settled, Side: plan.Destination, Pair: late("cancelled", true)},
		{Outcome: reconcile.Pruned, Pair: &reconcile.ExplainedPair{Status: state.Pruned}},
		{Outcome: reconcile.Retired, Pair: &reconcile.ExplainedPair{Status: state.Retired}},
		{Outcome: reconcile.Ignored, Pair: &reconcile.ExplainedPair{Status: state.Ignored}},
		{Outcome: reconcile.Refused, Pair: &reconcile.ExplainedPair{Status: state.Active, Refused: true}},
		{Outcome: reconcile.Undecided, Reason: "main.hcl:14: Operation failed"},
		{Outcome: reconcile.ItemUnreadable, Reason: "it is damaged"},
		{Outcome: reconcile.ItemUnreadable, Side: plan.Destination, Reason: "it is damaged"},
		{Outcome: reconcile.ReplicaUnreadable, Reason: "it is damaged"},
		{Outcome: reconcile.TwinUnreadable, Reason: "lunch.ics: it is damaged"},
		{Outcome: reconcile.Missing},
		{Outcome: reconcile.Settled, Pair: &reconcile.ExplainedPair{Status: state.Active, ReplicaRef: "lunch.ics", Adopted: true},
			Matches: []reconcile.ExplainedMatch{{Ref: "lunch.ics", Title: "Team lunch", By: "match_key", Adopted: true, Same: []string{"title", "start", "end"}}}},
		{Outcome: reconcile.Settled, Pair: &reconcile.ExplainedPair{Status: state.Active, ReplicaRef: "lunch.ics", Adopted: true},
			Matches: []reconcile.ExplainedMatch{{Ref: "lunch.ics", Title: "[C] Team lunch", By: "match_key", Made: true, Adopted: true, Same: []string{"title", "start", "end"}}}},
		{Outcome: reconcile.Planned, Operations: []plan.Operation{edit}, Matches: []reconcile.ExplainedMatch{
			{Ref: "lunch.ics", Title: "Team lunch", By: "uid", Same: []string{"title"}, Differ: []string{"start"}},
			{Ref: "other.ics", Title: "(hidden)", Hidden: true, By: "match_key", Paired: true, Same: []string{"title", "start"}}}},
		{Outcome: reconcile.Planned, Operations: []plan.Operation{edit}, Matches: []reconcile.ExplainedMatch{
			{Ref: "lunch-2.ics", Title: "Team lunch", Same: []string{"title"}, Differ: []string{"start", "end"}}}},
		{Outcome: reconcile.Left, Reason: "the next apply deletes it, for relationship.y"},
	}
	for i := range all {
		r := &all[i]
		r.Address, r.Source, r.Destination = fmt.Sprintf("relationship.r%02d", i+1), "folder.a", "folder.b"
		if r.Side == "" {
			r.Side = plan.Source
		}
		if r.Status == "" {
			r.Status = plan.OK
		}
		if r.Operations == nil {
			r.Operations = []plan.Operation{}
		}
	}
	return all
}

// late is a pair whose replica is marked.
func late(mark string, adopted bool) *reconcile.ExplainedPair {
	return &reconcile.ExplainedPair{Status: state.Active, OriginalRef: "lunch.ics", ReplicaRef: "accord-r-x.ics", Adopted: adopted,
		Late: &reconcile.ExplainedLate{Mark: mark, Until: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}}
}

func explanation() *reconcile.Explanation {
	return &reconcile.Explanation{
		Folder: "folder.b", Asked: "lunch", Diagnostics: []plan.Diagnostic{}, Relationships: answers(),
		Item: reconcile.ExplainedItem{Folder: "folder.a", Title: "Team lunch", UID: "lunch", Ref: "lunch.ics", Kind: pim.Calendar, Start: "2027-01-05T10:00:00Z",
			Recurrence: "FREQ=WEEKLY;COUNT=5", Recurring: true, Presence: reconcile.Present, Recorded: true, Role: reconcile.Original},
		Apply: &reconcile.ExplainedApply{ExplainedRun: reconcile.ExplainedRun{Number: 7, By: "svc@office", Started: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)},
			Writes: []reconcile.ExplainedWrite{
				{Relationship: "relationship.r01", Folder: "folder.b", Write: "create", Ref: "accord-r-x.ics", Outcome: "done", Reason: "new_at_source"},
				{Relationship: "relationship.r02", Folder: "folder.b", Write: "update", Ref: "accord-r-x.ics", Outcome: "stale", Reason: "changed_at_source"},
				{Relationship: "relationship.r03", Folder: "folder.b", Write: "delete", Outcome: "", Reason: "gone_at_source"},
			}},
	}
}

// explain draws an explanation.
func explain(t *testing.T, x *reconcile.Explanation, o view.Options) []byte {
	t.Helper()
	var out, err bytes.Buffer
	if err := view.New(&out, &err, o).Explanation(x); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestExplanation(t *testing.T) {
	golden(t, "explanation.txt", explain(t, explanation(), view.Options{}))
	golden(t, "explanation.jsonl", explain(t, explanation(), view.Options{JSON: true}))
}

// TestExplanationOfEachRole: what is said of the item itself.
func TestExplanationOfEachRole(t *testing.T) {
	of := &reconcile.ReplicaOf{Workspace: "office", Relationship: "relationship.x", Original: "lunch", Source: "folder.a", Recorded: true}
	again, retired, waiting, unrecorded := *of, *of, *of, *of
	again.Generation, waiting.Adopted = 2, true
	retired.Status = state.Retired
	waiting.Status = state.Waiting
	unrecorded.Recorded = false
	original := &reconcile.ExplainedItem{Folder: "folder.a", Title: "Team lunch", UID: "lunch", Presence: reconcile.Unreadable, Reason: "it is damaged"}
	items := []reconcile.ExplainedItem{
		{Kind: pim.Calendar, UID: "new", Presence: reconcile.Present},
		{Kind: pim.Contacts, Ref: "1.vcf", ByRef: true, Presence: reconcile.Present, Recorded: true},
		{Kind: pim.Tasks, UID: "twice", Ref: "2.ics", ByRef: true, Presence: reconcile.Present, Recorded: true},
		{Kind: pim.Notes, Title: "(private)", Hidden: true, UID: "n", Presence: reconcile.Present, Recorded: true},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Replica, Replica: of, Original: original},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Replica, Replica: &again},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Replica, Replica: &retired},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Replica, Replica: &waiting},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Replica, Replica: &unrecorded},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Absent, Recorded: true, Role: reconcile.Replica, Replica: of},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Foreign, Replica: of},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Orphan, Replica: of},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Released, Replica: of},
		{Kind: pim.Calendar, UID: "r", Presence: reconcile.Present, Recorded: true, Role: reconcile.Copied, Replica: of},
		{Kind: pim.Calendar, UID: "u", Presence: reconcile.Unseen, Reason: "the answer stopped short", Recorded: true},
		{Kind: pim.Calendar, UID: "u", Presence: reconcile.Unread, Reason: "the folder is gone", Recorded: true},
		{Kind: pim.Calendar, UID: "u", Presence: reconcile.Absent},
	}
	var out bytes.Buffer
	for _, it := range items {
		it.Folder = "folder.b"
		out.Write(explain(t, &reconcile.Explanation{Folder: "folder.b", Asked: "r", Item: it}, view.Options{}))
		out.WriteByte('\n')
	}
	golden(t, "explanation-roles.txt", out.Bytes())
}

// TestExplanationFolds: many relationships that do the same are told at once, and -v tells of each.
func TestExplanationFolds(t *testing.T) {
	x := explanation()
	add := plan.Operation{Action: plan.Add, Side: plan.Destination, Title: "Team lunch", Reason: "new_at_source", Fields: []plan.Field{}}
	x.Relationships = nil
	for i := range 6 {
		for _, r := range []reconcile.ExplainedRelationship{answers()[1], answers()[13], {Outcome: reconcile.Planned, Status: plan.OK, Side: plan.Source, Operations: []plan.Operation{add}}} {
			r.Address = fmt.Sprintf("relationship.%s[\"k%d\"]", r.Outcome, i)
			x.Relationships = append(x.Relationships, r)
		}
	}
	golden(t, "explanation-folded.txt", explain(t, x, view.Options{}))
	if n := bytes.Count(explain(t, x, view.Options{Verbose: true}), []byte("\nrelationship.")); n != 18 {
		t.Errorf("verbose tells of %d relationships, not 18", n)
	}
}

// TestExplanationIsHarmless: nothing that an item says changes what is drawn around it.
func TestExplanationIsHarmless(t *testing.T) {
	const bad = "\x1b[31mred\nline\u202e\x00"
	x := explanation()
	x.Asked, x.Item.Title, x.Item.UID, x.Item.Ref, x.Item.Reason, x.Item.Presence = bad, bad, bad, bad, bad, reconcile.Unreadable
	x.Item.Role, x.Item.Replica = reconcile.Copied, &reconcile.ReplicaOf{Original: bad, Relationship: bad}
	for i := range x.Relationships {
		r := &x.Relationships[i]
		r.Reason = bad
		if r.Filter != nil {
			r.Filter = &reconcile.ExplainedFilter{File: bad, Conditions: []reconcile.ExplainedCondition{{Text: bad, Error: bad, Names: []reconcile.ExplainedName{{Name: bad, Value: bad}}}}}
		}
	}
	for _, o := range []view.Options{{}, {JSON: true}} {
		got := explain(t, x, o)
		if bytes.ContainsAny(got, "\x1b\x00\u202e") || bytes.Contains(got, []byte("red\nline")) {
			t.Errorf("it is not harmless:\n%q", got)
		}
	}
	several := &reconcile.SeveralError{Folder: "folder.b", Item: bad, Count: 30, Candidates: []reconcile.Candidate{{Folder: `folder.s["a"]`, Name: "it's -x", Title: bad}, {Folder: "folder.b", Name: "-x"}}}
	var out, err bytes.Buffer
	if err := view.New(&out, &err, view.Options{}).Candidates(several); err != nil {
		t.Fatal(err)
	}
	golden(t, "candidates.txt", err.Bytes())
}
