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

// TestPrivacyLetsThroughNothingElse has in an item all that is no field of its own, or hides in a parameter, or in an override.
func TestPrivacyLetsThroughNothingElse(t *testing.T) {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "X-WR-CALNAME:Hidden calendar", "BEGIN:VEVENT", "UID:1", "DTSTART:20261201T100000Z",
		"RRULE:FREQ=DAILY", `SUMMARY;ALTREP="http://hidden.example/":Review`, "X-MOZ-LASTACK:20260101T000000Z", "X-HIDDEN:hidden", "DESCRIPTION:hidden",
		"ATTENDEE:mailto:hidden@example.com", "LOCATION;X-HIDDEN=hidden:Room 4", "END:VEVENT", "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20261202T100000Z",
		"DTSTART:20261202T120000Z", "SUMMARY:Review with Zoe", "X-HIDDEN:hidden", "COMMENT:hidden", "END:VEVENT", "END:VCALENDAR", ""}
	it, err := pim.Parse(pim.Calendar, []byte(strings.Join(lines, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	for level, shows := range map[privacy][]string{
		privacyBusy:    {"SUMMARY:Busy", "DTSTART:20261201T100000Z", "RRULE:FREQ=DAILY", "DTSTART:20261202T120000Z", "CLASS:PRIVATE"},
		privacyDetails: {"SUMMARY:Review\r\n", "SUMMARY:Review with Zoe", "LOCATION:Room 4", "CLASS:PRIVATE"},
	} {
		shown, err := untouched.render(it, nowhere{}, level)
		if err != nil {
			t.Fatal(err)
		}
		text := string(shown.Bytes())
		for _, leak := range []string{"idden", "LASTACK", "ALTREP", "Zoe", "Room"} {
			if strings.Contains(text, leak) && (level == privacyBusy || leak != "Zoe" && leak != "Room") {
				t.Errorf("%s lets %q through:\n%s", level, leak, text)
			}
		}
		for _, want := range shows {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q:\n%s", level, want, text)
			}
		}
	}
}
