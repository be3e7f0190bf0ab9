package reconcile_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// TestAccidents is invariant 6: whatever happens to an apply, the next one neither repeats nor loses a write.
func TestAccidents(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		r.tame()
		for range rapid.IntRange(1, 3).Draw(t, "applies") {
			r.work()
			r.tame()
			before := r.seen()
			r.accident()
			r.strike = nil
			r.round()
			r.noneTwice(before)
		}
	})
}

// tame takes the policies out that make items of lost versions: every new item is a replica then, or an original made again.
func (r *random) tame() {
	for _, rel := range r.ws.Relations {
		if rel.Policies.DestinationEdit == schema.DestinationEditPreserve {
			rel.Policies.DestinationEdit = schema.DestinationEditDiscard
		}
		if rel.Policies.Conflict == schema.ConflictPreserve {
			rel.Policies.Conflict = schema.ConflictMerge
		}
	}
}

// accident plans and applies, and something goes wrong.
func (r *random) accident() {
	whole := r.state
	defer func() { r.state, r.strike = whole, nil }()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	n := rapid.IntRange(1, 12).Draw(r.rt, "when")
	kind := rapid.SampledFrom([]string{"faults", "commit lost", "commit unconfirmed", "killed", "interrupted"}).Draw(r.rt, "accident")
	r.rt.Logf("accident: %s, %d", kind, n)
	switch kind {
	case "faults":
		r.strike = faults.Seeded(rapid.Uint64().Draw(r.rt, "seed"), float64(n)/40)
	case "commit lost":
		r.state = &mortal{Store: whole, left: n}
	case "commit unconfirmed":
		r.state = &mortal{Store: whole, left: n, done: true}
	case "killed":
		m := &mortal{Store: whole, left: -1}
		r.state = m
		r.strike = atWrite(n, func() { m.dead = true })
	case "interrupted":
		r.strike = atWrite(n, func() { cancel(context.Canceled) })
		interrupted := r.strike
		r.strike = func(c faults.Call) faults.Fault { interrupted(c); return faults.Fault{} }
	}
	p, err := r.engine().Plan(context.Background(), r.state, reconcile.Request{})
	if err != nil {
		return
	}
	r.now = r.now.Add(time.Minute)
	before := r.seen()
	result, err := r.engine().Apply(ctx, r.state, p)
	r.rt.Logf("applied, %v: %s\n%s", err, r.difference(before), describe(p))
	if err == nil {
		r.rt.Logf("%v", result.Failures)
	}
	if kind == "faults" && err != nil {
		r.t.Fatalf("apply: %v", err)
	}
}

// atWrite calls back before the nth write; from then on no write reaches a store.
func atWrite(n int, happen func()) faults.Plan {
	return func(c faults.Call) faults.Fault {
		if c.Operation != faults.Create && c.Operation != faults.Update && c.Operation != faults.Delete {
			return faults.Fault{}
		}
		if n--; n == 0 {
			happen()
		}
		if n <= 0 {
			return faults.Fault{Effect: faults.LoseRequest}
		}
		return faults.Fault{}
	}
}

// noneTwice fails when an item was made that is no replica of a pair and no original of one, and that its folder holds twice. Alone it is an
// original that was made again and whose pair ended, since it is out of the filter as it is.
func (r *random) noneTwice(before map[spot]memory.Stored) {
	known := map[spot]bool{}
	for _, pair := range pairsOf(r.office) {
		e := r.joined[pair.Relationship]
		known[spot{e.destination, pair.ReplicaRef}] = true
		if r.flowsBack(pair.Relationship) {
			known[spot{e.source, pair.OriginalRef}] = true
		}
	}
	all := r.seen()
	for at, now := range all {
		if _, there := before[at]; there || known[at] {
			continue
		}
		for other, twin := range all {
			if other.folder == at.folder && other != at && now.Item != nil && twin.Item != nil && twin.Item.Fields().Equal(now.Item.Fields()) {
				r.t.Fatalf("%v is there twice: %s", at, says(now))
			}
		}
	}
}

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
