package tz

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/rule"
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

// onsets are the local times, written as if in UTC, at which the observance begins: what its rule and its dates name, and its start where it has no
// rule, or one that cannot be read.
func (o observance) onsets() []time.Time {
	start, err := time.Parse(wall, o.start)
	if err != nil {
		return nil
	}
	var onsets []time.Time
	for date := range strings.SplitSeq(o.dates, ",") {
		if t, err := time.Parse(wall, strings.TrimSuffix(date, "Z")); err == nil {
			onsets = append(onsets, t)
		}
	}
	r, err := rule.Parse(o.rule, start, false)
	if err != nil {
		return append(onsets, start)
	}
	last := time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 1
	if until := r.Until(); !until.Wall.IsZero() {
		end := until.Wall
		switch {
		case until.Date:
			end = end.AddDate(0, 0, 1).Add(-time.Second)
		case until.UTC:
			end = end.Add(time.Duration(o.from) * time.Second)
		}
		last = min(last, end.Unix())
	}
	steps := mostSteps
	walk := r.Begin(rule.Walk{Past: func(wall int64) bool { return wall > last }, Steps: &steps})
	for {
		at, more, err := walk.Next()
		if !more || err != nil {
			return onsets
		}
		onsets = append(onsets, time.Unix(at, 0).UTC())
	}
}

// mostSteps is how far the rule of an observance is walked through: one that has clocks change every day is none of a zone.
const mostSteps = 2000

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
