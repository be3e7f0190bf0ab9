package decide

import "github.com/accord-sync/accord/reconcile/state"

// What flows back from a replica is undone as it was done. That need not be what its original would get done by now: a person may have edited what a
// choice of templates looks at, or the templates themselves, so the pair says what it was.

// undo is the number of what is done to an original that is undone on the way back; 0: nothing.
func (r *Relationship) undo(o *Item) uint64 {
	if r.Undo == nil || o == nil {
		return 0
	}
	return r.Undo(o.Content)
}

// undoOf is the number of what was done to the replica of a pair; of one that was never settled, what would be.
func (d *decider) undoOf(r *Relationship, p *state.Pair, o *Item) uint64 {
	if k := keyOf(p); d.fresh[k] || d.rebuilt[k] {
		return r.undo(o)
	}
	return p.Undo
}

// backAs is the original's field that a field of a replica goes back to.
func (r *Relationship) backAs(field string, undo uint64) string {
	if r.BackAs == nil {
		return field
	}
	return r.BackAs(field, undo)
}
