package decide

import (
	"cmp"
	"maps"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// caseOf is a live pair as the policy table sees it, with its items as they are to be at this step.
func (d *decider) caseOf(r *Relationship, p *state.Pair) Case {
	o, rep := d.original(p), d.replica(p)
	k := keyOf(p)
	c := Case{Adopted: p.Adopted, Policies: d.policies(r, k)}
	if p.Remade && rep == nil {
		c.Policies.DestinationDelete = schema.DestinationDeleteRecopy
	}
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
	case len(d.editedReplica(r, p, o, rep)) > 0:
		c.Replica = Edited
	}
	if o != nil {
		c.Place = d.placeOf(r, p, o)
	}
	for _, side := range d.settling(r, p, o, rep) {
		if side == o {
			c.Original = Unknown
		} else {
			c.Replica = Unknown
		}
	}
	if o != nil && rep != nil {
		c.Equal = d.says(r, d.want(r, p, o, rep), rep.fields())
		c.ReplicaNewer = later(r, rep, o)
	}
	c.Cancelled = d.cancellation(r, p, o, rep)
	d.withoutBase(k, &c)
	d.use(r, k, c)
	return c
}

// later reports whether the replica was modified after the original, for relationships that ask.
func later(r *Relationship, replica, original *Item) bool {
	return r.Policies.Conflict == schema.ConflictNewest && replica.Content.Modified().After(original.Content.Modified())
}

// withoutBase changes the policies of a pair that has no base for what differs: of a rebuilt one the original wins, unless a person decides; of a match
// that the original would win, the fields that only the replica has are kept.
func (d *decider) withoutBase(k state.PairKey, c *Case) {
	if d.rebuilt[k] && c.Policies.Conflict != schema.ConflictManual || d.fresh[k] && winner(c.Policies.Conflict, c.ReplicaNewer) == 1 {
		c.Policies.Conflict = schema.ConflictMerge
	}
	if (d.rebuilt[k] || d.fresh[k]) && c.Policies.DestinationEdit == schema.DestinationEditPreserve {
		c.Policies.DestinationEdit = schema.DestinationEditDiscard
	}
}

// want is what the replica of o should say. The attendees of an adopted meeting are its own: they are neither taken out nor described. What its
// owner owns is as rep has it. The mark of a late change is there as long as the pair says so.
func (d *decider) want(r *Relationship, p *state.Pair, o, rep *Item) pim.Fields {
	out := o.fields()
	if content := d.render(r, o); content != nil {
		out = d.withMark(r, p, o, content).Fields()
	}
	switch {
	case rep == nil:
		return out
	case p.Adopted:
		out = r.adopted(out, rep.fields())
	default:
		out = r.kept(out, rep.fields())
	}
	return d.withUnsaid(r, p, o, rep, out)
}

// ownAttendees is what a replica should say when the attendees that it has are its own.
func ownAttendees(want, replica pim.Fields) pim.Fields {
	if replica["attendees"].IsZero() {
		return want
	}
	out := maps.Clone(want)
	for _, name := range []string{"attendees", "organizer", "attendees_described"} {
		if delete(out, name); !replica[name].IsZero() {
			out[name] = replica[name]
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
