package tz

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

func TestFind(t *testing.T) {
	for tzid, want := range map[string]string{
		"Europe/Paris":          "Europe/Paris",
		"europe/paris":          "Europe/Paris",
		"Romance Standard Time": "Europe/Paris",
		"/freeassociation.sourceforge.net/Tzfile/Europe/Paris":   "Europe/Paris",
		"/mozilla.org/20050126_1/Europe/Paris":                   "Europe/Paris",
		"/mozilla.org/20050126_1/America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"UTC":           "UTC",
		"Etc/UTC":       "UTC",
		"US/Eastern":    "America/New_York",
		"Asia/Calcutta": "Asia/Kolkata",
	} {
		z, ok := Find(tzid)
		if !ok || z.ID() != want {
			t.Errorf("Find(%q) = %v, want %s", tzid, z, want)
		}
	}
	for _, tzid := range []string{"", "Nowhere/Town", "/", "/mozilla.org/", "(UTC+01:00) Amsterdam"} {
		if z, ok := Find(tzid); ok {
			t.Errorf("Find(%q) = %s, want nothing", tzid, z.ID())
		}
	}
}

func TestEveryNameLoads(t *testing.T) {
	for _, n := range names {
		if _, err := time.LoadLocation(n.name); err != nil {
			t.Error(err)
		}
		if _, ok := iana(n.name); !ok {
			t.Errorf("%s is out of order", n.name)
		}
		if _, ok := iana(n.link); n.link != "" && !ok {
			t.Errorf("%s links to %s, which is not there", n.name, n.link)
		}
	}
	for _, w := range windows {
		if _, ok := Find(w.name); !ok {
			t.Errorf("%s is not found", w.name)
		}
	}
}

func TestInstant(t *testing.T) {
	for _, c := range []struct{ zone, local, utc, why string }{
		{"Europe/Paris", "2026-01-15T12:00:00", "2026-01-15T11:00:00Z", "winter"},
		{"Europe/Paris", "2026-07-15T12:00:00", "2026-07-15T10:00:00Z", "summer"},
		{"Europe/Paris", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "gap: the offset before it"},
		{"Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", "after the gap"},
		{"Europe/Paris", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "overlap: the first"},
		{"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z", "gap west of Greenwich"},
		{"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", "overlap west of Greenwich"},
		{"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", "overlap of half an hour"},
		{"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00Z", "a day that did not exist"},
	} {
		z, _ := Find(c.zone)
		local, _ := time.Parse("2006-01-02T15:04:05", c.local)
		if got := Instant(local, z.Location()).UTC().Format(time.RFC3339); got != c.utc {
			t.Errorf("%s: %s in %s is %s, want %s", c.why, c.local, c.zone, got, c.utc)
		}
	}
}

const paris = `BEGIN:VTIMEZONE
TZID:(UTC+01:00) Amsterdam
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`

func component(t *testing.T, text string) *Zone {
	t.Helper()
	lines, err := contentline.Read([]byte(text), contentline.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	z, err := FromComponent(lines)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestComponent: what is written for a zone of the database has its offsets in the years after.
func TestComponent(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "America/St_Johns", "UTC", "Europe/Dublin", "Asia/Gaza"} {
		known, _ := Find(name)
		for _, year := range []int{2026, 2031, 2040} {
			around := time.Date(year, 3, 1, 9, 0, 0, 0, time.UTC)
			lines := Component(name, known, around)
			written := component(t, strings.Join(lines, "\r\n"))
			for at := around; at.Year() < year+9; at = at.Add(7 * time.Hour) {
				_, want := at.In(known.Location()).Zone()
				if _, got := at.In(written.Location()).Zone(); got != want {
					t.Fatalf("%s at %s: offset %d, want %d\n%s", name, at, got, want, strings.Join(lines, "\n"))
				}
			}
		}
	}
}

// TestComponentOfTheLastYear: databases say 9999-12-31 where they mean that something has no end.
func TestComponentOfTheLastYear(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Asia/Kolkata"} {
		known, _ := Find(name)
		text := strings.Join(Component(name, known, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)), "\r\n")
		component(t, text)
		if n := len(regexp.MustCompile(`(?m)^DTSTART:\d{8}T\d{6}\r?$`).FindAllString(text, -1)); n != strings.Count(text, "DTSTART") {
			t.Errorf("%s has a start that is none:\n%s", name, text)
		}
	}
}

func TestComponentAgreesWithDatabase(t *testing.T) {
	custom := component(t, paris)
	again, ok := ByID(custom.ID())
	if !ok || again.ID() != custom.ID() {
		t.Fatalf("%s does not read back", custom.ID())
	}
	known, _ := Find("Europe/Paris")
	for at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2090; at = at.Add(31 * time.Hour) {
		_, want := at.In(known.Location()).Zone()
		_, got := at.In(again.Location()).Zone()
		if got != want && at.Year() < 2037 {
			t.Fatalf("%s: offset %d, want %d", at, got, want)
		}
	}
}

func FuzzFromComponent(f *testing.F) {
	f.Add(paris)
	f.Add("BEGIN:VTIMEZONE\nBEGIN:STANDARD\nDTSTART:20070325T020000\nTZOFFSETTO:-0330\nRRULE:FREQ=YEARLY;UNTIL=20101104T060000Z;BYMONTH=11;BYMONTHDAY=1,2,3;BYDAY=SU\nRDATE:20080101T000000\nEND:STANDARD\nEND:VTIMEZONE")
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := contentline.Read([]byte(text), contentline.Limits{})
		if err != nil {
			return
		}
		z, err := FromComponent(lines)
		if err != nil {
			return
		}
		again, ok := ByID(z.ID())
		if !ok || again.ID() != z.ID() {
			t.Fatalf("%q does not read back", z.ID())
		}
		Instant(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), z.Location())
	})
}
