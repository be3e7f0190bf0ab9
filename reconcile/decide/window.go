package decide

import (
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// stay is what a relationship's window says of an original: whether it is in, and until when that is sure; zero: for good.
type stay struct {
	in    bool
	until time.Time
}

// stays asks the window of an original. ok is false when that could not tell.
func (d *decider) stays(r *Relationship, o *Item) (s stay, ok bool) {
	if r.Window == nil {
		return stay{in: true}, true
	}
	q := derived{r.Address, o.Content}
	if s, known := d.stayed[q]; known {
		return s, !d.failed[q]
	}
	in, until, err := r.Window(o.Content)
	if err != nil {
		d.fail(q, o, err)
	}
	d.stayed[q] = stay{in, until}
	return d.stayed[q], err == nil
}

// wanted reports whether a relationship would copy an original that has no pair: it is in the filter and in the window.
func (d *decider) wanted(r *Relationship, o *Item) bool {
	if !d.inFilter(r, o) {
		return false
	}
	s, _ := d.stays(r, o)
	return s.in
}

// placeOf is where the original of a pair stands. One that was edited is in the window, too, when it was by what the pair last agreed: what takes it out
// still flows. So is one whose replica carries the mark of a late change, until that is gone.
func (d *decider) placeOf(r *Relationship, p *state.Pair, o *Item) Place {
	if !d.inFilter(r, o) {
		return OutOfFilter
	}
	if s, _ := d.stays(r, o); s.in || p.Late != state.InTime {
		return In
	}
	if some, _ := r.Overlaps(p.From, p.To); some && d.rescheduled(p, o) {
		return In
	}
	return OutOfWindow
}

// rescheduled reports whether an edit of an original says something else of when it takes place.
func (d *decider) rescheduled(p *state.Pair, o *Item) bool {
	return slices.ContainsFunc(d.editedOriginal(p, o), func(name string) bool {
		if p.BaseOriginal[name].Equal(unknown) && !d.fresh[keyOf(p)] {
			return false // nobody knows what it said
		}
		return pim.IsOverride(name) || slices.Contains([]string{"start", "end", "due", "completed", "recurrence"}, name)
	})
}
