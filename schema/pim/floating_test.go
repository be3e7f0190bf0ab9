package pim

import (
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/tz"
)

const floatingSeries = "SUMMARY:Lunch\nDTSTART:20260302T120000\nDTEND:20260302T130000\nRRULE:FREQ=DAILY;UNTIL=20260310T120000\nEXDATE:20260303T120000,20260304T120000\n" +
	"RDATE;VALUE=PERIOD:20260401T120000/PT2H,20260402T120000/20260402T123000\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID:20260305T120000\nDTSTART:20260305T123000\nDTEND:20260305T133000\nSUMMARY:Late lunch"

func TestGrounded(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []*time.Location{paris, time.UTC, nil} {
		it := parse(t, Calendar, frame(Calendar, floatingSeries))
		grounded := it.Grounded(zone)
		if !it.Floats() || grounded.Floats() {
			t.Errorf("in %s: floats %t, and grounded %t:\n%s", zone, it.Floats(), grounded.Floats(), grounded.Bytes())
		}
		if parse(t, Calendar, string(grounded.Bytes())); grounded.Grounded(zone) != grounded {
			t.Errorf("in %s: it is grounded twice", zone)
		}
		if got, want := takesPlace(t, grounded, time.FixedZone("elsewhere", 5*3600)), takesPlace(t, it, zone); got != want {
			t.Errorf("in %s: it takes place at %s, want %s", zone, got, want)
		}
		back := grounded.Floated(zone)
		again := back.Grounded(zone)
		if !again.Fields().Equal(grounded.Fields()) {
			t.Errorf("in %s: floated and grounded again, it differs in %v\n%s", zone, again.Fields().Diff(grounded.Fields()), again.Bytes())
		}
		for _, field := range []string{"start", "end", "override:2026-03-05T12:00:00"} {
			if !back.Fields()[field].Equal(it.Fields()[field]) {
				t.Errorf("in %s: %s comes back as %v", zone, field, back.Fields()[field].Plain())
			}
		}
	}
	tokyo, _ := tz.Find("Asia/Tokyo")
	moved := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Asia/Tokyo:20260302T120000\nDTEND;TZID=Europe/Paris:20260302T130000")).Floated(paris)
	if start, _ := moved.Fields().time("start"); start.Zone == nil || start.Zone.ID() != tokyo.ID() {
		t.Errorf("what somebody put into Tokyo floats: %s", start)
	}
	for _, body := range []string{"DTSTART;VALUE=DATE:20260302", "DTSTART:20260302T120000Z", "SUMMARY:no time", "DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY;UNTIL=20260310"} {
		it := parse(t, Calendar, frame(Calendar, body))
		if it.Grounded(paris) != it || !it.Floated(paris).Fields()["recurrence"].Equal(it.Fields()["recurrence"]) {
			t.Errorf("%s: does not float, and is grounded", body)
		}
	}
	if contact := parse(t, Contacts, frame(Contacts, "FN:Ann")); contact.Grounded(paris) != contact {
		t.Error("a contact is grounded")
	}
}

// TestGroundedDue: a task that is only due brings its zone as it is when it is due.
func TestGroundedDue(t *testing.T) {
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	got := string(parse(t, Tasks, frame(Tasks, "SUMMARY:Mark\nDUE:20270711T090000")).Grounded(york).Bytes())
	if !strings.Contains(got, "TZOFFSETTO:-0400") || strings.Contains(got, "LMT") {
		t.Error(got)
	}
}

// takesPlace are all spans of an item, whose floating times are read in a zone.
func takesPlace(t *testing.T, it *Item, floating *time.Location) string {
	t.Helper()
	var told []string
	for span, err := range it.Spans(time.Time{}, floating) {
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, span.Start.UTC().Format(time.RFC3339)+"/"+span.End.UTC().Format(time.RFC3339))
	}
	return strings.Join(told, " ")
}
