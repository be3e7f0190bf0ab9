package reconcile_test

import (
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
)

// lose loses the state: nothing is deleted for that, and only what left no trace at the replicas comes again.
func (r *random) lose() {
	traceless, there := 0, r.seen()
	for _, pair := range pairsOf(r.office) {
		replica := there[spot{r.joined[pair.Relationship].destination, pair.ReplicaRef}].Item
		if replica == nil { // pruned, ignored, or a conflict that waits
			traceless++
		} else if m, _ := replica.Marker(); m.Original != pair.Original || strings.HasPrefix(m.Original, decide.RefKey) {
			traceless++ // the original was made again by a store that makes UIDs of its own, or had no UID of its own when it was copied
		}
	}
	r.rt.Logf("the state is lost")
	r.tally.losses++
	r.state = state.Memory()
	r.made += traceless
	p := r.plan(reconcile.Request{})
	adds, deletes := 0, 0
	for _, w := range writes(p) {
		switch w.Kind {
		case providers.Create:
			adds++
		case providers.Delete:
			deletes++
		}
	}
	// What left no trace is copied once more, and where it was a replica it is an ordinary item now, that its folder's relationships copy.
	if adds > traceless*(1+r.related) || deletes > 0 {
		r.t.Fatalf("the state was lost, and %d items are made (%d left no trace) and %d deleted:\n%s", adds, traceless, deletes, describe(p))
	}
}
