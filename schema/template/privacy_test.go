package template

import (
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/pim"
)

// nowhere is a relationship of which nothing is read.
type nowhere struct{}

func (nowhere) String() string           { return "relationship.r" }
func (nowhere) See(string) cty.Value     { return cty.NilVal }
func (nowhere) Floating() *time.Location { return nil }
func (nowhere) Extras() []string         { return nil }

// TestPrivacyLetsThroughNothingElse has in an item all that is no field of its own, or hides in a parameter, a zone, a rule, or an override.
func TestPrivacyLetsThroughNothingElse(t *testing.T) {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-CALNAME:Hidden calendar",
		"BEGIN:VTIMEZONE", "TZID:Hidden Office", "X-NOTE:hidden", "COMMENT:hidden", "BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0230", "TZOFFSETTO:+0130", "TZNAME:hidden",
		"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;X-HIDDEN=HIDDEN", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "TZOFFSETFROM:+0130", "TZOFFSETTO:+0230", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "END:VTIMEZONE",
		"BEGIN:VTIMEZONE", "TZID:Hidden Paris", "X-LIC-LOCATION:Europe/Paris", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Hidden Office;X-HIDDEN=hidden:20261201T100000", "DTEND;TZID=Hidden Paris:20261201T110000",
		"RRULE;X-HIDDEN=hidden:FREQ=DAILY;X-HIDDEN=HIDDEN", "EXDATE;TZID=Hidden Office;X-HIDDEN=hidden:20261205T100000", "RDATE;VALUE=PERIOD:20261224T080000Z/PT1H", "TRANSP:HIDDEN", `SUMMARY;ALTREP="http://hidden.example/":Review`,
		"X-MOZ-LASTACK:20260101T000000Z", "X-HIDDEN:hidden", "DESCRIPTION:hidden", "ATTENDEE:mailto:hidden@example.com", "LOCATION;X-HIDDEN=hidden:Room 4", "END:VEVENT",
		"BEGIN:VEVENT", "UID:1", "RECURRENCE-ID;TZID=Hidden Office;X-HIDDEN=hidden:20261202T100000",
		"DTSTART;TZID=Hidden Office:20261202T120000", "SUMMARY:Review with Zoe", "X-HIDDEN:hidden", "COMMENT:hidden", "END:VEVENT", "END:VCALENDAR", ""}
	it, err := pim.Parse(pim.Calendar, []byte(strings.Join(lines, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	for level, shows := range map[privacy][]string{
		privacyBusy:    {"SUMMARY:Busy\r\n", ":20261201T100000\r\n", "DTEND;TZID=Europe/Paris:20261201T110000\r\n", "RRULE:FREQ=DAILY\r\n", ":20261205T100000\r\n", "RDATE;VALUE=PERIOD:20261224T080000Z/PT1H\r\n", ":20261202T120000\r\n", "CLASS:PRIVATE\r\n", "TZOFFSETFROM:+0230"},
		privacyDetails: {"SUMMARY:Review\r\n", "SUMMARY:Review with Zoe", "LOCATION:Room 4\r\n", "CLASS:PRIVATE"},
	} {
		shown, err := untouched.render(it, nowhere{}, level)
		if err != nil {
			t.Fatal(err)
		}
		text := string(shown.Bytes())
		for _, leak := range []string{"idden", "HIDDEN", "LASTACK", "ALTREP", "Zoe", "Room"} {
			if strings.Contains(text, leak) && (level == privacyBusy || leak != "Zoe" && leak != "Room") {
				t.Errorf("%s lets %q through:\n%s", level, leak, text)
			}
		}
		for _, want := range shows {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q:\n%s", level, want, text)
			}
		}
		checkTimes(t, string(level), it.Fields(), shown.Fields())
	}
}

// TestPrivacyOfOverridesAlone has an invitation to single occurrences of a series, which has no master.
func TestPrivacyOfOverridesAlone(t *testing.T) {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-CALNAME:Hidden", "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20261202T100000Z", "DTSTART:20261202T120000Z", "SUMMARY:hidden", "END:VEVENT", "END:VCALENDAR", ""}
	it, err := pim.Parse(pim.Calendar, []byte(strings.Join(lines, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := untouched.render(it, nowhere{}, privacyBusy)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(shown.Bytes()); strings.Contains(strings.ToLower(text), "hidden") || strings.Count(text, "BEGIN:VEVENT") != 1 {
		t.Errorf("shows\n%s", text)
	}
	checkTimes(t, "an override", it.Fields(), shown.Fields())
}

// TestPrivacyRefusesWhatCouldHide has texts where times belong, which no reader takes for one.
func TestPrivacyRefusesWhatCouldHide(t *testing.T) {
	for _, line := range []string{"RRULE:FREQ=HIDDEN", "RRULE:FREQ=DAILY;BYDAY=HIDDEN", "RRULE:X-HIDDEN=1", "RDATE;VALUE=PERIOD:20261201T100000Z/HIDDEN"} {
		it, err := pim.Parse(pim.Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T100000Z\r\n"+line+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if shown, err := untouched.render(it, nowhere{}, privacyBusy); err == nil {
			t.Errorf("%s is shown as\n%s", line, shown.Bytes())
		} else if strings.Contains(err.Error(), "HIDDEN") {
			t.Errorf("%s is in an error: %v", line, err)
		}
	}
}

// TestPrivacyOfWhatIsCancelled: nobody is busy then.
func TestPrivacyOfWhatIsCancelled(t *testing.T) {
	it, err := pim.Parse(pim.Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T100000Z\r\nSTATUS:CANCELLED\r\nSUMMARY:Review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := redact(it, privacyBusy)
	if err != nil {
		t.Fatal(err)
	}
	if got := shown.Attribute("busy", nil); got != "free" {
		t.Errorf("a cancelled event shows as %v:\n%s", got, shown.Bytes())
	}
}
