package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// adopt pairs the originals of a relationship that have no pair with items of the destination that are already the same thing.
func (d *decider) adopt(r *Relationship) {
	var byUID map[string][]*Item
	for _, key := range slices.Sorted(maps.Keys(d.view[r.Source])) {
		o := d.view[r.Source][key]
		k := state.PairKey{Relationship: r.Address, Original: key}
		if d.pairs[k] != nil || o.Unknown || d.held[place{r.Source, key}] || d.isReplica(r.Source, o) || !d.decidable(r, o) || !d.wanted(r, o) {
			continue
		}
		if byUID == nil {
			byUID = itemsByUID(d.view[r.Destination])
		}
		candidates := d.candidates(r, o, byUID)
		switch {
		case len(candidates) == 0:
		case !agreeing(candidates):
			d.ambiguous(r, k, o, candidates)
		default:
			d.matchPair(r, k, o, candidates[0])
		}
	}
}

// itemsByUID indexes readable items by UID, each list by ref.
func itemsByUID(items map[string]*Item) map[string][]*Item {
	out := make(map[string][]*Item, len(items))
	for _, it := range items {
		if !it.Unknown && it.Content.UID() != "" {
			out[it.Content.UID()] = append(out[it.Content.UID()], it)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b *Item) int { return cmp.Compare(a.Ref, b.Ref) })
	}
	return out
}

// candidates are the ordinary items of the destination with the original's UID that belong to no pair.
func (d *decider) candidates(r *Relationship, o *Item, byUID map[string][]*Item) []*Item {
	if o.Content.UID() == "" {
		return nil
	}
	var out []*Item
	for _, c := range byUID[o.Content.UID()] {
		now := d.view[r.Destination][c.Key]
		if now == nil || d.isReplica(r.Destination, now) || d.paired(r.Destination, c.Key) || d.held[place{r.Destination, c.Key}] {
			continue
		}
		out = append(out, now)
	}
	return out
}

// agreeing reports whether all items say the same.
func agreeing(items []*Item) bool {
	for _, it := range items[1:] {
		if !it.fields().Equal(items[0].fields()) {
			return false
		}
	}
	return true
}

func (d *decider) ambiguous(r *Relationship, k state.PairKey, o *Item, candidates []*Item) {
	d.held[place{r.Source, o.Key}] = true
	for _, c := range candidates {
		d.held[place{r.Destination, c.Key}] = true
	}
	d.wait[k] = true
	d.notices = append(d.notices, Notice{Code: Ambiguous, Pair: k, Original: o, Candidates: candidates})
}

// matchPair pairs an original with the item that was found for it, unless the policies would rather have a copy beside it.
func (d *decider) matchPair(r *Relationship, k state.PairKey, o, found *Item) {
	want := r.adopted(d.render(r, o).Fields(), found.fields())
	pol := r.Policies
	equal := d.agrees(r, o, found)
	if !equal {
		if pol.DestinationEdit == schema.DestinationEditPreserve ||
			pol.DestinationEdit == schema.DestinationEditPropagate && pol.Conflict == schema.ConflictPreserve {
			return
		}
		if pol.DestinationEdit == schema.DestinationEditPropagate && !d.staysInFilter(r, o, want, found) {
			return
		}
	}
	bo, br := d.agreedBase(r, o.fields(), want, found.fields())
	d.set(state.Pair{Relationship: k.Relationship, Original: k.Original, Replica: found.Key, Status: state.Active, Adopted: true,
		BaseOriginal: bo, BaseReplica: br})
	d.fresh[k] = true
	d.how[k] = AdoptedUID
}

// agrees reports whether an item of the destination is what a replica of o would be.
func (d *decider) agrees(r *Relationship, o, found *Item) bool {
	return d.says(r, r.adopted(d.render(r, o).Fields(), found.fields()), found.fields())
}

// staysInFilter reports whether the original would still be in the filter after what an adoption brings back to it.
func (d *decider) staysInFilter(r *Relationship, o *Item, want pim.Fields, found *Item) bool {
	if winner(r.Policies.Conflict, later(r, found, o)) == 2 {
		return d.inFilter(r, o.with(withAll(o.Content, d.whole(r, o, found, true)), o.Marker))
	}
	merged := maps.Clone(found.fields())
	maps.Copy(merged, want)
	changes := pim.Fields{}
	for name, v := range r.Back(o.fields(), merged) {
		if r.Flows(name) && !v.Equal(o.fields()[name]) {
			changes[name] = v
		}
	}
	return d.inFilter(r, o.with(o.Content.WithFields(changes), o.Marker))
}

// holdBack sorts out what waits before anything flows: frozen relationships, unknown items, standing conflicts, matches that came to nothing, and
// retired pairs whose original is back.
func (d *decider) holdBack() {
	for _, k := range d.sortedPairs() {
		p := d.pairs[k]
		r := d.byRel[k.Relationship]
		if d.in.Frozen[k.Relationship] || r == nil {
			d.wait[k] = true
			continue
		}
		o, rep := d.original(p), d.replica(p)
		if o != nil && !d.decidable(r, o) || rep != nil && rep.Unknown {
			d.wait[k] = true
			continue
		}
		waited := p.Status == state.Waiting
		if waited {
			if o == nil && rep == nil || o != nil && rep != nil && d.agrees(r, o, rep) {
				p.Status = state.Active
			} else {
				d.wait[k], d.conflicts[k] = true, true
			}
		}
		marks := d.in.Folders[r.Destination].Capable.Markers
		if p.Adopted && live(p) && rep != nil && rep.Marker == nil && (waited || marks) && unsettled(p) {
			if o == nil || !d.inFilter(r, o) {
				d.drop(k)
				continue
			}
			d.fresh[k], d.how[k] = true, AdoptedUID
		}
		if p.Status == state.Retired {
			d.wake(r, k, p, o, rep)
		}
	}
}

// unsettled reports whether a pair's base is not known for some field.
func unsettled(p *state.Pair) bool {
	for _, digest := range p.BaseOriginal {
		if digest.Equal(unknown) {
			return true
		}
	}
	return false
}

// wake makes a retired pair active again when its original is back and in the filter; the replica is then reset from it. A retired replica that is
// gone ends its pair.
func (d *decider) wake(r *Relationship, k state.PairKey, p *state.Pair, o, rep *Item) {
	switch {
	case rep == nil:
		d.drop(k)
	case o != nil && !d.isReplica(r.Source, o) && d.wanted(r, o):
		p.Status = state.Active
		d.woken[k] = true
		p.BaseOriginal, p.BaseReplica = unknownBase(o.fields(), rep.fields()), rep.fields().Digests()
	}
}
