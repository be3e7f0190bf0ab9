package decide

import "github.com/accord-sync/accord/reconcile/state"

// What flows back from a replica is undone by the template that made it. Of a choice, that need not be the one which its original would get by now: a
// person may have edited what the choice looks at, so the pair says which it was.

// chooses is which template of a choice makes the replica of an original; 0: there is no choice, or no original.
func (r *Relationship) chooses(o *Item) uint64 {
	if r.Chooses == nil || o == nil {
		return 0
	}
	return r.Chooses(o.Content)
}

// madeBy is which template of a choice made the replica of a pair; of one that no template made, which would.
func (r *Relationship) madeBy(p *state.Pair, o *Item) uint64 {
	if p.Template != 0 {
		return p.Template
	}
	return r.chooses(o)
}

// backAs is the original's field that a field of a replica goes back to, when a template made it.
func (r *Relationship) backAs(field string, template uint64) string {
	if r.BackAs == nil {
		return field
	}
	return r.BackAs(field, template)
}
