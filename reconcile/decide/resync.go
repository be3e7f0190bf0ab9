package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// What a person asks to be made again is made from originals as they will be: what replicas bring back under the policies has been brought back by then. What
// is written over is what the policies would have written over some day; it is in the journal.

// resyncs reports whether the replica of a pair is to be made again: for its own relationship, or one that shares it.
func (d *decider) resyncs(k state.PairKey) bool {
	if len(d.in.Resync) == 0 || d.fresh[k] {
		return false
	}
	for follower, lead := range d.leaders {
		if lead == k && d.in.Resync[follower.Relationship] {
			return true
		}
	}
	return d.in.Resync[k.Relationship]
}

// resync deletes a replica that Accord made and adds its next generation. One that was a person's before the pair, or that has attendees, is set to what its
// original says instead: a meeting that is deleted and made again is a cancellation and an invitation to a server.
func (d *decider) resync(r *Relationship, k state.PairKey) {
	p := *d.pairs[k]
	o, rep := d.original(&p), d.replica(&p)
	want := d.want(r, &p, o, rep)
	if p.Adopted || !want["attendees"].IsZero() || !rep.fields()["attendees"].IsZero() {
		d.reset(r, p, o, rep, want)
		return
	}
	content := d.render(r, o)
	if p.Refused != 0 && p.Refused == content.Fields().Digest() {
		d.refuse(k)
		return
	}
	d.remove(r.Destination, p.Replica, k, Resynced)
	p.Generation++
	d.addReplica(r, p, o, Resynced)
}

// reset writes all of what a replica should say into it. What its folder cannot hold stays, and of an adopted one what only it says: what it said when it was
// adopted, and under keep what its person wrote since.
func (d *decider) reset(r *Relationship, p state.Pair, o, rep *Item, want pim.Fields) {
	k, holds := keyOf(&p), d.in.Folders[r.Destination].Capable.Holds
	edited, keeps := d.editedReplica(r, &p, o, rep), r.Policies.DestinationEdit == schema.DestinationEditKeep
	content := pim.Fields{}
	maps.Copy(content, rep.fields())
	for _, name := range namesOf(want, content, nil) {
		switch v := want[name]; {
		case !holds(name), v.IsZero() && p.Adopted && (keeps || !slices.Contains(edited, name)):
		case v.IsZero():
			delete(content, name)
		default:
			content[name] = v
		}
	}
	if p.Refused != 0 && p.Refused == content.Digest() {
		d.refuse(k)
		return
	}
	asleep := rep.Marker != nil && rep.Marker.Status != pim.Live
	if asleep || !content.Equal(rep.fields()) {
		d.put(r.Destination, rep.with(withAll(rep.Content, content), d.markerFor(&p)), k, Edit, Resynced)
	}
	p.BaseOriginal, p.BaseReplica, p.Refused, p.Undo = d.baseOf(r, &p, o, rep), content.Digests(), 0, r.undo(o)
	d.set(p)
}
