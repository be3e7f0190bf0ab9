// Package recur works out when a series takes place: the recurrence set of RFC 5545 section 3.8.5, instance by instance, from any point on.
package recur

import (
	"iter"
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/rule"
)

// ErrBudget ends a series that names no further instance in so many steps, or none up to the year 9999.
var ErrBudget = rule.ErrBudget

// budget is how many local times and periods are looked at between two instances.
const budget = 500_000

// Set is a recurrence set. It is immutable and safe for concurrent use.
type Set struct {
	start         ical.Time
	rules, except []*rule.Rule
	dates         []Period // RDATE, and the start; in order
	exdates       []int64  // in order
	exdays        []int64  // EXDATEs that are dates; in order
	alone         bool     // the start is an instance only where a rule names it
}

// Period is an instance that RDATE names; End is zero where it does not say when the instance ends.
type Period struct{ Start, End ical.Time }

// New reads a recurrence set: lines of RRULE, EXRULE, RDATE and EXDATE in the canonical form of the field recurrence, for a series that begins at
// start. The start is an instance, and the first that COUNT counts, whether a rule names it or not. Local times of other lines than DTSTART are
// those of the start's zone.
func New(start ical.Time, text string) (*Set, error) {
	s, err := read(start, text)
	if err != nil {
		return nil, err
	}
	s.alone = false
	s.dates = append(s.dates, Period{Start: start})
	s.arrange()
	return s, nil
}

// Dates are the instances that are named one by one, the start among them, in order.
func (s *Set) Dates() []Period { return s.dates }

// From are the instances that do not begin before an instant, in order of local time, from any instant on at the same cost unless a rule counts.
// floating is the zone of a start without one; nil: UTC. Local times that a rule names and that do not exist are left out; of those that exist
// twice it is the first (RFC 5545 sections 3.3.5 and 3.3.10).
//
// An error ends it, ErrBudget at last: no rule makes it run on for ever.
func (s *Set) From(after time.Time, floating *time.Location) iter.Seq2[ical.Time, error] {
	return func(yield func(ical.Time, error) bool) {
		location := floating
		if s.start.Zone != nil {
			location = s.start.Zone.Location()
		}
		if location == nil {
			location = time.UTC
		}
		w := s.walk(after, location)
		for {
			wall, ok, err := w.find()
			if err != nil {
				yield(ical.Time{}, err)
				return
			}
			if !ok {
				return
			}
			t := ical.Time{Wall: wallTime(wall), Date: s.start.Date, Zone: s.start.Zone}
			if wall < w.sure && t.Instant(location).Before(after) {
				continue
			}
			if !yield(t, nil) {
				return
			}
			w.steps = budget
		}
	}
}

// Has reports whether an instance begins at a time, given as local time of the start's zone.
func (s *Set) Has(t ical.Time) (bool, error) {
	for at, err := range s.From(t.Instant(nil), nil) {
		return err == nil && at.Wall.Equal(t.Wall), err
	}
	return false, nil
}

// Last is an instant that no instance begins after; false: the series has no end, or only more counting would tell. floating is as in From.
func (s *Set) Last(floating *time.Location) (last time.Time, ok bool) {
	take := func(t ical.Time) {
		if at := t.Instant(floating); at.After(last) {
			last = at
		}
	}
	counts := false
	for _, r := range s.rules {
		switch l := s.limit(r); {
		case l.bounds:
			take(ical.Time{Wall: wallTime(l.wall), Zone: s.start.Zone})
		case r.Count() > 0:
			counts = true
		default:
			return last, false
		}
	}
	for _, p := range s.dates {
		take(p.Start)
	}
	if !counts {
		return last, true
	}
	counted := *s
	counted.rules = slices.DeleteFunc(slices.Clone(s.rules), func(r *rule.Rule) bool { return r.Count() == 0 })
	counted.except, counted.exdates, counted.exdays = nil, nil, nil
	spent, final := 0, s.start
	for at, err := range counted.From(time.Time{}, floating) {
		if spent++; err != nil || spent > budget {
			return last, false
		}
		final = at
	}
	take(final)
	return last, true
}
