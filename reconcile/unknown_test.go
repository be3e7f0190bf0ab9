package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

// TestLookingForManyCreates: a connection that breaks leaves many writes without an answer. They are looked for together, and where items are known by their
// UIDs among what came since the plan read the folder: what else it holds is not read.
func TestLookingForManyCreates(t *testing.T) {
	for _, effect := range []faults.Effect{faults.LoseAnswer, faults.LoseRequest} {
		o := company(t, memory.DAV())
		o.roomy = true
		o.fill("a", 20)
		o.fill("b", 300)
		p := o.plan(reconcile.Request{})
		o.at("b").ResetRequests()
		o.strike = faults.Always(faults.Fault{Effect: effect}, faults.Create)
		result := o.carryOut(p)
		asked, made := o.at("b").Requests(), 0
		if effect == faults.LoseAnswer {
			made = 20
		}
		if asked.Changes != 1 || asked.Fetched > 2*made || result.Summary.Add != made {
			t.Errorf("%s: added %d, asked %+v", effect, result.Summary.Add, asked)
		}
		o.strike = nil
		o.apply()
		if got := len(o.titles("b")); got != 320 {
			t.Errorf("%s: b holds %d items", effect, got)
		}
		o.settled()
	}
}

// TestLookingWithExpiredCursor: where the cursor of the plan's reading does not hold any more, the whole folder is looked at.
func TestLookingWithExpiredCursor(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.fill("b", 2)
	p := o.plan(reconcile.Request{})
	o.strike = faults.Always(faults.Fault{Effect: faults.LoseAnswer}, faults.Create)
	o.at("b").ExpireCursors()
	if result := o.carryOut(p); result.Summary.Add != 3 {
		t.Errorf("%+v, %v", result.Summary, result.Failures)
	}
	o.strike = nil
	o.settled()
}

// unheard is a state that another process has: what is committed here it does not know.
type unheard struct{ state.Store }

func (unheard) Commit(*state.Batch) error { return nil }

func (unheard) Enqueue(*state.Batch) (durable func() error, err error) {
	return func() error { return nil }, nil
}

// TestWritesThatArriveLate: what an apply sent before it was killed arrives after the next one has made its plan. That one finds what it was to write, and has
// nothing left to do.
func TestWritesThatArriveLate(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.mesh("team", twoWay(), "a", "b", "c")
	o.fill("a", 3)
	o.apply()
	o.edit("b", "a 00", "location", "Room 1")
	o.erase("c", "a 01")
	o.at("a").Put(event("new", "Lunch"))
	late, next := o.plan(reconcile.Request{}), o.plan(reconcile.Request{})

	known := o.state
	o.state = unheard{known}
	o.carryOut(late)
	o.state = known
	if result := o.carryOut(next); len(result.Failures) > 0 {
		t.Errorf("%v", result.Failures)
	}
	o.settled()
	for _, name := range []string{"a", "b", "c"} {
		o.holds(name, "Lunch", "a 00", "a 02")
	}
}
