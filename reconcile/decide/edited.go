package decide

import (
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// editedOriginal are the fields of the original that its person edited, and that matter: none before one of them triggers an update.
func (d *decider) editedOriginal(p *state.Pair, o *Item) []string {
	names, k := d.differing(p, o), keyOf(p)
	switch {
	case d.fresh[k]:
		return slices.DeleteFunc(names, func(name string) bool { return o.fields()[name].IsZero() })
	case !d.unmet(k) && !d.byRel[p.Relationship].triggers(names):
		return nil
	}
	return names
}

// differing are the fields of the original that are not what they were when the pair last agreed. What its folder cannot hold by now was not taken away.
func (d *decider) differing(p *state.Pair, o *Item) []string {
	return Differing(p, o.fields(), d.in.Folders[d.ends[p.Relationship].source].Capable)
}

// Differing are the fields of an original that are not what they were when its pair last agreed, of those that its folder can hold.
func Differing(p *state.Pair, original pim.Fields, can Capable) []string {
	return slices.DeleteFunc(p.BaseOriginal.Edited(original), func(name string) bool { return !can.Holds(name) })
}

// untold are the fields of the original that are not what they were, when none of them triggers an update.
func (d *decider) untold(r *Relationship, p *state.Pair, o *Item) []string {
	if names := d.differing(p, o); !d.unmet(keyOf(p)) && !r.triggers(names) {
		return names
	}
	return nil
}

// editedReplica are the fields of the replica that its person edited: not what its owner owns. An override that says what it should, but for what is
// the owner's in it, is none.
func (d *decider) editedReplica(r *Relationship, p *state.Pair, o, rep *Item) []string {
	names := p.BaseReplica.Edited(rep.fields())
	if r.Owns == nil || len(names) == 0 {
		return names
	}
	var want pim.Fields
	if o != nil && slices.ContainsFunc(names, pim.IsOverride) {
		want = d.want(r, p, o, rep)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return r.Owns(name) || want != nil && pim.IsOverride(name) && want[name].Equal(rep.fields()[name])
	})
}

// triggers reports whether changes of these fields of an original are carried over.
func (r *Relationship) triggers(fields []string) bool {
	return r.Triggers == nil || len(fields) > 0 && r.Triggers(fields)
}

// kept is what a replica should say with what its owner owns as it is.
func (r *Relationship) kept(want, have pim.Fields) pim.Fields {
	if r.Keep == nil {
		return want
	}
	return r.Keep(want, have)
}

// adopted is what an item that is adopted should say: attendees and what its owner owns are its own.
func (r *Relationship) adopted(want, have pim.Fields) pim.Fields {
	return r.kept(ownAttendees(want, have), have)
}
