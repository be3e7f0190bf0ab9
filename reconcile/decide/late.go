package decide

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// lateOf is how changes of a pair's original are marked; an original that is gone is known by its replica. nil: they are not.
func (r *Relationship) lateOf(o, rep *Item) *Late {
	if o == nil {
		o = rep
	}
	if r.Late == nil || o == nil || o.Content == nil {
		return nil
	}
	return r.Late(o.Content)
}

// marks are the fields of a replica that the mark of a late change writes.
func (l *Late) marks(how state.Lateness) []string {
	if l == nil || how == state.InTime {
		return nil
	}
	fields, _ := l.Marks(how)
	return fields
}

// shows reports whether there is a mark for how something is late.
func (l *Late) shows(how state.Lateness) bool {
	_, shows := l.Marks(how)
	return shows
}

// cancelled reports whether an original says that it will not take place (RFC 5545 3.8.1.11).
func cancelled(o *Item) bool {
	status, _ := o.fields()["status"].Plain().(string)
	return strings.EqualFold(status, "cancelled")
}

// notice tells whether something that happens to an original now happens at short notice, and until when its replica is marked then: the instance that
// counts is the next one by what the original said until now, which its replica shows, or by what it says, whichever is earlier; the mark stays until
// the end of the latter, if there is one.
func (d *decider) notice(r *Relationship, o, rep *Item, how state.Lateness) (until time.Time, short bool) {
	late := r.lateOf(o, rep)
	if late == nil {
		return time.Time{}, false
	}
	if !late.shows(how) {
		return time.Time{}, false
	}
	start, until, ok := r.Next(rep.Content)
	if o != nil {
		if from, to, takesPlace := r.Next(o.Content); takesPlace {
			if !ok || from.Before(start) {
				start = from
			}
			until, ok = to, true
		}
	}
	return until, ok && start.Sub(d.in.Now) < late.Within
}

// cancellation is how far the late cancellation of a pair's original has got.
func (d *decider) cancellation(r *Relationship, p *state.Pair, o, rep *Item) Cancellation {
	switch {
	case rep == nil || o != nil && !(p.Late == state.LateCancelled && cancelled(o)):
		return Timely
	case p.Late == state.LateCancelled && !r.Lingers: // the template has changed
		if o != nil {
			return Timely
		}
		return LateOver
	case p.Late != state.LateCancelled:
		if _, short := d.notice(r, nil, rep, state.LateCancelled); short {
			return LateNow
		}
		return Timely
	case d.in.Now.Before(p.Until):
		return LateShown
	}
	return LateOver
}

// withMark is content with the mark of a late change that a pair's replica carries.
func (d *decider) withMark(r *Relationship, p *state.Pair, o *Item, content *pim.Item) *pim.Item {
	late := r.lateOf(o, nil)
	if late == nil || p.Late == state.InTime {
		return content
	}
	out, err := late.Mark(content, p.Late, p.Until)
	if err != nil {
		d.fail(derived{r.Address, o.Content}, o, err)
		return content
	}
	return out
}

// marksOf are the fields of a replica that do not flow back to an original that is there, because the mark of a late change writes them. A title does:
// it is brought back without its prefix.
func (d *decider) marksOf(r *Relationship, p *state.Pair, rep *Item) []string {
	o := d.original(p)
	if o == nil || p.Late == state.InTime {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.lateOf(o, rep).marks(p.Late)), func(field string) bool { return field == "summary" })
}

