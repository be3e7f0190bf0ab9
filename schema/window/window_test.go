package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/pim"
)

const day = 24 * time.Hour

func event(t interface{ Fatalf(string, ...any) }, lines string) *pim.Item {
	text := "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:u\n" + lines + "\nEND:VEVENT\nEND:VCALENDAR\n"
	it, err := pim.Parse(pim.Calendar, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return it
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func date(year int, month time.Month, of int) time.Time {
	return time.Date(year, month, of, 0, 0, 0, 0, time.UTC)
}

func TestStay(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	const (
		meeting = "DTSTART:20260310T090000Z\nDTEND:20260310T100000Z"
		weekly  = meeting + "\nRRULE:FREQ=WEEKLY"
	)
	week, none, year := 7*day, time.Duration(0), 365*day
	for _, c := range []struct {
		why    string
		window Window
		lines  string
		now    string
		in     bool
		until  string
	}{
		{"no edge", Window{}, meeting, "2026-03-01T00:00:00Z", true, ""},
		{"no time", Window{Past: &none, Future: &none}, "SUMMARY:a", "2026-03-01T00:00:00Z", true, ""},
		{"to come", Window{Past: &week, Future: &week}, meeting, "2026-03-01T00:00:00Z", false, "2026-03-03T09:00:00Z"},
		{"the edge meets it", Window{Past: &week, Future: &week}, meeting, "2026-03-03T09:00:00Z", true, "2026-03-17T10:00:00Z"},
		{"about to leave", Window{Past: &week, Future: &week}, meeting, "2026-03-17T09:59:59Z", true, "2026-03-17T10:00:00Z"},
		{"gone", Window{Past: &week, Future: &week}, meeting, "2026-03-17T10:00:00Z", false, ""},
		{"no upper edge", Window{Past: &week}, meeting, "2016-03-01T00:00:00Z", true, "2026-03-17T10:00:00Z"},
		{"no lower edge", Window{Future: &week}, meeting, "2036-03-01T00:00:00Z", true, ""},
		{"an instant lasts a second", Window{Past: &none, Future: &none}, "DTSTART:20260310T090000Z", "2026-03-10T09:00:00Z", true, "2026-03-10T09:00:01Z"},
		{"days in Paris begin an hour before", Window{From: date(2026, 3, 11), To: date(2026, 3, 11)}, "DTSTART:20260310T223000Z\nDURATION:PT1H", "2036-03-01T00:00:00Z", true, ""},
		{"the last day is over", Window{From: date(2026, 3, 11), To: date(2026, 3, 11)}, "DTSTART:20260311T230000Z\nDURATION:PT1H", "2036-03-01T00:00:00Z", false, ""},
		{"all day ends where the first day begins", Window{From: date(2026, 3, 11)}, "DTSTART;VALUE=DATE:20260310", "2036-03-01T00:00:00Z", false, ""},
		{"all day is on the last day", Window{To: date(2026, 3, 10)}, "DTSTART;VALUE=DATE:20260310", "2036-03-01T00:00:00Z", true, ""},
		{"a series is in while an instance is", Window{Past: &none, Future: &none}, weekly, "2026-03-17T09:30:00Z", true, "2026-03-17T10:00:00Z"},
		{"and out between two", Window{Past: &none, Future: &none}, weekly, "2026-03-17T10:00:00Z", false, "2026-03-24T09:00:00Z"},
		{"one that a window bridges is asked for again", Window{Past: &week, Future: &week}, weekly, "2026-03-17T10:00:00Z", true, "2026-07-07T10:00:00Z"},
		{"one that ends, leaves", Window{Past: &week, Future: &week}, weekly + ";COUNT=3", "2026-03-17T10:00:00Z", true, "2026-03-31T10:00:00Z"},
		{"series have a past of their own", Window{Past: &none, RecurringPast: &year}, meeting + "\nRRULE:FREQ=DAILY;COUNT=2", "2026-12-01T00:00:00Z", true, "2027-03-11T10:00:00Z"},
		{"which single events have not", Window{Past: &none, RecurringPast: &year}, meeting, "2026-12-01T00:00:00Z", false, ""},
		{"a series within fixed days", Window{From: date(2030, 1, 1), To: date(2030, 12, 31)}, weekly, "2026-03-01T00:00:00Z", true, ""},
		{"a series between whose instances fixed days are", Window{From: date(2026, 3, 12), To: date(2026, 3, 13)}, weekly, "2026-03-01T00:00:00Z", false, ""},
		{"fixed and moving", Window{Future: &week, To: date(2026, 3, 10)}, weekly, "2026-03-01T00:00:00Z", false, "2026-03-03T09:00:00Z"},
	} {
		stay, err := c.window.Stay(event(t, c.lines), instant(t, c.now), paris)
		until := ""
		if !stay.Until.IsZero() {
			until = stay.Until.UTC().Format(time.RFC3339)
		}
		if err != nil || stay.In != c.in || until != c.until {
			t.Errorf("%s: in %t until %q, %v; want %t until %q", c.why, stay.In, until, err, c.in, c.until)
		}
	}
}

func TestStayOfWhatCannotBeRead(t *testing.T) {
	none := time.Duration(0)
	w := Window{Past: &none}
	stay, err := w.Stay(event(t, "SUMMARY:Lunch\nDTSTART:20260310T090000Z\nRRULE:FREQ=NEVER"), instant(t, "2027-01-01T00:00:00Z"), nil)
	if err == nil || !strings.Contains(err.Error(), `"Lunch"`) || !stay.In || !stay.Until.IsZero() {
		t.Errorf("%+v, %v", stay, err)
	}
}

func TestString(t *testing.T) {
	week, none := 7*day, time.Duration(0)
	for _, c := range []struct {
		window Window
		want   string
	}{
		{Window{}, ""},
		{Window{Past: &none, Future: &week, RecurringPast: &week}, "past=0s future=168h0m0s recurring_past=168h0m0s"},
		{Window{From: date(2026, 3, 1), To: date(2026, 3, 31)}, "from=2026-03-01 to=2026-03-31"},
	} {
		if got := c.window.String(); got != c.want || c.window.IsZero() != (c.want == "") || c.window.Slides() != strings.Contains(c.want, "past") {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// drawWindow draws one that is between an hour and some weeks wide.
func drawWindow(t *rapid.T) *Window {
	edge := func(name string) *time.Duration {
		if rapid.Bool().Draw(t, "with "+name) {
			d := time.Duration(rapid.IntRange(0, 20*24).Draw(t, name)) * time.Hour
			return &d
		}
		return nil
	}
	w := &Window{Past: edge("past"), Future: edge("future"), RecurringPast: edge("recurring past")}
	if rapid.Bool().Draw(t, "fixed") {
		w.From = date(2026, 1, rapid.IntRange(1, 90).Draw(t, "from"))
		w.To = w.From.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "days"))
	}
	return w
}

// drawItem draws an event or a series with an override or exceptions that ends in some years.
func drawItem(t *rapid.T) *pim.Item {
	start := date(2026, 1, 1).Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "start")) * time.Hour)
	const form = "20060102T150405Z"
	lines := "DTSTART:" + start.Format(form) + fmt.Sprintf("\nDURATION:PT%dH", rapid.IntRange(0, 200).Draw(t, "hours"))
	if rapid.Bool().Draw(t, "recurs") {
		freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY"}).Draw(t, "freq")
		lines += fmt.Sprintf("\nRRULE:FREQ=%s;INTERVAL=%d;COUNT=%d", freq, rapid.IntRange(1, 5).Draw(t, "interval"), rapid.IntRange(1, 9).Draw(t, "count"))
		if freq == "DAILY" && rapid.Bool().Draw(t, "with override") {
			moved := start.Add(time.Duration(rapid.IntRange(-900, 900).Draw(t, "moved")) * time.Hour)
			lines += "\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID:" + start.Format(form) + "\nDTSTART:" + moved.Format(form) + "\nDURATION:PT3H"
		}
	}
	return event(t, lines)
}

