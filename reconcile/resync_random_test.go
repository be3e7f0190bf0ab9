package reconcile_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
)

// Whatever is made again in whatever state it is, nothing is lost, nothing is there twice, and nothing is left to do.
func TestResyncConverges(t *testing.T) {
	v := loadViews(t)
	remade := 0
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		r.tally = &tally{}
		for range rapid.IntRange(1, 2).Draw(t, "rounds") {
			r.wait()
			r.work()
			r.round()
		}
		if len(r.ws.Relations) == 0 {
			return
		}
		rel := rapid.SampledFrom(r.ws.Relations).Draw(t, "made again")
		address := rapid.SampledFrom([]string{rel.Address, rel.Destination.Address}).Draw(t, "address")
		r.touch(rel.Destination.Address[len("folder."):])
		before := r.seen()
		p := r.plan(reconcile.Request{Resync: []string{address}})
		result := r.carryOut(p)
		t.Logf("%s is made again: %s\n%s", address, r.difference(before), describe(p))
		if len(result.Failures) > 0 {
			t.Fatalf("not everything was done: %v", result.Failures)
		}
		for _, w := range writes(p) {
			if w.Reason == "resynced" {
				remade++
			}
		}
		r.lossless(before, result.Apply)
		r.distinct()
		r.quiet()
	})
	if t.Logf("%d writes to make replicas again", remade); remade == 0 {
		t.Error("none was made again")
	}
}
