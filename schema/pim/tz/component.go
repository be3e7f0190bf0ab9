package tz

import (
	"fmt"
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim/rule"
)

// change is an instant at which clocks change.
type change struct {
	local    time.Time // of the clocks before, written as if in UTC
	from, to int
	name     string
	daylight bool
}

// Component writes a VTIMEZONE of that TZID for a zone of the IANA database, as content lines, for times from about that one on: yearly rules
// where the zone keeps to some in these years, else the changes of the next ten years (RFC 5545 section 3.6.5).
func Component(tzid string, z *Zone, around time.Time) []string {
	location := z.Location()
	lines := []string{"BEGIN:VTIMEZONE", "TZID:" + tzid}
	first := around.Year() - 1
	years := make([][]change, 0, 12)
	for year := first; year < first+12; year++ {
		years = append(years, changesIn(location, year))
	}
	var all []change
	regular := len(years[0]) > 0
	for _, changes := range years {
		all = append(all, changes...)
		regular = regular && len(changes) == len(years[0])
	}
	for _, c := range years[0] {
		regular = regular && c.yearly(years) != ""
	}
	switch {
	case len(all) == 0:
		name, offset := around.In(location).Zone()
		lines = append(lines, change{local: time.Date(epoch, 1, 1, 0, 0, 0, 0, time.UTC), from: offset, to: offset, name: name}.lines("")...)
	case regular:
		for _, c := range years[0] {
			lines = append(lines, c.lines(c.yearly(years))...)
		}
	default:
		for _, c := range all {
			lines = append(lines, c.lines("")...)
		}
	}
	return append(lines, "END:VTIMEZONE")
}

// endOfDates is the last one that a date can be written of (RFC 5545 section 3.3.4).
const endOfDates = 9999

// changesIn are the changes of a year, in order.
func changesIn(location *time.Location, year int) []change {
	if year > endOfDates {
		return nil
	}
	var changes []change
	at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, next := at.In(location).ZoneBounds()
		if next.IsZero() || next.UTC().Year() > year || !next.After(at) { // from 2040 on, package time stays before the last day of leap years
			return changes
		}
		_, from := next.Add(-time.Second).In(location).Zone()
		name, to := next.In(location).Zone()
		if from != to {
			local := next.UTC().Add(time.Duration(from) * time.Second)
			changes = append(changes, change{local, from, to, name, next.In(location).IsDST()})
		}
		at = next
	}
}

// yearly is the rule that a change follows through the years, each on the n-th or on the last such weekday of its month, or "".
func (c change) yearly(years [][]change) string {
	days := [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
	for _, nth := range []int{(c.local.Day()-1)/7 + 1, -1} {
		text := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", c.local.Month(), nth, days[c.local.Weekday()])
		r, err := rule.Parse(text, c.local, false)
		if err == nil && c.follows(r, years) {
			return text
		}
	}
	return ""
}

// follows reports whether a rule names a change like this one in each of the years.
func (c change) follows(r *rule.Rule, years [][]change) bool {
	steps := mostSteps
	walk := r.Begin(rule.Walk{Steps: &steps})
	for _, changes := range years {
		at, more, err := walk.Next()
		same := func(other change) bool { return other.local.Unix() == at && other.from == c.from && other.to == c.to }
		if !more || err != nil || !slices.ContainsFunc(changes, same) {
			return false
		}
	}
	return true
}

func (c change) lines(rule string) []string {
	kind := "STANDARD"
	if c.daylight {
		kind = "DAYLIGHT"
	}
	lines := []string{"BEGIN:" + kind, "DTSTART:" + c.local.Format(wall), "TZOFFSETFROM:" + formatOffset(c.from), "TZOFFSETTO:" + formatOffset(c.to)}
	if c.name != "" {
		lines = append(lines, "TZNAME:"+c.name)
	}
	if rule != "" {
		lines = append(lines, "RRULE:"+rule)
	}
	return append(lines, "END:"+kind)
}

func formatOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
