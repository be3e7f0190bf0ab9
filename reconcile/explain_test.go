package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// explained is an explanation in a few lines.
func (o *office) explained(folder, item string) string {
	o.t.Helper()
	x, err := o.engine().Explain(context.Background(), o.state, "folder."+folder, item)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%q in %s: %s, %s", x.Item.Title, x.Item.Folder, x.Item.Presence, x.Item.Role)
	if r := x.Item.Replica; r != nil {
		fmt.Fprintf(&b, " of %s by %s (%s, generation %d, adopted %t)", r.Original, r.Relationship, r.Status, r.Generation, r.Adopted)
	}
	for _, r := range x.Relationships {
		fmt.Fprintf(&b, "\n%s as %s: %s", r.Address, r.Side, r.Outcome)
		if r.Status != plan.OK {
			fmt.Fprintf(&b, " %s", r.Status)
		}
		for _, op := range r.Operations {
			fmt.Fprintf(&b, ", %s at the %s because %s", op.Action, op.Side, op.Reason)
			if len(op.Candidates) > 0 {
				fmt.Fprintf(&b, " of %d candidates", len(op.Candidates))
			}
		}
		if r.SettledBy != nil {
			fmt.Fprintf(&b, ", settled by %d", r.SettledBy.Number)
		}
		for _, m := range r.Matches {
			fmt.Fprintf(&b, "\n  %s by %q: same %v, differ %v, adopted %t, paired %t", m.UID, m.By, m.Same, m.Differ, m.Adopted, m.Paired)
		}
	}
	if x.Apply != nil {
		for _, w := range x.Apply.Writes {
			fmt.Fprintf(&b, "\napply %d by %s: %s in %s by %s because %s: %s", x.Apply.Number, x.Apply.By, w.Write, w.Folder, w.Relationship, w.Reason, w.Outcome)
		}
	}
	return b.String()
}

// explains fails unless the explanation is this one.
func (o *office) explains(folder, item string, want ...string) {
	o.t.Helper()
	if got := o.explained(folder, item); got != strings.Join(want, "\n") {
		o.t.Errorf("%s in %s: it is explained by\n%s\nwant\n%s", item, folder, got, strings.Join(want, "\n"))
	}
}

// pairOfFolders is an office where folder a is copied to folder b.
func pairOfFolders(t *testing.T, policies schema.Policies) *office {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("x", "a", "b", policies)
	return o
}

func (o *office) put(folder string, items ...*pim.Item) {
	o.t.Helper()
	for _, it := range items {
		o.at(folder).Put(it)
	}
}

func TestExplainWhatAPlanDoes(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	added := "relationship.x as source: planned, add at the destination because new_at_source"
	o.explains("a", "lunch", `"Team lunch" in folder.a: there, original`, added)
	o.explains("a", "TEAM lunch", `"Team lunch" in folder.a: there, original`, added)
	o.explains("b", "lun", `"Team lunch" in folder.a: there, original`, added) // it is not where one expects it, and will be
	o.apply()
	written := "apply 1 by test: create in folder.b by relationship.x because new_at_source: done"
	o.explains("a", "lunch", `"Team lunch" in folder.a: there, original`, "relationship.x as source: settled, settled by 1", written)
	o.explains("b", "Team lunch", `"Team lunch" in folder.b: there, replica of lunch by relationship.x (active, generation 0, adopted false)`,
		"relationship.x as destination: settled, settled by 1", written)
	o.edit("a", "Team lunch", "summary", "Long lunch")
	o.explains("b", "Team lunch", `"Team lunch" in folder.b: there, replica of lunch by relationship.x (active, generation 0, adopted false)`,
		"relationship.x as destination: planned, edit at the destination because changed_at_source, settled by 1", written)
	o.erase("a", "Long lunch")
	o.explains("a", "lunch", `"" in folder.a: gone, original`,
		"relationship.x as source: planned, delete at the destination because gone_at_source, settled by 1", written)
	o.apply()
	deleted := "apply 2 by test: delete in folder.b by relationship.x because gone_at_source: done"
	o.explains("b", "team lunch", `"Team lunch" in folder.b: gone, replica of lunch by relationship.x (, generation 0, adopted false)`,
		"relationship.x as destination: missing", deleted)
}

