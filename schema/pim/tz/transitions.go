package tz

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lastYear is up to when the rules of a VTIMEZONE are worked out; later times have the last offset.
const lastYear = 2100

// transition is an instant from which an offset applies.
type transition struct {
	at     int64
	offset int
}

// location works the rules out into a time.Location, by way of the format of the zone database (RFC 8536).
func (r rules) location() *time.Location {
	var transitions []transition
	for _, o := range r {
		for _, onset := range o.onsets() {
			transitions = append(transitions, transition{onset.Unix() - int64(o.from), o.to})
		}
	}
	slices.SortStableFunc(transitions, func(a, b transition) int { return cmp.Compare(a.at, b.at) })
	first := r[0].from
	if len(transitions) > 0 {
		for _, o := range r {
			if o.to == transitions[0].offset {
				first = o.from
				break
			}
		}
	}
	location, err := time.LoadLocationFromTZData("", tzif(first, transitions))
	if err != nil { // the data is our own and well formed; only more than 255 distinct offsets could make it fail
		return time.FixedZone("", r[0].to)
	}
	return location
}

// onsets are the local times, written as if in UTC, at which the observance begins.
func (o observance) onsets() []time.Time {
	start, err := time.Parse(wall, o.start)
	if err != nil {
		return nil
	}
	var onsets []time.Time
	if o.rule == "" || !strings.Contains(o.rule, "FREQ=YEARLY") {
		onsets = append(onsets, start)
	}
	for date := range strings.SplitSeq(o.dates, ",") {
		if t, err := time.Parse(wall, strings.TrimSuffix(date, "Z")); err == nil {
			onsets = append(onsets, t)
		}
	}
	if o.rule == "" {
		return onsets
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(o.rule, ";") {
		key, value, _ := strings.Cut(part, "=")
		parts[key] = value
	}
	until := time.Date(lastYear, 12, 31, 0, 0, 0, 0, time.UTC)
	if s := parts["UNTIL"]; len(s) >= 8 {
		if t, err := time.Parse(wall, strings.TrimSuffix(s, "Z")); err == nil {
			until = t
			if strings.HasSuffix(s, "Z") {
				until = t.Add(time.Duration(o.from) * time.Second)
			}
		} else if t, err := time.Parse("20060102", s[:8]); err == nil {
			until = t.AddDate(0, 0, 1)
		}
	}
	count, _ := strconv.Atoi(parts["COUNT"])
	if parts["FREQ"] != "YEARLY" {
		return onsets
	}
	for year := start.Year(); year <= lastYear; year++ {
		t, ok := inYear(start, year, parts)
		if t.After(until) || count > 0 && len(onsets) >= count {
			break
		}
		if ok && !t.Before(start) {
			onsets = append(onsets, t)
		}
	}
	return onsets
}

var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// inYear is the onset of a yearly rule in one year: in a month, on the n-th weekday, or on the first of some days that is one.
func inYear(start time.Time, year int, parts map[string]string) (time.Time, bool) {
	month := start.Month()
	if m, err := strconv.Atoi(parts["BYMONTH"]); err == nil {
		month = time.Month(m)
	}
	on := func(day int) time.Time {
		return time.Date(year, month, day, start.Hour(), start.Minute(), start.Second(), 0, time.UTC)
	}
	byDay, monthDays := parts["BYDAY"], parts["BYMONTHDAY"]
	if len(byDay) < 2 {
		if day, err := strconv.Atoi(monthDays); err == nil {
			return on(day), true
		}
		return on(start.Day()), true
	}
	weekday, ok := weekdays[byDay[len(byDay)-2:]]
	if !ok {
		return on(start.Day()), false
	}
	if monthDays != "" {
		for s := range strings.SplitSeq(monthDays, ",") {
			if day, err := strconv.Atoi(s); err == nil && on(day).Weekday() == weekday {
				return on(day), true
			}
		}
		return on(start.Day()), false
	}
	nth, err := strconv.Atoi(byDay[:len(byDay)-2])
	if err != nil || nth == 0 {
		nth = 1
	}
	if nth > 0 {
		first := on(1)
		return on(1 + (int(weekday)-int(first.Weekday())+7)%7 + 7*(nth-1)), true
	}
	last := time.Date(year, month+1, 0, start.Hour(), start.Minute(), start.Second(), 0, time.UTC)
	return last.AddDate(0, 0, -(int(last.Weekday())-int(weekday)+7)%7+7*(nth+1)), true
}

// tzif writes transitions as version 2 data of RFC 8536 section 3; first is the offset before them all.
func tzif(first int, transitions []transition) []byte {
	offsets := []int{first}
	index := make([]byte, len(transitions))
	for i, t := range transitions {
		at := slices.Index(offsets, t.offset)
		if at < 0 {
			at = len(offsets)
			offsets = append(offsets, t.offset)
		}
		index[i] = byte(at)
	}
	header := func(b []byte, counts ...int) []byte {
		b = append(b, "TZif2"...)
		b = append(b, make([]byte, 15)...)
		for _, n := range counts {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		return b
	}
	b := header(nil, 0, 0, 0, 0, 1, 1)
	b = append(b, make([]byte, 7)...)
	b = header(b, 0, 0, 0, len(transitions), len(offsets), 1)
	for _, t := range transitions {
		b = binary.BigEndian.AppendUint64(b, uint64(t.at))
	}
	b = append(b, index...)
	for _, o := range offsets {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(o)))
		b = append(b, 0, 0)
	}
	return append(b, 0, '\n', '\n')
}
