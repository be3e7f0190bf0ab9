package pim

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// contactFields are the fields that the properties of a vCard are, by their vCard 4.0 names; "": bookkeeping.
var contactFields = map[string]string{
	"FN": "name", "NICKNAME": "nickname", "TITLE": "title", "EMAIL": "emails", "TEL": "phones", "URL": "urls", "ADR": "addresses",
	"BDAY": "birthday", "NOTE": "note", "MEMBER": "members",
	"VERSION": "", "PRODID": "", "REV": "", "UID": "", "PROFILE": "", "CREATED": "", "X-ABUID": "", "X-RADICALE-NAME": "", markerName: "",
}

// nameParts are the fields that the components of N are (RFC 6350 section 6.2.2, RFC 9554 section 2.2).
var nameParts = []string{"family", "given", "middle", "prefix", "suffix", "surname2", "generation"}

// contactField is the field of a property that is one field.
func contactField(name string) string {
	if field, ok := contactFields[name]; ok {
		return field
	}
	return ownField(name)
}

// companion reports whether a line says something about the other lines of its group.
func companion(l *contentline.Line) bool {
	return l.Is("X-ABLABEL") || l.Is("X-ABADR")
}

// groups are the lines of each group: those that hold something, and their companions.
type group struct{ members, companions []int }

func (d *document) groups() map[string]*group {
	var groups map[string]*group
	for from, to := range d.children(d.outer) {
		l := &d.lines[from]
		name := strings.ToLower(l.Group())
		if name == "" || to-from > 1 {
			continue
		}
		if groups == nil {
			groups = map[string]*group{}
		}
		g := groups[name]
		if g == nil {
			g = &group{}
			groups[name] = g
		}
		if companion(l) {
			g.companions = append(g.companions, from)
		} else {
			g.members = append(g.members, from)
		}
	}
	return groups
}

// contactParts takes a vCard apart.
func (d *document) contactParts() []part {
	parts := make([]part, 0, 24)
	groups := d.groups()
	seen := map[string]bool{}
	agent := -1
	for from, to := range d.children(d.outer) {
		l := &d.lines[from]
		if to-from > 1 {
			begin := from
			if agent >= 0 {
				begin = agent
			}
			parts = append(parts, part{slot: "agent", field: "agent", canon: d.rawText(from, to), from: begin, to: to})
			agent = -1
			continue
		}
		agent = -1
		g := groups[strings.ToLower(l.Group())]
		label, lines := "", []contentline.Line(nil)
		if g != nil && !companion(l) && len(g.companions) > 0 {
			lines = []contentline.Line{*l}
			for _, at := range g.companions {
				if lines = append(lines, d.lines[at]); d.lines[at].Is("X-ABLABEL") {
					label = strings.TrimSpace(ical.Unescape(ical.Decode(&d.lines[at])))
				}
			}
		} else if g != nil && companion(l) && len(g.members) > 0 {
			continue
		}
		if l.Is("AGENT") && len(l.Value()) == 0 {
			agent = from
			continue
		}
		p := vcard.Read(l, label)
		switch {
		case p.Name == "N" && !seen["N"]:
			parts = append(parts, pieces("n", p.Parts(), nameParts, from)...)
		case p.Name == "ORG" && !seen["ORG"]:
			units := p.Parts()
			if len(units) > 1 {
				units = []string{units[0], strings.Join(units[1:], unitSeparator)}
			}
			parts = append(parts, pieces("org", units, []string{"org", "department"}, from)...)
		case p.Name == "N":
			parts = append(parts, part{slot: "names", field: "names", canon: p.Canon(), from: from, to: to, lines: lines})
		case p.Name == "ORG":
			parts = append(parts, part{slot: "orgs", field: "orgs", canon: p.Canon(), from: from, to: to, lines: lines})
		case p.Name == "CATEGORIES":
			parts = append(parts, d.list("categories", from)...)
		default:
			if field := contactField(p.Name); field != "" {
				parts = append(parts, part{slot: field, field: field, canon: p.Canon(), from: from, to: to, lines: lines})
			}
		}
		seen[p.Name] = seen[p.Name] || len(p.Parts()) > 0
	}
	return parts
}

// unitSeparator stands between the units of an organisation in the field department.
const unitSeparator = "; "

// pieces are the parts of a structured property that are fields of their own.
func pieces(slot string, values, fields []string, at int) []part {
	parts := []part{{slot: slot, field: fields[0], from: at, to: at + 1}}
	for i, field := range fields {
		if i < len(values) && values[i] != "" {
			parts = append(parts, part{slot: slot, field: field, canon: values[i], from: at, to: at + 1})
		}
	}
	return parts
}

// rawText is the unfolded text of some lines.
func (d *document) rawText(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.Write(d.lines[i].Text())
		b.WriteByte('\n')
	}
	return b.String()
}

// at is the value with lines for a vCard of that version.
func (v Value) at(version vcard.Version) Value {
	if v.version == "" || version == "" || v.version == version {
		return v
	}
	converted := Value{field: v.field, zones: v.zones, version: version, elements: make([]element, len(v.elements))}
	for i, e := range v.elements {
		converted.elements[i] = element{e.canon, convert(e.lines, version)}
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
