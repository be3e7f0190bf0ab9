package pim

import (
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// Floats reports whether the item has a time that is the same on every clock (RFC 5545 section 3.3.5, form 1). A date is none.
func (it *Item) Floats() bool {
	floats := false
	it.eachTime(func(_ int, l *contentline.Line) {
		for item := range strings.SplitSeq(string(l.Value()), ",") {
			floats = floats || isFloating(l, item)
		}
	})
	return floats
}

// Grounded is the item with its floating times in a zone, for a store in which no time floats: start, end, due, completed, the dates of the recurrence,
// the end of its rules, and those of overrides. What has a zone, or is a date, stays. It is the same item when nothing floats, or it is a contact.
// A zone of no name that the IANA database knows makes them UTC; nil is UTC.
func (it *Item) Grounded(zone *time.Location) *Item {
	if !it.Floats() {
		return it
	}
	g := grounding{zone: zoneOf(zone)}
	d := it.document()
	e := parts.NewEdit(d)
	if tzid := g.zone.Name(); g.zone.ID() != "UTC" && !hasZone(d, tzid) {
		first, found := it.own().time("start")
		if !found {
			first, _ = it.own().time("due")
		}
		var lines []contentline.Line
		for _, text := range tz.Component(tzid, g.zone, first.Wall) {
			lines = append(lines, contentline.New(text))
		}
		e.Insert(d.Components[0].Begin, lines)
	}
	return it.rewritten(e, g.ground, g.until)
}

// Floated is the way back: the item with its times of that zone, or in UTC, floating. A time of another zone stays as it is: somebody put it there.
// For the item of a store that holds Grounded in place of an original that [Item.Floats].
func (it *Item) Floated(zone *time.Location) *Item {
	g := grounding{zone: zoneOf(zone)}
	return it.rewritten(parts.NewEdit(it.document()), g.float, g.floatUntil)
}

// zoneOf is the zone that package time knows by a name.
func zoneOf(location *time.Location) *tz.Zone {
	if location == nil {
		return tz.UTC()
	}
	if z, ok := tz.Find(location.String()); ok {
		return z
	}
	return tz.UTC()
}

func hasZone(d *parts.Document, tzid string) bool {
	_, known := d.Timezones[tzid]
	return known
}

// eachTime walks over the lines of the item that hold times which may float.
func (it *Item) eachTime(visit func(at int, l *contentline.Line)) {
	if it.kind == Contacts {
		return
	}
	d := it.document()
	for _, c := range d.Components {
		for from, to := range d.Children(c) {
			l := &d.Lines[from]
			if to-from > 1 {
				continue
			}
			switch strings.ToUpper(l.Name()) {
			case "DTSTART", "DTEND", "DUE", "COMPLETED", "EXDATE", "RDATE", recurrenceID:
				visit(from, l)
			}
		}
	}
}

// isFloating reports whether one value of a line is a time without a zone.
func isFloating(l *contentline.Line, value string) bool {
	value, _, _ = strings.Cut(strings.TrimSpace(value), "/")
	return l.Param("TZID") == "" && len(value) == len("20060102T150405")
}

// rewritten is the item with other lines for its times and its rules.
func (it *Item) rewritten(e *parts.Edit, times func(*contentline.Line) []string, rule func(string) string) *Item {
	replace := func(at int, texts []string) {
		var lines []contentline.Line
		for _, text := range texts {
			lines = append(lines, contentline.New(text))
		}
		if len(lines) == 1 && string(lines[0].Text()) == string(e.Doc.Lines[at].Text()) {
			return
		}
		e.Remove(at, at+1)
		e.Insert(at, lines)
	}
	moves := false
	it.eachTime(func(at int, l *contentline.Line) {
		texts := times(l)
		if l.Is("DTSTART") {
			moves = moves || texts[0] != string(l.Text())
		}
		replace(at, texts)
	})
	for _, c := range e.Doc.Components {
		for from, to := range e.Doc.Children(c) {
			if l := &e.Doc.Lines[from]; moves && to-from == 1 && (l.Is("RRULE") || l.Is("EXRULE")) {
				replace(from, []string{l.Name() + parts.ParamsOf(l) + ":" + rule(string(l.Value()))})
			}
		}
	}
	return printed(it.kind, it.uid, e)
}

// grounding puts floating times into a zone, and back.
type grounding struct{ zone *tz.Zone }

// line is a line with other values and TZID; of a zone that is UTC the values say so.
func line(l *contentline.Line, tzid string, values []string) string {
	var params strings.Builder
	for p := range l.Params() {
		if !strings.EqualFold(p.Name, "TZID") {
			params.WriteString(";" + p.Name + "=" + p.Value)
		}
	}
	if tzid != "" {
		params.WriteString(";TZID=" + contentline.Quote(tzid))
	}
	return l.Name() + params.String() + ":" + strings.Join(values, ",")
}

// ground splits a line into the one with what keeps its form and the one with what floats no more.
func (g grounding) ground(l *contentline.Line) []string {
	var same, moved []string
	for item := range strings.SplitSeq(string(l.Value()), ",") {
		switch {
		case !isFloating(l, item):
			same = append(same, item)
		case g.zone.ID() == "UTC":
			start, rest, period := strings.Cut(strings.TrimSpace(item), "/")
			if start += "Z"; period {
				if start += "/" + rest; !strings.HasPrefix(rest, "P") {
					start += "Z"
				}
			}
			moved = append(moved, start)
		default:
			moved = append(moved, strings.TrimSpace(item))
		}
	}
	var lines []string
	if len(same) > 0 {
		lines = append(lines, line(l, l.Param("TZID"), same))
	}
	if len(moved) > 0 {
		tzid := g.zone.Name()
		if g.zone.ID() == "UTC" {
			tzid = ""
		}
		lines = append(lines, line(l, tzid, moved))
	}
	return lines
}

// float is ground the other way round.
func (g grounding) float(l *contentline.Line) []string {
	tzid := l.Param("TZID")
	z, known := tz.Find(tzid)
	ours := known && z.ID() == g.zone.ID()
	if tzid != "" && !ours || strings.EqualFold(l.Param("VALUE"), "DATE") {
		return []string{string(l.Text())}
	}
	var values []string
	for item := range strings.SplitSeq(string(l.Value()), ",") {
		start, rest, period := strings.Cut(strings.TrimSpace(item), "/")
		value := g.local(start)
		if period {
			value += "/" + g.local(rest)
		}
		values = append(values, value)
	}
	return []string{line(l, "", values)}
}

// local is a UTC time as local time of the zone; anything else as it is.
func (g grounding) local(value string) string {
	t, err := ical.ParseTime(value, "", false, nil)
	if err != nil || t.Zone == nil {
		return value
	}
	return t.Wall.In(g.zone.Location()).Format("20060102T150405")
}

// until gives an UNTIL that floats the instant that it is in the zone: with a start that has a zone it has to be one (RFC 5545 section 3.3.10).
func (g grounding) until(rule string) string {
	return withUntil(rule, func(value string) string {
		t, err := ical.ParseTime(value, "", false, nil)
		if err != nil || t.Date || t.Zone != nil {
			return value
		}
		return t.Instant(g.zone.Location()).UTC().Format("20060102T150405Z")
	})
}

func (g grounding) floatUntil(rule string) string { return withUntil(rule, g.local) }

// withUntil is a rule with another UNTIL.
func withUntil(rule string, change func(value string) string) string {
	list := strings.Split(rule, ";")
	for i, part := range list {
		if name, value, _ := strings.Cut(part, "="); strings.EqualFold(strings.TrimSpace(name), "UNTIL") {
			list[i] = name + "=" + change(value)
		}
	}
	return strings.Join(list, ";")
}
