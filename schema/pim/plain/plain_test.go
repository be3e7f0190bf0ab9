package plain

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim/parts"
)

type object = map[string]any

// TestLines: what is written for a value, and what is said about one that cannot be.
func TestLines(t *testing.T) {
	for _, c := range []struct {
		kind  parts.Kind
		field string
		value any
		want  string // lines, or what the error says
	}{
		{parts.Event, "summary", "a, b;\nc", `SUMMARY:a\, b\;\nc`},
		{parts.Event, "summary", 7.5, "SUMMARY:7.5"},
		{parts.Event, "summary", " ", ""},
		{parts.Event, "summary", object{}, "a text is needed, and this is an object"},
		{parts.Event, "summary", []any{}, "a text is needed, and this is []interface {}"},
		{parts.Event, "start", "2026-03-01", "DTSTART;VALUE=DATE:20260301"},
		{parts.Event, "start", "2026-03-01T09:00:00[Europe/Paris]", "DTSTART;TZID=Europe/Paris:20260301T090000"},
		{parts.Todo, "due", "2026-03-01T09:00:00Z", "DUE:20260301T090000Z"},
		{parts.Todo, "parent", "p", "RELATED-TO;RELTYPE=PARENT:p"},
		{parts.Todo, "percent", 50.0, "PERCENT-COMPLETE:50"},
		{parts.Todo, "percent", 101, `"101" is not a whole number from 0 to 100`},
		{parts.Event, "priority", "high", `"high" is not a whole number from 0 to 9`},
		{parts.Event, "busy", "Elsewhere", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"},
		{parts.Event, "class", "secret", `"secret" is none of confidential, private, public`},
		{parts.Event, "url", " https://x/a,b ", "URL:https://x/a,b"},
		{parts.Event, "related_to", "r", "RELATED-TO:r"},
		{parts.Event, "extra.X-Foo", "a,b", `X-FOO:a\,b`},
		{parts.Event, "description_html", "<b>x</b>", "X-ALT-DESC;FMTTYPE=text/html:<b>x</b>"},
		{parts.Event, "recurrence", "FREQ=DAILY\nEXDATE:2026-03-02", "RRULE:FREQ=DAILY EXDATE;VALUE=DATE:20260302"},
		{parts.Event, "recurrence", "RRULE:COUNT=2", "it has no FREQ"},
		{parts.Event, "recurrence", "SUMMARY:x", "is no RRULE, EXRULE, RDATE or EXDATE"},
		{parts.Event, "organizer", "o@x.org", "ORGANIZER:mailto:o@x.org"},
		{parts.Event, "organizer", "Mrs O", `"Mrs O" is no mail address`},
		{parts.Event, "attendees", object{"email": "a@x.org", "name": "B, C", "role": "optional", "status": "declined"}, `ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;CN="B, C":mailto:a@x.org`},
		{parts.Event, "attachments", object{"url": "https://x/a", "name": "a.txt", "type": "text/plain", "size": 3.0}, "ATTACH;FMTTYPE=text/plain;FILENAME=a.txt;SIZE=3:https://x/a"},
		{parts.Event, "attachments", object{"name": "a.txt"}, "an attachment without url"},
		{parts.Event, "alarms", "1h30m", "BEGIN:VALARM ACTION:DISPLAY DESCRIPTION:Reminder TRIGGER:-PT1H30M END:VALARM"},
		{parts.Event, "alarms", "soon", `"soon" is no time before the start like 15m, 1h30m or 2d`},
		{parts.Card, "name", "Doe, Ann", `FN:Doe\, Ann`},
		{parts.Card, "emails", object{"type": "work", "value": "a@x.org"}, "EMAIL;TYPE=work:a@x.org"},
		{parts.Card, "emails", object{"type": "work"}, ""},
		{parts.Card, "note", object{}, "a text is needed, and this is an object"},
		{parts.Card, "addresses", object{"street": "1 Road", "city": "Town"}, "ADR:;;1 Road;Town;;;"},
		{parts.Card, "birthday", "1996-04-15", "BDAY:1996-04-15"},
		{parts.Card, "birthday", "April", `"April" is not a date like 1996-04-15 or, without a year, --04-15`},
		{parts.Card, "photo", "me.jpg", "a photo is set as a data: or https: address"},
	} {
		lines, err := Lines(c.kind, c.field, c.value)
		got := strings.ReplaceAll(strings.Join(lines, " "), "\r\n", "")
		if err != nil {
			if got = err.Error(); c.want == "" || !strings.Contains(got, c.want) {
				t.Errorf("%s %s of %v: %s, want %s", c.kind, c.field, c.value, got, c.want)
			}
		} else if got != c.want {
			t.Errorf("%s %s of %v:\n%s, want\n%s", c.kind, c.field, c.value, got, c.want)
		}
	}
}

// TestAlarmText: how people write when an alarm is; what is shown is read again as the same.
func TestAlarmText(t *testing.T) {
	for trigger, want := range map[string]string{
		"-PT15M": "15m", "-PT90M": "1h30m", "-P1D": "1d", "-P1W": "7d", "PT5M": "-5m", "PT0S": "0m", "-PT45S": "45s",
		"2026-03-01T09:00:00Z": "2026-03-01T09:00:00Z", "whenever": "whenever",
	} {
		if got := AlarmText(trigger); got != want {
			t.Errorf("%s is shown as %s, want %s", trigger, got, want)
		}
		lines, err := Lines(parts.Event, "alarms", want)
		if want == trigger || err != nil {
			continue
		}
		written, _ := strings.CutPrefix(lines[3], "TRIGGER:")
		if got := AlarmText(written); got != want {
			t.Errorf("%s is written as %s, which is shown as %s", want, written, got)
		}
	}
}

func TestWord(t *testing.T) {
	for _, c := range [][3]string{{"busy", "WORKINGELSEWHERE", "elsewhere"}, {"status", "NEEDS-ACTION", "needs-action"}, {"class", "X-TEAM", "x-team"}} {
		if got := Word(c[0], c[1]); got != c[2] || !IsWord(c[0]) {
			t.Errorf("%s of %s is %s, want %s", c[0], c[1], got, c[2])
		}
	}
	if IsWord("summary") {
		t.Error("a summary is one of a few words")
	}
}

func TestSplitAddress(t *testing.T) {
	for text, want := range map[string]string{
		";;1 Road;Town;;123;X":       "||1 Road|Town||123|X",
		`;;1\; Road`:                 "||1; Road||||",
		";;1 Road;Town;;123;X;more;": "||1 Road|Town||123|X",
	} {
		if got := strings.Join(SplitAddress(text), "|"); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
