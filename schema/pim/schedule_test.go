package pim

import (
	"strings"
	"testing"
)

func TestWithScheduleAgent(t *testing.T) {
	from := func(kind Kind, body string) *Item { return parse(t, kind, frame(kind, body)) }
	plain := from(Calendar, "SUMMARY:s\nORGANIZER;CN=\"Roe, Jane\":mailto:jane@x\nATTENDEE;SCHEDULE-AGENT=SERVER;PARTSTAT=ACCEPTED:mailto:a@x\nATTENDEE:mailto:b@x")
	silent := plain.WithScheduleAgent("CLIENT")
	for _, want := range []string{
		"ORGANIZER;CN=\"Roe, Jane\";SCHEDULE-AGENT=CLIENT:mailto:jane@x\r\n",
		"ATTENDEE;PARTSTAT=ACCEPTED;SCHEDULE-AGENT=CLIENT:mailto:a@x\r\n",
		"ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:b@x\r\n",
	} {
		if !strings.Contains(string(silent.Bytes()), want) {
			t.Errorf("%q is not in\n%s", want, silent.Bytes())
		}
	}
	again, err := Parse(Calendar, silent.Bytes())
	if err != nil || !again.Fields().Equal(plain.Fields()) {
		t.Errorf("who tells the attendees is taken for an edit (%v)", err)
	}
	if back := again.WithScheduleAgent(""); strings.Contains(string(back.Bytes()), "SCHEDULE-AGENT") {
		t.Errorf("it is still there:\n%s", back.Bytes())
	}
	if alone := from(Calendar, "SUMMARY:s"); alone.WithScheduleAgent("CLIENT") != alone {
		t.Error("an event without attendees was changed")
	}
}
