package ical

import (
	"fmt"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/tz"
)

// Time is a DATE or a DATE-TIME (RFC 5545 sections 3.3.4 and 3.3.5).
type Time struct {
	Wall time.Time // date and clock, written as if in UTC
	Date bool      // a date: it has no clock and no zone
	Zone *tz.Zone  // nil: a date, or floating
}

// Zones finds the zone that a TZID means in an item.
type Zones func(tzid string) (*tz.Zone, error)

// ParseTime reads a value; tzid is the TZID parameter or "", date whether VALUE=DATE was said.
func ParseTime(value, tzid string, date bool, zones Zones) (Time, error) {
	value = strings.TrimSpace(value)
	if len(value) == 8 || date && len(value) >= 8 {
		wall, ok := digits(value[:8], "000000")
		if !ok {
			return Time{}, fmt.Errorf("%q is not a date", value)
		}
		return Time{Wall: wall, Date: true}, nil
	}
	utc := len(value) == 16 && (value[15] == 'Z' || value[15] == 'z')
	if len(value) != 15 && !utc || value[8] != 'T' && value[8] != 't' {
		return Time{}, fmt.Errorf("%q is not a date or time", value)
	}
	wall, ok := digits(value[:8], value[9:15])
	if !ok {
		return Time{}, fmt.Errorf("%q is not a date or time", value)
	}
	t := Time{Wall: wall}
	switch {
	case utc:
		t.Zone = tz.UTC()
	case tzid != "":
		zone, err := zones(tzid)
		if err != nil {
			return Time{}, err
		}
		t.Zone = zone
	}
	return t, nil
}

// digits reads YYYYMMDD and HHMMSS; a leap second counts as the second before.
func digits(date, clock string) (time.Time, bool) {
	n := func(s string) int {
		v := 0
		for i := range len(s) {
			if s[i] < '0' || s[i] > '9' {
				return -1
			}
			v = v*10 + int(s[i]-'0')
		}
		return v
	}
	year, month, day := n(date[:4]), n(date[4:6]), n(date[6:8])
	hour, minute, second := n(clock[:2]), n(clock[2:4]), n(clock[4:6])
	if second == 60 {
		second = 59
	}
	if year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return t, t.Day() == day
}

const (
	dateForm  = "2006-01-02"
	clockForm = "2006-01-02T15:04:05"
)

// String is the canonical form: "2026-03-01", "2026-03-01T09:00:00" (floating), "…Z", or "…[Europe/Paris]". ReadTime reads it.
func (t Time) String() string {
	switch {
	case t.Date:
		return t.Wall.Format(dateForm)
	case t.Zone == nil:
		return t.Wall.Format(clockForm)
	case t.Zone.ID() == "UTC":
		return t.Wall.Format(clockForm + "Z")
	}
	b := make([]byte, 0, len(clockForm)+2+len(t.Zone.ID()))
	b = t.Wall.AppendFormat(b, clockForm)
	b = append(b, '[')
	b = append(b, t.Zone.ID()...)
	return string(append(b, ']'))
}

// ReadTime reads what String writes, and RFC 3339 with a zone in brackets or an offset: "2026-03-01T09:00:00+01:00[Europe/Paris]".
// The bracketed zone decides over an offset; an offset alone gives UTC.
func ReadTime(s string) (Time, error) {
	if t, err := time.Parse(dateForm, s); err == nil {
		return Time{Wall: t, Date: true}, nil
	}
	clock, name, bracket := strings.Cut(s, "[")
	t := Time{}
	if at, err := time.Parse(time.RFC3339, clock); err == nil {
		if !bracket {
			return Time{Wall: at.UTC().Truncate(time.Second), Zone: tz.UTC()}, nil
		}
		t.Wall = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	} else if at, err := time.Parse(clockForm, clock); err == nil {
		t.Wall = at
	} else if at, err := time.Parse("2006-01-02 15:04:05", clock); err == nil {
		t.Wall = at
	} else {
		return Time{}, fmt.Errorf("%q is not a time like 2026-03-01T09:00:00Z or a date like 2026-03-01", s)
	}
	if bracket {
		name = strings.TrimSuffix(name, "]")
		zone, ok := tz.Find(name)
		if !ok {
			zone, ok = tz.ByID(name)
		}
		if !ok {
			return Time{}, fmt.Errorf("unknown time zone %q", name)
		}
		t.Zone = zone
	}
	return t, nil
}

// Instant is the instant that t is; floating is the zone of times and dates without one, nil: UTC.
func (t Time) Instant(floating *time.Location) time.Time {
	if t.Zone != nil {
		return tz.Instant(t.Wall, t.Zone.Location())
	}
	if floating == nil {
		floating = time.UTC
	}
	return tz.Instant(t.Wall, floating)
}

// RFC3339 is how expressions and plans see t: a date, or a time with the offset of its zone.
func (t Time) RFC3339(floating *time.Location) string {
	if t.Date {
		return t.Wall.Format(dateForm)
	}
	return t.Instant(floating).Format(time.RFC3339)
}

// Add is t after a duration: days on the calendar, the rest exactly (RFC 5545 section 3.3.6).
func (t Time) Add(d Duration) Time {
	if t.Date {
		t.Wall = t.Wall.AddDate(0, 0, d.Days+d.Seconds/(24*60*60))
		return t
	}
	if t.Wall = t.Wall.AddDate(0, 0, d.Days); d.Seconds == 0 {
		return t
	}
	length := time.Duration(d.Seconds) * time.Second
	if t.Zone == nil || t.Zone.ID() == "UTC" {
		t.Wall = t.Wall.Add(length)
		return t
	}
	end := t.Instant(nil).Add(length)
	t.Wall = time.Date(end.Year(), end.Month(), end.Day(), end.Hour(), end.Minute(), end.Second(), 0, time.UTC)
	return t
}

// Value is t as an iCalendar value with the parameters it needs, ";VALUE=DATE:20260301" or ";TZID=Europe/Paris:20260301T090000".
func (t Time) Value() string {
	switch {
	case t.Date:
		return ";VALUE=DATE:" + t.Wall.Format("20060102")
	case t.Zone == nil:
		return ":" + t.Wall.Format("20060102T150405")
	case t.Zone.ID() == "UTC" || t.Zone.Name() == "":
		return ":" + t.Instant(nil).UTC().Format("20060102T150405Z")
	}
	return ";TZID=" + t.Zone.Name() + ":" + t.Wall.Format("20060102T150405")
}
