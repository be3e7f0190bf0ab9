package window

import (
	"fmt"
	"time"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// Stay is whether an item is in a window, and until when that is sure.
type Stay struct {
	In    bool
	Until time.Time // the next instant at which In may change, always after the one asked for; zero: never
}

// chain is how many instances of a series are looked at to say how long it stays in; who asks again at Until is told of the next ones.
const chain = 16

// Stay tells whether an item is in the window at now, and the next instant at which that may change. A series is out between two instances that
// are further apart than the window is wide. zone is where floating times and dates are read and the days of the edges begin; nil: UTC.
//
// The error is of an item whose recurrence cannot be worked out; Stay is then that it is in, for good: nothing is to be taken away because of it.
func (w *Window) Stay(it *pim.Item, now time.Time, zone *time.Location) (Stay, error) {
	if w.IsZero() || !it.Timed() {
		return Stay{In: true}, nil
	}
	e := w.edges(it.Recurring(), zone)
	var (
		stay   Stay
		looked int
	)
	for span, err := range it.Spans(e.lower(now), zone) {
		if err != nil {
			return Stay{In: true}, fmt.Errorf("window: %w", err)
		}
		end := lasting(span.Start, span.End)
		since, until := e.since(span.Start), e.until(end)
		switch {
		case !e.last.IsZero() && !span.Start.Before(e.last):
			return stay.sure(), nil
		case !end.After(e.first) || !until.After(now):
			continue
		case !stay.In && since.After(now):
			return Stay{Until: since}, nil
		case stay.In && since.After(stay.Until):
			return stay.sure(), nil
		}
		stay.In = true
		if until.After(stay.Until) {
			stay.Until = until
		}
		if looked++; looked == chain || stay.Until.Equal(never) {
			break
		}
	}
	return stay.sure(), nil
}

// sure says never as Stay does.
func (s Stay) sure() Stay {
	if s.Until.Equal(never) {
		s.Until = time.Time{}
	}
	return s
}

// lower is before the end of every span that is in the window at now.
func (e edges) lower(now time.Time) time.Time {
	from := e.first
	if e.past != nil {
		if edge := now.Add(-*e.past); edge.After(from) {
			from = edge
		}
	}
	if from.IsZero() {
		return from
	}
	return from.Add(-time.Second) // an instant lasts a second
}

// midnight is when a day begins somewhere.
func midnight(day time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return tz.Instant(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC), zone)
}
