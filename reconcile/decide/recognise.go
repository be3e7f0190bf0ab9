package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// endRelationships is step 1: relationships that left, or join other folders now, let go of their replicas.
func (d *decider) endRelationships() {
	byRecord := map[string][]state.PairKey{}
	for _, k := range d.sortedPairs() {
		byRecord[k.Relationship] = append(byRecord[k.Relationship], k)
	}
	records := slices.Clone(d.in.Recorded)
	slices.SortFunc(records, func(a, b state.Relationship) int { return cmp.Compare(a.Address, b.Address) })
	var left []state.Relationship // of members of meshes whose items stay
	for _, rec := range records {
		now := d.byRel[rec.Address]
		if d.in.Frozen[rec.Address] || now != nil && now.Source == rec.Source && now.Destination == rec.Destination {
			d.recorded = append(d.recorded, rec)
			continue
		}
		if now == nil && schema.OnLeaver(rec.OnLeaver) == schema.LeaverRehome {
			left = append(left, rec)
			continue
		}
		code := RelationshipRemoved
		if now != nil {
			code = RelationshipReplaced
		}
		var kept []state.Pair
		waits := false
		for _, k := range byRecord[rec.Address] {
			p := *d.pairs[k]
			if it := d.replica(&p); now == nil && it != nil && it.Unknown {
				waits = true // the relationship stays recorded until the item can be read
				continue
			}
			d.drop(k)
			if d.carriesOver(now, rec, p) {
				kept = append(kept, p)
				continue
			}
			d.inherit(rec.Destination, p)
			d.letGo(rec, p, code)
		}
		if waits {
			d.recorded = append(d.recorded, rec)
		}
		if now == nil {
			continue
		}
		d.ends[rec.Address] = ends{now.Source, now.Destination}
		for _, p := range kept {
			d.set(p)
		}
		d.recorded = append(d.recorded, rec)
	}
	d.rehome(left, byRecord)
}

// carriesOver reports whether a pair of a relationship with another source now goes on with the item of the same UID there.
func (d *decider) carriesOver(now *Relationship, rec state.Relationship, p state.Pair) bool {
	if now == nil || now.Destination != rec.Destination {
		return false
	}
	return d.view[now.Source][p.Original] != nil
}

// letGo does to one replica what on_remove says. One that cannot be read is left as it is.
func (d *decider) letGo(rec state.Relationship, p state.Pair, code Code) {
	it := d.view[rec.Destination][p.Replica]
	if p.Replica == "" || it == nil || it.Unknown || d.replicas[place{rec.Destination, p.Replica}] > 0 {
		return
	}
	switch schema.OnRemove(rec.OnRemove) {
	case schema.RemoveRelease:
		d.release(rec.Destination, p.Replica, keyOf(&p), code)
	case schema.RemoveDelete:
		switch {
		case p.Status == state.Retired || it.retired() || it.released():
		case p.Adopted:
			d.release(rec.Destination, p.Replica, keyOf(&p), code)
		default:
			d.remove(rec.Destination, p.Replica, keyOf(&p), code)
		}
	}
}

// recognise is step 2: markers first, then matches of `existing`, then what pairs wait.
func (d *decider) recognise() {
	for _, r := range d.rels {
		if !d.in.Frozen[r.Address] {
			d.rebuild(r, d.marks)
		}
	}
	for _, r := range d.rels {
		if !d.in.Frozen[r.Address] && r.Policies.Coalesce {
			d.rebuild(r, d.marksShared)
		}
	}
	for _, r := range d.inTurn {
		if !d.in.Frozen[r.Address] && r.Policies.Existing == schema.ExistingAdopt {
			d.adopt(r)
		}
	}
	d.holdBack()
}

// rebuild makes pairs again from the markers on replicas that no pair has. A pair whose replica is gone, and that has a later one by its marker, is older than that:
// the state was restored from a backup, or an apply was killed.
func (d *decider) rebuild(r *Relationship, marks func(*Relationship, *pim.Marker) bool) {
	for _, key := range slices.Sorted(maps.Keys(d.view[r.Destination])) {
		it := d.view[r.Destination][key]
		if it.Unknown || !it.replicaByMarker() || d.replicas[place{r.Destination, key}] > 0 || !marks(r, it.Marker) {
			continue
		}
		k := state.PairKey{Relationship: r.Address, Original: it.Marker.Original}
		if p := d.pairs[k]; p != nil && (!live(p) || d.replica(p) != nil || it.Marker.Generation <= p.Generation) {
			continue
		}
		d.rebuildPair(r, k, it)
	}
}

