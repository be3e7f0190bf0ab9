package pim

import (
	"fmt"
	"iter"
	"time"
)

// Span is when something takes place: from Start on, until before End; at Start alone when both are the same.
type Span struct{ Start, End time.Time }

// endsAfter reports whether a span is not over at an instant.
func (s Span) endsAfter(at time.Time) bool { return s.End.After(at) || !s.Start.Before(at) }

// Timed reports whether the item takes place at some time: contacts and undated tasks do not.
func (it *Item) Timed() bool {
	f := it.Fields()
	for _, v := range f {
		if len(v.overridden().times(it.kind)) > 0 {
			return true
		}
	}
	return len(f.times(it.kind)) > 0
}

// Recurring reports whether the item is a series.
func (it *Item) Recurring() bool { return !it.own()["recurrence"].IsZero() }

// Spans are when the item takes place, in order of their start, beginning with the first that is not over at an instant: instance by instance,
// with overrides in their place. A task lasts from the earliest to the latest of its start, due and completed, to the end of the day where that
// is a date. What is floating or all day is read in the zone floating; nil: UTC.
//
// The error is of a recurrence that cannot be worked out, wraps [recur.ErrBudget] or says what is wrong, and is the last thing that comes.
func (it *Item) Spans(from time.Time, floating *time.Location) iter.Seq2[Span, error] {
	return func(yield func(Span, error) bool) {
		s, err := it.series(floating)
		if err == nil {
			for span, failed := range s.spans(from) {
				if err = failed; err != nil {
					break
				}
				if !yield(span, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(Span{}, fmt.Errorf("%s: recurrence: %w", it.naming(), err))
		}
	}
}

// naming is what a person knows the item by.
func (it *Item) naming() string {
	if title := it.Title(); title != "" {
		return fmt.Sprintf("%q", title)
	}
	return it.uid
}

// Extent is from the earliest start to the latest end of an item; where UNTIL is after the last instance, that may be the end. A zero time is unlimited:
// the end of a series that has none, or that only long counting would tell, and both of an item that is not [Item.Timed]. What is floating or all day
// is read in the zone floating; nil: UTC.
func (it *Item) Extent(floating *time.Location) (from, to time.Time) {
	s, err := it.series(floating)
	if err != nil {
		return from, to
	}
	for span, err := range s.spans(time.Time{}) {
		if err != nil {
			return from, to
		}
		from = span.Start
		break
	}
	last, ok := s.last()
	if !ok {
		return from, time.Time{}
	}
	to = last
	for span, err := range s.spans(last) {
		if err != nil {
			return from, time.Time{}
		}
		if span.End.After(to) {
			to = span.End
		}
	}
	return from, to
}
