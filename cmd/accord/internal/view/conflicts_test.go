package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// waiting is a plan in which every kind of thing waits: with long texts, one side gone, hidden, without a UID, hostile, and beside what is held.
func waiting() *plan.Document {
	conflict := func(uid, title string, fields ...plan.Field) plan.Operation {
		return plan.Operation{Action: plan.Conflict, Side: plan.Destination, UID: uid, OriginalRef: uid + ".ics", ReplicaRef: "r-" + uid + ".ics", Title: title, Reason: "conflict_manual", Fields: fields}
	}
	agenda := "Agenda\n\n1. What was decided last time\n2. The new office: who moves when, and what is left behind\n3. Budget of the first quarter\n"
	gone := conflict("u3", "Farewell", plan.Field{Name: "summary", After: "Goodbye"})
	gone.OriginalRef = ""
	nameless := conflict("", "Standup", plan.Field{Name: "location", Before: "Room 4"})
	nameless.Item, nameless.OriginalRef = "ref:it's.ics", "it's.ics"
	ambiguous := plan.Operation{Action: plan.Ambiguous, Side: plan.Destination, UID: "u5", OriginalRef: "u5.vcf", Title: "Anna Smith", Reason: "ambiguous", Candidates: []string{"a.vcf", "b c.vcf"}, Fields: []plan.Field{},
		Versions: []plan.Version{
			{Ref: "a.vcf", Title: "Anna Smith", Fields: []plan.Field{{Name: "org", Before: "Town", After: "County"}, {Name: "note", Before: agenda, After: agenda + "more"}}},
			{Ref: "b c.vcf", Title: "Anna Smith", Fields: []plan.Field{{Name: "org", Before: "Town"}, {Name: "title", After: "Mayor"}}},
		}}
	hostile := conflict("u\x1b[31m6", "Trip\u202e\n", plan.Field{Name: "summary", Before: "a\x1b]0;x\a", After: "Ausflug mit 会議 und einem langen Namen, der nicht endet"})
	team := sample.Relationship("relationship.team",
		conflict("u1", "Budget", plan.Field{Name: "location", Before: "Room 4", After: "Room 5"}, plan.Field{Name: "start", Before: "2026-12-08T10:00:00Z", After: "2026-12-08T11:00:00Z"},
			plan.Field{Name: "description", Before: agenda, After: strings.Replace(agenda, "first", "second", 1)}),
		conflict("u2", "(private)"), gone, nameless, ambiguous, hostile,
		plan.Operation{Action: plan.Add, Side: plan.Destination, UID: "u9", Title: "Not here", Reason: "new_at_source"})
	held := sample.Relationship("relationship.held")
	held.Status, held.Reason = plan.Alert, "folder.a: no answer"
	return sample.Document(plan.Summary{Conflict: 5, Ambiguous: 1, Add: 1}, team, held)
}

func TestConflicts(t *testing.T) {
	since := map[state.PairKey]time.Time{{Relationship: "relationship.team", Original: "u1"}: sample.Made().UTC()}
	for name, opts := range map[string]view.Options{"wide.txt": {WidthOut: 160}, "narrow.txt": {WidthOut: 44}, "none.txt": {}, "lines.jsonl": {JSON: true}} {
		golden(t, "conflicts-"+name, drawn(t, opts, func(v *view.View) error { return v.Conflicts(waiting(), since, "accord -chdir=office") }))
	}
	golden(t, "conflicts-nothing.txt", drawn(t, view.Options{}, func(v *view.View) error { return v.Conflicts(sample.Document(plan.Summary{}), nil, "accord") }))
}
