package recur

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// begin reads a start as canonical texts have it.
func begin(t testing.TB, text string) ical.Time {
	t.Helper()
	start, err := ical.ReadTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return start
}

// first are the first instances of a set, as canonical texts without their zone; an error is the last.
func first(s *Set, from time.Time, most int) []string {
	var list []string
	for at, err := range s.From(from, nil) {
		if err != nil {
			return append(list, "error")
		}
		text, _, _ := strings.Cut(at.String(), "[")
		if list = append(list, text); len(list) == most {
			break
		}
	}
	return list
}

// TestClasses is one set of each class, from the examples of RFC 5545 section 3.8.5.3 and beyond.
func TestClasses(t *testing.T) {
	for _, c := range []struct{ why, start, set, from, want string }{
		{"days", "2026-03-02", "RRULE:FREQ=DAILY;COUNT=3", "", "2026-03-02 2026-03-03 2026-03-04"},
		{"weekdays", "2026-03-02", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO,WE", "", "2026-03-02 2026-03-04 2026-03-09"},
		{"weeks that begin on Sunday", "1997-08-05", "RRULE:FREQ=WEEKLY;COUNT=4;INTERVAL=2;BYDAY=SU,TU;WKST=SU", "", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"},
		{"the last Friday", "2026-03-27", "RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", "", "2026-03-27 2026-04-24 2026-05-29"},
		{"a day that some months do not have", "2026-01-31", "RRULE:FREQ=MONTHLY;COUNT=3", "", "2026-01-31 2026-03-31 2026-05-31"},
		{"the last working day", "2026-01-30", "RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=FR,MO,TH,TU,WE;BYSETPOS=-1", "", "2026-01-30 2026-02-27 2026-03-31"},
		{"leap day", "2024-02-29", "RRULE:FREQ=YEARLY;COUNT=2", "", "2024-02-29 2028-02-29"},
		{"leap day or the day before", "2024-02-29", "RRULE:FREQ=YEARLY;COUNT=3;RSCALE=GREGORIAN;SKIP=BACKWARD", "", "2024-02-29 2025-02-28 2026-02-28"},
		{"Monday of week 20", "1997-05-12", "RRULE:FREQ=YEARLY;COUNT=3;BYDAY=MO;BYWEEKNO=20", "", "1997-05-12 1998-05-11 1999-05-17"},
		{"the 20th Monday", "1997-05-19", "RRULE:FREQ=YEARLY;COUNT=2;BYDAY=20MO", "", "1997-05-19 1998-05-18"},
		{"the 100th day", "1997-04-10", "RRULE:FREQ=YEARLY;COUNT=2;INTERVAL=3;BYYEARDAY=100", "", "1997-04-10 2000-04-09"},
		{"minutes of hours", "2026-03-02T09:00:00", "RRULE:FREQ=DAILY;COUNT=3;BYMINUTE=0,30;BYHOUR=9,10", "", "2026-03-02T09:00:00 2026-03-02T09:30:00 2026-03-02T10:00:00"},
		{"every 90 minutes", "2026-03-02T09:00:00", "RRULE:FREQ=MINUTELY;COUNT=3;INTERVAL=90", "", "2026-03-02T09:00:00 2026-03-02T10:30:00 2026-03-02T12:00:00"},
		{"until an instant", "2026-03-02T09:00:00[Europe/Paris]", "RRULE:FREQ=DAILY;UNTIL=20260303T080000Z", "", "2026-03-02T09:00:00 2026-03-03T09:00:00"},
		{"until before an instant", "2026-03-02T09:00:00[Europe/Paris]", "RRULE:FREQ=DAILY;UNTIL=20260303T075959Z", "", "2026-03-02T09:00:00"},
		{"until a day, of times", "2026-03-02T09:00:00", "RRULE:FREQ=DAILY;UNTIL=20260303", "", "2026-03-02T09:00:00 2026-03-03T09:00:00"},
		{"the start counts", "2026-03-03", "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO", "", "2026-03-03 2026-03-09 2026-03-16"},
		{"the start before UNTIL", "2026-03-03", "RRULE:FREQ=DAILY;UNTIL=20260101", "", "2026-03-03"},
		{"two rules", "2026-03-02", "RRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=2", "", "2026-03-02 2026-03-03 2026-03-09"},
		{"without a rule", "2026-03-02", "EXRULE:FREQ=MONTHLY\nRDATE:2026-03-03,2026-05-01\nEXDATE:2026-05-01", "", "2026-03-03"},
		{"a day that is out", "2026-03-02T09:00:00", "RRULE:FREQ=HOURLY;INTERVAL=8;COUNT=5\nEXDATE:2026-03-03", "", "2026-03-02T09:00:00 2026-03-02T17:00:00"},
		{"dates of another zone", "2026-03-02T09:00:00[Europe/Paris]", "RDATE:2026-03-03T09:00:00Z,2026-03-04T00:00:00[Asia/Tokyo]/PT1H", "", "2026-03-02T09:00:00 2026-03-03T10:00:00 2026-03-03T16:00:00"},
		{"zones known by their rules", "2026-03-02T09:00:00[3600>7200@19700329T020000@@20260101T000000,20270101T000000|7200>3600@19701025T030000@@]",
			"EXDATE:2026-03-03T09:00:00[3600>7200@19700329T020000@@20260101T000000,20270101T000000|7200>3600@19701025T030000@@]\nRRULE:FREQ=DAILY;COUNT=3", "", "2026-03-02T09:00:00 2026-03-04T09:00:00"},
		{"the gap of New York is left out", "2026-03-07T02:30:00[America/New_York]", "RRULE:FREQ=DAILY;COUNT=3", "", "2026-03-07T02:30:00 2026-03-09T02:30:00 2026-03-10T02:30:00"},
		{"hours over the gap of Paris", "2026-03-29T01:00:00[Europe/Paris]", "RRULE:FREQ=HOURLY;COUNT=3", "", "2026-03-29T01:00:00 2026-03-29T03:00:00 2026-03-29T04:00:00"},
		{"a floating time exists", "2026-03-28T02:30:00", "RRULE:FREQ=DAILY;COUNT=2", "", "2026-03-28T02:30:00 2026-03-29T02:30:00"},
		{"from later on", "1990-01-01T09:00:00[Europe/Paris]", "RRULE:FREQ=WEEKLY", "2026-03-23T08:00:00Z", "2026-03-23T09:00:00 2026-03-30T09:00:00 2026-04-06T09:00:00 2026-04-13T09:00:00 2026-04-20T09:00:00 2026-04-27T09:00:00"},
		{"from later on, counted", "1990-01-01", "RRULE:FREQ=WEEKLY;COUNT=2000", "2028-04-18T00:00:00Z", "2028-04-24"},
	} {
		s, err := New(begin(t, c.start), c.set)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		var from time.Time
		if c.from != "" {
			if from, err = time.Parse(time.RFC3339, c.from); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(first(s, from, 6), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for set, want := range map[string]string{
		"RRULE:COUNT=3":                        "FREQ is missing",
		"RRULE:FREQ=FORTNIGHTLY":               "FREQ=FORTNIGHTLY",
		"RRULE:FREQ=DAILY;INTERVAL=0":          "INTERVAL=0",
		"RRULE:FREQ=DAILY;COUNT=0":             "COUNT=0",
		"RRULE:FREQ=DAILY;COUNT=1;COUNT=2":     "COUNT is there twice",
		"RRULE:FREQ=DAILY;UNTIL=tomorrow":      "UNTIL=tomorrow",
		"RRULE:FREQ=MONTHLY;BYDAY=0MO":         "BYDAY=0MO",
		"RRULE:FREQ=MONTHLY;BYDAY=M":           "BYDAY=M",
		"RRULE:FREQ=YEARLY;BYMONTH=13":         "BYMONTH=13",
		"RRULE:FREQ=YEARLY;BYMONTHDAY=0":       "BYMONTHDAY=0",
		"RRULE:FREQ=YEARLY;BYWEEKNO=54":        "BYWEEKNO=54",
		"RRULE:FREQ=YEARLY;RSCALE=HEBREW":      "RSCALE=HEBREW",
		"RRULE:FREQ=YEARLY;SKIP=AHEAD":         "SKIP=AHEAD",
		"RRULE:FREQ=YEARLY;BYMOON=FULL":        "BYMOON=FULL",
		"RDATE:soon":                           `"soon"`,
		"RDATE:2026-03-02T09:00:00/whenever":   `"whenever"`,
		"RDATE:2026-03-02T09:00:00/PTwhenever": `"PTwhenever"`,
		"RULE:FREQ=DAILY":                      "not a part of a recurrence set",
	} {
		if _, err := New(begin(t, "2026-03-02T09:00:00"), set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %s in it", set, err, want)
		}
	}
	if _, err := New(begin(t, "2026-03-02"), "RRULE:FREQ=HOURLY"); err == nil {
		t.Error("a series of whole days recurs every hour")
	}
}

// TestBudget: no rule runs on for ever, and what is known is said before the error.
func TestBudget(t *testing.T) {
	for _, set := range []string{
		"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
		"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
		"RRULE:FREQ=SECONDLY;INTERVAL=60;BYSECOND=30",
		"RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
		"RRULE:FREQ=MINUTELY;INTERVAL=1440;BYHOUR=10",
		"RRULE:FREQ=YEARLY;COUNT=2;BYWEEKNO=53;BYMONTH=6",
		"RRULE:FREQ=SECONDLY;COUNT=5;BYSETPOS=2",
		"RRULE:FREQ=DAILY;INTERVAL=2147483647",
		"RRULE:FREQ=YEARLY;INTERVAL=2147483647",
		"RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY;BYHOUR=9;COUNT=2147483647",
		"RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY\nRDATE:2026-03-02T09:00:00",
	} {
		s, err := New(begin(t, "2026-03-02T09:00:00"), set)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for at, err := range s.From(time.Time{}, nil) {
			if err != nil {
				if !errors.Is(err, ErrBudget) {
					t.Errorf("%s: the error is %v", set, err)
				}
				got = append(got, "error")
				break
			}
			got = append(got, at.String())
		}
		if want := []string{"2026-03-02T09:00:00", "error"}; !slices.Equal(got, want) && !(strings.Contains(set, "EXRULE") && slices.Equal(got, want[1:])) {
			t.Errorf("%s: %v, want %v", set, got, want)
		}
		if _, ok := s.Last(nil); ok && !strings.Contains(set, "COUNT") {
			t.Errorf("%s: has a last instance", set)
		}
	}
}

// TestPeriods: RDATE says when an instance ends.
func TestPeriods(t *testing.T) {
	s, err := New(begin(t, "2026-03-02T09:00:00[Europe/Paris]"), "RDATE:2026-03-03T09:00:00[Europe/Paris]/PT3H,2026-03-04T09:00:00[Europe/Paris]/20260304T090000Z")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range s.Dates() {
		got = append(got, p.End.Wall.Format("0102T1504"))
	}
	if want := []string{"0101T0000", "0303T1200", "0304T1000"}; !slices.Equal(got, want) {
		t.Errorf("they end %v, want %v", got, want)
	}
}

func TestHas(t *testing.T) {
	s, err := New(begin(t, "2026-03-02T09:00:00[Europe/Paris]"), "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:2026-03-09T09:00:00[Europe/Paris]")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{"02T09": true, "02T10": false, "03T09": false, "09T09": false, "16T09": true, "23T09": false} {
		if got, err := s.Has(begin(t, "2026-03-"+at+":00:00[Europe/Paris]")); err != nil || got != want {
			t.Errorf("%s: %t, %v", at, got, err)
		}
	}
}

func TestLast(t *testing.T) {
	for set, want := range map[string]string{
		"RRULE:FREQ=DAILY":                                     "none",
		"RRULE:FREQ=DAILY;UNTIL=20260310T080000Z":              "2026-03-10T09:00:00+01:00",
		"RRULE:FREQ=DAILY;COUNT=10":                            "2026-03-11T09:00:00+01:00",
		"RRULE:FREQ=DAILY;COUNT=10\nRDATE:2026-12-01T09:00:00": "2026-12-01T09:00:00+01:00",
		"RRULE:FREQ=DAILY;COUNT=10\nRRULE:FREQ=MONTHLY":        "none",
		"RRULE:FREQ=SECONDLY;COUNT=2147483647":                 "none",
		"RRULE:FREQ=DAILY;COUNT=3\nEXDATE:2026-03-04T09:00:00": "2026-03-04T09:00:00+01:00",
		"RDATE:2026-03-10T09:00:00[Europe/Paris]":              "2026-03-10T09:00:00+01:00",
	} {
		s, err := New(begin(t, "2026-03-02T09:00:00[Europe/Paris]"), set)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if last, ok := s.Last(nil); ok {
			got = last.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s: last %s, want %s", set, got, want)
		}
	}
}

func BenchmarkYearOfWeeksSince1990(b *testing.B) {
	s, err := New(begin(b, "1990-01-01T09:00:00[Europe/Paris]"), "RRULE:FREQ=WEEKLY;BYDAY=MO")
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		first(s, from, 52)
	}
}

func BenchmarkMinuteOfSecondsFiveMonthsOn(b *testing.B) {
	s, err := New(begin(b, "2026-01-01T09:00:00[Europe/Paris]"), "RRULE:FREQ=SECONDLY")
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range s.From(from, nil) {
			if n++; n == 60 {
				break
			}
		}
	}
}