func TestExplainReplicasAreNotCopiedFurther(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.folder("c", memory.DAV())
	o.relate("y", "b", "c", oneWay())
	o.put("a", event("lunch", "Team lunch"))
	o.apply()
	o.explains("c", "Team lunch", `"Team lunch" in folder.b: there, replica of lunch by relationship.x (active, generation 0, adopted false)`,
		"relationship.y as source: never_copied", "apply 1 by test: create in folder.b by relationship.x because new_at_source: done")
	o.put("c", event("own", "Dentist"))
	o.explains("c", "own", `"Dentist" in folder.c: there, original`, "relationship.y as destination: began_there")
	o.explains("b", "own", `"Dentist" in folder.c: there, original`, "relationship.y as destination: began_there")
}

func TestExplainWhatAPersonDidToAReplica(t *testing.T) {
	prune := oneWay()
	prune.DestinationDelete = schema.DestinationDeletePrune
	keep := oneWay()
	keep.SourceDelete = schema.SourceDeleteKeep
	ignore := oneWay()
	ignore.Existing = schema.ExistingIgnore
	t.Run("deleted", func(t *testing.T) {
		o := pairOfFolders(t, prune)
		o.put("a", event("lunch", "Team lunch"))
		o.apply()
		o.erase("b", "Team lunch")
		pruned := []string{`"Team lunch" in folder.a: there, original`, "relationship.x as source: pruned, settled by 1",
			"apply 1 by test: create in folder.b by relationship.x because new_at_source: done"}
		o.explains("b", "Team lunch", pruned...)
		o.apply()
		o.explains("b", "Team lunch", pruned...)
	})
	t.Run("retired", func(t *testing.T) {
		o := pairOfFolders(t, keep)
		o.put("a", event("lunch", "Team lunch"))
		o.apply()
		o.erase("a", "Team lunch")
		o.apply()
		o.explains("b", "Team lunch", `"Team lunch" in folder.b: there, replica of lunch by relationship.x (retired, generation 0, adopted false)`,
			"relationship.x as destination: retired, settled by 2", "apply 2 by test: update in folder.b by relationship.x because gone_at_source: done")
		o.explains("a", "lunch", `"" in folder.a: gone, original`, "relationship.x as source: retired, settled by 2",
			"apply 2 by test: update in folder.b by relationship.x because gone_at_source: done")
	})
	t.Run("ignored", func(t *testing.T) {
		o := pairOfFolders(t, ignore)
		o.put("a", event("lunch", "Team lunch"))
		o.explains("b", "lunch", `"Team lunch" in folder.a: there, original`, "relationship.x as source: ignored")
		o.apply()
		o.explains("b", "lunch", `"Team lunch" in folder.a: there, original`, "relationship.x as source: ignored")
	})
	t.Run("copied", func(t *testing.T) {
		o := pairOfFolders(t, oneWay())
		o.put("a", event("lunch", "Team lunch"))
		o.apply()
		o.put("b", o.find("b", "Team lunch").Item.WithUID("by-hand"))
		o.explains("b", "by-hand", `"Team lunch" in folder.b: there, copied of lunch by relationship.x (, generation 0, adopted false)`,
			"relationship.x as destination: began_there")
	})
	t.Run("adopted", func(t *testing.T) {
		o := pairOfFolders(t, oneWay())
		o.put("a", event("lunch", "Team lunch"))
		o.put("b", event("lunch", "Team lunch"))
		o.apply()
		if got := o.explained("b", "lunch"); !strings.HasPrefix(got, `"Team lunch" in folder.b: there, replica of lunch by relationship.x (active, generation 0, adopted true)`) {
			t.Errorf("it is explained by\n%s", got)
		}
	})
}

func TestExplainWhatHoldsARelationship(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	r := o.ws.Relations[0]
	for i := range 12 {
		o.put("a", event(fmt.Sprintf("e%02d", i), fmt.Sprintf("Event %02d", i)))
	}
	o.apply()
	for i := range 6 {
		o.erase("a", fmt.Sprintf("Event %02d", i))
	}
	o.explains("b", "Event 03", `"Event 03" in folder.b: there, replica of e03 by relationship.x (active, generation 0, adopted false)`,
		"relationship.x as destination: held blocked, delete at the destination because gone_at_source, settled by 1",
		"apply 1 by test: create in folder.b by relationship.x because new_at_source: done")
	r.Enabled = false
	o.explains("a", "Event 07", `"Event 07" in folder.a: there, original`, "relationship.x as source: held disabled, settled by 1",
		"apply 1 by test: create in folder.b by relationship.x because new_at_source: done")
	r.Enabled = true
	o.spec("b").Unresolved = true
	o.explains("a", "Event 07", `"Event 07" in folder.a: there, original`, "relationship.x as source: held unresolved, settled by 1",
		"apply 1 by test: create in folder.b by relationship.x because new_at_source: done")
	o.spec("b").Unresolved = false
	for _, it := range o.at("a").Items() {
		o.at("a").Delete(it.Ref)
	}
	o.explains("b", "Event 07", `"Event 07" in folder.b: there, replica of e07 by relationship.x (active, generation 0, adopted false)`,
		"relationship.x as destination: held alert, settled by 1", "apply 1 by test: create in folder.b by relationship.x because new_at_source: done")
}

