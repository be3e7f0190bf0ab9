package parts

import (
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// Extent is from the earliest start to the latest end; bounded is false for a series without end or whose end only counting
// would tell (COUNT), and for an item without any time (a contact, an undated task), for which both are zero. Floating times
// and dates are read as UTC.
func (d *Document) Extent() (from, to time.Time, bounded bool) {
	if d.Kind == Card {
		return from, to, false
	}
	bounded = true
	reach := func(t ical.Time) {
		at := t.Instant(nil)
		if from.IsZero() || at.Before(from) {
			from = at
		}
		if at.After(to) {
			to = at
		}
	}
	for _, c := range d.Components {
		parts := d.calendarParts(c)
		var start, end time.Time
		for _, p := range parts {
			if t, err := ical.ReadTime(ical.Main(p.Canon)); err == nil && (p.Field == "start" || p.Field == "end" || p.Field == "due") {
				reach(t)
				if p.Field == "start" {
					start = t.Instant(nil)
				} else {
					end = t.Instant(nil)
				}
			}
		}
		length := max(end.Sub(start), 0)
		if start.IsZero() || end.IsZero() {
			length = 0
		}
		for _, p := range parts {
			if p.Field != "recurrence" || p.Canon == "" {
				continue
			}
			last, ok := lastStart(p.Canon)
			bounded = bounded && ok
			if last = last.Add(length); ok && last.After(to) {
				to = last
			}
		}
	}
	if from.IsZero() {
		return from, to, false
	}
	return from.UTC(), to.UTC(), bounded
}

// lastStart is a bound for the last start that a recurrence set says besides DTSTART; false: there is none to be read off.
func lastStart(canon string) (time.Time, bool) {
	var last time.Time
	take := func(t ical.Time) {
		at := t.Instant(nil)
		if t.Zone == nil { // wherever it is read
			at = at.AddDate(0, 0, 1)
		}
		if at.After(last) {
			last = at
		}
	}
	for line := range strings.SplitSeq(canon, "\n") {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "RRULE":
			_, until, ok := strings.Cut(value, "UNTIL=")
			until, _, _ = strings.Cut(until, ";")
			t, err := ical.ParseTime(until, "", false, nil)
			if !ok || err != nil {
				return last, false
			}
			take(t)
		case "RDATE":
			for item := range strings.SplitSeq(value, ",") {
				item, _, _ = strings.Cut(item, "/")
				if t, err := ical.ReadTime(item); err == nil {
					take(t)
				}
			}
		}
	}
	return last, true
}
