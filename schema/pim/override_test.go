package pim

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim/parts"
)

const seriesWithOverride = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Paris:20260301T090000\r\nRRULE:FREQ=DAILY\r\nSUMMARY:every day\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nRECURRENCE-ID;TZID=Europe/Paris:20260302T090000\r\nUID:1\r\nDTSTART;TZID=Europe/Paris:20260302T110000\r\nSUMMARY:later today\r\nATTENDEE:mailto:a@example.com\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestOverrideAlone(t *testing.T) {
	it, err := Parse(Calendar, []byte(seriesWithOverride))
	if err != nil {
		t.Fatal(err)
	}
	var key string
	for field := range it.Fields() {
		if parts.IsOverride(field) {
			key = field
		}
	}
	v := it.Fields()[key]
	alone, ok := v.Alone(Calendar)
	if !ok || alone.Title() != "later today" || strings.Contains(string(alone.Bytes()), recurrenceID) {
		t.Fatalf("%s is not an item of its own: %v\n%s", key, ok, alone.Bytes())
	}
	same, err := v.WithAlone(alone)
	if err != nil || !same.Equal(v) {
		t.Fatalf("an unchanged override is another one: %v", err)
	}
	title, err := FieldValue(Calendar, "summary", "moved")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := v.WithAlone(alone.WithFields(Fields{"summary": title, "attendees": Value{}}))
	if err != nil {
		t.Fatal(err)
	}
	got := string(it.WithFields(Fields{key: changed}).Bytes())
	if want := strings.Replace(strings.Replace(seriesWithOverride, "later today", "moved", 1), "ATTENDEE:mailto:a@example.com\r\n", "", 1); got != want {
		t.Errorf("the item with the changed override:\n%s\nwant:\n%s", got, want)
	}
	if _, ok := it.Fields()["summary"].Alone(Calendar); ok {
		t.Error("a summary is taken for an override")
	}
}

func TestSeriesWithoutUID(t *testing.T) {
	it, err := Parse(Calendar, []byte(seriesWithOverride))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(it.WithUID("").WithUID("1").Bytes()); strings.Count(got, "UID:1\r\n") != 2 {
		t.Errorf("a series that lost its UID and got it back:\n%s", got)
	}
	if diff := it.WithUID("").Fields().Diff(it.Fields()); len(diff) > 0 {
		t.Errorf("without its UID, a series says something else in %v", diff)
	}
}

// TestWithFieldsOverrideOfItemWithoutUID carries an override from content that has no UID, as templates make it.
func TestWithFieldsOverrideOfItemWithoutUID(t *testing.T) {
	series := func(uid, moved string) *Item {
		it, err := Parse(Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:"+uid+"\r\nDTSTART:20261201T100000\r\n"+
			"RRULE:FREQ=DAILY\r\nSUMMARY:Lesson\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:"+uid+"\r\nRECURRENCE-ID:20261202T100000\r\n"+
			"DTSTART:20261202T120000\r\nSUMMARY:"+moved+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	from, to := series("a", "Moved").WithUID(""), series("b", "Shifted")
	got := to.WithFields(from.Fields())
	if !got.Fields().Equal(from.Fields()) || got.UID() != "b" {
		t.Errorf("UID %q, fields %v differ:\n%s", got.UID(), got.Fields().Diff(from.Fields()), got.Bytes())
	}
}
