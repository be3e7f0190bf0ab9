package decide

import (
	"time"

	"github.com/accord-sync/accord/reconcile/state"
)

// settlesAt is when an item's last edit will have waited long enough for a relationship; one of unknown age, or from the future, was edited just now.
func (d *decider) settlesAt(r *Relationship, it *Item) time.Time {
	since := it.Since
	if since.IsZero() || since.After(d.in.Now) {
		since = d.in.Now
	}
	return since.Add(r.Settle)
}

// young reports whether an edit of an item is too new to be looked at. What is copied or adopted for the first time does not wait, nor
// what a person decided.
func (d *decider) young(r *Relationship, p *state.Pair, it *Item) bool {
	return r.Settle > 0 && !d.unmet(keyOf(p)) && !d.chosen(keyOf(p)) && d.settlesAt(r, it).After(d.in.Now)
}

// settling are the sides of a pair whose edits are too new to be looked at.
func (d *decider) settling(r *Relationship, p *state.Pair, o, rep *Item) []*Item {
	var out []*Item
	if r.Settle > 0 && o != nil && d.young(r, p, o) && len(d.editedOriginal(p, o)) > 0 {
		out = append(out, o)
	}
	if r.Settle > 0 && rep != nil && d.young(r, p, rep) && len(d.editedReplica(r, p, o, rep)) > 0 {
		out = append(out, rep)
	}
	return out
}

// unmet reports whether the sides of a pair come together in this plan: what they said when they last agreed is not known.
func (d *decider) unmet(k state.PairKey) bool { return d.fresh[k] || d.rebuilt[k] || d.woken[k] }