// marks reports whether a marker is one of this relationship: by its address, or by its original and where that lies when its own
// relationship is unknown (a rename). An original that this relationship would not copy tells nothing.
func (d *decider) marks(r *Relationship, m *pim.Marker) bool {
	if m.Workspace != d.in.Workspace {
		return false
	}
	if m.Relationship == r.Address {
		return !r.shares(m.Original) || d.standing(d.member(r, m.Original)) == present
	}
	_, known := d.ends[m.Relationship]
	known = known || d.in.Known != nil && d.in.Known(m.Relationship)
	o := d.view[r.Source][m.Original]
	return !known && m.Source == r.Source && o != nil && d.inFilter(r, o)
}

func (d *decider) rebuildPair(r *Relationship, k state.PairKey, it *Item) {
	m := it.Marker
	p := state.Pair{Relationship: k.Relationship, Original: k.Original, Replica: it.Key, Status: state.Active,
		Generation: m.Generation, Adopted: m.Adopted}
	o := d.view[r.Source][m.Original]
	if o != nil && d.isReplica(r.Source, o) {
		return
	}
	if o != nil && !d.decidable(r, o) {
		return
	}
	digests := it.fields().Digests()
	if o == nil || !d.inFilter(r, o) && (m.Status == pim.Retired || r.Policies.OnUnmatched == schema.UnmatchedDelete && !m.Adopted) {
		p.Status, p.BaseOriginal, p.BaseReplica = state.Retired, digests, digests
		if m.Status != pim.Retired {
			retired := *m
			retired.Status = pim.Retired
			d.put(r.Destination, it.with(it.Content, &retired), k, Retire, OriginalUnknown)
		}
		d.set(p)
		return
	}
	d.rebuilt[k] = true
	want := o.fields()
	if w := d.render(r, o); w != nil {
		want = r.kept(w.Fields(), it.fields())
	}
	switch {
	case d.says(r, want, it.fields()):
		p.BaseOriginal, p.BaseReplica = o.fields().Digests(), digests
	case m.Written == it.fields().Digest() && r.Policies.DestinationEdit != schema.DestinationEditKeep: // nothing of it is its own
		p.BaseOriginal, p.BaseReplica = unknownBase(o.fields(), it.fields()), digests
	default:
		p.BaseOriginal, p.BaseReplica = d.agreedBase(r, o.fields(), want, it.fields())
	}
	if r.Window != nil { // what it says now is all that is known of what it said
		p.From, p.To = r.Extent(o.Content)
	}
	d.how[k] = AdoptedMarker
	d.set(p)
}

// unknown is a digest that no content has: a field whose base is not known counts as edited.
var unknown = pim.Digest{0}

func unknownBase(contents ...pim.Fields) pim.Digests {
	b := pim.Digests{}
	for _, fields := range contents {
		for name := range fields {
			b[name] = unknown
		}
	}
	return b
}

// agreedBase is the base of two items that were never settled together: known for the fields that agree, unknown for the others.
func (d *decider) agreedBase(r *Relationship, original, want, replica pim.Fields) (bo, br pim.Digests) {
	bo, br = original.Digests(), replica.Digests()
	differ := func(name string) {
		if want[name].Equal(replica[name]) || !d.in.Folders[r.Destination].Capable.Holds(name) {
			return
		}
		for _, dep := range r.DependsOn(name) {
			bo[dep] = unknown
		}
		br[name] = unknown
	}
	for name := range want {
		differ(name)
	}
	for name := range replica {
		if _, both := want[name]; !both {
			differ(name)
		}
	}
	return bo, br
}

// says reports whether a replica says what it should, in all that its folder can hold.
func (d *decider) says(r *Relationship, want, replica pim.Fields) bool {
	holds := d.in.Folders[r.Destination].Capable.Holds
	for _, name := range want.Diff(replica) {
		if holds(name) {
			return false
		}
	}
	return true
}

// Turns gives relationships their turns: a folder is a destination before it is a source. Those with the same turn, as all inside a cycle have, go by address.
func Turns(rels []*Relationship) map[string]int {
	next := map[string][]string{}
	for _, r := range rels {
		next[r.Source] = append(next[r.Source], r.Destination)
	}
	reach := map[string]map[string]bool{}
	for from := range next {
		seen := map[string]bool{}
		for todo := []string{from}; len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, to := range next[at] {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		reach[from] = seen
	}
	depth := map[string]int{} // of a source: how many others lead to it, and not back
	for from, seen := range reach {
		for to := range seen {
			if !reach[to][from] {
				depth[to]++
			}
		}
	}
	turns := make(map[string]int, len(rels))
	for _, r := range rels {
		turns[r.Address] = depth[r.Source]
	}
	return turns
}
