package reconcile_test

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// lose loses the state, and perhaps has it rebuilt: nothing is deleted for that, and only what left no trace at the replicas comes again. Of stores that keep no markers, and
// items that are damaged or share a UID, no more than that nothing is deleted can be said.
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
	known := r.sharp && r.plain()
	if !known {
		traceless = len(there)
	}
	r.tally.losses++
	r.made += traceless
	rebuilt := rapid.Bool().Draw(r.rt, "rebuilt")
	r.rt.Logf("the state is lost; rebuilt: %v", rebuilt)
	asked, _ := makes(r.plan(reconcile.Request{}))
	if r.state = state.Memory(); rebuilt {
		r.rebuild(reconcile.RebuildOptions{})
	}
	p := r.plan(reconcile.Request{})
	adds, deletes := makes(p)
	// What left no trace is copied once more, and where it was a replica it is an ordinary item now, that its folder's relationships copy.
	if known && adds > asked+traceless*(1+r.related) || deletes > 0 {
		r.t.Fatalf("the state was lost, and %d items are made (%d were to be, %d left no trace) and %d deleted:\n%s", adds, asked, traceless, deletes, describe(p))
	}
	for _, rel := range p.Document.Relationships {
		if rebuilt && rel.Status == plan.OK && rel.Operations.Len() > 0 && recorded(r.office, rel.Address) && lossOf(p, rel.Address) == "" {
			r.t.Fatalf("%s has something to do after it was rebuilt, and why is not said:\n%s", rel.Address, describe(p))
		}
	}
}

// makes counts what a plan makes and deletes.
func makes(p *plan.Plan) (adds, deletes int) {
	for _, w := range writes(p) {
		switch w.Kind {
		case providers.Create:
			adds++
		case providers.Delete:
			deletes++
		}
	}
	return adds, deletes
}
