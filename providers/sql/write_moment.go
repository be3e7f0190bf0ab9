package sql

import (
	"strings"
	"time"
)

// moment is a time of an item, as columns with and without a zone take it.
type moment struct {
	time.Time      // in the folder's zone, or in UTC
	day       bool // it is a date
	utc       bool // it is for a column that holds UTC, and says so where that is text
}

// written is the moment in a form, or the date.
func (m moment) written(form string) string {
	if m.day {
		form = time.DateOnly
	}
	return m.Format(form)
}

// isMoment reports whether a name of items is a time.
func isMoment(name string) bool {
	switch name {
	case "start", "end", "due", "completed", "created", "modified":
		return true
	}
	return false
}

// utcSuffix makes the name of a time that of the same in UTC: :start_utc.
const utcSuffix = "_utc"

// momentOf is the moment that an item's text for a time means; nil: it has none.
func momentOf(text any, zone *time.Location, utc bool) any {
	s, ok := text.(string)
	if !ok || s == "" {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return moment{t, true, utc}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return nil
	}
	if utc || zone == nil {
		return moment{t.UTC(), false, utc}
	}
	return moment{t.In(zone), false, false}
}

// stamp is the text of a version, as it was read. What is a time is in the form of a [providers.Value].
type stamp string

// plain is the stamp for databases that take no T and no Z in a time.
func (s stamp) plain() string {
	text := string(s)
	if _, err := time.Parse("2006-01-02T15:04:05.999999999", strings.TrimSuffix(text, "Z")); err != nil {
		return text
	}
	return strings.Replace(strings.TrimSuffix(text, "Z"), "T", " ", 1)
}
