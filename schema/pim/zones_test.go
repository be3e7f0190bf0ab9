package pim

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// TestWeeklySeenFromThreeZones: a series keeps its local time where it is held, and moves where it is seen from: in Paris for the weeks in which only
// New York has changed its clocks, in Sydney by an hour with each of the four changes.
func TestWeeklySeenFromThreeZones(t *testing.T) {
	it := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=America/New_York:20260106T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=52"))
	for _, c := range []struct{ zone, want string }{
		{"America/New_York", "01-06 09:00"},
		{"Europe/Paris", "01-06 15:00, 03-10 14:00, 03-31 15:00, 10-27 14:00, 11-03 15:00"},
		{"Australia/Sydney", "01-07 01:00, 03-11 00:00, 04-07 23:00, 10-07 00:00, 11-04 01:00"},
	} {
		var changes []string
		last := ""
		for span, err := range it.Spans(time.Time{}, nil) {
			if err != nil {
				t.Fatal(err)
			}
			local := span.Start.In(zone(t, c.zone))
			if clock := local.Format("15:04"); clock != last {
				changes, last = append(changes, local.Format("01-02 15:04")), clock
			}
			if span.End.Sub(span.Start) != time.Hour {
				t.Errorf("%s: lasts %s", local, span.End.Sub(span.Start))
			}
		}
		if got := strings.Join(changes, ", "); got != c.want {
			t.Errorf("in %s at %s, want %s", c.zone, got, c.want)
		}
	}
}

// TestHoursThatAreNotAndThatAreTwice: an event in the hour that is left out has the offset before it, one in the hour that comes twice is in the first;
// a series leaves the former out, and has the latter once.
func TestHoursThatAreNotAndThatAreTwice(t *testing.T) {
	for _, c := range []struct{ zone, gap, inGap, overlap, inOverlap, series string }{
		{"America/New_York", "20260308T023000", "2026-03-08T03:30:00-04:00", "20261101T013000", "2026-11-01T01:30:00-04:00", "02:30 09 02:30 10, 01:30 01 01:30 02"},
		{"Europe/Paris", "20260329T023000", "2026-03-29T03:30:00+02:00", "20261025T023000", "2026-10-25T02:30:00+02:00", "02:30 30 02:30 31, 02:30 25 02:30 26"},
		{"Australia/Sydney", "20261004T023000", "2026-10-04T03:30:00+11:00", "20260405T023000", "2026-04-05T02:30:00+11:00", "02:30 05 02:30 06, 02:30 05 02:30 06"},
		{"Australia/Lord_Howe", "20261004T021500", "2026-10-04T02:45:00+11:00", "20260405T014500", "2026-04-05T01:45:00+11:00", "02:15 05 02:15 06, 01:45 05 01:45 06"},
	} {
		single := func(local string) string {
			it := parse(t, Calendar, frame(Calendar, "DTSTART;TZID="+c.zone+":"+local))
			for span := range it.Spans(time.Time{}, nil) {
				return span.Start.In(zone(t, c.zone)).Format(time.RFC3339)
			}
			return ""
		}
		if got := single(c.gap); got != c.inGap {
			t.Errorf("%s: %s is %s, want %s", c.zone, c.gap, got, c.inGap)
		}
		if got := single(c.overlap); got != c.inOverlap {
			t.Errorf("%s: %s is %s, want %s", c.zone, c.overlap, got, c.inOverlap)
		}
		days := func(local string) string { // of a series that begins the day before, from that local time on
			at, err := time.Parse("20060102T150405", local)
			if err != nil {
				t.Fatal(err)
			}
			it := parse(t, Calendar, frame(Calendar, "DTSTART;TZID="+c.zone+":"+at.AddDate(0, 0, -1).Format("20060102T150405")+"\nRRULE:FREQ=DAILY"))
			var told []string
			for span := range it.Spans(time.Time{}, nil) {
				if told = append(told, span.Start.In(zone(t, c.zone)).Format("15:04 02")); len(told) == 3 {
					break
				}
			}
			return strings.Join(told[1:], " ")
		}
		if got := days(c.gap) + ", " + days(c.overlap); got != c.series {
			t.Errorf("%s: series %s, want %s", c.zone, got, c.series)
		}
	}
}

