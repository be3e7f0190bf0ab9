package pim

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLarge: what is hostile or just large takes time in proportion to its size.
func TestLarge(t *testing.T) {
	many := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	zone := func(i int) string {
		return strings.ReplaceAll(strings.TrimPrefix(other, "---\n"), "Office", fmt.Sprint("Office", i)) + "\n"
	}
	for _, c := range []struct {
		name string
		kind Kind
		body string
	}{
		{"a photo of 3 MB", Contacts, "VERSION:3.0\nPHOTO;ENCODING=b:" + strings.Repeat("\n "+strings.Repeat("A", 72), 3<<20/72)},
		{"a group of 40,000 lines and labels", Contacts, "VERSION:3.0" + many(40_000, func(i int) string { return fmt.Sprintf("\na.TEL:%d\na.X-ABLabel:%d", i, i) })},
		{"40,000 attendees", Calendar, "SUMMARY:x" + many(40_000, func(i int) string { return fmt.Sprintf("\nATTENDEE:mailto:%d@x.org", i) })},
		{"10,000 overrides", Calendar, "SUMMARY:x\n---\n" + many(10_000, func(i int) string {
			return fmt.Sprintf("BEGIN:VEVENT\nUID:u\nRECURRENCE-ID:%s\nEND:VEVENT\n", time.Unix(int64(i)*86400, 0).UTC().Format("20060102T150405Z"))
		})},
		{"3,000 zones and exceptions", Calendar, "DTSTART:20260301T090000Z\nRRULE:FREQ=DAILY" + many(3000, func(i int) string { return fmt.Sprintf("\nEXDATE;TZID=Office%d:20260301T090000", i) }) + "\n---\n" + many(3000, zone)},
		{"20,000 rules", Calendar, "DTSTART:20260301T090000Z" + many(20_000, func(i int) string { return fmt.Sprintf("\nRRULE:FREQ=DAILY;COUNT=%d", i) })},
	} {
		start := time.Now()
		it := parse(t, c.kind, frame(c.kind, c.body))
		f := it.Fields()
		carried := New(c.kind, "u").WithFields(f)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
		t.Logf("%s: %v", c.name, time.Since(start))
		if diff := carried.Fields().Diff(f); diff != nil {
			t.Errorf("%s: carried, differs in %d fields, like %s", c.name, len(diff), diff[0])
		}
	}
}
