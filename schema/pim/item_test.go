package pim

import (
	"fmt"
	"testing"
)

const meeting = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:a1\r\nDTSTAMP:20260101T000000Z\r\n" +
	"DTSTART;TZID=Europe/Paris:20260301T090000\r\nDURATION:PT1H\r\nSUMMARY:Budget\\, 2026\r\nCATEGORIES:Work,Company\r\n" +
	"RRULE:FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=1\r\nEXDATE:20260308T080000Z\r\n" +
	"ORGANIZER;CN=Ann:mailto:Ann@example.com\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@example.com\r\n" +
	"DESCRIPTION:Hello\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestShow(t *testing.T) {
	it, err := Parse(Calendar, []byte(meeting))
	if err != nil {
		t.Fatal(err)
	}
	for n, v := range it.Fields() {
		fmt.Printf("%s = %q | %v | %x\n", n, v.elements[0].canon, v.Plain(), v.Digest())
	}
	fmt.Println(it.Extent())
	it2 := it.WithFields(Fields{"summary": Value{}, "start": it.Fields()["end"]})
	fmt.Println(string(it2.Touch(it.Modified()).WithUID("new").WithMarker(&Marker{Workspace: "w", Status: Live}).Bytes()))
}
