package pim_test

import (
	"slices"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

func TestInstants(t *testing.T) {
	times := func(start, end, more string) pim.Fields {
		it, err := pim.Parse(pim.Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Lunch\r\nDTSTART"+start+"\r\nDTEND"+end+"\r\n"+more+"END:VEVENT\r\nEND:VCALENDAR\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		return it.Fields()
	}
	paris := times(";TZID=Europe/Paris:20260701T090000", ";TZID=Europe/Paris:20260701T100000", "")
	utc := times(":20260701T070000Z", ":20260701T080000Z", "")
	if differ := paris.Diff(utc); !slices.Equal(differ, []string{"end", "start"}) {
		t.Fatalf("they differ in %v", differ)
	}
	if got := paris.Instants(pim.Calendar); !got.Equal(utc) || !utc.Instants(pim.Calendar).Equal(utc) {
		t.Errorf("the instants are %v", got)
	}
	if later := times(";TZID=Europe/Paris:20260701T100000", ";TZID=Europe/Paris:20260701T110000", ""); later.Instants(pim.Calendar).Equal(utc) {
		t.Errorf("another instant is the same")
	}
	for what, f := range map[string]pim.Fields{
		"a series":        times(";TZID=Europe/Paris:20260701T090000", ";TZID=Europe/Paris:20260701T100000", "RRULE:FREQ=WEEKLY;COUNT=3\r\n"),
		"a floating time": times(":20260701T090000", ":20260701T100000", ""),
		"a date":          times(";VALUE=DATE:20260701", ";VALUE=DATE:20260702", ""),
	} {
		if !f.Instants(pim.Calendar).Equal(f) {
			t.Errorf("%s is another one: %v", what, f.Instants(pim.Calendar))
		}
	}
}
