package pim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// Times is when an event takes place, its start, end and recurrence, in lines that say nothing else: no parameter and no part of a rule that is not
// a time's is in them, and a time zone goes by its IANA name, else by a name that says nothing, with its rules and no word of its VTIMEZONE. The error is of a
// time that could hide something else.
func (f Fields) Times() (Fields, error) {
	var b timeBuilder
	for _, field := range []string{"start", "end", "recurrence"} {
		v := f[field]
		for _, e := range v.elements {
			for i := range e.lines {
				if err := b.add(&e.lines[i], e.zones); err != nil {
					return nil, fmt.Errorf("%s: %w", field, err)
				}
			}
		}
	}
	begin, end := envelope(Calendar)
	at := strings.Index(begin, "BEGIN:"+Calendar.Component())
	data := slices.Concat([]byte(begin[:at]), contentline.Append(nil, b.zones), []byte(begin[at:]), contentline.Append(nil, b.lines), []byte(end))
	d, err := parts.Read(parts.Event, data)
	if err != nil {
		return nil, err
	}
	return fieldsOf(d), nil
}

// WithTimes is the override v with the content of an item, as WithAlone makes it, and nothing but the time in its RECURRENCE-ID.
func (v Value) WithTimes(it *Item) (Value, error) {
	if !parts.IsOverride(v.field) || len(v.elements) != 1 {
		return Value{}, fmt.Errorf("%s is no override", v.field)
	}
	var b timeBuilder
	for i := range v.elements[0].lines {
		if l := &v.elements[0].lines[i]; l.Is(recurrenceID) {
			if err := b.add(l, v.elements[0].zones); err != nil {
				return Value{}, fmt.Errorf("%s: %w", recurrenceID, err)
			}
			break
		}
	}
	override := Value{field: v.field, elements: []element{{lines: append([]contentline.Line{contentline.New("BEGIN:" + it.kind.Component())}, b.lines...), zones: map[string][]contentline.Line{}}}}
	if len(b.zones) > 0 {
		override.elements[0].zones[zoneName(b.zones)] = b.zones
	}
	return override.WithAlone(it)
}

// timeBuilder writes times anew.
type timeBuilder struct {
	lines, zones []contentline.Line
	named        map[string]bool // TZIDs in zones
}

// add writes the times of a line anew.
func (b *timeBuilder) add(l *contentline.Line, zones map[string][]contentline.Line) error {
	name := strings.ToUpper(l.Name())
	switch name {
	case "RRULE", "EXRULE":
		rule, err := ical.KnownRule(string(l.Value()))
		if err != nil {
			return err
		}
		b.lines = append(b.lines, contentline.New(name+":"+rule))
		return nil
	case "DTSTART", "DTEND", "RDATE", "EXDATE", recurrenceID:
	default:
		return fmt.Errorf("%s is no time", name)
	}
	if name == recurrenceID && strings.EqualFold(l.Param("RANGE"), "THISANDFUTURE") {
		name += ";RANGE=THISANDFUTURE"
	}
	for item := range strings.SplitSeq(string(l.Value()), ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		from, rest, period := strings.Cut(item, "/")
		t, err := ical.LineTime(l, from, func(tzid string) (*tz.Zone, error) { return findZone(tzid, zones) })
		if err != nil {
			return err
		}
		value, err := b.value(t)
		if err != nil {
			return err
		}
		if period {
			if !restOfPeriod.MatchString(rest) {
				return fmt.Errorf("a period ends in no time")
			}
			value = ";VALUE=PERIOD" + value + "/" + rest
		}
		b.lines = append(b.lines, contentline.New(name+value))
	}
	return nil
}

// restOfPeriod is what follows the start of a PERIOD (RFC 5545 section 3.3.9).
var restOfPeriod = regexp.MustCompile(`^([+-]?P[0-9WDTHMS]+|\d{8}T\d{6}Z?)$`)

// value is a time with the parameters that it needs. Its zone's VTIMEZONE is added.
func (b *timeBuilder) value(t ical.Time) (string, error) {
	if t.Zone == nil || t.Zone.ID() == "UTC" {
		return t.Value(), nil
	}
	tzid := t.Zone.Name()
	if tzid == "" {
		tzid = fmt.Sprintf("Zone-%016x", xxhash.Sum64String(t.Zone.ID()))
	}
	if !b.named[tzid] {
		zone, err := plainZone(tzid, t)
		if err != nil {
			return "", fmt.Errorf("its time zone: %w", err)
		}
		if b.named == nil {
			b.named = map[string]bool{}
		}
		b.zones, b.named[tzid] = append(b.zones, zone...), true
	}
	return ";TZID=" + tzid + ":" + t.Wall.Format("20060102T150405"), nil
}

// plainZone is the VTIMEZONE of a time's zone, with known rules and times alone.
func plainZone(tzid string, t ical.Time) ([]contentline.Line, error) {
	texts := tz.Rules(tzid, t.Zone)
	if texts == nil {
		texts = tz.Component(tzid, t.Zone, t.Wall)
	}
	lines := make([]contentline.Line, len(texts))
	for i, text := range texts {
		name, value, _ := strings.Cut(text, ":")
		switch name {
		case "RRULE":
			rule, err := ical.KnownRule(value)
			if err != nil {
				return nil, err
			}
			text = name + ":" + rule
		case "RDATE":
			if !dateOfZone.MatchString(value) {
				return nil, fmt.Errorf("RDATE is no time")
			}
		}
		lines[i] = contentline.New(text)
	}
	return lines, nil
}

// dateOfZone is an onset in a VTIMEZONE, a local time (RFC 5545 section 3.6.5).
var dateOfZone = regexp.MustCompile(`^\d{8}(T\d{6}Z?)?$`)

// findZone is the zone that a TZID means: by its name, else by the rules of its VTIMEZONE.
func findZone(tzid string, zones map[string][]contentline.Line) (*tz.Zone, error) {
	if z, ok := tz.Find(tzid); ok {
		return z, nil
	}
	if zones[tzid] == nil {
		return nil, fmt.Errorf("an unknown time zone")
	}
	return tz.FromComponent(zones[tzid])
}
