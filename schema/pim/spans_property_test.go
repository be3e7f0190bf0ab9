package pim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawSeries draws a series over some changes of clocks, with exceptions, further dates, periods, and overrides for one instance and for all that follow.
func drawSeries(t *rapid.T) *Item {
	const form = "20060102T150405"
	zone := rapid.SampledFrom([]string{";TZID=Europe/Paris:", ";TZID=America/New_York:", ":"}).Draw(t, "zone")
	start := time.Date(2026, 3, rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, time.UTC)
	hours := func(name string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Hour
	}
	lasts := func(name string, at time.Time) string {
		return "DTSTART" + zone + at.Format(form) + "\nDTEND" + zone + at.Add(hours(name, 60)).Format(form)
	}
	instance := func(name string) time.Time { return start.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, name)) }
	rule := rapid.SampledFrom([]string{"DAILY;COUNT=60", "DAILY;INTERVAL=3;COUNT=20", "HOURLY;INTERVAL=7;COUNT=90", "WEEKLY;COUNT=9"}).Draw(t, "rule")
	lines := lasts("length", start) + "\nRRULE:FREQ=" + rule
	if rapid.Bool().Draw(t, "with exception") {
		lines += "\nEXDATE" + zone + instance("exception").Format(form)
	}
	if rapid.Bool().Draw(t, "with date") {
		at := instance("date").Add(hours("later", 12))
		lines += "\nRDATE;VALUE=PERIOD" + zone + at.Format(form) + fmt.Sprintf("/PT%dH", rapid.IntRange(1, 200).Draw(t, "period"))
	}
	overridden := map[time.Time]bool{}
	for i := range rapid.IntRange(0, 3).Draw(t, "overrides") {
		at, scope := instance("override"), ""
		if overridden[at] {
			continue
		}
		overridden[at] = true
		if rapid.Bool().Draw(t, "and all that follow") {
			scope = ";RANGE=THISANDFUTURE"
		}
		moved := at.Add(hours("moved", 200) - 100*time.Hour)
		lines += "\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID" + scope + zone + at.Format(form) + "\n" + lasts(fmt.Sprint("length ", i), moved)
	}
	return parse(t, Calendar, frame(Calendar, lines))
}

// TestSpansFromAnywhere: spans come in order of their start, and from any instant on come all that are not over then, whatever overrides move.
func TestSpansFromAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := drawSeries(t)
		read := func(from time.Time) (all []Span) {
			for span, err := range it.Spans(from, nil) {
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, span)
			}
			return all
		}
		all := read(time.Time{})
		if !slices.IsSortedFunc(all, func(a, b Span) int { return a.Start.Compare(b.Start) }) {
			t.Fatalf("out of order: %v\n%s", all, it.Bytes())
		}
		first, last := it.Extent(nil)
		from := all[rapid.IntRange(0, len(all)-1).Draw(t, "at")].End.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "seconds")) * time.Second)
		want := slices.DeleteFunc(slices.Clone(all), func(s Span) bool { return !s.endsAfter(from) })
		got := read(from)
		slices.SortFunc(want, compareSpans)
		slices.SortFunc(got, compareSpans)
		if !slices.EqualFunc(got, want, func(a, b Span) bool { return compareSpans(a, b) == 0 }) {
			t.Fatalf("from %s: %v, want %v\n%s", from, got, want, it.Bytes())
		}
		for _, s := range all {
			if s.Start.Before(first) || !last.IsZero() && s.End.After(last) {
				t.Fatalf("%v is not between %s and %s\n%s", s, first, last, it.Bytes())
			}
		}
	})
}

func compareSpans(a, b Span) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return a.End.Compare(b.End)
}
