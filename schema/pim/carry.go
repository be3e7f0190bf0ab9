package pim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// carry is the lines of an element of another item as this item has them: an override with this item's UID, groups and TZIDs
// that mean here what they meant there.
func (p *patch) carry(v Value, e element) []contentline.Line {
	lines := make([]contentline.Line, 0, len(e.lines))
	depth, named := 0, !parts.IsOverride(v.field)
	for i := range e.lines {
		l := e.lines[i].Fresh()
		switch {
		case l.Is("BEGIN"):
			depth++
		case l.Is("END"):
			depth--
		case depth == 1 && !named && l.Is("UID") && p.Doc.UID() == "":
			continue
		case depth == 1 && !named && l.Is("UID"):
			l, named = contentline.New("UID:"+ical.Escape(p.Doc.UID())), true
		case l.Is(parts.MarkerName):
			continue
		}
		lines = append(lines, l)
	}
	if p.Doc.Kind == parts.Card {
		return p.regroup(lines)
	}
	if !named && len(lines) > 0 && p.Doc.UID() != "" { // what a template makes has no UID yet
		lines = slices.Insert(lines, 1, contentline.New("UID:"+ical.Escape(p.Doc.UID())))
	}
	for _, zone := range e.needed() {
		p.rezone(zone, lines)
	}
	return lines
}

// regroup gives lines of a group a group of their own here.
func (p *patch) regroup(lines []contentline.Line) []contentline.Line {
	if len(lines) == 0 || lines[0].Group() == "" {
		return lines
	}
	name := lines[0].Group()
	for p.groupNames[strings.ToLower(name)] != nil {
		p.groupsMade++
		name = fmt.Sprintf("item%d", p.groupsMade)
	}
	if p.groupNames == nil {
		p.groupNames = map[string]*parts.Group{}
	}
	p.groupNames[strings.ToLower(name)] = &parts.Group{}
	for i := range lines {
		if was := lines[i].Group(); was != "" && was != name {
			lines[i] = contentline.New(name + string(lines[i].Text()[len(was):]))
		}
	}
	return lines
}

// dropCompanions removes the labels of groups of which nothing else is left.
func (p *patch) dropCompanions() {
	for _, g := range p.groupNames {
		left := len(g.Members) == 0
		for _, i := range g.Members {
			left = left || !p.Drop[i]
		}
		if !left {
			for _, i := range g.Companions {
				p.Drop[i] = true
			}
		}
	}
}

// rezone sees to it that the TZID of a VTIMEZONE means the same here. Where this item uses it for other rules, the lines get
// another.
func (p *patch) rezone(zone, lines []contentline.Line) {
	tzid := zoneName(zone)
	here := p.timezone(tzid)
	if here == nil {
		p.zones = append(p.zones, zone)
		return
	}
	if _, named := tz.Find(tzid); named {
		return
	}
	mine, err1 := tz.FromComponent(here)
	theirs, err2 := tz.FromComponent(zone)
	if err1 != nil || err2 != nil || mine.ID() == theirs.ID() {
		return
	}
	renamed := fmt.Sprintf("%s-%08x", tzid, uint32(xxhash.Sum64String(theirs.ID())))
	replaceTZID(lines, tzid, renamed)
	if p.timezone(renamed) != nil {
		return
	}
	zone = slices.Clone(zone)
	for i := range zone {
		if zone[i].Is("TZID") {
			zone[i] = contentline.New("TZID:" + renamed)
		}
	}
	p.zones = append(p.zones, zone)
}

// timezone is the VTIMEZONE that a TZID has in the item or is about to have, or nil.
func (p *patch) timezone(tzid string) []contentline.Line {
	if zone := p.Doc.Timezone(tzid); zone != nil {
		return zone
	}
	for _, zone := range p.zones {
		if zoneName(zone) == tzid {
			return zone
		}
	}
	return nil
}

// zoneName is the TZID of a VTIMEZONE.
func zoneName(zone []contentline.Line) string {
	for i := range zone {
		if zone[i].Is("TZID") {
			return strings.TrimSpace(string(zone[i].Value()))
		}
	}
	return ""
}

func replaceTZID(lines []contentline.Line, from, to string) {
	for i := range lines {
		l := &lines[i]
		if l.Param("TZID") != from {
			continue
		}
		var b strings.Builder
		b.WriteString(l.Name())
		for param := range l.Params() {
			if strings.EqualFold(param.Name, "TZID") {
				param.Value = contentline.Quote(to)
			}
			b.WriteString(";" + param.Name + "=" + param.Value)
		}
		*l = contentline.New(b.String() + ":" + string(l.Value()))
	}
}

// addZones puts the VTIMEZONEs that came along in front of the components.
func (p *patch) addZones() {
	at := p.Doc.Outer.Begin + 1
	for from, to := range p.Doc.Children(p.Doc.Outer) {
		if at = from; to-from > 1 {
			break
		}
		at = to
	}
	var lines []contentline.Line
	for _, zone := range p.zones {
		for i := range zone {
			lines = append(lines, zone[i].Fresh())
		}
	}
	if lines != nil {
		p.Inserts[at] = append(lines, p.Inserts[at]...)
	}
}

// at is the value with lines for a vCard of that version.
func (v Value) at(version vcard.Version) Value {
	if v.version == "" || version == "" || v.version == version {
		return v
	}
	converted := Value{field: v.field, version: version, elements: make([]element, len(v.elements))}
	for i, e := range v.elements {
		converted.elements[i] = element{canon: e.canon, lines: convert(e.lines, version)}
	}
	return converted
}

// convert writes the lines of an element for another version.
func convert(lines []contentline.Line, version vcard.Version) []contentline.Line {
	if len(lines) == 0 {
		return nil
	}
	if _, nested := lines[len(lines)-1].Begins(); nested || lines[len(lines)-1].Ends() {
		return lines
	}
	label := ""
	for i := range lines[1:] {
		if l := &lines[1+i]; l.Is("X-ABLABEL") {
			label = strings.TrimSpace(ical.Unescape(ical.Decode(l)))
		}
	}
	p := vcard.Read(&lines[0], label)
	return p.Lines(version, lines[0].Group())
}
