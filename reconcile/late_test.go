package reconcile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// lateOffice copies with a template that marks late changes.
func lateOffice(t *testing.T) *office { return templateOffice(t, "late") }

// templateOffice copies with one of the templates of the random workspaces.
func templateOffice(t *testing.T, name string) *office {
	t.Helper()
	ws, _, diags := schema.Load("testdata/views", schema.Options{Drivers: map[string]providers.Driver{"memory": memory.Driver{}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	r := o.relate("copy", "a", "b", oneWay())
	for _, other := range ws.Relations {
		if other.Address == "relationship."+name {
			r.Template = other.Template
		}
	}
	return o
}

// The change of one occurrence at short notice is shown on that occurrence, and gone when it is over.
func TestLateChangeOfAnOccurrence(t *testing.T) {
	for name, first := range map[string]string{"the next one": "20260303", "another one goes before": "20260302"} {
		t.Run(name, func(t *testing.T) { lateOccurrence(t, first) })
	}
}

// lateOccurrence moves that of 3 March of a daily series that begins on a day.
func lateOccurrence(t *testing.T, first string) {
	o := lateOffice(t)
	series := func(override string) *pim.Item {
		it, err := pim.Parse(pim.Calendar, []byte(strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:daily
DTSTAMP:20260101T000000Z
DTSTART:`+first+`T130000Z
DTEND:`+first+`T140000Z
RRULE:FREQ=DAILY
SUMMARY:Daily
END:VEVENT
`+override+`END:VCALENDAR
`, "\n", "\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	ref := o.at("a").Put(series(""))
	o.apply()
	o.at("a").Replace(ref, series(`BEGIN:VEVENT
UID:daily
DTSTAMP:20260101T000000Z
RECURRENCE-ID:20260303T130000Z
DTSTART:20260303T170000Z
DTEND:20260303T180000Z
SUMMARY:Daily
END:VEVENT
`))
	o.apply()
	text := string(o.at("b").Items()[0].Item.Bytes())
	if strings.Count(text, "SUMMARY:[Changed] Daily") != 1 || strings.Count(text, "SUMMARY:Daily") != 1 {
		t.Errorf("the occurrence alone is to be marked:\n%s", text)
	}
	o.settled()
	o.now = time.Date(2026, 3, 3, 18, 0, 1, 0, time.UTC)
	o.apply()
	if text := string(o.at("b").Items()[0].Item.Bytes()); strings.Contains(text, "Changed") {
		t.Errorf("the occurrence is over, and still marked:\n%s", text)
	}
	o.settled()
}

// An original that is deleted at short notice leaves a marked replica, which goes when it would have taken place.
func TestLateCancellation(t *testing.T) {
	o := lateOffice(t)
	o.at("a").Put(o.in(1, "Lunch"))
	o.at("a").Put(o.in(5, "Trip"))
	o.at("a").Put(o.in(9, "Review"))
	o.apply()
	o.erase("a", "Lunch")
	o.erase("a", "Trip")
	o.apply()
	o.holds("b", "Review", "[Cancelled] Lunch")
	o.settled()
	o.now = o.now.AddDate(0, 0, 1).Add(2 * time.Hour)
	o.apply()
	o.holds("b", "Review")
	o.settled()
}
