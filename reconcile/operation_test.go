package reconcile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

func operations(t *testing.T, p *plan.Plan, action plan.Action) (ops []plan.Operation) {
	t.Helper()
	for _, r := range p.Document.Relationships {
		for op, err := range r.Operations.All() {
			if err != nil {
				t.Fatal(err)
			}
			if op.Action == action {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// A conflict lists the fields that a person has to settle, and none in which the sides may differ.
func TestConflictListsWhatWasChanged(t *testing.T) {
	o := company(t, memory.DAV())
	for _, folder := range []string{"a", "b"} {
		o.at(folder).Put(event("one", "Lunch"))
	}
	o.edit("b", "Lunch", "description", "Alice brings the salad.")
	o.apply()
	o.settled()
	policies := &o.ws.Relations[0].Policies
	policies.DestinationEdit, policies.Conflict = schema.DestinationEditPropagate, schema.ConflictManual
	o.edit("a", "Lunch", "location", "Room 4")
	o.edit("b", "Lunch", "location", "Room 5")

	ops := operations(t, o.plan(reconcile.Request{}), plan.Conflict)
	want := []plan.Field{{Name: "location", Before: "Room 4", After: "Room 5"}}
	if len(ops) != 1 || !slices.Equal(ops[0].Fields, want) {
		t.Errorf("the conflicts are %+v, want one of %+v", ops, want)
	}
}

// What is deleted because a relationship leads elsewhere now is not in its destination: the plan says where it is.
func TestDeleteNamesTheFolderThatWasReplaced(t *testing.T) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations[0].Destination = o.spec("c")
	ops := operations(t, o.plan(reconcile.Request{}), plan.Delete)
	if len(ops) != 1 || !strings.Contains(ops[0].Detail, "folder.b") {
		t.Errorf("the deletes are %+v, and do not name folder.b", ops)
	}
}
