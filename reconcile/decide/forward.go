package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// forward is step 6: it carries the originals' final content to the replicas. No conflict is left to decide.
func (d *decider) forward() {
	for _, k := range d.sortedPairs() {
		if d.wait[k] || d.frozen[k] || d.started[k] || d.follows(k) {
			continue
		}
		p, r := d.pairs[k], d.byRel[k.Relationship]
		switch {
		case d.again[k]:
			d.addReplica(r, *p, d.original(p), ChangedAtDestination)
		case live(p):
			d.forwardPair(r, k)
		}
	}
	for _, k := range d.sortedPairs() {
		p := d.pairs[k]
		if d.wait[k] || p.Status != state.Pruned && p.Status != state.Ignored {
			continue
		}
		if o := d.original(p); o == nil || d.isReplica(d.ends[k.Relationship].source, o) {
			d.drop(k)
		}
	}
}

func (d *decider) forwardPair(r *Relationship, k state.PairKey) {
	a, c, ok := d.action(k)
	if !ok {
		return
	}
	p := d.pairs[k]
	switch a {
	case AddAgain:
		next := *p
		if p.Replica != "" {
			next.Generation++
		}
		code := GoneAtDestination
		switch {
		case p.Replica == "":
			code = NewAtSource
		case c.Policies.DestinationDelete == schema.DestinationDeletePropagate && d.editedByPerson(p):
			code = d.conflictCode(k, c.Policies.Conflict)
		}
		d.addReplica(r, next, d.original(p), code)
	case Prune:
		d.prune(k)
	default:
		if d.resyncs(k) {
			d.resync(r, k)
		} else {
			d.carry(r, k)
		}
	}
}

// editedByPerson reports whether the original was edited before the plan began, and not only by what another replica brought back.
func (d *decider) editedByPerson(p *state.Pair) bool {
	o := d.in.Folders[d.ends[p.Relationship].source].Items[p.Original]
	return o != nil && len(d.editedOriginal(p, o)) > 0
}

// carried is what carry works out for one pair, field by field.
type carried struct {
	content  pim.Fields
	bo, br   pim.Digests
	moved    bool // the original's edits were carried
	reset    bool // the replica's edits were reset
	template bool // the template says something else
}

// carry brings the original's final content to the replica, field by field, and settles the base.
func (d *decider) carry(r *Relationship, k state.PairKey) {
	p := *d.pairs[k]
	o, rep := d.original(&p), d.replica(&p)
	c := d.carryFields(r, &p, o, rep, nil)
	marks, late := d.remark(r, &p, o, rep, c)
	if len(marks) > 0 {
		c = d.carryFields(r, &p, o, rep, marks)
	}
	if p.Refused != 0 && p.Refused == c.content.Digest() {
		d.refuse(k)
		return
	}
	if asleep := rep.Marker != nil && rep.Marker.Status != pim.Live; asleep || d.fresh[k] || d.handed[k] || !c.content.Equal(rep.fields()) {
		verb, code := Edit, d.carryCode(r, k, c)
		switch {
		case d.fresh[k]:
			verb, code = Adopt, d.how[k]
		case d.handed[k]:
			code = LeadChanged
		case asleep:
			code = BackAtSource
		case late != "" && (p.Late != state.InTime || !c.moved && !c.reset):
			code = late
		}
		d.put(r.Destination, rep.with(withAll(rep.Content, c.content), d.markerFor(&p)), k, verb, code)
	}
	p.BaseOriginal, p.BaseReplica, p.Refused = c.bo, c.br, 0
	if r.Policies.SourceEdit == schema.SourceEditPropagate || d.fresh[k] || d.rebuilt[k] || d.woken[k] {
		p.Undo = r.undo(o)
	}
	d.set(p)
}

