package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// A member that leaves a mesh leaves replicas of its items in the folders that stay. Of each item one of them is the original from now on, and the others are its
// replicas. What either side held when it was last settled stays the base: nothing that is settled is written but markers, and what a person changed since flows
// between those that stay as it would have flowed through the one that left.

// left is one original of a member that left, and the pairs that its replicas are in, by address.
type left struct {
	block, original string
	replicas        []heir
}

// heir is one replica of it.
type heir struct {
	folder string
	pair   state.Pair
	it     *Item // nil: gone
}

// rehome gives the items of members that left their meshes new originals. What cannot be decided yet keeps its relationships recorded.
func (d *decider) rehome(records []state.Relationship, pairs map[string][]state.PairKey) {
	waits := map[string]bool{}
	for _, l := range d.lefts(records, pairs) {
		c, decided := d.heirOf(l)
		if decided {
			d.succeed(l, c)
			continue
		}
		for _, h := range l.replicas {
			waits[h.pair.Relationship] = true
		}
	}
	for _, rec := range records {
		if waits[rec.Address] {
			d.recorded = append(d.recorded, rec)
		}
	}
}

// lefts are the originals of the members that left, in order.
func (d *decider) lefts(records []state.Relationship, pairs map[string][]state.PairKey) []*left {
	type item struct{ block, source, original string }
	found := map[item]*left{}
	var out []*left
	for _, rec := range records {
		for _, k := range pairs[rec.Address] {
			at := item{rec.Block, rec.Source, k.Original}
			if found[at] == nil {
				found[at] = &left{block: rec.Block, original: k.Original}
				out = append(out, found[at])
			}
			p := d.pairs[k]
			found[at].replicas = append(found[at].replicas, heir{rec.Destination, *p, d.replica(p)})
		}
	}
	return out
}

// heirOf chooses the replica that is to be the original: the first by address that is there and that the filters of its folder let through to all others; what waits
// for a person comes after what does not. -1: there is none. decided is false while that cannot be told.
func (d *decider) heirOf(l *left) (chosen int, decided bool) {
	chosen, decided = -1, true
	for i, h := range l.replicas {
		switch {
		case h.it != nil && h.it.Unknown:
			return -1, false
		case !d.mayInherit(h):
			continue
		case d.originals[place{h.folder, h.it.Key}] > 0: // an apply that was interrupted made it the original
			return i, true
		}
		fits, told := d.fits(l, i)
		decided = decided && (told || chosen >= 0)
		if fits && (chosen < 0 || h.pair.Status == state.Active && l.replicas[chosen].pair.Status == state.Waiting) {
			chosen = i
		}
	}
	return chosen, decided || chosen >= 0
}

// mayInherit reports whether a replica is there and live, and no other relationship's too.
func (d *decider) mayInherit(h heir) bool {
	return h.it != nil && live(&h.pair) && (d.replicas[place{h.folder, h.pair.Replica}] == 1 || d.originals[place{h.folder, h.it.Key}] > 0)
}

// fits reports whether the folder of a replica would copy it to all others that hold one; told is false when a filter, window or template cannot tell.
func (d *decider) fits(l *left, i int) (fits, told bool) {
	c := l.replicas[i]
	for j, h := range l.replicas {
		if i == j || !d.mayInherit(h) {
			continue
		}
		r := d.edge(l.block, c.folder, h.folder)
		switch {
		case r == nil:
			return false, true
		case !d.decidable(r, c.it):
			return false, false
		case !d.inFilter(r, c.it):
			return false, true
		}
	}
	return true, true
}

// edge is the relationship of a mesh from one folder to another; nil: there is none.
func (d *decider) edge(block, source, destination string) *Relationship {
	i := slices.IndexFunc(d.joining[ends{source, destination}], func(r *Relationship) bool { return r.Block == block })
	if i < 0 {
		return nil
	}
	return d.joining[ends{source, destination}][i]
}

// succeed ends the pairs of an original that left. The chosen replica is an ordinary item from now on, and the others are its replicas; without one, all that are
// live are ordinary items: no filter lets them out of their folders.
func (d *decider) succeed(l *left, chosen int) {
	var written []place
	for _, h := range l.replicas {
		d.drop(keyOf(&h.pair))
		d.inherit(h.folder, h.pair)
		written = append(written, place{h.folder, h.pair.Replica})
	}
	if chosen < 0 {
		for _, h := range l.replicas {
			if h.it != nil && live(&h.pair) && d.replicas[place{h.folder, h.it.Key}] == 0 {
				d.release(h.folder, h.it.Key, keyOf(&h.pair), Rehomed)
			}
		}
		return
	}
	c := l.replicas[chosen]
	d.release(c.folder, c.it.Key, keyOf(&c.pair), Rehomed)
	for i, h := range l.replicas {
		d.together[keyOf(&h.pair)] = written // until all is done, the next plan knows which one was chosen
		if r := d.edge(l.block, c.folder, h.folder); i != chosen && r != nil {
			d.bequeath(r, c, h)
		}
	}
}

// bequeath makes a replica one of another original. What was pruned or ignored stays so, and what is retired stays as it is, and no copy is made beside it.
func (d *decider) bequeath(r *Relationship, c, h heir) {
	p := state.Pair{Relationship: r.Address, Original: c.it.Key, Status: h.pair.Status}
	switch at := (place{h.folder, h.pair.Replica}); {
	case d.pairs[keyOf(&p)] != nil, h.pair.Replica != "" && d.replicas[at] > 0: // done already, or shared with another original
		return
	case h.pair.Status == state.Retired:
		p.Status = state.Pruned
	case live(&h.pair):
		p.Replica, p.ReplicaRef, p.Adopted, p.Refused = h.pair.Replica, h.pair.ReplicaRef, h.pair.Adopted, h.pair.Refused
		p.BaseOriginal, p.BaseReplica = d.settledAs(c), d.settledAs(h)
		if r.Policies.DestinationEdit == schema.DestinationEditKeep { // what was its own stays so, and is no edit of an original
			p.BaseOriginal = c.it.fields().Digests()
		}
	}
	d.set(p)
	if !live(&p) || h.it == nil {
		return
	}
	k := keyOf(&p)
	d.how[k] = Rehomed
	d.put(h.folder, h.it.with(h.it.Content, d.markerFor(&p)), k, Adopt, Rehomed)
}

// settledAs is what a replica said when it was last settled. One that another pair led was settled by that.
func (d *decider) settledAs(h heir) pim.Digests {
	base := h.pair.BaseReplica
	if lead := d.inherited[place{h.folder, h.pair.Replica}]; len(base) == 0 && lead != nil {
		base = lead.BaseReplica
	}
	if len(base) == 0 && h.it != nil {
		base = h.it.fields().Digests()
	}
	return maps.Clone(base)
}
