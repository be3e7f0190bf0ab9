package rule

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const form = "20060102T150405"

func parse(t *testing.T, text, start string) *Rule {
	t.Helper()
	at, err := time.Parse(form, start)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse(text, at, false)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// walked are the first local times of a walk; the word for an error is the last.
func walked(r *Rule, w Walk, most int) string {
	steps := 100000
	w.Steps = &steps
	cursor := r.Begin(w)
	var list []string
	for len(list) < most {
		at, more, err := cursor.Next()
		switch {
		case errors.Is(err, ErrBudget):
			return strings.Join(append(list, "budget"), " ")
		case !more:
			return strings.Join(append(list, "end"), " ")
		}
		list = append(list, time.Unix(at, 0).UTC().Format(form))
	}
	return strings.Join(list, " ")
}

func at(text string) int64 {
	t, err := time.Parse(form, text)
	if err != nil {
		return 0
	}
	return t.Unix()
}

// TestNext is what a walk is given, beside the rule: the rules themselves are held against truth where they make sets, in package recur.
func TestNext(t *testing.T) {
	const monday = "20260302T090000"
	for _, c := range []struct {
		why, rule, start string
		walk             Walk
		want             string
	}{
		{"the rule alone", "FREQ=WEEKLY;BYDAY=TU;COUNT=2", monday, Walk{}, "20260303T090000 20260310T090000 end"},
		{"the start counts", "FREQ=WEEKLY;BYDAY=TU;COUNT=2", monday, Walk{StartCounts: true}, "20260303T090000 end"},
		{"the start counts, alone", "FREQ=WEEKLY;BYDAY=TU;COUNT=1", monday, Walk{StartCounts: true}, "end"},
		{"the start counts, and is named", "FREQ=WEEKLY;COUNT=2", monday, Walk{StartCounts: true}, "20260302T090000 20260309T090000 end"},
		{"from later on", "FREQ=MONTHLY;BYMONTHDAY=2", monday, Walk{From: at("20300502T090000")}, "20300402T090000 20300502T090000 20300602T090000 20300702T090000"},
		{"up to a local time", "FREQ=DAILY", monday, Walk{Past: func(wall int64) bool { return wall > at("20260303T090000") }}, "20260302T090000 20260303T090000 end"},
		{"what does not exist does not count", "FREQ=DAILY;COUNT=2", monday, Walk{Exists: func(wall int64) bool { return wall != at("20260303T090000") }}, "20260302T090000 20260304T090000 end"},
		{"nothing to find", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=1", monday, Walk{}, "budget"},
		{"nothing until the year 9999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", monday, Walk{}, "budget"},
		{"a month that is too short", "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD", "20260131T090000", Walk{}, "20260131T090000 20260301T090000 20260331T090000 20260501T090000"},
		{"Easter", "FREQ=YEARLY;BYEASTER=1", monday, Walk{}, "20260406T090000 20270329T090000 20280417T090000 20290402T090000"},
	} {
		if got := walked(parse(t, c.rule, c.start), c.walk, 4); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestUntil(t *testing.T) {
	for text, want := range map[string]Until{
		"FREQ=DAILY":                        {},
		"FREQ=DAILY;UNTIL=20260303":         {Wall: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), Date: true},
		"FREQ=DAILY;UNTIL=20260303T120000":  {Wall: time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)},
		"FREQ=DAILY;UNTIL=20260303T120000Z": {Wall: time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC), UTC: true},
	} {
		if got := parse(t, text, "20260302T090000").Until(); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