// remark decides whether a pair's replica is marked from now on, as its original is there and is carried to it. It gives the fields that a mark that
// comes or goes writes, and the reason for that; "" when there is none.
func (d *decider) remark(r *Relationship, p *state.Pair, o, rep *Item, c carried) (fields []string, code Code) {
	late, was, standing := r.lateOf(o, rep), p.Late, p.Late
	switch {
	case late == nil || !late.shows(was): // the template has changed
		standing = state.InTime
	case was == state.LateCancelled && !cancelled(o):
		standing, code = state.InTime, BackAtSource
	case was == state.LateChanged && !d.in.Now.Before(p.Until):
		standing, code = state.InTime, LatePassed
	}
	now, until, before := standing, p.Until, p.Until
	if how, occurrences, news := d.lateNews(r, late, p, o, rep, c); news {
		end, short := d.notice(r, o, rep, how)
		if len(occurrences) > 0 {
			end, short = d.noticeOf(r, late, o, rep, occurrences)
		}
		if short || standing == how && !end.IsZero() {
			now, until, code = how, end, ChangedLate
			if how == state.LateCancelled {
				code = CancelledLate
			}
		}
	}
	if late == nil || now == state.InTime {
		now, until = state.InTime, time.Time{}
	}
	p.Late, p.Until = now, until
	if was == now && before.Equal(until) {
		return nil, code
	}
	return slices.Concat(late.marks(was), late.marks(now), overrides(rep.fields(), o.fields())), code
}

// overrides are the occurrences that contents say something about: any of them may be what is marked.
func overrides(contents ...pim.Fields) (fields []string) {
	for _, c := range contents {
		for name := range c {
			if pim.IsOverride(name) {
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// noticeOf is notice for the change of some occurrences of a series alone: the first of them counts, where it was or is.
func (d *decider) noticeOf(r *Relationship, late *Late, o, rep *Item, occurrences []string) (until time.Time, short bool) {
	var first time.Time
	for _, name := range occurrences {
		start, end, ok := r.occurrence(o, name)
		if !ok {
			continue
		}
		if from, _, was := r.occurrence(rep, name); was && from.Before(start) {
			start = from
		}
		if first.IsZero() || start.Before(first) {
			first, until = start, end
		}
	}
	return until, !first.IsZero() && first.Sub(d.in.Now) < late.Within
}

// occurrence is when an override takes place; ok is false when it is over, or there is none.
func (r *Relationship) occurrence(it *Item, override string) (start, end time.Time, ok bool) {
	alone, ok := it.fields()[override].Alone(it.Content.Kind())
	if !ok {
		return start, end, false
	}
	return r.Next(alone)
}

// lateNews tells what is carried to a replica: that its original is cancelled, or a change that counts; and of which occurrences, when it is about these
// alone.
func (d *decider) lateNews(r *Relationship, late *Late, p *state.Pair, o, rep *Item, c carried) (how state.Lateness, occurrences []string, news bool) {
	if late == nil || d.unmet(keyOf(p)) || r.Policies.SourceEdit != schema.SourceEditPropagate || p.Late == state.LateCancelled && cancelled(o) {
		return state.InTime, nil, false
	}
	settles := func(field string) bool { return !c.bo[field].Equal(p.BaseOriginal[field]) }
	if late.shows(state.LateCancelled) && cancelled(o) && settles("status") {
		return state.LateCancelled, nil, true
	}
	counts := func(field string) bool {
		return settles(field) && late.Watches(field) && !(field == "status" && p.Late == state.LateCancelled)
	}
	for _, name := range c.content.Diff(rep.fields()) {
		if slices.ContainsFunc(r.DependsOn(name), counts) {
			news = true
			occurrences = append(occurrences, name)
		}
	}
	if !news {
		return state.InTime, nil, false
	}
	if !slices.ContainsFunc(occurrences, func(name string) bool { return !pim.IsOverride(name) }) {
		return state.LateChanged, occurrences, true
	}
	return state.LateChanged, nil, true
}

// linger marks the replica of an original that went at short notice, and leaves it until it would have taken place.
func (d *decider) linger(r *Relationship, k state.PairKey) {
	p := *d.pairs[k]
	d.frozen[k] = true
	if p.Late == state.LateCancelled {
		return
	}
	rep := d.replica(&p)
	until, _ := d.notice(r, nil, rep, state.LateCancelled)
	content, err := r.lateOf(nil, rep).Mark(rep.Content, state.LateCancelled, until)
	if err != nil {
		d.fail(derived{r.Address, rep.Content}, rep, err)
		d.wait[k] = true
		return
	}
	p.Late, p.Until = state.LateCancelled, until
	p.BaseReplica = content.Fields().Digests()
	d.put(d.ends[k.Relationship].destination, rep.with(content, rep.Marker), k, Edit, CancelledLate)
	d.set(p)
}
