package parts

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// contactFields are the fields that the properties of a vCard are, by their vCard 4.0 names; "": bookkeeping.
var contactFields = map[string]string{
	"FN": "name", "NICKNAME": "nickname", "TITLE": "title", "EMAIL": "emails", "TEL": "phones", "URL": "urls", "ADR": "addresses",
	"BDAY": "birthday", "NOTE": "note", "MEMBER": "members", "CLASS": "class",
	"VERSION": "", "PRODID": "", "REV": "", "UID": "", "PROFILE": "", "CREATED": "", "X-ABUID": "", "X-RADICALE-NAME": "", MarkerName: "",
}

// NameParts are the fields that the components of N are (RFC 6350 section 6.2.2, RFC 9554 section 2.2).
var NameParts = []string{"family", "given", "middle", "prefix", "suffix", "surname2", "generation"}

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

// Group is the lines of a group: those that hold something, and their companions.
type Group struct{ Members, Companions []int }

// mostCompanions bounds what is looked at for each line of a group; real groups have two.
const mostCompanions = 8

// Groups are the groups of a vCard, by their names in lower case.
func (d *Document) Groups() map[string]*Group {
	var groups map[string]*Group
	for from, to := range d.Children(d.Outer) {
		l := &d.Lines[from]
		name := strings.ToLower(l.Group())
		if name == "" || to-from > 1 {
			continue
		}
		if groups == nil {
			groups = map[string]*Group{}
		}
		g := groups[name]
		if g == nil {
			g = &Group{}
			groups[name] = g
		}
		if companion(l) && len(g.Companions) < mostCompanions {
			g.Companions = append(g.Companions, from)
		} else {
			g.Members = append(g.Members, from)
		}
	}
	return groups
}

// contactParts takes a vCard apart.
func (d *Document) contactParts() []Part {
	parts := make([]Part, 0, 24)
	groups := d.Groups()
	seen := map[string]bool{}
	agent := -1
	for from, to := range d.Children(d.Outer) {
		l := &d.Lines[from]
		if to-from > 1 {
			begin := from
			if agent >= 0 {
				begin = agent
			}
			parts = append(parts, Part{Slot: "agent", Field: "agent", Canon: d.rawText(from, to), From: begin, To: to})
			agent = -1
			continue
		}
		agent = -1
		g := groups[strings.ToLower(l.Group())]
		label, lines := "", []contentline.Line(nil)
		if g != nil && !companion(l) && len(g.Companions) > 0 {
			lines = []contentline.Line{*l}
			for _, at := range g.Companions {
				if lines = append(lines, d.Lines[at]); d.Lines[at].Is("X-ABLABEL") {
					label = strings.TrimSpace(ical.Unescape(ical.Decode(&d.Lines[at])))
				}
			}
		} else if g != nil && companion(l) && len(g.Members) > 0 {
			continue
		}
		if l.Is("AGENT") && len(l.Value()) == 0 {
			agent = from
			continue
		}
		p := vcard.Read(l, label)
		switch {
		case p.Name == "N" && !seen["N"]:
			parts = append(parts, pieces("n", p.Parts(), NameParts, from)...)
		case p.Name == "ORG" && !seen["ORG"]:
			units := p.Parts()
			if len(units) > 1 {
				units = []string{units[0], strings.Join(units[1:], UnitSeparator)}
			}
			parts = append(parts, pieces("org", units, []string{"org", "department"}, from)...)
		case p.Name == "N":
			parts = append(parts, Part{Slot: "names", Field: "names", Canon: p.Canon(), From: from, To: to, Lines: lines})
		case p.Name == "ORG":
			parts = append(parts, Part{Slot: "orgs", Field: "orgs", Canon: p.Canon(), From: from, To: to, Lines: lines})
		case p.Name == "CATEGORIES":
			parts = append(parts, d.list("categories", from)...)
		default:
			if field := contactField(p.Name); field != "" {
				parts = append(parts, Part{Slot: field, Field: field, Canon: p.Canon(), From: from, To: to, Lines: lines})
			}
		}
		seen[p.Name] = seen[p.Name] || len(p.Parts()) > 0
	}
	return parts
}

// UnitSeparator stands between the units of an organisation in the field department.
const UnitSeparator = "; "

// pieces are the parts of a structured property that are fields of their own.
func pieces(slot string, values, fields []string, at int) []Part {
	parts := []Part{{Slot: slot, Field: fields[0], From: at, To: at + 1}}
	for i, field := range fields {
		if i < len(values) && values[i] != "" {
			parts = append(parts, Part{Slot: slot, Field: field, Canon: values[i], From: at, To: at + 1})
		}
	}
	return parts
}

// rawText is the unfolded text of some lines.
func (d *Document) rawText(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.Write(d.Lines[i].Text())
		b.WriteByte('\n')
	}
	return b.String()
}
