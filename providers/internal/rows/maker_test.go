package rows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/schema/pim"
)

// columns is a mapping of names to columns of the first row.
func columns(of map[string]string) providers.Mapping {
	m := providers.Mapping{Identity: "columns", Columns: map[string][]string{}}
	for name, column := range of {
		m.Names, m.Columns[name] = append(m.Names, name), []string{column}
	}
	m.Of = func(rows []providers.Row) (map[string]any, error) {
		said := map[string]any{}
		for name, column := range of {
			said[name] = rows[0][column]
		}
		return said, nil
	}
	return m
}

func maker(t *testing.T, cfg rows.Config) *rows.Maker {
	t.Helper()
	m, err := rows.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var lesson = map[string]string{"summary": "subject", "recurrence": "rule", "start": "starts_at", "end": "ends_at", "priority": "weight"}

func TestItem(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		row  providers.Row
		zone *time.Location
		want []string
	}{
		{"instants", providers.Row{"subject": "Maths", "starts_at": "2026-10-05T09:00:00Z", "ends_at": "2026-10-05T12:00:00+02:00"}, london,
			[]string{"SUMMARY:Maths", "DTSTART:20261005T090000Z", "DTEND:20261005T100000Z"}},
		{"clock times get the zone", providers.Row{"starts_at": "2026-10-05 09:00:00", "ends_at": "2026-10-05T10:00"}, london,
			[]string{"DTSTART;TZID=Europe/London:20261005T090000", "DTEND;TZID=Europe/London:20261005T100000", "BEGIN:VTIMEZONE"}},
		{"clock times float without one", providers.Row{"starts_at": "2026-10-05 09:00:00"}, nil, []string{"DTSTART:20261005T090000\r\n"}},
		{"dates are all-day", providers.Row{"starts_at": "2026-10-05", "ends_at": "2026-10-06"}, london,
			[]string{"DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261006"}},
		{"what is no text", providers.Row{"starts_at": "2026-10-05", "subject": "a\x1b\x07\x7fb"}, nil, []string{"SUMMARY:ab\r\n"}},
		{"a rule", providers.Row{"starts_at": "2026-10-05", "rule": "FREQ=WEEKLY"}, nil, []string{"RRULE:FREQ=WEEKLY\r\n"}},
		{"numbers", providers.Row{"starts_at": "2026-10-05", "weight": int64(3), "subject": int64(7)}, nil, []string{"PRIORITY:3", "SUMMARY:7"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := maker(t, rows.Config{Kind: pim.Calendar, Zone: test.zone, Origin: "here", Fields: columns(lesson)})
			it, err := m.Item("17", []providers.Row{test.row})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(string(it.Bytes()), want) {
					t.Errorf("%q is missing:\n%s", want, it.Bytes())
				}
			}
			if it.UID() != m.UID("17") {
				t.Errorf("the UID is %q, want that of the key: %q", it.UID(), m.UID("17"))
			}
		})
	}
}

func TestItemRefused(t *testing.T) {
	m := maker(t, rows.Config{Kind: pim.Calendar, Fields: columns(lesson)})
	for _, test := range []struct {
		name, want string
		row        providers.Row
	}{
		{"no rule", `row "17": "Maths": recurrence: RRULE:FREQ=NEVER: FREQ=NEVER: not a frequency (column rule)`, providers.Row{"subject": "Maths", "starts_at": "2026-10-05", "rule": "FREQ=NEVER"}},
		{"null start", `row "17": start (column starts_at) is null or empty, and every item of kind calendar needs one`, providers.Row{"starts_at": nil}},
		{"end before start", `row "17": end (2026-10-05T08:00:00Z) is before start (2026-10-05T09:00:00Z) (columns ends_at, starts_at)`,
			providers.Row{"starts_at": "2026-10-05T09:00:00", "ends_at": "2026-10-05T08:00:00"}},
		{"no time", `row "17": start: "soon" is not a time like 2026-03-01T09:00:00Z or a date like 2026-03-01 (column starts_at)`, providers.Row{"starts_at": "soon"}},
		{"too large", `row "17": priority: "12" is not a whole number from 0 to 9 (column weight)`, providers.Row{"starts_at": "2026-10-05", "weight": int64(12)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			it, err := m.Item("17", []providers.Row{test.row})
			if err == nil {
				t.Fatalf("it was made:\n%s", it.Bytes())
			}
			if err.Error() != test.want {
				t.Errorf("the error is\n%s\nwant\n%s", err, test.want)
			}
			if class := providers.ClassOf(err); class != providers.Refused {
				t.Errorf("its class is %s, want refused", class)
			}
		})
	}
}

