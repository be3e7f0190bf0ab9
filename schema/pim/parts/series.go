package parts

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// recurrence makes one element of the lines of a recurrence set: the rules, then the dates as sets, in the zone of the start.
func (d *Document) recurrence(parts []Part) []Part {
	var (
		first = -1
		sets  = map[string][]string{}
		lines []contentline.Line
		start = d.startZone(parts)
	)
	for i := range parts {
		p := &parts[i]
		if p.Field != "recurrence" {
			continue
		}
		if first < 0 {
			first = i
		}
		l := &d.Lines[p.From]
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
	parts[first].Canon, parts[first].Lines = strings.Join(text, "\n"), lines
	return parts
}

func (d *Document) startZone(parts []Part) *tz.Zone {
	for i := range parts {
		if parts[i].Field == "start" {
			if t, err := ical.LineTime(&d.Lines[parts[i].From], string(d.Lines[parts[i].From].Value()), d.zone); err == nil {
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
func (d *Document) span(c Component, parts []Part) []Part {
	field, name := "end", "DTEND"
	switch d.Kind {
	case Todo:
		field, name = "due", "DUE"
	case Journal:
		return parts
	}
	var start, end, length *Part
	for i := range parts {
		switch p := &parts[i]; {
		case p.Field == "start" && start == nil:
			start = p
		case p.Field == field && d.Lines[p.From].Is("DURATION"):
			length = p
		case p.Field == field && end == nil:
			end = p
		}
	}
	if start == nil {
		return parts
	}
	l := &d.Lines[start.From]
	from, err := ical.LineTime(l, string(l.Value()), d.zone)
	if err != nil {
		return parts
	}
	switch {
	case end != nil:
		if end.Canon != start.Canon || d.Kind != Event {
			break
		}
		end.Canon = ""
		if from.Date { // an all-day event lasts a day at least
			to := from.Add(ical.Duration{Days: 1})
			end.Canon, end.Lines = to.String(), []contentline.Line{timeLine(name, to, l)}
		}
	case length != nil:
		to := from
		if duration, err := ical.ParseDuration(string(d.Lines[length.From].Value())); err == nil {
			to = from.Add(duration)
		}
		if to == from && from.Date && d.Kind == Event {
			to = from.Add(ical.Duration{Days: 1})
		}
		if to != from {
			length.Canon, length.Lines = to.String(), []contentline.Line{timeLine(name, to, l)}
		}
	case from.Date && d.Kind == Event:
		to := from.Add(ical.Duration{Days: 1})
		parts = append(parts, Part{Slot: field, Field: field, Canon: to.String(), Lines: []contentline.Line{timeLine(name, to, l)}})
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
func (d *Document) overrideKey(c Component) string {
	l := d.Find(c, "RECURRENCE-ID")
	t, err := ical.LineTime(l, string(l.Value()), d.zone)
	switch {
	case err != nil:
		return OverridePrefix + string(l.Value())
	case t.Date || t.Zone == nil:
		return OverridePrefix + t.String()
	}
	return OverridePrefix + t.Instant(nil).UTC().Format(time.RFC3339)
}

// override is the one element that an override is: its range, and all its fields.
func (d *Document) override(c Component) Part {
	var texts []string
	if l := d.Find(c, "RECURRENCE-ID"); strings.EqualFold(l.Param("RANGE"), "THISANDFUTURE") {
		texts = append(texts, "range=THISANDFUTURE")
	}
	for _, p := range d.calendarParts(c) {
		if p.Canon != "" {
			texts = append(texts, p.Field+"="+p.Canon)
		}
	}
	slices.Sort(texts)
	key := d.overrideKey(c)
	return Part{Slot: key, Field: key, Canon: "override\x1e" + strings.Join(slices.Compact(texts), "\x1e"), From: c.Begin, To: c.End + 1}
}
