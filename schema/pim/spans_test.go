package pim

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/recur"
)

// spansOf are the first spans of an item that are not over at an instant, as local times of a zone.
func spansOf(t *testing.T, it *Item, from string, zone *time.Location, most int) string {
	t.Helper()
	var after time.Time
	if from != "" {
		var err error
		if after, err = time.Parse(time.RFC3339, from); err != nil {
			t.Fatal(err)
		}
	}
	const form = "0102T1504"
	var told []string
	for span, err := range it.Spans(after, zone) {
		if err != nil {
			return strings.Join(append(told, "error"), " ")
		}
		told = append(told, span.Start.In(zone).Format(form)+"-"+span.End.In(zone).Format(form))
		if len(told) == most {
			break
		}
	}
	return strings.Join(told, " ")
}

func TestSpans(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	const weekly = "DTSTART;TZID=Europe/Paris:20260302T090000\nDTEND;TZID=Europe/Paris:20260302T100000\nRRULE:FREQ=WEEKLY"
	override := func(lines string) string {
		return "\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\n" + lines
	}
	for _, c := range []struct {
		why        string
		kind       Kind
		body, from string
		want       string
	}{
		{"an event", Calendar, "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z", "", "0301T1000-0301T1100"},
		{"floating, read in Paris", Calendar, "DTSTART:20260301T090000\nDTEND:20260301T100000", "", "0301T0900-0301T1000"},
		{"all day", Calendar, "DTSTART;VALUE=DATE:20260301", "", "0301T0000-0302T0000"},
		{"over", Calendar, "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z", "2026-03-01T10:00:00Z", ""},
		{"not over", Calendar, "DTSTART:20260301T090000Z\nDTEND:20260301T100000Z", "2026-03-01T09:59:59Z", "0301T1000-0301T1100"},
		{"an instant", Calendar, "DTSTART:20260301T090000Z", "2026-03-01T09:00:00Z", "0301T1000-0301T1000"},
		{"a task by all its times", Tasks, "DTSTART:20260303T090000Z\nDUE:20260305T100000Z\nSTATUS:COMPLETED\nCOMPLETED:20260302T080000Z", "", "0302T0900-0305T1100"},
		{"a task due on a day", Tasks, "DUE;VALUE=DATE:20260305", "", "0305T0000-0306T0000"},
		{"a task without time", Tasks, "SUMMARY:some day", "", ""},
		{"a note", Notes, "DTSTART:20260301T090000Z", "", "0301T1000-0301T1000"},
		{"a contact", Contacts, "FN:Ann\nBDAY:19700301", "", ""},
		{"a series", Calendar, weekly, "", "0302T0900-0302T1000 0309T0900-0309T1000 0316T0900-0316T1000 0323T0900-0323T1000"},
		{"a series, over the change of clocks", Calendar, weekly, "2026-03-23T09:00:00Z", "0330T0900-0330T1000 0406T0900-0406T1000 0413T0900-0413T1000 0420T0900-0420T1000"},
		{"a long instance that began before", Calendar, "DTSTART:20260302T090000Z\nDTEND:20260312T090000Z\nRRULE:FREQ=WEEKLY;COUNT=3", "2026-03-17T00:00:00Z", "0309T1000-0319T1000 0316T1000-0326T1000"},
		{"an exception", Calendar, weekly + "\nEXDATE:20260309T080000Z", "", "0302T0900-0302T1000 0316T0900-0316T1000 0323T0900-0323T1000 0330T0900-0330T1000"},
		{"a period", Calendar, "DTSTART:20260302T090000Z\nRDATE;VALUE=PERIOD:20260304T090000Z/PT3H,20260306T090000Z/20260306T093000Z", "", "0302T1000-0302T1000 0304T1000-0304T1300 0306T1000-0306T1030"},
		{"an override, moved to after the next one", Calendar, weekly + override("RECURRENCE-ID;TZID=Europe/Paris:20260309T090000\nDTSTART:20260316T120000Z\nDTEND:20260316T130000Z"), "",
			"0302T0900-0302T1000 0316T0900-0316T1000 0316T1300-0316T1400 0323T0900-0323T1000"},
		{"an override, moved to before the start", Calendar, weekly + override("RECURRENCE-ID;TZID=Europe/Paris:20260309T090000\nDTSTART:20260301T120000Z\nDTEND:20260301T130000Z"), "",
			"0301T1300-0301T1400 0302T0900-0302T1000 0316T0900-0316T1000 0323T0900-0323T1000"},
		{"this and all that follow", Calendar, weekly + override("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260316T090000\nDTSTART;TZID=Europe/Paris:20260317T120000\nDTEND;TZID=Europe/Paris:20260317T140000"), "",
			"0302T0900-0302T1000 0309T0900-0309T1000 0317T1200-0317T1400 0324T1200-0324T1400"},
		{"a recurring task", Tasks, "DTSTART;TZID=Europe/Paris:20260302T090000\nDUE;TZID=Europe/Paris:20260303T090000\nRRULE:FREQ=DAILY;COUNT=2", "", "0302T0900-0303T0900 0303T0900-0304T0900"},
		{"a recurring task with a due time alone", Tasks, "DUE;TZID=Europe/Paris:20260303T090000\nRRULE:FREQ=DAILY;COUNT=2", "", "0303T0900-0303T0900 0304T0900-0304T0900"},
		{"a rule that nobody knows", Calendar, "DTSTART:20260302T090000Z\nRRULE:FREQ=NEVER", "", "error"},
		{"a rule that names no day", Calendar, "DTSTART:20260302T090000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "", "0302T1000-0302T1000 error"},
	} {
		it := parse(t, c.kind, frame(c.kind, c.body))
		if got := spansOf(t, it, c.from, paris, 4); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
		if timed := c.want != "" || c.from != ""; it.Timed() != timed {
			t.Errorf("%s: timed is %t", c.why, !timed)
		}
	}
}

func TestSpansNameTheItem(t *testing.T) {
	it := parse(t, Calendar, frame(Calendar, "SUMMARY:Lunch\nDTSTART:20260302T090000Z\nRRULE:FREQ=SECONDLY;INTERVAL=60;BYSECOND=30"))
	var last error
	for _, err := range it.Spans(time.Time{}, nil) {
		last = err
	}
	if !errors.Is(last, recur.ErrBudget) || !strings.HasPrefix(last.Error(), `"Lunch": recurrence: `) {
		t.Errorf("the error is %v", last)
	}
}

func TestExtent(t *testing.T) {
	for _, c := range []struct {
		kind           Kind
		body, from, to string
	}{
		{Calendar, "DTSTART;TZID=Europe/Paris:20260301T090000\nDURATION:PT1H", "2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z"},
		{Calendar, "DTSTART;VALUE=DATE:20260301", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
		{Calendar, "DTSTART:20260301T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260310T090000Z", "2026-03-01T09:00:00Z", "2026-03-10T10:00:00Z"},
		{Calendar, "DTSTART:20260301T090000Z\nRDATE:20260401T090000Z", "2026-03-01T09:00:00Z", "2026-04-01T09:00:00Z"},
		{Calendar, "DTSTART:20260301T090000Z\nRRULE:FREQ=DAILY", "2026-03-01T09:00:00Z", "0001-01-01T00:00:00Z"},
		{Calendar, "DTSTART:20260301T090000Z\nRRULE:FREQ=DAILY;COUNT=3", "2026-03-01T09:00:00Z", "2026-03-03T09:00:00Z"},
		{Tasks, "DUE:20260301T090000Z", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"},
		{Tasks, "SUMMARY:some day", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{Contacts, "FN:a", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
	} {
		from, to := parse(t, c.kind, frame(c.kind, c.body)).Extent(nil)
		if from.UTC().Format(time.RFC3339) != c.from || to.UTC().Format(time.RFC3339) != c.to {
			t.Errorf("%s: %v to %v", c.body, from, to)
		}
	}
}
