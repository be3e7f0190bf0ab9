package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// referring are the fields that name other items by UID: the members of a distribution list, the parent of a task, and whatever else is
// related (RFC 6350 6.6.5, RFC 5545 3.8.4.5). In a replica they name the replicas.
func referring() []string { return []string{"members", "parent", "related_to"} }

// References are the UIDs of the items that an item names.
func References(it *pim.Item) []string {
	var out []string
	for _, name := range referring() {
		out = append(out, it.Fields()[name].UIDs()...)
	}
	return out
}

// renamed are the referring fields of a content that name other UIDs when each is given its new name.
func renamed(fields pim.Fields, name func(uid string) string) pim.Fields {
	changes := pim.Fields{}
	for _, field := range referring() {
		if now, changed := fields[field].Renamed(name); changed {
			changes[field] = now
		}
	}
	return changes
}

// forth is the UID by which an item that uid names in a relationship's source is, or will be, known in its destination, and backward the other way. It is uid itself
// when it is not there.
func (d *decider) forth(r *Relationship, uid string) string {
	return d.nameIn(r, r.Source, r.Destination, uid)
}

func (d *decider) backward(r *Relationship, uid string) string {
	return d.nameIn(r, r.Destination, r.Source, uid)
}

// nameIn is the UID in one folder of what uid names in another. What is a replica stands for its original, wherever that is. Of several replicas of one
// original, first's counts.
func (d *decider) nameIn(first *Relationship, from, to, uid string) string {
	at := d.originOf(from, uid)
	if at.folder == to {
		if isRef(at.key) {
			return uid
		}
		return at.key
	}
	if first.Source == at.folder && first.Destination == to {
		if name, ok := d.replicaName(first, at.key); ok {
			return name
		}
	}
	for _, r := range d.joining[ends{at.folder, to}] {
		if name, ok := d.replicaName(r, at.key); ok {
			return name
		}
	}
	return uid
}

// originOf is where the item is that something in a folder names: itself, or the original that it is or was a replica of.
func (d *decider) originOf(folder, uid string) place {
	at := place{folder, uid}
	if it := d.view[folder][uid]; it != nil && !d.isReplica(folder, it) {
		return at
	}
	if k, known := d.owner[at]; known {
		return place{d.ends[k.Relationship].source, k.Original}
	}
	return at
}

// replicaName is the UID of the replica that an original has, or will have, in the destination of a relationship; ok is false when it is not copied there.
func (d *decider) replicaName(r *Relationship, original string) (uid string, ok bool) {
	k := state.PairKey{Relationship: r.Address, Original: original}
	if d.follows(k) {
		k = d.leaders[k]
	}
	if p := d.pairs[k]; p != nil {
		return p.Replica, p.Replica != "" && !isRef(p.Replica)
	}
	o := d.view[r.Source][original]
	if o == nil || o.Unknown || d.isReplica(r.Source, o) || !d.in.Folders[r.Destination].Capable.UIDs || !d.wanted(r, o) {
		return "", false
	}
	if r.Policies.Existing == schema.ExistingAdopt {
		if found := d.likely(r, o); found != nil {
			return found.Content.UID(), true
		}
	}
	uid, _, _ = d.freeUID(r, original, 0)
	return uid, true
}

// backTo is what goes back to its original from a replica, undoing what was done to it, and naming what the source has.
func (d *decider) backTo(r *Relationship, original, replica pim.Fields, undo uint64) pim.Fields {
	out := r.Back(original, replica, undo)
	changes := renamed(out, func(uid string) string { return d.backward(r, uid) })
	if len(changes) == 0 {
		return out
	}
	out = maps.Clone(out)
	maps.Copy(out, changes)
	return out
}

// rename lets replicas name what the items that their originals name are called by now: these may have got their replicas later than the replica that names
// them, or others since. It comes after everything that makes replicas.
func (d *decider) rename() {
	for _, k := range d.sortedPairs() {
		p, r := d.pairs[k], d.byRel[k.Relationship]
		if d.wait[k] || d.frozen[k] || d.follows(k) || !live(p) {
			continue
		}
		o, rep := d.original(p), d.replica(p)
		if o == nil || rep == nil || rep.Unknown || len(References(o.Content)) == 0 {
			continue
		}
		d.renamePair(r, *p, o, rep)
	}
}

func (d *decider) renamePair(r *Relationship, p state.Pair, o, rep *Item) {
	k, have := keyOf(&p), rep.fields()
	content := d.render(r, o)
	if content == nil {
		return
	}
	edited := p.BaseReplica.Edited(have)
	changes := pim.Fields{}
	for _, field := range referring() {
		want := content.Fields()[field]
		if !want.Equal(have[field]) && !slices.Contains(edited, field) && d.sameItems(r, want.UIDs(), have[field].UIDs()) {
			changes[field] = want
		}
	}
	if len(changes) == 0 {
		return
	}
	next := rep.with(rep.Content.WithFields(changes), rep.Marker)
	if p.Refused != 0 && p.Refused == next.fields().Digest() {
		d.refuse(k)
		return
	}
	if at := (place{r.Destination, rep.Key}); len(d.reasons[at]) > 0 {
		d.view[at.folder][at.key] = next
	} else {
		d.put(r.Destination, next, k, Edit, ChangedAtSource)
	}
	p.BaseReplica = maps.Clone(p.BaseReplica)
	for field := range changes {
		p.BaseReplica[field] = next.fields()[field].Digest()
	}
	d.set(p)
}

// sameItems reports whether what a replica should name are the items that it names, whatever they are called.
func (d *decider) sameItems(r *Relationship, want, have []string) bool {
	called := map[string]bool{}
	for _, uid := range want {
		called[uid] = true
		called[d.backward(r, uid)] = true
	}
	for _, uid := range have {
		origin := uid
		if k, known := d.owner[place{r.Destination, uid}]; known {
			origin = d.nameIn(r, d.ends[k.Relationship].source, r.Source, k.Original)
		}
		if !called[uid] && !called[origin] {
			return false
		}
	}
	return len(want) == len(have)
}
