package decide

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// startPairs is step 5: adds, also of what steps 1 and 4 made ordinary.
func (d *decider) startPairs() {
	clear(d.twins)
	d.reconsider()
	for _, r := range d.inTurn {
		if d.in.Frozen[r.Address] {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(d.view[r.Source])) {
			o, k := d.view[r.Source][key], state.PairKey{Relationship: r.Address, Original: key}
			if d.pairs[k] != nil || d.isReplica(r.Source, o) || d.wait[k] {
				continue
			}
			if d.held[place{r.Source, key}] {
				d.wait[k] = true // until a person has decided
				continue
			}
			if !d.decidable(r, o) {
				d.wait[k] = true
				continue
			}
			if ignores := r.Policies.Existing == schema.ExistingIgnore && d.first[r.Address]; !d.wanted(r, o) && !(ignores && d.inFilter(r, o)) {
				continue
			}
			if d.copiedAlready(r, o) {
				continue
			}
			if r.shares(key) {
				d.startShared(r, k, o)
			} else {
				d.startPair(r, k, o)
			}
		}
	}
}

// reconsider looks again at ambiguities whose original is not what it was when they were seen: what flowed back to it may have made it something else than all that
// it could be, or the same as one of them.
func (d *decider) reconsider() {
	var kept []Notice
	for _, n := range d.notices {
		if n.Code != Ambiguous || !d.unambiguous(n) {
			kept = append(kept, n)
			continue
		}
		delete(d.wait, n.Pair)
	}
	if len(kept) == len(d.notices) {
		return
	}
	d.notices = kept
	clear(d.held)
	for _, n := range kept {
		if n.Code == Ambiguous {
			d.hold(n)
		}
	}
}

// unambiguous reports whether nobody has to be asked any more.
func (d *decider) unambiguous(n Notice) bool {
	r := d.byRel[n.Pair.Relationship]
	o := d.view[r.Source][n.Pair.Original]
	if o == nil || o.Unknown || o == n.Original || !d.decidable(r, o) || !d.wanted(r, o) {
		return false
	}
	candidates := append(d.sameUID(r, o), d.sameKey(r, o)...)
	return len(candidates) == 0 || d.agrees(r, o, candidates[0])
}

// copiedAlready reports whether another relationship copies an original into the same folder, and lists it: an item is in a folder once. Relationships
// that coalesce share what is there.
func (d *decider) copiedAlready(r *Relationship, o *Item) bool {
	for _, other := range d.joining[ends{r.Source, r.Destination}] {
		if other == r || r.Policies.Coalesce && other.Policies.Coalesce {
			continue
		}
		if p := d.pairs[state.PairKey{Relationship: other.Address, Original: o.Key}]; p != nil && p.Replica != "" {
			d.wait[state.PairKey{Relationship: r.Address, Original: o.Key}] = true
			d.fail(derived{r.Address, o.Content}, o, fmt.Errorf("%s copies it to %s already, and an item is copied to a folder once: give the two filters of which only one lets it through", other.Address, r.Destination))
			return true
		}
	}
	return false
}

// startPair gives an original without a pair its replica: an item of the destination that says the same already, or a new one.
func (d *decider) startPair(r *Relationship, k state.PairKey, o *Item) {
	if uid := o.Content.UID(); uid != "" {
		if twin := d.view[r.Destination][uid]; twin != nil && twin.Unknown {
			d.wait[k] = true // it may be the same thing
			return
		}
	}
	switch r.Policies.Existing {
	case schema.ExistingIgnore:
		if d.first[r.Address] {
			d.set(state.Pair{Relationship: k.Relationship, Original: k.Original, Status: state.Ignored})
			return
		}
	case schema.ExistingAdopt:
		if !d.beside[k] && d.startWithTwin(r, k, o) {
			return
		}
	}
	d.addReplica(r, state.Pair{Relationship: k.Relationship, Original: k.Original}, o, NewAtSource)
}

// startWithTwin gives an original an item of the destination that says the same, the first by ref. It reports whether that is all to be done.
func (d *decider) startWithTwin(r *Relationship, k state.PairKey, o *Item) bool {
	candidates := d.sameUID(r, o)
	if len(candidates) == 0 {
		candidates = d.sameKey(r, o)
	}
	for _, found := range candidates {
		switch {
		case d.held[place{r.Destination, found.Key}]:
			d.ask(r, k, o, candidates)
			return true
		case d.agrees(r, o, found):
			d.adoptEqual(r, k, o, found)
			return true
		}
	}
	return false
}

