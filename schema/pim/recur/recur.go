// Package recur works out when a series takes place: the recurrence set of RFC 5545 section 3.8.5, instance by instance, from any point on.
package recur

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// ErrBudget ends a series that names no further instance in so many steps, or none up to the year 9999: its rule fits no day, or it goes on from
// where nobody looks.
var ErrBudget = errors.New("no further occurrence was found")

// budget is how many local times and periods are looked at between two instances.
const budget = 500_000

// Set is a recurrence set. It is immutable and safe for concurrent use.
type Set struct {
	start         ical.Time
	rules, except []*rule
	dates         []Period // RDATE, and the start; in order
	exdates       []int64  // in order
	exdays        []day    // EXDATEs that are dates
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
	s.date(Period{Start: start})
	return s, nil
}

// read is New for a set that has its start only where a rule names it.
func read(start ical.Time, text string) (*Set, error) {
	s := &Set{start: start, alone: true}
	for line := range strings.SplitSeq(text, "\n") {
		name, value, _ := strings.Cut(line, ":")
		var err error
		switch name {
		case "":
		case "RRULE":
			err = s.rule(&s.rules, value)
		case "EXRULE":
			err = s.rule(&s.except, value)
		case "RDATE", "EXDATE":
			err = s.list(name, value)
		default:
			err = errors.New("not a part of a recurrence set")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
	}
	slices.Sort(s.exdates)
	slices.Sort(s.exdays)
	return s, nil
}

func (s *Set) rule(rules *[]*rule, value string) error {
	r, err := parseRule(value)
	if err != nil {
		return err
	}
	r.complete(s.start.Wall)
	if s.start.Date {
		r.hours, r.minutes, r.seconds = []int{0}, []int{0}, []int{0}
		if r.freq > daily {
			return errors.New("a series of whole days cannot recur within a day")
		}
	}
	*rules = append(*rules, r)
	return nil
}

func (s *Set) list(name, value string) error {
	for item := range items(value) {
		text, rest, period := cutPeriod(item)
		at, err := ical.ReadTime(text)
		if err != nil {
			return err
		}
		at = s.like(at)
		if name == "EXDATE" {
			if at.Date {
				s.exdays = append(s.exdays, dayAt(at.Wall.Unix()))
			} else {
				s.exdates = append(s.exdates, at.Wall.Unix())
			}
			continue
		}
		if at.Date && !s.start.Date {
			at = ical.Time{Wall: at.Wall.Add(s.start.Wall.Sub(s.start.Wall.Truncate(daySeconds * time.Second))), Zone: s.start.Zone}
		}
		p := Period{Start: at}
		if period {
			if p.End, err = s.endOf(at, rest); err != nil {
				return err
			}
		}
		s.date(p)
	}
	return nil
}

// items are the parts of a list of canonical times: a zone in brackets may hold commas and slashes of its own.
func items(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, inside := 0, false
		for i := range len(value) {
			switch value[i] {
			case '[':
				inside = true
			case ']':
				inside = false
			case ',':
				if inside {
					continue
				}
				if !yield(value[begin:i]) {
					return
				}
				begin = i + 1
			}
		}
		yield(value[begin:])
	}
}

// cutPeriod parts a period into its start and the rest.
func cutPeriod(item string) (start, rest string, period bool) {
	zone := strings.LastIndexByte(item, ']') + 1
	start, rest, period = strings.Cut(item[zone:], "/")
	return item[:zone] + start, rest, period
}

// like is a time as local time of the start's zone, and a date where the start is one.
func (s *Set) like(t ical.Time) ical.Time {
	switch zone := s.start.Zone; {
	case s.start.Date:
		t.Wall, t.Date, t.Zone = dayAt(t.Wall.Unix()).time(), true, nil
	case t.Date || zone == nil:
		t.Zone = zone
	case t.Zone == nil:
		t.Zone = zone
	case t.Zone.ID() != zone.ID():
		t = ical.Time{Wall: wallTime(localWall(t.Instant(nil), zone.Location())), Zone: zone}
	}
	return t
}

// endOf reads the second half of a period (RFC 5545 section 3.3.9).
func (s *Set) endOf(start ical.Time, text string) (ical.Time, error) {
	if strings.HasPrefix(text, "P") {
		length, err := ical.ParseDuration(text)
		return start.Add(length), err
	}
	end, err := ical.ParseTime(text, "", false, nil)
	if err != nil {
		return end, err
	}
	return s.like(end), nil
}

