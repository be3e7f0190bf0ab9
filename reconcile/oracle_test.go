package reconcile_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// agree is what folders hold when nothing is left to do, as the configuration says it, without asking the engine how it got there: an original that a
// relationship copies has one replica, a replica has its original, and says what the template makes of it but for what the policies leave to it. p is a plan
// that has nothing to do: it names what waits for a person or a repair.
func (r *random) agree(p *plan.Plan) {
	world, excused := r.seen(), excusedBy(p)
	byOriginal, byRef := map[state.PairKey]bool{}, map[state.PairKey]bool{} // and by ref: where a store has no UIDs, a key says little
	replicas := map[spot]bool{}
	for _, pair := range pairsOf(r.office) {
		byOriginal[state.PairKey{Relationship: pair.Relationship, Original: pair.Original}] = true
		for _, ref := range []string{pair.OriginalRef, strings.TrimPrefix(pair.Original, decide.RefKey)} {
			byRef[state.PairKey{Relationship: pair.Relationship, Original: ref}] = true
		}
		if pair.ReplicaRef != "" {
			replicas[spot{r.joined[pair.Relationship].destination, pair.ReplicaRef}] = true
		}
	}
	damaged := map[string]bool{} // folders with an item that may be what would be copied
	for at, it := range world {
		damaged[at.folder] = damaged[at.folder] || it.Item == nil
	}
	for _, rel := range r.ws.Relations {
		if damaged[rel.Destination.Address] {
			continue
		}
		for _, at := range slices.SortedFunc(maps.Keys(world), compareSpots) {
			it := world[at]
			if at.folder != rel.Source.Address || it.Item == nil || replicas[at] || ours(it.Item) || excused[at] {
				continue
			}
			byUID := byOriginal[state.PairKey{Relationship: rel.Address, Original: it.Item.UID()}]
			if !byUID && !byRef[state.PairKey{Relationship: rel.Address, Original: at.ref}] && r.copies(rel, it.Item) {
				why, err := r.engine().Explain(context.Background(), r.state, at.folder, at.ref)
				r.t.Fatalf("%s copies %v, %s, and it has no pair: %+v, %v\n%s", rel.Address, at, says(it), why, err, describe(p))
			}
		}
	}
	for _, pair := range pairsOf(r.office) {
		i := slices.IndexFunc(r.ws.Relations, func(rel *schema.Relationship) bool { return rel.Address == pair.Relationship })
		if i < 0 || pair.Status != state.Active {
			continue
		}
		r.saysTheSame(r.ws.Relations[i], pair, world, excused)
	}
}

func compareSpots(a, b spot) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.ref, b.ref))
}

// excusedBy are the items that a plan says something of.
func excusedBy(p *plan.Plan) map[spot]bool {
	out := map[spot]bool{}
	for _, d := range p.Document.Diagnostics {
		out[spot{d.Address, d.Ref}] = true
	}
	for _, rel := range p.Document.Relationships {
		for op := range rel.Operations.All() {
			out[spot{rel.Source, op.OriginalRef}], out[spot{rel.Destination, op.ReplicaRef}] = true, true
			for _, ref := range op.Candidates {
				out[spot{rel.Destination, ref}] = true
			}
		}
	}
	return out
}

// copies reports whether a relationship is to copy an original now.
func (r *random) copies(rel *schema.Relationship, it *pim.Item) bool {
	if rel.Settle > 0 {
		return false // it may have changed too recently
	}
	if rel.Filter != nil {
		if in, err := rel.Filter.Match(it, rel); err != nil || !in {
			return false
		}
	}
	stay, err := rel.Window.Stay(it, r.now, rel.Source.Zone)
	return err == nil && stay.In
}

// saysTheSame fails when the replica of an active pair does not say what is made of its original.
func (r *random) saysTheSame(rel *schema.Relationship, pair state.Pair, world map[spot]memory.Stored, excused map[spot]bool) {
	at, copied := spot{rel.Source.Address, pair.OriginalRef}, spot{rel.Destination.Address, pair.ReplicaRef}
	o, there := world[at]
	replica, copiedThere := world[copied]
	if excused[at] || excused[copied] || pair.Refused != 0 || pair.Rest != state.Flowing || pair.Late != state.InTime {
		return // one that was cancelled late stays without its original for a while
	}
	policies := rel.Policies
	if policies.Coalesce {
		return // its replica says what another relationship's original says, and goes with that
	}
	if !there || !copiedThere {
		r.t.Fatalf("an item of an active pair is not there: %+v", pair)
	}
	if o.Item == nil || replica.Item == nil || policies.SourceEdit == schema.SourceEditIgnore || policies.DestinationEdit == schema.DestinationEditKeep ||
		!r.copies(rel, o.Item) || len(rel.Template.TriggeredBy()) > 0 || rel.Template.Lingers() ||
		r.rehomed && (rel.Template != nil || r.veiled) {
		return
	}
	r.tally.compared++
	made, err := rel.Template.Render(o.Item, rel)
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	want, have := made.Fields(), replica.Item.Fields()
	names := maps.Clone(want)
	maps.Copy(names, have)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch {
		case want[name].Equal(have[name]):
		case rel.Template.Owns(name):
		case !r.canHold(rel.Destination, name), !r.canHold(rel.Source, name):
		case pair.Adopted && want[name].IsZero(): // only it says so
		case name == titleField(r.kind) && (strings.HasSuffix(o.Item.Title(), "!") || strings.HasSuffix(replica.Item.Title(), "!")): // its store shouts
		default:
			r.t.Fatalf("%s: %s of %s is %v, and its original %s says %v", rel.Address, name, says(replica), have[name].Plain(), says(o), want[name].Plain())
		}
	}
}

// canHold reports whether a folder's store can hold a field.
func (r *random) canHold(f *schema.Folder, name string) bool {
	return r.stores[strings.TrimPrefix(f.Address, "folder.")].Mode().Capabilities.Holds(name)
}
