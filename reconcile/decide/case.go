package decide

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// caseOf is a live pair as the policy table sees it, with its items as they are to be at this step.
func (d *decider) caseOf(r *Relationship, p *state.Pair) Case {
	o, rep := d.original(p), d.replica(p)
	c := Case{Adopted: p.Adopted, Policies: r.Policies}
	k := keyOf(p)
	switch {
	case o == nil:
		c.Original = Deleted
	case len(d.editedOriginal(p, o)) > 0:
		c.Original = Edited
	}
	switch {
	case rep == nil:
		c.Replica = Deleted
	case o == nil && r.Policies.DestinationEdit == schema.DestinationEditPropagate:
		if len(d.flowing(r, p, rep)) > 0 {
			c.Replica = Edited
		}
	case len(d.editedReplica(p, rep)) > 0:
		c.Replica = Edited
	}
	d.withoutBase(k, &c)
	if o != nil && !d.inFilter(r, o) {
		c.Place = OutOfFilter
	}
	if o != nil && rep != nil {
		c.Equal = d.says(r, d.want(r, k, o, rep), rep.fields())
		c.ReplicaNewer = rep.Content.Modified().After(o.Content.Modified())
	}
	return c
}

// withoutBase changes the policies of a pair that has no base for what differs: the original wins, unless a person decides.
func (d *decider) withoutBase(k state.PairKey, c *Case) {
	if d.rebuilt[k] && c.Policies.Conflict != schema.ConflictManual {
		c.Policies.Conflict = schema.ConflictMerge
	}
	if (d.rebuilt[k] || d.fresh[k]) && c.Policies.DestinationEdit == schema.DestinationEditPreserve {
		c.Policies.DestinationEdit = schema.DestinationEditDiscard
	}
}

// editedReplica are the fields of the replica that its person edited. What a match that is not settled yet lacks was never taken away.
func (d *decider) editedReplica(p *state.Pair, rep *Item) []string {
	names := p.BaseReplica.Edited(rep.fields())
	if d.fresh[keyOf(p)] {
		names = slices.DeleteFunc(names, func(name string) bool { return rep.fields()[name].IsZero() })
	}
	return names
}

// want is what the replica of o should say. The attendees of an adopted meeting are its own: they are neither taken out nor described.
func (d *decider) want(r *Relationship, k state.PairKey, o, rep *Item) pim.Fields {
	out := o.fields()
	if content := d.render(r, o); content != nil {
		out = content.Fields()
	}
	if p := d.pairs[k]; p == nil || !p.Adopted || rep == nil || rep.fields()["attendees"].IsZero() {
		return out
	}
	out = maps.Clone(out)
	for _, name := range []string{"attendees", "organizer", "attendees_described"} {
		delete(out, name)
		if v := rep.fields()[name]; !v.IsZero() {
			out[name] = v
		}
	}
	return out
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.key, b.key))
}

// isRef reports whether a key is a ref because the item has no UID of its own.
func isRef(key string) bool { return strings.HasPrefix(key, RefKey) }

// RefKey is the prefix of the key of an item that has no UID, or one that another item of its folder has too.
const RefKey = "ref:"