// date adds an instance to those that are named one by one.
func (s *Set) date(p Period) {
	at, known := slices.BinarySearchFunc(s.dates, p, func(a, b Period) int { return a.Start.Wall.Compare(b.Start.Wall) })
	if !known {
		s.dates = slices.Insert(s.dates, at, p)
	} else if s.dates[at].End.Wall.IsZero() {
		s.dates[at] = p
	}
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

// walk merges what names instances, and leaves out what is excluded.
type walk struct {
	*Set
	lower, at     int64 // from where on instances are looked for: those named one by one, and those of rules, whose local times are in order
	sure          int64 // local times from here on are after the instant asked for
	steps         int
	dated         int // of dates, how many are past
	rules, except []head
}

// head is the next local time of a rule.
type head struct {
	*cursor
	wall int64
	done bool
	err  error // why it is done, unless the rule ends
}

func (s *Set) walk(after time.Time, location *time.Location) *walk {
	w := &walk{Set: s, lower: -1 << 62, at: -1 << 62, sure: -1 << 62, steps: budget}
	start := s.start.Wall.Unix()
	if !after.IsZero() {
		w.at = localWall(after, location)
		w.lower, w.sure = w.at-daySeconds, w.at+daySeconds
	}
	heads := func(rules []*rule) []head {
		list := make([]head, len(rules))
		for i, r := range rules {
			list[i] = head{cursor: r.cursor(start, w.at, r.limit(s.start), newClock(s.start.Zone), &w.steps), wall: math.MinInt64}
		}
		return list
	}
	w.rules, w.except = heads(s.rules), heads(s.except)
	for i := range w.rules {
		w.rules[i].synced = !s.alone
	}
	w.dated, _ = slices.BinarySearchFunc(s.dates, w.lower, func(p Period, wall int64) int { return cmp.Compare(p.Start.Wall.Unix(), wall) })
	return w
}

// reach moves a rule on to its first local time that is not before one.
func (h *head) reach(wall int64) {
	for !h.done && h.wall < wall {
		at, ok, err := h.find()
		h.wall, h.done, h.err = at, !ok, err
	}
}

// find is the next instance, as local time. What a rule could not tell is said when nothing else is left to be said.
func (w *walk) find() (int64, bool, error) {
	for {
		var (
			wall   int64
			failed error
			found  = w.dated < len(w.dates)
		)
		if found {
			wall = w.dates[w.dated].Start.Wall.Unix()
		}
		for i := range w.rules {
			h := &w.rules[i]
			if h.reach(max(w.lower, w.at)); h.err != nil {
				failed, w.steps = h.err, max(w.steps, 0)
			}
			if !h.done && (!found || h.wall < wall) {
				wall, found = h.wall, true
			}
		}
		if !found {
			return 0, false, failed
		}
		w.lower = wall + 1
		if w.dated < len(w.dates) && w.dates[w.dated].Start.Wall.Unix() == wall {
			w.dated++
		}
		excluded, err := w.excludes(wall)
		if err != nil {
			return 0, false, err
		}
		if !excluded {
			return wall, true, nil
		}
	}
}

// excludes reports whether a local time is an exception.
func (w *walk) excludes(wall int64) (bool, error) {
	if _, found := slices.BinarySearch(w.exdates, wall); found {
		return true, nil
	}
	if _, found := slices.BinarySearch(w.exdays, dayAt(wall)); found {
		return true, nil
	}
	for i := range w.except {
		h := &w.except[i]
		if h.reach(wall); h.err != nil {
			return false, h.err
		}
		if !h.done && h.wall == wall {
			return true, nil
		}
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
		switch l := r.limit(s.start); {
		case l.bounds:
			take(ical.Time{Wall: wallTime(l.wall), Zone: s.start.Zone})
		case r.count > 0:
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
	counted.rules = slices.DeleteFunc(slices.Clone(s.rules), func(r *rule) bool { return r.count == 0 })
	counted.except, counted.exdates, counted.exdays = nil, nil, nil
	spent := 0
	for at, err := range counted.From(time.Time{}, floating) {
		if spent++; err != nil || spent > budget {
			return last, false
		}
		take(at)
	}
	return last, true
}
