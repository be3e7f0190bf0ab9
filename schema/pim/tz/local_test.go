package tz

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// TestInstantAroundChanges: the hour that is left out and the one that comes twice, where clocks change by an hour, north and south, east and west,
// and where they change by half an hour.
func TestInstantAroundChanges(t *testing.T) {
	for _, c := range []struct{ zone, local, utc, why string }{
		{"America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z", "before the gap"},
		{"America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z", "the gap begins: the offset before it"},
		{"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z", "in the gap"},
		{"America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z", "after the gap"},
		{"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", "in the overlap: the first"},
		{"America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z", "after the overlap"},
		{"Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z", "before the gap"},
		{"Europe/Paris", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "in the gap"},
		{"Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", "after the gap"},
		{"Europe/Paris", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "in the overlap"},
		{"Europe/Paris", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z", "after the overlap"},
		{"Australia/Sydney", "2026-10-04T02:30:00", "2026-10-03T16:30:00Z", "in the gap"},
		{"Australia/Sydney", "2026-10-04T03:00:00", "2026-10-03T16:00:00Z", "after the gap"},
		{"Australia/Sydney", "2026-04-05T02:30:00", "2026-04-04T15:30:00Z", "in the overlap"},
		{"Australia/Sydney", "2026-04-05T03:00:00", "2026-04-04T17:00:00Z", "after the overlap"},
		{"Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z", "in the gap of half an hour"},
		{"Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z", "after it"},
		{"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", "in the overlap of half an hour"},
		{"Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z", "after it"},
	} {
		z, ok := Find(c.zone)
		local, err := time.Parse("2006-01-02T15:04:05", c.local)
		if !ok || err != nil {
			t.Fatal(c.zone, err)
		}
		if got := Instant(local, z.Location()).UTC().Format(time.RFC3339); got != c.utc {
			t.Errorf("%s, %s: %s is %s, want %s", c.zone, c.why, c.local, got, c.utc)
		}
	}
}

// TestClock: a clock says what Instant says, in whatever order it is asked.
func TestClock(t *testing.T) {
	for _, name := range []string{"America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC"} {
		z, _ := Find(name)
		clock := NewClock(z.Location())
		first := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 20000 {
			wall := first.Add(time.Duration(i*i%50000000) * 17 * time.Second)
			want := Instant(wall, z.Location())
			_, offset := want.Zone()
			exists := want.Unix()+int64(offset) == wall.Unix()
			if got := clock.Instant(wall); !got.Equal(want) || clock.Exists(wall.Unix()) != exists {
				t.Fatalf("%s: %s is %s, want %s, which is %t", name, wall, got, want, exists)
			}
		}
	}
}

// TestRulesThatContradictTheirName: a name that is known decides, because it is right for all years and is what other programs go by; rules are
// for zones without such a name.
func TestRulesThatContradictTheirName(t *testing.T) {
	rules := strings.ReplaceAll(paris, "+0100", "+0500")
	summer := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		lines string
		want  int
	}{
		{rules, 2 * 3600}, // by the rules: the summer offset is what they say
		{strings.Replace(rules, "BEGIN:STANDARD", "X-LIC-LOCATION:Asia/Tokyo\nBEGIN:STANDARD", 1), 9 * 3600},
		{strings.Replace(rules, "BEGIN:STANDARD", "X-LIC-LOCATION:Nowhere/Town\nBEGIN:STANDARD", 1), 2 * 3600},
	} {
		if _, got := summer.In(component(t, c.lines).Location()).Zone(); got != c.want {
			t.Errorf("offset %d, want %d of\n%s", got, c.want, c.lines)
		}
	}
	if z, ok := Find("Asia/Tokyo"); !ok || z.ID() != "Asia/Tokyo" {
		t.Error("a name is not looked for among the names first")
	}
}

