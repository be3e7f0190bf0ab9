package pim

import (
	"container/heap"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/recur"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// series is what the spans of an item are made of.
type series struct {
	set       *recur.Set  // nil: the item does not recur
	alone     []ical.Time // of an item that does not recur
	shapes    []shape     // of a series: that of the master, then those of its overrides for this and all that follow, in order
	overrides []Span
	replaced  map[time.Time]bool // local times of instances that have an override
	periods   map[time.Time]ical.Time
	reach     time.Duration // how long after its original start an instance ends at most
	early     time.Duration // how long before its original start it begins at most
	floating  *time.Location
	clocks    map[*time.Location]*tz.Clock
}

// instant is the instant of a time.
func (s *series) instant(t ical.Time) time.Time {
	location := s.floating
	if t.Zone != nil {
		location = t.Zone.Location()
	}
	clock, ok := s.clocks[location]
	if !ok {
		clock = tz.NewClock(location)
		s.clocks[location] = clock
	}
	return clock.Instant(t.Wall)
}

// shape is how the instances from a local time on lie to their original starts: as these times lie to that one.
type shape struct {
	from  time.Time
	times []ical.Time
}

// times are those that an item lasts between.
func (f Fields) times(kind Kind) []ical.Time {
	names := []string{"start", "end"}
	if kind == Tasks {
		names = []string{"start", "due", "completed"}
	}
	var times []ical.Time
	for _, name := range names {
		if t, ok := f.time(name); ok {
			times = append(times, t)
			if t.Date && (kind == Tasks || kind == Notes) { // the whole day
				times = append(times, t.Add(ical.Duration{Days: 1}))
			}
		}
	}
	return times
}

// hull is from the earliest to the latest of some times.
func (s *series) hull(times []ical.Time) Span {
	var span Span
	for i, t := range times {
		at := s.instant(t)
		if i == 0 || at.Before(span.Start) {
			span.Start = at
		}
		if i == 0 || at.After(span.End) {
			span.End = at
		}
	}
	return span
}

// series reads when the item takes place; the error is of a recurrence that says no series.
func (it *Item) series(floating *time.Location) (*series, error) {
	f := it.Fields()
	s := &series{floating: floating, clocks: map[*time.Location]*tz.Clock{}}
	start, ok := f.time("start")
	if !ok {
		start, ok = f.time("due")
	}
	if rules := f.text("recurrence"); !ok || rules == "" {
		s.alone = f.times(it.kind)
	} else {
		var err error
		if s.set, err = recur.New(start, rules); err != nil {
			return nil, err
		}
		s.replaced, s.periods = map[time.Time]bool{}, map[time.Time]ical.Time{}
		s.shapes = []shape{{times: f.without("completed").times(it.kind)}}
		s.lies(start)
		for _, p := range s.set.Dates() {
			if !p.End.Wall.IsZero() {
				s.periods[p.Start.Wall] = p.End
				s.reach = max(s.reach, s.instant(p.End).Sub(s.instant(p.Start)))
			}
		}
	}
	for field, v := range f {
		if own := v.overridden(); own != nil {
			s.override(f, field, own, it.kind)
		}
	}
	slices.SortFunc(s.shapes[min(1, len(s.shapes)):], func(a, b shape) int { return a.from.Compare(b.from) })
	return s, nil
}

func (f Fields) without(field string) Fields {
	rest := make(Fields, len(f))
	for name, v := range f {
		if name != field {
			rest[name] = v
		}
	}
	return rest
}

// override takes in what one instance says by itself.
func (s *series) override(f Fields, field string, own Fields, kind Kind) {
	times := own.times(kind)
	if len(times) == 0 {
		return
	}
	s.overrides = append(s.overrides, s.hull(times))
	at, ok := f.at(strings.TrimPrefix(field, parts.OverridePrefix))
	if !ok || s.set == nil {
		return
	}
	s.replaced[at.Wall] = true
	if own.text("range") == "THISANDFUTURE" {
		s.shapes = append(s.shapes, shape{from: at.Wall, times: times})
		s.lies(at)
		s.early = min(s.early, 0) - 24*time.Hour // clocks may change between the two
	}
}

// lies takes in how far the newest shape reaches from its original start.
func (s *series) lies(at ical.Time) {
	newest := &s.shapes[len(s.shapes)-1]
	newest.from = at.Wall
	span, original := s.hull(newest.times), s.instant(at)
	s.reach = max(s.reach, span.End.Sub(original))
	s.early = min(s.early, span.Start.Sub(original))
}

// instance is the span of an instance without an override, and an instant before which no later one begins.
func (s *series) instance(at ical.Time) (span Span, early time.Time) {
	of := s.shapes[0]
	for _, later := range s.shapes[1:] {
		if !later.from.After(at.Wall) {
			of = later
		}
	}
	shift := at.Wall.Sub(of.from)
	times := make([]ical.Time, len(of.times))
	for i, t := range of.times {
		t.Wall = t.Wall.Add(shift)
		times[i] = t
	}
	span = s.hull(times)
	if end, ok := s.periods[at.Wall]; ok {
		span.End = s.instant(end)
	}
	return span, s.instant(at).Add(s.early)
}

// spans are those that are not over at an instant, in order of their start.
func (s *series) spans(from time.Time) iter.Seq2[Span, error] {
	return func(yield func(Span, error) bool) {
		ahead := &queue{}
		take := func(span Span) {
			if span.endsAfter(from) {
				heap.Push(ahead, span)
			}
		}
		for _, span := range s.overrides {
			take(span)
		}
		if len(s.alone) > 0 {
			take(s.hull(s.alone))
		}
		if s.set == nil {
			ahead.rest(yield)
			return
		}
		asked := from
		if !from.IsZero() {
			asked = from.Add(-s.reach - 24*time.Hour) // clocks may change during an instance
		}
		for at, err := range s.set.From(asked, s.floating) {
			if err != nil {
				if ahead.rest(yield) {
					yield(Span{}, err)
				}
				return
			}
			span, early := s.instance(at)
			if !ahead.before(early, yield) {
				return
			}
			if !s.replaced[at.Wall] {
				take(span)
			}
		}
		ahead.rest(yield)
	}
}

// last is an instant after which no instance begins by the rules, and no override; false: there is none, or only long counting would tell.
func (s *series) last() (last time.Time, ok bool) {
	ok = true
	if s.set != nil {
		last, ok = s.set.Last(s.floating)
	}
	spans := s.overrides
	if len(s.alone) > 0 {
		spans = append(spans, s.hull(s.alone))
	}
	for _, span := range spans {
		if span.Start.After(last) {
			last = span.Start
		}
	}
	return last, ok
}

// queue holds the spans that are known, the earliest first.
type queue []Span

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].Start.Before(q[j].Start) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push is for package heap.
func (q *queue) Push(x any) { *q = append(*q, x.(Span)) }

// Pop is for package heap.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// before yields the spans that start before an instant; false: no more are wanted.
func (q *queue) before(at time.Time, yield func(Span, error) bool) bool {
	for len(*q) > 0 && (*q)[0].Start.Before(at) {
		if !yield(heap.Pop(q).(Span), nil) {
			return false
		}
	}
	return true
}

// rest yields all that is left; false: no more are wanted.
func (q *queue) rest(yield func(Span, error) bool) bool {
	for len(*q) > 0 {
		if !yield(heap.Pop(q).(Span), nil) {
			return false
		}
	}
	return true
}