func (d *decider) carryFields(r *Relationship, p *state.Pair, o, rep *Item, marks []string) carried {
	k, pol := keyOf(p), r.Policies
	want, have := d.want(r, p, o, rep), rep.fields()
	c := carried{content: maps.Clone(have), bo: d.baseOf(r, p, o, rep), br: pim.Digests{}}
	if c.content == nil {
		c.content = pim.Fields{}
	}
	edited, moved, untold := d.editedReplica(r, p, o, rep), p.BaseOriginal.Edited(o.fields()), d.untold(r, p, o)
	if len(untold) > 0 {
		moved = nil
	}
	holds := d.in.Folders[r.Destination].Capable.Holds
	for _, name := range namesOf(want, have, edited) {
		isEdited := slices.Contains(edited, name)
		isMoved := dependsOnAny(r, name, moved)
		take := false
		switch {
		case isEdited && pol.DestinationEdit == schema.DestinationEditKeep:
			keepDigest(c.bo, p.BaseOriginal, name)
			keepDigest(c.br, p.BaseReplica, name)
			continue
		case isEdited && d.fresh[k] && want[name].IsZero() && pol.DestinationEdit != schema.DestinationEditPropagate,
			(isEdited || isMoved) && d.rebuilt[k] && p.Adopted && want[name].IsZero():
			// an adopted item keeps what only it has
		case isEdited && pol.DestinationEdit == schema.DestinationEditPropagate && !d.in.Folders[r.Source].Capable.Holds(name):
			// what the source cannot hold stays with the replica
		case isEdited && pol.DestinationEdit == schema.DestinationEditPropagate && pol.SourceEdit == schema.SourceEditIgnore && isMoved:
			// the sides stay apart
		case isEdited:
			take, c.moved, c.reset = true, c.moved || isMoved, c.reset || !want[name].Equal(have[name])
		case isMoved && (pol.SourceEdit == schema.SourceEditPropagate || d.woken[k]):
			take, c.moved = true, true
		case r.Changed && !want[name].Equal(have[name]) && (pol.SourceEdit == schema.SourceEditPropagate || !r.Flows(name)):
			take, c.template = true, true
		case d.rebuilt[k] && !want[name].IsZero() && !want[name].Equal(have[name]) && (pol.SourceEdit == schema.SourceEditPropagate || !r.Flows(name)):
			take, c.template = true, true // nobody knows what the template was when it was made
		case slices.Contains(marks, name):
			take = true
		}
		if take && holds(name) {
			if c.content[name] = want[name]; want[name].IsZero() {
				delete(c.content, name)
			}
		}
		if digest := c.content[name].Digest(); len(digest) > 0 {
			c.br[name] = digest
		}
		for _, dep := range r.DependsOn(name) {
			if slices.Contains(untold, dep) && !want[name].Equal(c.content[name]) {
				keepDigest(c.bo, p.BaseOriginal, dep)
			}
		}
	}
	return c
}

// carryCode is the reason for an edit of a replica.
func (d *decider) carryCode(r *Relationship, k state.PairKey, c carried) Code {
	switch {
	case c.moved && c.reset && r.Policies.DestinationEdit == schema.DestinationEditPropagate:
		return d.conflictCode(k, d.policies(r, k).Conflict)
	case c.moved:
		return ChangedAtSource
	case c.template && !c.reset:
		return TemplateChanged
	}
	return ChangedAtDestination
}

// keepDigest leaves one field of a base as it was.
func keepDigest(next, before pim.Digests, name string) {
	if digest := before[name]; len(digest) > 0 {
		next[name] = digest
	} else {
		delete(next, name)
	}
}

// namesOf are the field names of two contents and a list, sorted.
func namesOf(a, b pim.Fields, more []string) []string {
	set := map[string]bool{}
	for name := range a {
		set[name] = true
	}
	for name := range b {
		set[name] = true
	}
	for _, name := range more {
		set[name] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// dependsOnAny reports whether a replica's field is made from any of the original's fields.
func dependsOnAny(r *Relationship, name string, fields []string) bool {
	if len(fields) == 0 {
		return false
	}
	for _, dep := range r.DependsOn(name) {
		if slices.Contains(fields, dep) {
			return true
		}
	}
	return false
}
