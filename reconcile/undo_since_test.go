package reconcile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// A journal that does not say what items were, as in a state that was imported without it, takes back no edit and no delete: what it cannot put back stays.
func TestUndoWithoutImages(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.at("a").Put(event("two", "Review"))
	o.apply()
	o.edit("a", "Lunch", "summary", "Dinner")
	o.erase("a", "Review")
	o.apply()

	var text bytes.Buffer
	if _, err := state.Export(&text, o.state, false); err != nil {
		t.Fatal(err)
	}
	o.state = state.Memory()
	if _, err := state.Import(o.state, &text); err != nil {
		t.Fatal(err)
	}
	back := o.undo(0)
	if n := len(writes(back)); n != 0 {
		t.Errorf("%d writes are planned:\n%s", n, describe(back))
	}
	said := 0
	for _, d := range back.Document.Diagnostics {
		if strings.Contains(d.Detail, "the journal does not say what it was") {
			said++
		}
	}
	if said != 2 {
		t.Errorf("%d items are said to be left: %v", said, back.Document.Diagnostics)
	}
}

// An apply of before a relationship had another name is undone while its moved block is there. Without the block, nothing says whose its pairs are: nothing is
// taken back then, or the next apply would take it for what a person deleted.
func TestUndoOfBeforeARename(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		r := o.ws.Relations[0]
		r.Policies = twoWay()
		o.at("a").Put(event("one", "Lunch"))
		first := o.apply().Apply
		r.Address, r.Block = "relationship.new", "relationship.new"
		o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.new"}}
		o.at("a").Put(event("two", "Review"))
		o.apply()

		if n := len(writes(o.undo(first))); n != 1 {
			t.Errorf("with the moved block, %d writes are planned", n)
		}
		o.ws.Moved = nil
		o.carryOut(o.undo(first))
		o.carryOut(o.plan(reconcile.Request{}))
		o.holds("a", "Lunch", "Review")
	})
}

// An apply of before a relationship led to another folder took an edit back to an original. Undone, the original is as it was, and its pair is what it is by now.
func TestUndoOfBeforeAReplacement(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.folder("c", mode)
		r := o.ws.Relations[0]
		r.Policies = twoWay()
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		o.edit("b", "Lunch", "summary", "Dinner")
		second := o.apply().Apply
		r.Destination = o.spec("c")
		o.apply()
		o.holds("c", "Dinner")

		o.carryOut(o.undo(second))
		o.holds("a", "Lunch")
		o.carryOut(o.plan(reconcile.Request{}))
		o.holds("a", "Lunch")
		o.holds("c", "Lunch")
	})
}