// adoptEqual pairs an original with an item that says the same; only a marker is written.
func (d *decider) adoptEqual(r *Relationship, k state.PairKey, o, found *Item) {
	p := state.Pair{Relationship: k.Relationship, Original: k.Original, Replica: found.Key, Status: state.Active, Adopted: true,
		BaseOriginal: o.fields().Digests(), BaseReplica: found.fields().Digests(), Undo: r.undo(o)}
	d.set(p)
	d.how[k], d.started[k] = adoptedBy(o, found), true
	d.put(r.Destination, found.with(found.Content, d.markerFor(&p)), k, Adopt, d.how[k])
}

// addReplica makes the replica of a pair, in the first generation from p's on whose UID is free.
func (d *decider) addReplica(r *Relationship, p state.Pair, o *Item, code Code) {
	content := d.render(r, o)
	p.Status, p.Adopted, p.ReplicaRef = state.Active, false, ""
	var own *Item
	p.Replica, p.Generation, own = d.freeUID(r, p.Original, p.Generation)
	digests := content.Fields().Digests()
	if p.Refused != 0 && p.Refused == content.Fields().Digest() {
		d.refuse(keyOf(&p))
		return
	}
	it, uid := &Item{Key: p.Replica}, p.Replica
	if own != nil {
		*it, uid = *own, own.Content.UID()
	}
	it.Content, it.Marker = content.WithUID(uid), d.markerFor(&p)
	p.Refused, p.BaseOriginal, p.BaseReplica = 0, o.fields().Digests(), digests
	p.Late, p.Until, p.Undo = state.InTime, time.Time{}, r.undo(o)
	d.put(r.Destination, it, keyOf(&p), Add, code)
	d.set(p)
	d.started[keyOf(&p)] = true
}

// freeUID is the first derived UID, from a generation on, that nothing holds but this pair's own live replica: the item that a create before a
// crash made. That one is returned too, by the key that it has.
func (d *decider) freeUID(r *Relationship, original string, generation int) (key string, g int, own *Item) {
	for g = generation; ; g++ {
		own, taken := d.made(r, original, g)
		if own != nil {
			return own.Key, g, own
		}
		uid := ReplicaUID(d.in.Workspace, r.Address, original, g)
		at := place{r.Destination, uid}
		if !taken && d.view[at.folder][uid] == nil && d.replicas[at] == 0 && !d.holds(at.folder, uid) && d.keys[uid] == 0 && !d.in.Taken(uid) {
			return uid, g, nil
		}
	}
}

// made is the live replica whose marker names a pair in one generation; nil: there is none. When it was released, or another pair has it, the generation is taken: an
// original that was made again by a store with UIDs of its own has another key than its replica's marker says.
func (d *decider) made(r *Relationship, original string, generation int) (own *Item, taken bool) {
	byMarker, known := d.marked[r.Destination]
	if !known {
		byMarker = map[pim.Marker]string{}
		items := d.in.Folders[r.Destination].Items
		for _, key := range slices.Backward(slices.Sorted(maps.Keys(items))) {
			if m := items[key].Marker; m != nil {
				byMarker[named(m)] = key
			}
		}
		d.marked[r.Destination] = byMarker
	}
	want := pim.Marker{Workspace: d.in.Workspace, Relationship: r.Address, Original: original, Generation: generation, Status: pim.Live}
	released := want
	if released.Status = pim.Released; byMarker[released] != "" && !d.in.Folders[r.Destination].Capable.UIDs {
		return nil, true // a store that knows creates by their tokens and not by their UIDs would give that one
	}
	it := d.view[r.Destination][byMarker[want]]
	if it == nil || it.Content == nil || it.Marker == nil || named(it.Marker) != want {
		return nil, false
	}
	if d.replicas[place{r.Destination, it.Key}] > 0 {
		return nil, true
	}
	return it, false
}

// named is what a marker says of the pair, and nothing of the item.
func named(m *pim.Marker) pim.Marker {
	return pim.Marker{Workspace: m.Workspace, Relationship: m.Relationship, Original: m.Original, Generation: m.Generation, Status: m.Status}
}

// holds reports whether the folder held an item with this UID when the plan began.
func (d *decider) holds(folder, uid string) bool {
	uids, known := d.uids[folder]
	if !known {
		uids = map[string]bool{}
		for _, it := range d.in.Folders[folder].Items {
			uids[it.Key] = true
			if it.Content != nil {
				uids[it.Content.UID()] = true
			}
		}
		d.uids[folder] = uids
	}
	return uids[uid] || d.in.Folders[folder].Held(uid)
}
