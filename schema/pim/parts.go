package pim

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// parts takes the item apart into what its fields are made of.
func (d *document) parts() []part {
	if d.kind == Contacts {
		return d.contactParts()
	}
	var parts []part
	for i, c := range d.components {
		if i == d.master {
			parts = append(parts, d.calendarParts(c)...)
		} else {
			parts = append(parts, d.override(c))
		}
	}
	return parts
}

// fields gathers the parts.
func (d *document) fields() Fields {
	parts := d.parts()
	f := make(Fields, len(parts))
	for i := range parts {
		p := &parts[i]
		if p.canon == "" {
			continue
		}
		v := f[p.field]
		lines := p.lines
		if lines == nil {
			lines = d.lines[p.from:p.to:p.to]
		}
		if d.kind == Contacts {
			v.version = d.version()
		}
		v.field = p.field
		v.elements = append(v.elements, element{p.canon, lines})
		v.zones = d.needed(v.zones, lines)
		f[p.field] = v
	}
	return f
}

// needed adds the VTIMEZONEs that some lines refer to.
func (d *document) needed(zones [][]contentline.Line, lines []contentline.Line) [][]contentline.Line {
	if d.timezones == nil {
		return zones
	}
	for i := range lines {
		l := &lines[i]
		if !l.HasParams() {
			continue
		}
		tzid := l.Param("TZID")
		at, ok := d.timezones[tzid]
		if !ok {
			continue
		}
		n, _ := d.lines[at].Begins()
		zone := d.lines[at : at+n+1]
		if !slices.ContainsFunc(zones, func(z []contentline.Line) bool { return &z[0] == &zone[0] }) {
			zones = append(zones, zone)
		}
	}
	return zones
}

// slotOf is what is replaced as one when a field changes.
func slotOf(kind Kind, field string) string {
	if kind != Contacts {
		if field == "attendees_described" {
			return "description"
		}
		return field
	}
	if slices.Contains(nameParts, field) {
		return "n"
	}
	if field == "department" {
		return "org"
	}
	return field
}

// isOverride reports whether a field is an override.
func isOverride(field string) bool { return strings.HasPrefix(field, overridePrefix) }
