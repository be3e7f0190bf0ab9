package pim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lesson is a series on Tuesdays at 10:00 in Paris, with further lines for the series and components beside it.
func lesson(t *testing.T, lines string, overrides ...string) Fields {
	t.Helper()
	text := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Paris:20261201T100000\nDTEND;TZID=Europe/Paris:20261201T110000\n" +
		"SUMMARY:Lesson\n" + lines + "END:VEVENT\n"
	for _, o := range overrides {
		text += "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Paris:20261208T100000\n" + o + "END:VEVENT\n"
	}
	it, err := Parse(Calendar, []byte(strings.ReplaceAll(text+"END:VCALENDAR\n", "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return it.Fields()
}

const (
	weekly    = "RRULE:FREQ=WEEKLY\n"
	inItsTime = "DTSTART;TZID=Europe/Paris:20261208T100000\nDTEND;TZID=Europe/Paris:20261208T110000\nSUMMARY:Lesson\n"
	moved     = "DTSTART;TZID=Europe/Paris:20261208T120000\nDTEND;TZID=Europe/Paris:20261208T130000\nSUMMARY:Lesson\n"
)

func TestChanges(t *testing.T) {
	series := lesson(t, weekly)
	with := func(override string) Fields { return lesson(t, weekly, override) }
	without := func(lines string) Fields { return lesson(t, lines) }
	for _, c := range []struct {
		name          string
		before, after Fields
		want          []string
	}{
		{"a field of the series", series, without(weekly + "LOCATION:Room 4\n"), []string{"location: <nil> → Room 4"}},
		{"moved", series, with(moved), []string{
			"end 2026-12-08T10:00:00+01:00: 2026-12-08T11:00:00+01:00 → 2026-12-08T13:00:00+01:00",
			"start 2026-12-08T10:00:00+01:00: 2026-12-08T10:00:00+01:00 → 2026-12-08T12:00:00+01:00"}},
		{"moved back", with(moved), series, []string{
			"end 2026-12-08T10:00:00+01:00: 2026-12-08T13:00:00+01:00 → 2026-12-08T11:00:00+01:00",
			"start 2026-12-08T10:00:00+01:00: 2026-12-08T12:00:00+01:00 → 2026-12-08T10:00:00+01:00"}},
		{"another title", with(moved), with(strings.Replace(moved, "Lesson", "Exam\\, the last", 1)), []string{"summary 2026-12-08T10:00:00+01:00: Lesson → Exam, the last"}},
		{"cancelled", series, with(inItsTime + "STATUS:CANCELLED\n"), []string{"status 2026-12-08T10:00:00+01:00: <nil> → cancelled"}},
		{"taken out", with(moved), without(weekly + "EXDATE;TZID=Europe/Paris:20261208T100000\n"), []string{
			"recurrence: FREQ=WEEKLY → RRULE:FREQ=WEEKLY\nEXDATE:2026-12-08T10:00:00[Europe/Paris]",
			"end 2026-12-08T10:00:00+01:00: 2026-12-08T13:00:00+01:00 → <nil>", "start 2026-12-08T10:00:00+01:00: 2026-12-08T12:00:00+01:00 → <nil>"}},
		{"the series ends before", with(inItsTime), without("RRULE:FREQ=WEEKLY;UNTIL=20261201T090000Z\n"), []string{
			"recurrence: FREQ=WEEKLY → FREQ=WEEKLY;UNTIL=20261201T090000Z", "start 2026-12-08T10:00:00+01:00: 2026-12-08T10:00:00+01:00 → <nil>"}},
		{"kept apart", series, with(inItsTime), []string{"override 2026-12-08T10:00:00+01:00: <nil> → the same as the series"}},
		{"not kept apart", with(inItsTime), series, []string{"override 2026-12-08T10:00:00+01:00: the same as the series → <nil>"}},
		{"new", nil, with(moved), []string{"end: <nil> → 2026-12-01T11:00:00+01:00", "end 2026-12-08T10:00:00+01:00: <nil> → 2026-12-08T13:00:00+01:00",
			"start 2026-12-08T10:00:00+01:00: <nil> → 2026-12-08T12:00:00+01:00", "recurrence: <nil> → FREQ=WEEKLY", "start: <nil> → 2026-12-01T10:00:00+01:00", "summary: <nil> → Lesson"}},
		{"an invitation", series, without(weekly + "ATTENDEE;CN=Anna;PARTSTAT=ACCEPTED:mailto:anna@example.com\n"), []string{"attendees: <nil> → [Anna <anna@example.com> (accepted)]"}},
	} {
		var got []string
		for _, change := range Changes(c.before, c.after) {
			name := strings.TrimSpace(change.Field + " " + change.Occurrence)
			got = append(got, fmt.Sprintf("%s: %v → %v", name, change.Before, change.After))
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// An address that is of another type now is told with its types.
func TestChangesOfTypes(t *testing.T) {
	card := func(email string) Fields {
		it, err := Parse(Contacts, []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Anna\r\n"+email+"\r\nEND:VCARD\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		return it.Fields()
	}
	home, work := card("EMAIL;TYPE=HOME:a@example.com"), card("EMAIL;TYPE=WORK:a@example.com")
	if list := Changes(home, home); list != nil {
		t.Errorf("a card changes from itself: %v", list)
	}
	got := Changes(home, work)
	if len(got) != 1 || fmt.Sprint(got[0]) != "{emails  [a@example.com (home)] [a@example.com (work)]}" {
		t.Errorf("another type is shown as %v", got)
	}
}

// Two contents have changes exactly when they differ: each field that does, or the occurrence whose override does.
func TestChangesAreAllThatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := event(t).Fields(), event(t).Fields()
		if rapid.IntRange(0, 5).Draw(t, "side") == 0 {
			before = nil
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, name := range after.Diff(before) {
			if IsOverride(name) {
				name = "an occurrence"
			}
			want[name] = true
		}
		for _, c := range Changes(before, after) {
			if c.Occurrence != "" {
				c.Field = "an occurrence"
			}
			got[c.Field] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("changes of %v, want of %v", got, want)
		}
	})
}