// TestAllDayAroundTheWorld: a date is the same date everywhere, and lasts from one local midnight to the next.
func TestAllDayAroundTheWorld(t *testing.T) {
	it := parse(t, Calendar, frame(Calendar, "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260303\nRRULE:FREQ=YEARLY;COUNT=2"))
	digest := it.Fields().Digest()
	for hours := -12; hours <= 14; hours++ {
		location := time.FixedZone(fmt.Sprintf("UTC%+d", hours), hours*3600)
		if start := it.Attribute("start", location); start != "2026-03-01" {
			t.Errorf("%s: starts %v", location, start)
		}
		if got, want := spansOf(t, it, "", location, 3), "0301T0000-0303T0000 0301T0000-0303T0000"; got != want {
			t.Errorf("%s: %s, want %s", location, got, want)
		}
		if grounded := it.Grounded(location); grounded.Fields().Digest() != digest {
			t.Errorf("%s: a date has become a time", location)
		}
	}
}

// TestNameDecidesOverRules: the zone of a known name is that, whatever the VTIMEZONE beside it says.
func TestNameDecidesOverRules(t *testing.T) {
	const wrong = "---\nBEGIN:VTIMEZONE\nTZID:Europe/Paris\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE"
	with := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Europe/Paris:20260301T090000"+"\n"+wrong))
	without := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Europe/Paris:20260301T090000"))
	if got := spansOf(t, with, "", time.UTC, 1); got != "0301T0800-0301T0800" || !with.Fields().Equal(without.Fields()) {
		t.Errorf("it is at %s", got)
	}
}

// toldOf is all that is known of some items, on a line each.
func toldOf(t *testing.T) string {
	var b strings.Builder
	for _, body := range []string{
		"DTSTART:20260329T023000\nDTEND:20260329T033000\nRRULE:FREQ=DAILY;UNTIL=20260405T000000\nEXDATE:20260401T023000",
		"DTSTART;VALUE=DATE:20260301\nRRULE:FREQ=MONTHLY;COUNT=5",
		"DTSTART;TZID=Europe/Paris:20260301T090000\nDURATION:P1D\nRDATE:20260405T070000Z",
		"DTSTART:20260301T090000Z\nLAST-MODIFIED:20260301T090000\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID:20260301T090000Z\nDTSTART:20260302T090000",
	} {
		it := parse(t, Calendar, frame(Calendar, body))
		attributes := it.Attributes(nil)
		for _, name := range slices.Sorted(maps.Keys(attributes)) {
			fmt.Fprint(&b, name, "=", attributes[name], " ")
		}
		fmt.Fprintln(&b, it.Fields().Digests(), it.Fields().Digest(), takesPlace(t, it, nil), it.Modified().UTC())
	}
	return b.String()
}

// TestHostZone: the zone of the machine has no part in what items say.
func TestHostZone(t *testing.T) {
	const asked = "ACCORD_TEST_HOST_ZONE"
	if os.Getenv(asked) != "" {
		fmt.Print(toldOf(t))
		return
	}
	want := toldOf(t)
	for _, name := range []string{"Pacific/Kiritimati", "America/Los_Angeles", "Australia/Lord_Howe", "Etc/GMT+12"} {
		run := exec.Command(os.Args[0], "-test.run=^TestHostZone$")
		run.Env = append(os.Environ(), asked+"=yes", "TZ="+name)
		out, err := run.Output()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(out), want) {
			t.Errorf("on a machine in %s:\n%s, want\n%s", name, out, want)
		}
	}
}
