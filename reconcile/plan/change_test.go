package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/plan"
)

// What says the same has one signature; what differs in anything that one line for all would tell has another, or none.
func TestSignature(t *testing.T) {
	room := func(change func(*plan.Operation)) plan.Operation {
		op := plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: "u", Title: "Algebra", Reason: "changed_at_source",
			Fields: []plan.Field{{Name: "location", Before: "Hall A", After: "Hall B"}}}
		change(&op)
		return op
	}
	add := func(change func(*plan.Operation)) plan.Operation {
		return room(func(op *plan.Operation) { op.Action = plan.Add; change(op) })
	}
	for _, c := range []struct {
		name       string
		a, b       plan.Operation
		same, none bool
	}{
		{name: "another item", a: room(func(*plan.Operation) {}), b: room(func(op *plan.Operation) { op.UID, op.Title, op.ReplicaRef = "v", "Botany", "x.ics" }), same: true},
		{name: "another value", a: room(func(*plan.Operation) {}), b: room(func(op *plan.Operation) {
			op.Fields = []plan.Field{{Name: "location", Before: "Hall A", After: "Hall C"}}
		})},
		{name: "nothing is not a text", a: room(func(op *plan.Operation) { op.Fields[0].Before = nil }), b: room(func(op *plan.Operation) { op.Fields[0].Before = "" })},
		{name: "another reason", a: room(func(*plan.Operation) {}), b: room(func(op *plan.Operation) { op.Reason = "template_changed" })},
		{name: "another side", a: room(func(*plan.Operation) {}), b: room(func(op *plan.Operation) { op.Side = plan.Source })},
		{name: "a list read back", a: room(func(op *plan.Operation) { op.Fields[0].After = []string{"x", "y"} }), b: room(func(op *plan.Operation) { op.Fields[0].After = []any{"x", "y"} }), same: true},
		{name: "the same item that comes", a: add(func(*plan.Operation) {}), b: add(func(op *plan.Operation) { op.Fields = nil }), same: true},
		{name: "another item that comes", a: add(func(*plan.Operation) {}), b: add(func(op *plan.Operation) { op.UID = "v" })},
		{name: "an item without UID", b: add(func(op *plan.Operation) { op.UID = "" }), none: true},
		{name: "a detail", b: room(func(op *plan.Operation) { op.Detail = "its own" }), none: true},
		{name: "a shared replica", b: room(func(op *plan.Operation) { op.Originals = []string{"a", "b"} }), none: true},
		{name: "a conflict", b: room(func(op *plan.Operation) { op.Action = plan.Conflict }), none: true},
		{name: "a long text", b: room(func(op *plan.Operation) { op.Fields[0].After = strings.Repeat("x", 5000) }), none: true},
		{name: "many fields", b: room(func(op *plan.Operation) { op.Fields = make([]plan.Field, 9) }), none: true},
	} {
		a, _ := c.a.Signature()
		b, ok := c.b.Signature()
		if ok == c.none || !c.none && (a == b) != c.same {
			t.Errorf("%s: %x and %x, %v", c.name, a, b, ok)
		}
	}
}

// A change that a document holds has the signature of the operations that it stands for, also when it was read from a file.
func TestChangeStandsForItsOperations(t *testing.T) {
	op := plan.Operation{Action: plan.Edit, Side: plan.Destination, Reason: "changed_at_source", UID: "u", Title: "Algebra",
		Fields: []plan.Field{{Name: "categories", Before: []string{"Work"}, After: []string{"Work", "Daily"}}, {Name: "all_day", Before: false, After: true}}}
	gone := op
	gone.Action = plan.Delete
	gone.Fields = append([]plan.Field{{Name: "start", Before: "2027-01-04T09:00:00Z"}}, op.Fields...)
	for _, op := range []plan.Operation{op, gone} {
		text, err := json.Marshal(plan.ChangeOf("relationship.a", op))
		if err != nil {
			t.Fatal(err)
		}
		var c plan.Change
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		want, _ := op.Signature()
		if got, ok := c.Operation().Signature(); !ok || got != want {
			t.Errorf("%s: %x, want %x", op.Action, got, want)
		}
		if op.Action == plan.Delete && (len(c.Fields) != 1 || c.Fields[0].Name != "start") {
			t.Errorf("of an item that goes it holds %v", c.Fields)
		}
	}
}
