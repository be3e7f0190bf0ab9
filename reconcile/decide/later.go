package decide

import (
	"maps"
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
)

// agree records of a live pair what time will be measured against: from when to when its original takes place, as both sides know it, and why nothing
// flows, as the next plan finds it.
func (d *decider) agree(p *state.Pair) {
	r, o, rep := d.byRel[p.Relationship], d.original(p), d.replica(p)
	p.Rest = state.Flowing
	if d.follows(keyOf(p)) {
		if d.toLead(r, p, o) {
			p.Rest = state.Settling
		}
		return
	}
	switch {
	case r.Window == nil:
		p.From, p.To = time.Time{}, time.Time{}
	case o != nil && !slices.ContainsFunc(d.differing(p, o), func(name string) bool { return !p.BaseOriginal[name].Equal(unknown) }):
		p.From, p.To = r.Extent(o.Content)
	}
	switch {
	case d.conflicts[keyOf(p)]:
	case len(d.settling(r, p, o, rep)) > 0:
		p.Rest = state.Settling
	case o != nil && r.Window != nil && d.placeOf(r, p, o) == OutOfWindow:
		p.Rest = state.Out
	}
}

// laters gathers when items have to be looked at again.
type laters struct {
	now time.Time
	at  map[place]*Later
}

func (l *laters) of(at place) *Later {
	if l.at[at] == nil {
		l.at[at] = &Later{Folder: at.folder, Key: at.key}
	}
	return l.at[at]
}

// due has an item looked at at some instant, if that is still to come.
func (l *laters) due(at place, when time.Time) {
	if !when.After(l.now) {
		return
	}
	if it := l.of(at); it.Due.IsZero() || when.Before(it.Due) {
		it.Due = when
	}
}

// later is when time will change what is decided, item by item.
func (d *decider) later() []Later {
	l := &laters{now: d.in.Now, at: map[place]*Later{}}
	for _, r := range d.rels {
		if r.Window != nil {
			d.windowDues(l, r)
		}
	}
	for _, p := range d.pairs {
		d.pairDues(l, p)
	}
	var out []Later
	for _, at := range slices.SortedFunc(maps.Keys(l.at), comparePlaces) {
		if d.in.Elsewhere == nil || !d.in.Elsewhere(at.folder, at.key) {
			out = append(out, *l.at[at])
		}
	}
	return out
}

// windowDues are when originals come into a relationship's window or leave it.
func (d *decider) windowDues(l *laters, r *Relationship) {
	for key, o := range d.view[r.Source] {
		p := d.pairs[state.PairKey{Relationship: r.Address, Original: key}]
		if o.Unknown || d.isReplica(r.Source, o) || p != nil && (p.Status == state.Pruned || p.Status == state.Ignored) || !d.inFilter(r, o) {
			continue
		}
		at := place{r.Source, key}
		s, ok := d.stays(r, o)
		if !ok {
			continue
		}
		l.due(at, s.until)
		if p == nil && !s.in {
			l.of(at).Out = append(l.of(at).Out, r.Address)
		}
	}
}

// pairDues are when what rests in a pair can flow.
func (d *decider) pairDues(l *laters, p *state.Pair) {
	r, e := d.byRel[p.Relationship], d.ends[p.Relationship]
	if live(p) && p.Late != state.InTime {
		at := place{e.source, p.Original}
		if d.original(p) == nil {
			at = place{e.destination, p.Replica}
		}
		l.due(at, p.Until)
	}
	if p.Rest == state.Settling {
		for _, at := range []place{{e.source, p.Original}, {e.destination, p.Replica}} {
			if it := d.view[at.folder][at.key]; r != nil && it != nil {
				l.due(at, d.settlesAt(r, it))
			}
		}
	}
	if o := d.original(p); r != nil && r.Window != nil && live(p) && o != nil && d.rescheduled(p, o) {
		_, until := r.Overlaps(p.From, p.To)
		l.due(place{e.source, p.Original}, until)
	}
}

// rests counts a pair that rests. It reports whether it does.
func (c *Counts) rests(p *state.Pair) bool {
	switch p.Rest {
	case state.Out:
		c.Out[p.Relationship]++
	case state.Settling:
		c.Settling[p.Relationship]++
	}
	return p.Rest != state.Flowing
}