// TestComponentsOfAnyContent: what is no VTIMEZONE is an error that says what is wrong; whatever else one says, it is a zone.
func TestComponentsOfAnyContent(t *testing.T) {
	part := func(lines string) string {
		return "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n" + lines + "END:STANDARD\nEND:VTIMEZONE\n"
	}
	for _, c := range []struct{ text, err string }{
		{part(""), ""},
		{part("DTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\n"), ""},
		{part("DTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"), ""},
		{part("DTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYDAY=99XX\n"), ""},
		{part("DTSTART:19700101\nRDATE:20260101T000000,20270101\n"), ""},
		{part("DTSTART:soon\n"), "DTSTART"},
		{part("TZOFFSETTO:1\n"), "TZOFFSETTO"},
		{part("TZOFFSETFROM:+9900\n"), "TZOFFSETFROM"},
		{"BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\n", "without STANDARD"},
		{"BEGIN:VTIMEZONE\nBEGIN:DAYLIGHT\nEND:DAYLIGHT\nEND:VTIMEZONE\n", "without TZOFFSETTO"},
	} {
		lines, err := contentline.Read([]byte(c.text), contentline.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		z, err := FromComponent(lines)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("the error is %v, want %s in it, of\n%s", err, c.err, c.text)
			}
		case err != nil:
			t.Errorf("%v\n%s", err, c.text)
		default:
			if _, offset := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).In(z.Location()).Zone(); offset != 2*3600 {
				t.Errorf("offset %d of\n%s", offset, c.text)
			}
		}
	}
}

// TestRulesOfAnyKind: the rule of an observance may be any that RFC 5545 has.
func TestRulesOfAnyKind(t *testing.T) {
	zone := func(daylight, standard string) string {
		return "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:DAYLIGHT\nDTSTART:20200101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:" + daylight +
			"\nEND:DAYLIGHT\nBEGIN:STANDARD\nDTSTART:20200101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:" + standard + "\nEND:STANDARD\nEND:VTIMEZONE\n"
	}
	for _, c := range []struct{ daylight, standard, summer string }{ // the days of 2026 on which an offset of two hours begins and ends
		{"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "0329 1025"},
		{"FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1", "FREQ=YEARLY;BYYEARDAY=-62", "0331 1031"},
		{"FREQ=YEARLY;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;BYMONTH=3", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "0308 1101"},
		{"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "0101 0511"},
		{"FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=1", "FREQ=YEARLY;INTERVAL=2;BYMONTH=10;BYMONTHDAY=1", "0301 1001"},
	} {
		location := component(t, zone(c.daylight, c.standard)).Location()
		var days []string
		last := 3600
		for at := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() == 2026; at = at.Add(time.Hour) {
			if _, offset := at.In(location).Zone(); offset != last {
				days, last = append(days, at.Format("0102")), offset
			}
		}
		if got := strings.Join(days, " "); got != c.summer {
			t.Errorf("%s and %s: summer is %s, want %s", c.daylight, c.standard, got, c.summer)
		}
	}
}

// TestWindowsZones: every name that Windows gives a zone is known, and means what Unicode CLDR says.
func TestWindowsZones(t *testing.T) {
	root := os.Getenv("ACCORD_FIXTURES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "fixtures")
	}
	file, err := os.Open(filepath.Join(root, "windows-zones.tsv"))
	if err != nil {
		t.Skip("no names: set ACCORD_FIXTURES to a directory that has windows-zones.tsv")
	}
	defer file.Close()
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		columns := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(lines.Text(), "#") || len(columns) != 3 {
			continue
		}
		n++
		known, ok := Find(columns[0])
		if !ok {
			t.Errorf("%s is not known", columns[0])
		}
		z, ok := Find(columns[1])
		if !ok || columns[2] == "001" && z.ID() != known.ID() {
			t.Errorf("%s: %v, want %s", columns[1], z, columns[0])
		}
	}
	if n < 400 {
		t.Errorf("%d names were read", n)
	}
}

func BenchmarkRules(b *testing.B) {
	lines, err := contentline.Read([]byte(paris), contentline.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		z, err := FromComponent(lines)
		if err != nil {
			b.Fatal(err)
		}
		z.Location()
	}
}
