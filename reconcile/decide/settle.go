package decide

import (
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// settlesAt is when an item's last edit will have waited long enough for a relationship; one of unknown age, or from the future, was edited just now.
func (d *decider) settlesAt(r *Relationship, it *Item) time.Time {
	since := it.Since
	if since.IsZero() || since.After(d.in.Now) {
		since = d.in.Now
	}
	return since.Add(r.Settle)
}

// settling are the sides of a pair that were edited too recently for the edit to be looked at. What is copied or adopted for the first time does not
// wait, nor what a person decided, nor what would not flow anyway.
func (d *decider) settling(r *Relationship, p *state.Pair, o, rep *Item) []*Item {
	if k := keyOf(p); r.Settle == 0 || d.unmet(k) || d.chosen(k) || o != nil && r.frozenAt(d.placeOf(r, p, o)) {
		return nil
	}
	var out []*Item
	edited := d.editedReplica(r, p, o, rep)
	keeps := r.Policies.DestinationEdit == schema.DestinationEditKeep
	if o != nil && d.settlesAt(r, o).After(d.in.Now) {
		flows := func(name string) bool { return !keeps || !slices.Contains(edited, name) }
		if slices.ContainsFunc(d.editedOriginal(p, o), flows) {
			out = append(out, o)
		}
	}
	if rep != nil && !keeps && len(edited) > 0 && d.settlesAt(r, rep).After(d.in.Now) {
		out = append(out, rep)
	}
	return out
}

// frozenAt reports whether nothing flows while an original stands somewhere.
func (r *Relationship) frozenAt(at Place) bool {
	return at == OutOfWindow || at == OutOfFilter && r.Policies.OnUnmatched == schema.UnmatchedFreeze
}

// unmet reports whether the sides of a pair come together in this plan: what they said when they last agreed is not known.
func (d *decider) unmet(k state.PairKey) bool { return d.fresh[k] || d.rebuilt[k] || d.woken[k] }
