package decide

import (
	"maps"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// endPairs is step 4. What waits is looked at again on the originals as they will be; then pairs are released, versions set apart, and pairs ended.
func (d *decider) endPairs() {
	d.letGoOf(false)
	d.coalesce() // what was released just now is an original again
	d.letGoOf(true)
	d.setApart()
	for _, k := range d.sortedPairs() {
		d.endPair(k)
	}
}

// letGoOf releases replicas: those that are shared, or the others.
func (d *decider) letGoOf(shared bool) {
	d.lookAgain(shared)
	for _, k := range d.sortedPairs() {
		if d.isShared(k) == shared {
			d.releasePair(k)
		}
	}
}

// isShared reports whether the replica of a pair is one that several originals may share.
func (d *decider) isShared(k state.PairKey) bool {
	r := d.byRel[k.Relationship]
	return r != nil && r.shares(k.Original)
}

// lookAgain takes back what dissolved: conflicts whose sides are now equal or gone, and matches whose original ended up gone or out.
func (d *decider) lookAgain(shared bool) {
	for k := range maps.Clone(d.conflicts) {
		p := d.pairs[k]
		if p == nil || d.in.Frozen[k.Relationship] || d.isShared(k) != shared {
			continue
		}
		r, o, rep := d.byRel[k.Relationship], d.original(p), d.replica(p)
		if o == nil && rep == nil || o != nil && rep != nil && d.says(r, d.want(r, p, o, rep), rep.fields()) {
			delete(d.conflicts, k)
			delete(d.wait, k)
		}
	}
	for k := range d.fresh {
		p := d.pairs[k]
		if d.isShared(k) != shared {
			continue
		}
		if o := d.original(p); o == nil || !d.inFilter(d.byRel[k.Relationship], o) {
			d.drop(k)
			delete(d.how, k)
			delete(d.wait, k)
			delete(d.conflicts, k)
		}
	}
}

// action is what becomes of a live pair now; ok is false when nothing may be decided for it.
func (d *decider) action(k state.PairKey) (a Action, c Case, ok bool) {
	p := d.pairs[k]
	if p == nil || d.wait[k] || d.frozen[k] || d.again[k] || !live(p) || d.follows(k) {
		return Nothing, Case{}, false
	}
	r := d.byRel[k.Relationship]
	if o := d.original(p); o != nil && !d.decidable(r, o) {
		d.wait[k] = true // what a replica brought back is nothing that the filter or template can judge
		return Wait, Case{}, false
	}
	c = d.caseOf(r, p)
	if d.lost[k] {
		return ReleaseEnd, c, true
	}
	if p.Replica != "" {
		a = Then(c)
		return a, c, a != Wait
	}
	// The provider refused the replica: there never was one.
	if c.Original == Deleted || c.Place != In {
		return Forget, c, true
	}
	return AddAgain, c, true
}

func (d *decider) releasePair(k state.PairKey) {
	a, c, ok := d.action(k)
	if !ok || a != ReleaseAdd && a != ReleaseEnd {
		return
	}
	p := *d.pairs[k]
	d.release(d.ends[k.Relationship].destination, p.Replica, k, releaseCode(c))
	d.drop(k)
	if a == ReleaseAdd {
		p.Replica, p.ReplicaRef, p.Adopted = "", "", false
		p.Generation++
		d.set(p)
		d.again[k] = true
	}
}

// releaseCode is the reason for a release.
func releaseCode(c Case) Code {
	switch {
	case c.Original == Deleted && c.Replica == Edited && c.Policies.DestinationEdit == schema.DestinationEditPropagate &&
		c.Policies.Conflict == schema.ConflictPreserve:
		return ConflictPreserve
	case c.Original == Deleted:
		return GoneAtSource
	case c.Place != In && c.Replica != Edited:
		return LeftFilter
	}
	return ChangedAtDestination
}

// setApart keeps losing versions as ordinary items with UIDs of their own.
func (d *decider) setApart() {
	for _, a := range d.apart {
		p := d.pairs[a.pair]
		if p == nil || d.original(p) == nil {
			continue
		}
		folder := d.ends[a.pair.Relationship].destination
		version := a.content.Fields().Digest()
		uid := ApartUID(d.in.Workspace, a.pair.Relationship, a.pair.Original, version)
		for d.view[folder][uid] == nil && d.replicas[place{folder, uid}] > 0 { // set apart once before, adopted, and deleted since
			version++
			uid = ApartUID(d.in.Workspace, a.pair.Relationship, a.pair.Original, version)
		}
		if d.view[folder][uid] != nil || d.in.Folders[folder].Held(uid) {
			continue
		}
		content := a.content.WithMarker(nil).WithUID(uid)
		d.put(folder, &Item{Key: uid, Content: content}, a.pair, Add, ConflictPreserve)
	}
}

// endPair does everything that ends a pair, or freezes it.
func (d *decider) endPair(k state.PairKey) {
	a, c, ok := d.action(k)
	if !ok {
		return
	}
	p, folder := d.pairs[k], d.ends[k.Relationship].destination
	if rep := d.replica(p); rep != nil && rep.released() && (a == DeleteEnd || a == DeletePrune || a == RetireEnd || a == MarkRetire) {
		d.drop(k)
		return
	}
	switch a {
	case DeleteEnd:
		if d.rebuilt[k] || d.replica(p).retired() { // a plan that rebuilds pairs deletes nothing
			d.retire(k, d.replica(p).Content, Retire)
			return
		}
		code := LeftFilter
		switch {
		case c.Cancelled == LateOver && !d.in.Now.Before(p.Until):
			code = LatePassed
		case c.Original == Deleted:
			code = GoneAtSource
		}
		d.remove(folder, p.Replica, k, code)
		d.drop(k)
	case Forget:
		d.drop(k)
	case RetireEnd:
		d.retire(k, d.replica(p).Content, Retire)
	case MarkRetire:
		d.retire(k, marked(d.replica(p).Content), Mark)
	case Prune:
		if c.Place != In {
			d.prune(k)
		}
	case Freeze:
		d.frozen[k] = true
	case Linger:
		d.linger(d.byRel[k.Relationship], k)
	case DeletePrune:
		d.remove(folder, p.Replica, k, LatePassed)
		d.prune(k)
	case ReleasePrune:
		d.release(folder, p.Replica, k, LatePassed)
		d.prune(k)
	}
}

// retire stops a pair and leaves its replica, which says so.
func (d *decider) retire(k state.PairKey, content *pim.Item, verb Verb) {
	p := *d.pairs[k]
	folder, it := d.ends[k.Relationship].destination, d.replica(&p)
	m := d.markerFor(&p)
	m.Status = pim.Retired
	d.put(folder, it.with(content, m), k, verb, GoneAtSource)
	p.Status, p.Rest, p.Late, p.Until = state.Retired, state.Flowing, state.InTime, time.Time{}
	p.BaseReplica = content.Fields().Digests()
	d.set(p)
}

func (d *decider) prune(k state.PairKey) {
	p := *d.pairs[k]
	p.Status, p.Replica, p.ReplicaRef = state.Pruned, "", ""
	p.BaseOriginal, p.BaseReplica = nil, nil
	p.Rest, p.Late, p.Until = state.Flowing, state.InTime, time.Time{}
	d.set(p)
}

// markerFor is the marker that a pair's live replica carries.
func (d *decider) markerFor(p *state.Pair) *pim.Marker {
	return &pim.Marker{Workspace: d.in.Workspace, Relationship: p.Relationship, Original: p.Original,
		Source: d.ends[p.Relationship].source, Generation: p.Generation, Status: pim.Live, Adopted: p.Adopted}
}
