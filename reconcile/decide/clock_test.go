package decide_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// clock is what plans are made by. Worlds that are copies of one another share theirs.
type clock struct{ now time.Time }

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

// takes is an event of an hour that starts so long after noon, with some more lines.
func takes(uid string, after time.Duration, lines ...string) *pim.Item {
	start := noon.Add(after)
	return ics(uid, append([]string{"DTSTART:" + start.Format("20060102T150405Z"), "DTEND:" + start.Add(time.Hour).Format("20060102T150405Z")}, lines...)...)
}

// times are when an event of a test starts and ends; ok is false when it has no time.
func times(it *pim.Item) (start, end time.Time, ok bool) {
	at := func(field string) time.Time {
		text, _ := it.Fields()[field].Plain().(string)
		t, err := time.Parse(time.RFC3339, text)
		ok = err == nil
		return t
	}
	start, end = at("start"), at("end")
	return start, end, ok
}

// windowed gives a relationship a window whose edges move with a clock.
func windowed(r *decide.Relationship, c *clock, past, future time.Duration) *decide.Relationship {
	r.Extent = func(o *pim.Item) (from, to time.Time) {
		from, to, _ = times(o)
		return from, to
	}
	r.Overlaps = func(from, to time.Time) (bool, time.Time) {
		enters, leaves := from.Add(-future), to.Add(past)
		switch {
		case from.IsZero():
			return true, time.Time{}
		case c.now.Before(enters):
			return false, enters
		case c.now.Before(leaves):
			return true, leaves
		}
		return false, time.Time{}
	}
	r.Window = func(o *pim.Item) (bool, time.Time, error) {
		in, until := r.Overlaps(r.Extent(o))
		return in, until, nil
	}
	return r
}

// ends is a relationship with a window of a day to either side, and what changes with time in a scene.
func windowScene(t *testing.T, change ...func(*decide.Relationship)) *scene {
	s := newScene(t)
	r := joins("r", "AB")
	s.rels = []*decide.Relationship{windowed(r, s.clock, 24*time.Hour, 24*time.Hour)}
	for _, f := range change {
		f(r)
	}
	return s
}

// due is when an item has to be looked at again; zero: never.
func (s *scene) due(folder, key string) time.Time {
	for _, l := range s.last.Later {
		if l.Folder == folder && l.Key == key {
			return l.Due
		}
	}
	return time.Time{}
}

// untilDue lets time pass until some item is due, and is how long that took; nothing has to be done before.
func (s *scene) untilDue() time.Duration {
	s.t.Helper()
	due := earliest(s.last)
	if due.IsZero() {
		s.t.Fatal("nothing is ever due")
	}
	passes := due.Sub(s.clock.now)
	s.clock.now = due.Add(-time.Second)
	s.does()
	if len(s.last.Pairs) > 0 {
		s.t.Fatalf("something was to be recorded before anything was due: %v", s.last.Pairs)
	}
	s.clock.now = due
	return passes
}

// earliest is when the first of all items is due; zero: none ever is.
func earliest(d *decide.Decision) time.Time {
	var first time.Time
	for _, l := range d.Later {
		if !l.Due.IsZero() && (first.IsZero() || l.Due.Before(first)) {
			first = l.Due
		}
	}
	return first
}

// rests compares why nothing flows through a pair, and what is counted of it.
func (s *scene) rests(relationship, original string, want state.Rest) {
	s.t.Helper()
	if got := s.pair(relationship, original).Rest; got != want {
		s.t.Errorf("the pair of %s rests because of %d instead of %d", original, got, want)
	}
}

// copied are the titles of what a folder holds.
func (s *scene) titles(folder string) string {
	var out []string
	for _, it := range s.folders[folder] {
		out = append(out, it.Content.Title())
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