func TestExplainWhatWaits(t *testing.T) {
	manual := twoWay()
	manual.Conflict = schema.ConflictManual
	o := pairOfFolders(t, manual)
	o.put("a", event("lunch", "Team lunch"))
	o.apply()
	o.edit("a", "Team lunch", "location", "Room 1")
	o.edit("b", "Team lunch", "location", "Room 2")
	got := o.explained("a", "lunch")
	if !strings.Contains(got, "relationship.x as source: waits, conflict at the destination because conflict_manual") {
		t.Errorf("it is explained by\n%s", got)
	}
}

func TestExplainChangesNothing(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	before := len(o.at("b").Items())
	o.explained("a", "lunch")
	if o.state.Header().LastApply != 0 || len(o.at("b").Items()) != before {
		t.Error("an explanation wrote something")
	}
}

func TestExplainFindsTheItem(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch-1", "Team lunch"), event("lunch-2", "Team lunch"), event("other", "Standup"))
	_, err := o.engine().Explain(context.Background(), o.state, "folder.a", "Team lunch")
	var several *reconcile.SeveralError
	if !errors.As(err, &several) || several.Count != 2 {
		t.Fatalf("it says %v, not that there are two", err)
	}
	var names []string
	for _, c := range several.Candidates {
		names = append(names, c.Name+" "+c.Start)
	}
	if want := []string{"lunch-1 2026-03-10T09:00:00Z", "lunch-2 2026-03-10T09:00:00Z"}; !slices.Equal(names, want) {
		t.Errorf("the candidates are %q, want %q", names, want)
	}
	for item, want := range map[string]string{"Standupp": `Did you mean "Standup"?`, "zzzzzz": "no item has the UID, the ref or the title"} {
		if got := o.explained("a", item); !strings.Contains(got, want) {
			t.Errorf("%q: it says %q, want %q in it", item, got, want)
		}
	}
	_, err = o.engine().Explain(context.Background(), o.state, "folder.nowhere", "lunch")
	if err == nil || !strings.Contains(err.Error(), `there is no folder "folder.nowhere"`) {
		t.Errorf("it says %v of a folder that is not there", err)
	}
}

// TestExplainMatches: an explanation says what an original was compared with, and by what an adopted item was recognised.
func TestExplainMatches(t *testing.T) {
	later := func(uid, title string) *pim.Item {
		at, err := pim.FieldValue(pim.Calendar, "start", "2026-03-11T09:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		return event(uid, title).WithFields(pim.Fields{"start": at})
	}
	o := company(t, memory.DAV())
	o.at("a").Put(event("x", "Lunch"))
	o.at("b").Put(later("near", "lunch"))
	o.at("b").Put(event("far", "Dinner"))
	o.explains("a", "x", `"Lunch" in folder.a: there, original`,
		`relationship.copy as source: planned, add at the destination because new_at_source`,
		`  near by "": same [title], differ [start], adopted false, paired false`)
	o.at("b").Put(event("same", "Lunch"))
	o.explains("a", "x", `"Lunch" in folder.a: there, original`,
		`relationship.copy as source: planned, adopt at the destination because adopted_match`,
		`  same by "match_key": same [title start], differ [], adopted false, paired false`)
	o.apply()
	got := o.explained("a", "x")
	if want := `same by "match_key": same [title start], differ [], adopted true, paired false`; !strings.Contains(got, want) {
		t.Errorf("it is explained by\n%s\nwant\n%s", got, want)
	}
	o.at("a").Put(event("y", "Lunch"))
	got = o.explained("a", "y")
	if want := `same by "match_key": same [title start], differ [], adopted false, paired true`; !strings.Contains(got, want) {
		t.Errorf("it is explained by\n%s\nwant\n%s", got, want)
	}
}
