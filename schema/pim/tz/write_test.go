package tz

import (
	"testing"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// TestRulesReadBack writes zones that are known by their rules, and reads the same ones back.
func TestRulesReadBack(t *testing.T) {
	for name, texts := range map[string][]string{
		"one offset":    {"BEGIN:VTIMEZONE", "TZID:x", "BEGIN:STANDARD", "DTSTART:20000101T000000", "TZOFFSETFROM:+0137", "TZOFFSETTO:+0137", "TZNAME:x", "END:STANDARD", "END:VTIMEZONE"},
		"rules":         {"BEGIN:VTIMEZONE", "TZID:x", "BEGIN:DAYLIGHT", "DTSTART:20070311T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "END:DAYLIGHT", "BEGIN:STANDARD", "DTSTART:20071104T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "END:STANDARD", "END:VTIMEZONE"},
		"dates":         {"BEGIN:VTIMEZONE", "TZID:x", "BEGIN:DAYLIGHT", "DTSTART:20260311T020000", "RDATE:20270311T020000,20280311T020000", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "END:DAYLIGHT", "BEGIN:STANDARD", "DTSTART:20261104T020000", "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "END:STANDARD", "END:VTIMEZONE"},
		"seconds, once": {"BEGIN:VTIMEZONE", "TZID:x", "BEGIN:STANDARD", "DTSTART:19190701T000417", "TZOFFSETFROM:+013011", "TZOFFSETTO:+023011", "END:STANDARD", "BEGIN:STANDARD", "DTSTART:19200701T000417", "TZOFFSETFROM:+023011", "TZOFFSETTO:+013011", "END:STANDARD", "END:VTIMEZONE"},
	} {
		z, err := FromComponent(linesOf(texts))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := FromComponent(linesOf(Rules("y", z)))
		if err != nil {
			t.Errorf("%s: read back: %v", name, err)
		} else if again.ID() != z.ID() {
			t.Errorf("%s: %s\nbecame %s", name, z.ID(), again.ID())
		}
	}
	if paris, ok := Find("Europe/Paris"); !ok || Rules("y", paris) != nil {
		t.Error("a zone of the IANA database is written by its rules")
	}
}

func linesOf(texts []string) []contentline.Line {
	lines := make([]contentline.Line, len(texts))
	for i, text := range texts {
		lines[i] = contentline.New(text)
	}
	return lines
}
