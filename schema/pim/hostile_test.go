package pim

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostileItemsHaveAnEnd reads items that are meant to take for ever or to fill the memory, and does with them what a plan does: fields, digests, keys, and
// where they are in a window. What cannot be read is an error, and never an item cut short.
func TestHostileItemsHaveAnEnd(t *testing.T) {
	event := func(lines ...string) string {
		return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	}
	series := func(rule string) string { return event("DTSTART;TZID=Europe/Paris:20200101T090000", "RRULE:"+rule) }
	many := func(n int, line func(int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	zone := "BEGIN:VTIMEZONE\r\nTZID:Evil\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY;BYSECOND=59;BYMONTH=2;BYMONTHDAY=30\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	for name, c := range map[string]struct {
		kind    Kind
		text    string
		refused string // in the error; "": it is an item
	}{
		"a line folded a million times":      {Calendar, event("SUMMARY:x" + strings.Repeat("\r\n a", 1_000_000)), ""},
		"a line folded at every octet":       {Contacts, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x" + strings.Repeat("\r\n\t.", 1_000_000) + "\r\nEND:VCARD\r\n", ""},
		"folds of nothing":                   {Calendar, event("SUMMARY:x" + strings.Repeat("\r\n ", 3_000_000)), ""},
		"a line of 20 MB":                    {Calendar, event("SUMMARY:" + strings.Repeat("x", 20<<20)), "octets"},
		"an item of 40 MB":                   {Calendar, event(strings.Repeat("X-A:"+strings.Repeat("x", 1000)+"\r\n", 40_000) + "X-B:y"), "octets"},
		"two million lines":                  {Calendar, event(strings.Repeat("A:b\r\n", 2_000_000) + "C:d"), "lines"},
		"components in components":           {Calendar, "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:VEVENT\r\n", 100_000), "nested deeper"},
		"a million components":               {Calendar, event(strings.Repeat("BEGIN:VALARM\r\nEND:VALARM\r\n", 300_000) + "X-A:b"), ""},
		"a million parameters":               {Calendar, event("SUMMARY" + strings.Repeat(";A=b", 1_000_000) + ":x"), ""},
		"a quote that does not end":          {Calendar, event(`SUMMARY;A="` + strings.Repeat("x;", 1_000_000) + ":y"), ""},
		"a parameter of a million values":    {Calendar, event("SUMMARY;A=" + strings.Repeat("b,", 1_000_000) + "c:x"), ""},
		"a million categories":               {Calendar, event("CATEGORIES:" + strings.Repeat("a\\,b,", 500_000) + "c"), ""},
		"backslashes":                        {Calendar, event("SUMMARY:" + strings.Repeat(`\`, 4_000_001)), ""},
		"a rule of every second":             {Calendar, series("FREQ=SECONDLY"), ""},
		"a rule of every second for ever":    {Calendar, series("FREQ=SECONDLY;UNTIL=99991231T235959Z"), ""},
		"a rule that is never":               {Calendar, series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), ""},
		"a rule that is never, by second":    {Calendar, series("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=3"), ""},
		"a rule of a huge count":             {Calendar, series("FREQ=DAILY;COUNT=2147483647"), ""},
		"a rule of a huger count":            {Calendar, series("FREQ=DAILY;COUNT=99999999999999999999"), "any"},
		"a rule of a huge interval":          {Calendar, series("FREQ=YEARLY;INTERVAL=2147483647"), ""},
		"a rule of everything":               {Calendar, series("FREQ=YEARLY;BYSECOND=" + numbersTo(59) + ";BYMINUTE=" + numbersTo(59) + ";BYHOUR=" + numbersTo(23) + ";BYSETPOS=-1"), ""},
		"a rule of a million numbers":        {Calendar, series("FREQ=YEARLY;BYYEARDAY=" + strings.Repeat("1,", 1_000_000) + "1"), ""},
		"a thousand rules of every second":   {Calendar, event("DTSTART:20200101T090000Z", strings.TrimSuffix(strings.Repeat("RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n", 1000), "\r\n")), ""},
		"an exception for every day":         {Calendar, event("DTSTART:20200101T090000Z", "RRULE:FREQ=DAILY", "EXDATE:"+strings.TrimSuffix(many(100_000, func(i int) string { return time.Unix(1577869200+int64(i)*86400, 0).UTC().Format("20060102T150405Z,") }), ",")), ""},
		"a million dates":                    {Calendar, event("DTSTART:20200101T090000Z", "RDATE:"+strings.Repeat("20200101T090000Z,", 900_000)+"20200101T090000Z"), ""},
		"an event of the year 9999":          {Calendar, event("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z", "RRULE:FREQ=DAILY"), ""},
		"a duration of ages":                 {Calendar, event("DTSTART:20200101T090000Z", "DURATION:P99999999W"), "any"},
		"a time zone that changes by second": {Calendar, strings.Replace(event("DTSTART;TZID=Evil:20200101T090000", "RRULE:FREQ=DAILY"), "BEGIN:VEVENT", zone+"BEGIN:VEVENT", 1), "any"},
		"a thousand such zones":              {Calendar, strings.Replace(event("DTSTART;TZID=Evil:20200101T090000"), "BEGIN:VEVENT", strings.Repeat(zone, 1000)+"BEGIN:VEVENT", 1), "any"},
		"alarms of every second":             {Calendar, event("DTSTART:20200101T090000Z", strings.TrimSuffix(strings.Repeat("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1S\r\nREPEAT:2147483647\r\nDURATION:PT1S\r\nEND:VALARM\r\n", 10_000), "\r\n")), ""},
		"quoted-printable that goes on":      {Contacts, "BEGIN:VCARD\r\nVERSION:2.1\r\nN:a\r\nNOTE;ENCODING=QUOTED-PRINTABLE:" + strings.Repeat("a=\r\n", 500_000) + "b\r\nEND:VCARD\r\n", ""},
		"nothing but NULs":                   {Calendar, strings.Repeat("\x00", 10<<20), "any"},
		"nothing but line ends":              {Calendar, strings.Repeat("\n", 30<<20), "any"},
		"nothing but colons":                 {Contacts, "BEGIN:VCARD\r\nVERSION:4.0\r\n" + strings.Repeat(":\r\n", 100_000) + "END:VCARD\r\n", "any"},
		"a million telephones":               {Contacts, "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n" + strings.Repeat("TEL:1\r\n", 300_000) + "END:VCARD\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			it, err := Parse(c.kind, []byte(c.text))
			if err == nil {
				f := it.Fields()
				_ = f.Diff(New(c.kind, "v").Fields())
				_ = it.MatchKeys(nil)
				_, _ = it.Extent(nil)
				_, _ = it.Marker()
				_ = it.Title()
				n := 0
				for _, broken := range it.Spans(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), nil) {
					if n++; n > 1000 || broken != nil {
						break
					}
				}
				_ = it.WithUID("w").Bytes()
			}
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			asked := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%v, %d MiB for %d MiB: %v", took, asked, len(c.text)>>20, err)
			switch {
			case c.refused == "" && err != nil, c.refused != "" && c.refused != "any" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("%v, want %q", err, c.refused)
			case took > 20*time.Second || asked > 4096:
				t.Errorf("it took %v and %d MiB for %d octets", took, asked, len(c.text))
			case err != nil && len(err.Error()) > 1000:
				t.Errorf("the error has %d octets", len(err.Error()))
			}
		})
	}
}

// numbersTo are the numbers from 0 to n, with commas between.
func numbersTo(n int) string {
	var all []string
	for i := range n + 1 {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}
