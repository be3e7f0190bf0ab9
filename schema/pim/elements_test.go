package pim

import (
	"reflect"
	"testing"
)

func TestElements(t *testing.T) {
	of := func(texts ...any) Value {
		v, err := FieldValue(Calendar, "categories", texts)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct {
		name          string
		v, w          Value
		with, without any
	}{
		{"some are in both", of("a", "b"), of("b", "c"), []string{"a", "b", "c"}, []string{"a"}},
		{"all are", of("a"), of("a"), []string{"a"}, nil},
		{"nothing and something", Value{}, of("a"), []string{"a"}, nil},
		{"something and nothing", of("a"), Value{}, []string{"a"}, []string{"a"}},
	} {
		before := test.v.Plain()
		if got := test.v.With(test.w).Plain(); !reflect.DeepEqual(got, test.with) {
			t.Errorf("%s: with says %v, want %v", test.name, got, test.with)
		}
		if got := test.v.Without(test.w).Plain(); !reflect.DeepEqual(got, test.without) {
			t.Errorf("%s: without says %v, want %v", test.name, got, test.without)
		}
		if !reflect.DeepEqual(test.v.Plain(), before) {
			t.Errorf("%s: the value itself changed", test.name)
		}
	}
	reminder := func(lines string) Value {
		return parsed(t, "BEGIN:VALARM\r\n"+lines+"\r\nTRIGGER:-PT15M\r\nEND:VALARM").Fields()["alarms"]
	}
	if v := reminder("ACTION:DISPLAY").Without(reminder("ACTION:AUDIO")); !v.IsZero() {
		t.Errorf("reminders of one time are two: %v", v.Plain())
	}
}

func TestFlaw(t *testing.T) {
	for lines, want := range map[string]string{
		"SUMMARY:x": "it has no start",
		"DTSTART:20260301T090000Z\r\nDTEND:20260301T080000Z":                     "end (2026-03-01T08:00:00Z) is before start (2026-03-01T09:00:00Z)",
		"DTSTART;VALUE=DATE:20260301\r\nDTEND:20260301T080000Z":                  "of start (2026-03-01) and end (2026-03-01T08:00:00Z), one is a date and the other a time",
		"DTSTART:20260301T090000Z":                                               "",
		"DTSTART;TZID=Europe/Paris:20260301T090000\r\nDTEND:20260301T080000Z":    "",
		"DTSTART;TZID=Europe/Paris:20260301T090000\r\nDURATION:PT30M":            "",
		"DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260301\r\nSUMMARY:un": "",
	} {
		if got := parsed(t, lines).Fields().Flaw(Calendar); got != want {
			t.Errorf("%q: %q, want %q", lines, got, want)
		}
	}
}

// parsed is an event with these lines.
func parsed(t *testing.T, lines string) *Item {
	t.Helper()
	it, err := Parse(Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"+lines+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return it
}
