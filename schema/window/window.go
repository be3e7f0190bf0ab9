// Package window says which items a relationship looks at by time: those that take place between two edges, which stand still on a date or move
// on with the clock.
package window

import (
	"strings"
	"time"
)

// Window has two edges, each of which may be absent: then it is unlimited on that side. A span of an item is in the window when it ends after the
// lower edge and starts no later than the upper one; an item is in when any of its spans is, and an item without a time always is.
type Window struct {
	Past, Future  *time.Duration // how far the edges are from now
	RecurringPast *time.Duration // takes the place of Past for series
	From, To      time.Time      // the first and the last day, as midnight in UTC; they begin and end in the zone that is asked for; zero: none
}

// IsZero reports whether the window has no edge, so that every item is in it.
func (w *Window) IsZero() bool { return w == nil || *w == Window{} }

// Slides reports whether an edge moves with the clock.
func (w *Window) Slides() bool {
	return w != nil && (w.Past != nil || w.Future != nil || w.RecurringPast != nil)
}

// String names the edges in one way: two windows are the same exactly when their strings are. "": no edge.
func (w *Window) String() string {
	if w == nil {
		return ""
	}
	var edges []string
	for _, e := range []struct {
		name   string
		length *time.Duration
	}{{"past", w.Past}, {"future", w.Future}, {"recurring_past", w.RecurringPast}} {
		if e.length != nil {
			edges = append(edges, e.name+"="+e.length.String())
		}
	}
	for _, e := range []struct {
		name string
		day  time.Time
	}{{"from", w.From}, {"to", w.To}} {
		if !e.day.IsZero() {
			edges = append(edges, e.name+"="+e.day.Format(time.DateOnly))
		}
	}
	return strings.Join(edges, " ")
}

// Overlaps tells whether something that reaches from one instant to another is in the window at now, and the next instant at which that may
// change; a zero edge is unlimited. What has both ends at one instant lasts a second. zone says when the days of the edges begin; nil: UTC.
func (w *Window) Overlaps(from, to time.Time, recurring bool, now time.Time, zone *time.Location) Stay {
	if w.IsZero() {
		return Stay{In: true}
	}
	if !from.IsZero() && !to.IsZero() {
		to = lasting(from, to)
	}
	e := w.edges(recurring, zone)
	since, until := time.Time{}, never
	if !from.IsZero() {
		since = e.since(from)
	}
	if !to.IsZero() {
		until = e.until(to)
	}
	switch {
	case !to.IsZero() && !to.After(e.first), !from.IsZero() && !e.last.IsZero() && !from.Before(e.last), !until.After(now):
		return Stay{}
	case since.After(now):
		return Stay{Until: since}
	}
	return Stay{In: true, Until: until}.sure()
}

// lasting is the end of something: an instant lasts a second.
func lasting(start, end time.Time) time.Time {
	if least := start.Add(time.Second); end.Before(least) {
		return least
	}
	return end
}

// edges are a window for one kind of item: how far the moving edges are, and between which instants the fixed ones are.
type edges struct {
	past, future *time.Duration
	first, last  time.Time // last is the first instant after the last day; zero: none
}

func (w *Window) edges(recurring bool, zone *time.Location) edges {
	e := edges{past: w.Past, future: w.Future}
	if recurring && w.RecurringPast != nil {
		e.past = w.RecurringPast
	}
	if !w.From.IsZero() {
		e.first = midnight(w.From, zone)
	}
	if !w.To.IsZero() {
		e.last = midnight(w.To.AddDate(0, 0, 1), zone)
	}
	return e
}

// never is later than any item: the instant at which something that is in for good leaves.
var never = time.Date(1<<20, 1, 1, 0, 0, 0, 0, time.UTC)

// since is from when on a span that starts then is in the window.
func (e edges) since(start time.Time) time.Time {
	if e.future == nil {
		return time.Time{}
	}
	return start.Add(-*e.future)
}

// until is when a span that ends then leaves the window.
func (e edges) until(end time.Time) time.Time {
	if e.past == nil {
		return never
	}
	return end.Add(*e.past)
}
