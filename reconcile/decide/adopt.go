package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// adopt pairs the originals of a relationship that have no pair with items of the destination that are already the same thing: first all that have the same
// UID, then by match key.
func (d *decider) adopt(r *Relationship) {
	unpaired := d.unpaired(r)
	unpaired = slices.DeleteFunc(unpaired, func(o *Item) bool { return d.adoptOne(r, o, d.sameUID(r, o), AdoptedUID) })
	if len(unpaired) == 0 {
		return
	}
	rivals := d.rivals(r, unpaired)
	unpaired = slices.DeleteFunc(unpaired, func(o *Item) bool { return rivals[o] && d.adoptTwin(r, o) })
	for _, o := range unpaired {
		d.adoptOne(r, o, d.sameKey(r, o), AdoptedMatch)
	}
}

// unpaired are the originals that want a pair, by key; those that name others come last, so that these have theirs by then.
func (d *decider) unpaired(r *Relationship) []*Item {
	var first, last []*Item
	for _, key := range slices.Sorted(maps.Keys(d.view[r.Source])) {
		o := d.view[r.Source][key]
		k := state.PairKey{Relationship: r.Address, Original: key}
		switch {
		case d.pairs[k] != nil || o.Unknown || d.held[place{r.Source, key}] || d.isReplica(r.Source, o) || !d.decidable(r, o) || !d.wanted(r, o) || !d.mayAdopt(r, o) || d.copiedAlready(r, o):
		case len(References(o.Content)) > 0:
			last = append(last, o)
		default:
			first = append(first, o)
		}
	}
	return append(first, last...)
}

// adoptOne pairs an original with one of the items that could be it. It reports whether there are any.
func (d *decider) adoptOne(r *Relationship, o *Item, candidates []*Item, by Code) bool {
	if len(candidates) == 0 {
		return false
	}
	k := state.PairKey{Relationship: r.Address, Original: o.Key}
	if !d.ambiguous(r, candidates) {
		d.matchPair(r, k, o, candidates[0], by)
		return true
	}
	switch found, beside := d.chosenCandidate(k, candidates); {
	case beside:
		d.beside[k], d.alone[place{r.Source, o.Key}] = true, true
	case found != nil:
		d.matchPair(r, k, o, found, Resolved)
	default:
		d.ask(r, k, o, candidates)
	}
	return true
}

// adoptTwin pairs an original that is not alone in what it is with an item that says the same as it. Which of several originals an item is shows only there.
func (d *decider) adoptTwin(r *Relationship, o *Item) bool {
	for _, found := range d.sameKey(r, o) {
		if !d.held[place{r.Destination, found.Key}] && d.agrees(r, o, found) {
			d.matchPair(r, state.PairKey{Relationship: r.Address, Original: o.Key}, o, found, AdoptedMatch)
			return true
		}
	}
	return false
}

// ambiguous reports whether a person has to say which of several items is the one: they differ, or another original could be one of them too.
func (d *decider) ambiguous(r *Relationship, candidates []*Item) bool {
	return !agreeing(candidates) || slices.ContainsFunc(candidates, func(c *Item) bool { return d.held[place{r.Destination, c.Key}] })
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

// ask leaves it to a person which item an original is. Nobody copies or adopts any of them until then.
func (d *decider) ask(r *Relationship, k state.PairKey, o *Item, candidates []*Item) {
	n := Notice{Code: Ambiguous, Pair: k, Original: o, Candidates: candidates}
	d.hold(n)
	d.wait[k] = true
	d.notices = append(d.notices, n)
}

// hold keeps the items of an ambiguity from being copied or adopted.
func (d *decider) hold(n Notice) {
	r := d.byRel[n.Pair.Relationship]
	d.held[place{r.Source, n.Original.Key}] = true
	for _, c := range n.Candidates {
		d.held[place{r.Destination, c.Key}] = true
	}
}

// matchPair pairs an original with the item that was found for it, unless the policies would rather have a copy beside it and no person chose the item.
func (d *decider) matchPair(r *Relationship, k state.PairKey, o, found *Item, by Code) {
	want := r.adopted(d.render(r, o).Fields(), found.fields())
	pol := d.policies(r, k)
	equal := d.agrees(r, o, found)
	if !equal {
		d.used[k] = d.used[k] || pol.DestinationEdit == schema.DestinationEditPropagate && d.chosen(k)
		if by != Resolved && (pol.DestinationEdit == schema.DestinationEditPreserve ||
			pol.DestinationEdit == schema.DestinationEditPropagate && pol.Conflict == schema.ConflictPreserve) {
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
	d.how[k] = by
}

// adoptedBy is by what an item was found to be an original's: the same UID, else a match key.
func adoptedBy(o, found *Item) Code {
	if o.Content.UID() != "" && o.Content.UID() == found.Content.UID() {
		return AdoptedUID
	}
	return AdoptedMatch
}

// agrees reports whether an item of the destination is what a replica of o would be.
func (d *decider) agrees(r *Relationship, o, found *Item) bool {
	return d.says(r, r.adopted(d.render(r, o).Fields(), found.fields()), found.fields())
}

// staysInFilter reports whether the original would still be in the filter after what an adoption brings back to it.
func (d *decider) staysInFilter(r *Relationship, o *Item, want pim.Fields, found *Item) bool {
	if winner(r.Policies.Conflict, later(r, found, o)) == 2 {
		return d.inFilter(r, o.with(withAll(o.Content, d.whole(r, o, found, r.undo(o), true)), o.Marker))
	}
	merged := maps.Clone(found.fields())
	maps.Copy(merged, want)
	changes := pim.Fields{}
	for name, v := range r.Back(o.fields(), merged, r.undo(o)) {
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
			if o == nil && rep == nil || o != nil && rep != nil && d.agrees(r, o, rep) || d.chosen(k) {
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
			if waited && d.chosen(k) && d.in.Choices[k].Conflict == schema.ConflictPreserve {
				d.drop(k)
				d.beside[k] = true
				continue
			}
			if d.fresh[k] = true; d.how[k] == "" {
				d.how[k] = adoptedBy(o, rep)
			}
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
