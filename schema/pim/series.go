package pim

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// recurrence makes one element of the lines of a recurrence set: the rules, then the dates as sets, in the zone of the start.
func (d *document) recurrence(parts []part) []part {
	var (
		first = -1
		sets  = map[string][]string{}
		lines []contentline.Line
		start = d.startZone(parts)
	)
	for i := range parts {
		p := &parts[i]
		if p.field != "recurrence" {
			continue
		}
		if first < 0 {
			first = i
		}
		l := &d.lines[p.from]
		lines = append(lines, *l)
		name := strings.ToUpper(l.Name())
		if name == "RRULE" || name == "EXRULE" {
			sets[name] = append(sets[name], ical.Rule(string(l.Value())))
			continue
		}
		canon, err := ical.Canon(l, ical.Dates, d.zone)
		if err != nil {
			canon = string(l.Value())
		}
		if canon == "" {
			continue
		}
		for item := range strings.SplitSeq(canon, ",") {
			sets[name] = append(sets[name], inZone(item, start))
		}
	}
	if first < 0 {
		return parts
	}
	var text []string
	for _, name := range []string{"RRULE", "EXRULE", "RDATE", "EXDATE"} {
		set := sets[name]
		slices.Sort(set)
		if set = slices.Compact(set); len(set) == 0 {
			continue
		}
		if name == "RRULE" || name == "EXRULE" {
			for _, rule := range set {
				text = append(text, name+":"+rule)
			}
			continue
		}
		text = append(text, name+":"+strings.Join(set, ","))
	}
	parts[first].canon, parts[first].lines = strings.Join(text, "\n"), lines
	return parts
}

func (d *document) startZone(parts []part) *tz.Zone {
	for i := range parts {
		if parts[i].field == "start" {
			if t, err := ical.LineTime(&d.lines[parts[i].from], string(d.lines[parts[i].from].Value()), d.zone); err == nil {
				return t.Zone
			}
		}
	}
	return nil
}

// inZone writes a canonical time as local time of a zone, so that 08:00 UTC and 09:00 in Paris are the same exception.
func inZone(canon string, zone *tz.Zone) string {
	if zone == nil || strings.Contains(canon, "/") {
		return canon
	}
	t, err := ical.ReadTime(canon)
	if err != nil || t.Zone == nil || t.Zone.ID() == zone.ID() {
		return canon
	}
	at := t.Instant(nil).In(zone.Location())
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	return ical.Time{Wall: wall, Zone: zone}.String()
}

// span settles where the component ends: DTEND, DUE, DURATION, or the one day of an all-day event without any (RFC 5545
// section 3.6.1), all become a time. An end at the start is none.
func (d *document) span(c component, parts []part) []part {
	field, name := "end", "DTEND"
	switch d.kind {
	case Tasks:
		field, name = "due", "DUE"
	case Notes:
		return parts
	}
	var start, end, length *part
	for i := range parts {
		switch p := &parts[i]; {
		case p.field == "start" && start == nil:
			start = p
		case p.field == field && d.lines[p.from].Is("DURATION"):
			length = p
		case p.field == field && end == nil:
			end = p
		}
	}
	if start == nil {
		return parts
	}
	l := &d.lines[start.from]
	from, err := ical.LineTime(l, string(l.Value()), d.zone)
	if err != nil {
		return parts
	}
	switch {
	case end != nil:
		if end.canon != start.canon || d.kind != Calendar {
			break
		}
		end.canon = ""
		if from.Date { // an all-day event lasts a day at least
			to := from.Add(ical.Duration{Days: 1})
			end.canon, end.lines = to.String(), []contentline.Line{timeLine(name, to, l)}
		}
	case length != nil:
		to := from
		if duration, err := ical.ParseDuration(string(d.lines[length.from].Value())); err == nil {
			to = from.Add(duration)
		}
		if to == from && from.Date && d.kind == Calendar {
			to = from.Add(ical.Duration{Days: 1})
		}
		if to != from {
			length.canon, length.lines = to.String(), []contentline.Line{timeLine(name, to, l)}
		}
	case from.Date && d.kind == Calendar:
		to := from.Add(ical.Duration{Days: 1})
		parts = append(parts, part{slot: field, field: field, canon: to.String(), lines: []contentline.Line{timeLine(name, to, l)}})
	}
	return parts
}

// timeLine writes a time in the zone of another line, by the name that the zone has there.
func timeLine(name string, t ical.Time, like *contentline.Line) contentline.Line {
	if tzid := like.Param("TZID"); tzid != "" && t.Zone != nil && t.Zone.ID() != "UTC" {
		return contentline.New(name + ";TZID=" + contentline.Quote(tzid) + ":" + t.Wall.Format("20060102T150405"))
	}
	return contentline.New(name + t.Value())
}

// overrideKey names an override by its original start, in UTC so that every way to write that gives the same name.
func (d *document) overrideKey(c component) string {
	l := d.find(c, "RECURRENCE-ID")
	t, err := ical.LineTime(l, string(l.Value()), d.zone)
	switch {
	case err != nil:
		return overridePrefix + string(l.Value())
	case t.Date || t.Zone == nil:
		return overridePrefix + t.String()
	}
	return overridePrefix + t.Instant(nil).UTC().Format(time.RFC3339)
}

// override is the one element that an override is: its range, and all its fields.
func (d *document) override(c component) part {
	var texts []string
	if l := d.find(c, "RECURRENCE-ID"); strings.EqualFold(l.Param("RANGE"), "THISANDFUTURE") {
		texts = append(texts, "range=THISANDFUTURE")
	}
	for _, p := range d.calendarParts(c) {
		if p.canon != "" {
			texts = append(texts, p.field+"="+p.canon)
		}
	}
	slices.Sort(texts)
	key := d.overrideKey(c)
	return part{slot: key, field: key, canon: "override\x1e" + strings.Join(slices.Compact(texts), "\x1e"), from: c.begin, to: c.end + 1}
}

// Extent is from the earliest start to the latest end; bounded is false for a series without end or whose end only counting
// would tell (COUNT), and for an item without any time (a contact, an undated task), for which both are zero. Floating times
// and dates are read as UTC.
func (it *Item) Extent() (from, to time.Time, bounded bool) {
	d := it.document()
	if it.kind == Contacts {
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
	for _, c := range d.components {
		parts := d.calendarParts(c)
		var start, end time.Time
		for _, p := range parts {
			if t, err := ical.ReadTime(ical.Main(p.canon)); err == nil && (p.field == "start" || p.field == "end" || p.field == "due") {
				reach(t)
				if p.field == "start" {
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
			if p.field != "recurrence" || p.canon == "" {
				continue
			}
			last, ok := lastStart(p.canon)
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
		if t.Date {
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