func TestExtra(t *testing.T) {
	extra := columns(map[string]string{"course": "course", "group_type": "type"})
	m := maker(t, rows.Config{Kind: pim.Calendar, Fields: columns(lesson), Extra: extra})
	it, err := m.Item("17", []providers.Row{{"starts_at": "2026-10-05", "course": "M1; part 2", "type": nil}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(it.Bytes()), `X-COURSE:M1\; part 2`) || strings.Contains(string(it.Bytes()), "X-GROUP-TYPE") {
		t.Errorf("the extras are not those of the row:\n%s", it.Bytes())
	}
	for name, want := range map[string]string{"group_type": "extra.X-GROUP-TYPE", "X-Room": "extra.X-ROOM", "größe": "", "": ""} {
		field, err := rows.ExtraField(name)
		if field != want || (err == nil) != (want != "") {
			t.Errorf("the field of %q is %q (%v), want %q", name, field, err, want)
		}
	}
}

func TestMappedUID(t *testing.T) {
	of := map[string]string{"start": "starts_at", "uid": "uid"}
	m := maker(t, rows.Config{Kind: pim.Calendar, Fields: columns(of)})
	it, err := m.Item("17", []providers.Row{{"starts_at": "2026-10-05", "uid": "a@example.com"}})
	if err != nil || it.UID() != "a@example.com" || !m.UIDs() {
		t.Errorf("the UID is %q (%v), and rows say it is %v", it.UID(), err, m.UIDs())
	}
	if _, err := m.Item("17", []providers.Row{{"starts_at": "2026-10-05", "uid": nil}}); err == nil || !strings.Contains(err.Error(), "uid (column uid) is null") {
		t.Errorf("a null uid gives %v", err)
	}
}

func TestUIDsDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, origin := range []string{"a", "ab", ""} {
		m := maker(t, rows.Config{Kind: pim.Notes, Origin: origin, Fields: columns(lesson)})
		for _, key := range []string{"c", "bc", "abc"} {
			if other, twice := seen[m.UID(key)]; twice {
				t.Errorf("%q of %q has the UID of %s", key, origin, other)
			}
			seen[m.UID(key)] = origin + "/" + key
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, cfg := range map[string]rows.Config{
		"no fields":     {Kind: pim.Calendar},
		"no start":      {Kind: pim.Calendar, Fields: columns(map[string]string{"summary": "subject"})},
		"no name":       {Kind: pim.Contacts, Fields: columns(map[string]string{"note": "subject"})},
		"name of extra": {Kind: pim.Notes, Fields: columns(lesson), Extra: columns(map[string]string{"a b": "c"})},
	} {
		if _, err := rows.New(cfg); providers.ClassOf(err) != providers.Refused {
			t.Errorf("%s: %v, want an error of class refused", name, err)
		}
	}
}

func TestLacks(t *testing.T) {
	can := providers.Capabilities{Lacks: maker(t, rows.Config{Kind: pim.Calendar, Fields: columns(lesson)}).Lacks()}
	for field, want := range map[string]bool{"summary": true, "start": true, "location": false, "extra.X-A": false, "override:20261005": false} {
		if can.Holds(field) != want {
			t.Errorf("%s is held: %v, want %v", field, !want, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	seen := map[string]string{}
	base := rows.Config{Kind: pim.Calendar, Origin: "a", Fields: columns(lesson)}
	fields, zone, origin := base, base, base
	fields.Fields.Identity, zone.Zone, origin.Origin = "other", time.UTC, "b"
	for name, cfg := range map[string]rows.Config{"base": base, "fields": fields, "zone": zone, "origin": origin} {
		identity := maker(t, cfg).Identity()
		if other := seen[identity]; other != "" {
			t.Errorf("%s has the identity of %s", name, other)
		}
		seen[identity] = name
	}
}