// in is what Stay.In means, looked at span by span.
func in(w *Window, it *pim.Item, now time.Time) bool {
	for span := range it.Spans(time.Time{}, nil) {
		if w.Overlaps(span.Start, span.End, it.Recurring(), now, nil).In {
			return true
		}
	}
	return false
}

// TestStayHolds: an item is in when a span of it is, and so it stays until the instant that is said, and changes at no other.
func TestStayHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, it := drawWindow(t), drawItem(t)
		now := date(2025, 12, 1).Add(time.Duration(rapid.IntRange(0, 200*24*3600).Draw(t, "now")) * time.Second)
		stay, err := w.Stay(it, now, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := in(w, it, now); stay.In != want {
			t.Fatalf("%s in %q: in is %t", now, w, stay.In)
		}
		last := stay.Until.Add(-time.Second)
		if stay.Until.IsZero() {
			last = now.AddDate(5, 0, 0)
		} else if !stay.Until.After(now) {
			t.Fatalf("%s in %q: until %s", now, w, stay.Until)
		} else if in(w, it, stay.Until) == stay.In {
			t.Fatalf("%s in %q: nothing changes at %s", now, w, stay.Until)
		}
		for _, at := range []time.Time{last, now.Add(time.Duration(rapid.Int64Range(0, int64(last.Sub(now))).Draw(t, "between")))} {
			if in(w, it, at) != stay.In {
				t.Fatalf("%s in %q: not so at %s, before %s", now, w, at, stay.Until)
			}
		}
		from, to := it.Extent(nil)
		if stay.In && !w.Overlaps(from, to, it.Recurring(), now, nil).In {
			t.Fatalf("%s in %q: in, and its hull from %s to %s is not", now, w, from, to)
		}
	})
}

func BenchmarkStayOfWeeksSince1990(b *testing.B) {
	week := 7 * day
	w := &Window{Past: &week, Future: &week}
	it := event(b, "DTSTART;TZID=Europe/Paris:19900101T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY")
	now := date(2026, 3, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Stay(it, now, nil); err != nil {
			b.Fatal(err)
		}
	}
}
