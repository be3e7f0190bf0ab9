package reconcile_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// mortal is a state whose process is killed at a commit: nothing is recorded from there on.
type mortal struct {
	state.Store
	left int  // commits until then
	done bool // the last one is recorded, and nobody hears of it
	dead bool
}

var errKilled = errors.New("the process was killed")

func (m *mortal) Commit(b *state.Batch) error {
	if m.dead {
		return errKilled
	}
	if m.left--; m.left != 0 {
		return m.Store.Commit(b)
	}
	m.dead = true
	if m.done {
		if err := m.Store.Commit(b); err != nil {
			return err
		}
	}
	return errKilled
}

func (m *mortal) Enqueue(b *state.Batch) (durable func() error, err error) {
	return func() error { return nil }, m.Commit(b)
}

// An apply that is killed at any commit, before or after it took effect, makes each replica once.
func TestKilledAtEveryCommit(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for n := 1; ; n++ {
			finished := false
			for _, done := range []bool{false, true} {
				o := newOffice(t)
				for _, name := range []string{"a", "b", "c"} {
					o.folder(name, mode)
				}
				o.mesh("team", twoWay(), "a", "b")
				o.relate("copy", "a", "c", oneWay())
				o.fill("a", 2)
				o.fill("b", 1)
				o.apply()
				o.edit("b", "a 00", "location", "Room 1")
				o.erase("b", "a 01")
				o.at("a").Put(event("new", "Lunch"))

				whole := o.state
				o.state = &mortal{Store: whole, left: n, done: done}
				_, err := o.engine().Apply(t.Context(), o.state, o.plan(reconcile.Request{}))
				finished = err == nil
				o.state = whole
				o.apply()
				o.settled()
				o.holds("a", "Lunch", "a 00", "b 00")
				o.holds("b", "Lunch", "a 00", "b 00")
				o.holds("c", "Lunch", "a 00")
				for _, name := range []string{"a", "b", "c"} {
					if got := o.find(name, "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
						t.Errorf("killed at commit %d: %s is at %v", n, name, got)
					}
				}
			}
			if finished {
				return
			}
		}
	})
}

// After a create that never reached its table, an item that was there before is not taken for it, though it says the same.
func TestOlderItemIsNoAnswer(t *testing.T) {
	o := company(t, memory.Table())
	o.at("a").Put(event("", "Lunch"))
	o.at("b").Put(event("", "Lunch"))
	o.relate("back", "b", "a", oneWay())
	for _, r := range o.ws.Relations {
		r.Policies.Existing = schema.ExistingCopy // they say the same, but are not
	}
	o.apply()
	o.holds("b", "Lunch", "Lunch")
	o.at("a").Put(event("", "Lunch"))
	whole := o.state
	m := &mortal{Store: whole, left: -1}
	o.state, o.strike = m, atWrite(1, func() { m.dead = true })
	if _, err := o.engine().Apply(t.Context(), o.state, o.plan(reconcile.Request{})); !errors.Is(err, errKilled) {
		t.Fatalf("the killed apply returned %v", err)
	}
	o.state, o.strike = whole, nil
	for _, pair := range pairsOf(o) {
		if pair.Relationship == "relationship.back" { // its original, which was in b all along, is looked at for that
			o.at("a").Delete(pair.ReplicaRef)
		}
	}
	o.apply()
	o.holds("a", "Lunch", "Lunch", "Lunch")
	o.holds("b", "Lunch", "Lunch", "Lunch")
	o.settled()
}

// Every kind of fault at every call of an apply: the apply after it makes good.
func TestEveryFaultAtEveryCall(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		mode.ThrottleEvery, mode.Bumps = 0, 0
		for n, struck := 1, true; struck; n++ {
			struck = false
			for _, fault := range everyFault() {
				o := newOffice(t)
				o.folder("a", mode)
				o.folder("b", mode)
				o.relate("copy", "a", "b", twoWay())
				o.fill("a", 3)
				o.apply()
				o.edit("b", "a 00", "location", "Room 1")
				o.erase("a", "a 01")
				o.at("a").Put(event("new", "Lunch"))
				calls := 0 // of plan and apply
				o.strike = func(c faults.Call) faults.Fault {
					if calls++; calls == n {
						struck = true
						if slices.Contains(faults.Kinds(c.Operation), fault) {
							return fault
						}
					}
					return faults.Fault{}
				}
				o.apply()
				o.strike = nil
				o.apply()
				o.settled()
				if fault.Class == providers.Refused || fault.Effect == faults.Rewrite {
					continue
				}
				o.holds("a", "Lunch", "a 00", "a 02")
				o.holds("b", "Lunch", "a 00", "a 02")
				if t.Failed() {
					t.Fatalf("%+v at call %d", fault, n)
				}
			}
		}
	})
}

// everyFault lists each fault once.
func everyFault() []faults.Fault {
	all := map[faults.Fault]bool{}
	for _, operation := range []faults.Operation{faults.Changes, faults.Fetch, faults.Create, faults.Update, faults.Delete} {
		for _, fault := range faults.Kinds(operation) {
			all[fault] = true
		}
	}
	return slices.Collect(maps.Keys(all))
}
