package reconcile_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// accident plans and applies, and something goes wrong. What is true after every apply is true after it as well. before, which is what the folders held, takes in
// what people do meanwhile.
func (r *random) accident(before map[spot]memory.Stored) {
	r.tally.accidents++
	whole, pairs := r.state, pairsOf(r.office)
	number := whole.Header().LastApply + 1
	var interrupt context.CancelFunc
	var thrown any // by rapid, in a goroutine of the engine's
	n := rapid.IntRange(1, 12).Draw(r.rt, "when")
	kind := rapid.SampledFrom([]string{"faults", "lies", "commit lost", "commit unconfirmed", "killed", "interrupted", "hung", "overtaken", "meanwhile"}).Draw(r.rt, "accident")
	r.rt.Logf("accident: %s, %d", kind, n)
	run := func(do func()) { do() }
	switch kind {
	case "faults":
		r.strike = faults.Seeded(rapid.Uint64().Draw(r.rt, "seed"), float64(n)/40)
	case "lies":
		r.strike = r.liar(n)
	case "commit lost":
		r.state = &mortal{Store: whole, left: n}
	case "commit unconfirmed":
		r.state = &mortal{Store: whole, left: n, done: true}
	case "killed":
		m := &mortal{Store: whole, left: -1}
		r.state = m
		r.strike = atWrite(n, func() { m.dead = true })
	case "interrupted":
		interrupted := atWrite(n, func() { interrupt() })
		r.strike = func(c faults.Call) faults.Fault { interrupted(c); return faults.Fault{} }
	case "hung":
		r.strike = faults.At(n, faults.Fault{Effect: rapid.SampledFrom([]faults.Effect{faults.Hang, faults.HangAfter}).Draw(r.rt, "hangs")})
		run = r.untilDeadline
	case "meanwhile":
		r.strike = r.meanwhile(n, before, &thrown)
	}
	run(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		interrupt = cancel
		p, err := r.engine().Plan(ctx, r.state, reconcile.Request{})
		if err != nil {
			r.rt.Logf("planned: %v", err)
			return
		}
		if kind == "overtaken" {
			r.notice(before, func() { r.touch(rapid.SampledFrom(r.names).Draw(r.rt, "folder")) })
		}
		pairs = append(pairs, planned(p)...)
		r.now = r.now.Add(time.Minute)
		seen := r.seen()
		result, err := r.engine().Apply(ctx, r.state, p)
		r.rt.Logf("applied, %v: %s\n%s", err, r.difference(seen), describe(p))
		if err == nil {
			r.rt.Logf("%v", result.Failures)
		} else if kind == "faults" || kind == "lies" {
			r.t.Errorf("apply: %v", err)
		}
	})
	if thrown != nil {
		panic(thrown)
	}
	r.state, r.strike = whole, nil
	r.lossless(before, number)
	r.journaled(before, number)
	r.onlyOurs(before, append(pairs, pairsOf(r.office)...))
}

// planned are the pairs that a plan would record: those of matches may be in no state yet when a process is killed.
func planned(p *plan.Plan) (pairs []state.Pair) {
	for part := range p.Parts() {
		for _, pair := range part.Pairs {
			if pair.New != nil {
				pairs = append(pairs, *pair.New)
			}
		}
	}
	return pairs
}

// untilDeadline lets do wait for deadlines on a clock that needs no time.
func (r *random) untilDeadline(do func()) {
	synctest.Test(r.views.t, func(*testing.T) { do() })
}

// liar says of the nth write that it failed, where that is known not to make a second item, or takes it whatever its precondition says, or says the same thing in other words.
func (r *random) liar(n int) faults.Plan {
	lie := rapid.SampledFrom([]faults.Fault{{Effect: faults.FailAfter, Class: providers.Transient}, {Effect: faults.FailAfter, Class: providers.Stale},
		{Effect: faults.FailAfter, Class: providers.Unauthorized}, {Effect: faults.Overwrite}, {Effect: faults.Restyle}}).Draw(r.rt, "lie")
	return func(c faults.Call) faults.Fault {
		if c.Operation != faults.Create && c.Operation != faults.Update && c.Operation != faults.Delete {
			return faults.Fault{}
		}
		if n--; n >= 0 && n < 3 && (c.Operation != faults.Create || r.stores[strings.TrimPrefix(c.Folder, "folder.")].Mode().Capabilities.UIDs) {
			return lie
		}
		return faults.Fault{}
	}
}

// meanwhile has somebody do something in the folder of the nth write just before it arrives, where the store looks at preconditions.
func (r *random) meanwhile(n int, before map[spot]memory.Stored, thrown *any) faults.Plan {
	return func(c faults.Call) faults.Fault {
		defer func() {
			if p := recover(); p != nil {
				*thrown = p
			}
		}()
		if c.Operation != faults.Update && c.Operation != faults.Delete {
			return faults.Fault{}
		}
		folder := strings.TrimPrefix(c.Folder, "folder.")
		if n--; n == 0 && r.stores[folder].Mode().Capabilities.Conditional {
			r.notice(before, func() { r.touch(folder) })
		}
		return faults.Fault{}
	}
}

// notice takes what people do into what was there. They do nothing that a precondition could not tell.
func (r *random) notice(before map[spot]memory.Stored, do func()) {
	was, lying := r.seen(), r.lying
	r.lying = false
	do()
	r.lying = lying
	now := r.seen()
	for at := range was {
		if _, there := now[at]; !there {
			delete(before, at)
		}
	}
	for at, it := range now {
		if old, there := was[at]; !there || !sameStored(old, it) {
			before[at] = it
		}
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

// journaled: what is not as it was is in the journal, which is written first.
func (r *random) journaled(before map[spot]memory.Stored, apply uint64) {
	written, creates := map[spot]bool{}, map[string]int{}
	err := r.state.Entries(apply, func(e state.Entry) error {
		if e.Kind == providers.Create {
			creates[e.Folder]++
		} else {
			written[spot{e.Folder, e.Ref}] = true
		}
		return nil
	})
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	after := r.seen()
	for at, was := range before {
		if now, there := after[at]; !written[at] && (!there || !sameStored(was, now) && !sameContent(was, now)) {
			r.t.Fatalf("%v was changed, and the journal does not say so", at)
		}
	}
	for at := range after {
		if _, there := before[at]; !there {
			creates[at.folder]--
		}
	}
	for folder, n := range creates {
		if n < 0 {
			r.t.Fatalf("%d more items were made in %s than the journal says", -n, folder)
		}
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
