package pim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// WithFields returns a copy in which each named field is what changes says; an absent Value removes the field. Every other
// line stays byte for byte and in order; new lines take the place of the first old one. VTIMEZONEs that the values need come
// along, and a start that moves takes no end with it. DTSTAMP and SEQUENCE stay: that is Touch.
func (it *Item) WithFields(changes Fields) *Item {
	if len(changes) == 0 {
		return it
	}
	old := it.Fields()
	next := maps.Clone(old)
	slots := map[string]bool{}
	for name, v := range changes {
		v, ok := v.as(it.kind, name)
		if !ok || v.Equal(old[name]) {
			continue
		}
		slots[parts.SlotOf(component(it.kind), name)] = true
		if delete(next, name); !v.IsZero() {
			next[name] = v
		}
	}
	if len(slots) == 0 {
		return it
	}
	p := patch{Edit: parts.NewEdit(it.document()), next: next}
	p.all = p.Doc.Parts()
	p.groupNames = p.Doc.Groups()
	if slots["start"] {
		p.freeEnd(slots)
	}
	p.settleMaster()
	for _, slot := range inOrder(slots) {
		p.slot(slot)
	}
	p.dropCompanions()
	p.addZones()
	patched := printed(it.kind, it.uid, p.Edit)
	if m, ok := markerOf(p.Doc); ok {
		if _, kept := patched.Marker(); !kept {
			return patched.WithMarker(&m)
		}
	}
	return patched
}

// as is the value for a field of another name, as when two fields are swapped: its text, in lines of that field. false: the
// field cannot hold it.
func (v Value) as(kind Kind, field string) (Value, bool) {
	if v.IsZero() || v.field == field {
		return v, true
	}
	texts := make([]any, len(v.elements))
	for i, e := range v.elements {
		texts[i] = ical.Main(e.canon)
	}
	made, err := FieldValue(kind, field, texts)
	return made, err == nil
}

// inOrder sorts slots as people write them: the known ones in the order of parts.Fields, then by name.
func inOrder(slots map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(slots), func(a, b string) int {
		i, j := slices.Index(parts.Fields, a), slices.Index(parts.Fields, b)
		return cmp.Or(cmp.Compare(uint(i), uint(j)), strings.Compare(a, b))
	})
}

// patch is an edit of fields.
type patch struct {
	*parts.Edit
	next       Fields
	all        []parts.Part
	zones      [][]contentline.Line
	groupNames map[string]*parts.Group
	groupsMade int
	made       bool // the item gets a master that it did not have
}

// freeEnd has the end written anew when the start moves and only a duration, or nothing, says where the end is.
func (p *patch) freeEnd(slots map[string]bool) {
	field, explicit := "end", false
	if p.Doc.Kind == parts.Todo {
		field = "due"
	}
	for i := range p.all {
		q := &p.all[i]
		if q.Field == field && q.Canon != "" && q.To > q.From && !p.Doc.Lines[q.From].Is("DURATION") {
			explicit = true
		}
	}
	if !explicit && p.Doc.Kind != parts.Journal && p.Doc.Kind != parts.Card {
		slots[field] = true
	}
}

// settleMaster makes a master for the fields of an item that only had overrides, or takes it out when only overrides are left.
func (p *patch) settleMaster() {
	d := p.Doc
	own, overrides := false, false
	for name := range p.next {
		if parts.IsOverride(name) {
			overrides = true
		} else {
			own = true
		}
	}
	switch {
	case d.Master < 0 && own:
		p.made = true
	case d.Master >= 0 && !own && overrides:
		c := d.Components[d.Master]
		p.Remove(c.Begin, c.End+1)
	}
}

// slot replaces what stands for a slot.
func (p *patch) slot(slot string) {
	at, after, kept := -1, -1, map[string]bool{}
	wanted := map[string]bool{}
	lined := multiValued[slot] && slot != "categories" && slot != "resources"
	if lined {
		for _, e := range p.next[slot].elements {
			wanted[e.canon] = true
		}
	}
	for i := range p.all {
		q := &p.all[i]
		if q.Slot != slot || q.From == q.To {
			continue
		}
		if wanted[q.Canon] && !kept[q.Canon] {
			kept[q.Canon] = true
			after = q.To
			continue
		}
		if at < 0 {
			at = q.From
		}
		p.Remove(q.From, q.To)
	}
	lines := p.render(slot, kept)
	if len(lines) == 0 {
		return
	}
	if p.made && !parts.IsOverride(slot) {
		p.master(lines)
		return
	}
	if at < 0 {
		at = after
	}
	if at < 0 {
		at = p.place(slot, lines)
	}
	p.Insert(at, lines)
}

// place is where lines of a slot go of which the item has none.
func (p *patch) place(slot string, lines []contentline.Line) int {
	c := p.Doc.Main()
	if parts.IsOverride(slot) {
		return p.Doc.Components[len(p.Doc.Components)-1].End + 1
	}
	if strings.EqualFold(lines[0].Name(), "BEGIN") {
		return c.End
	}
	at := c.Begin + 1
	for from, to := range p.Doc.Children(c) {
		if to-from == 1 {
			at = to
		}
	}
	return at
}

// master puts lines into the master that is made, in front of the overrides.
func (p *patch) master(lines []contentline.Line) {
	at := p.Doc.Components[0].Begin
	name := string(p.Doc.Kind)
	if len(p.Inserts[at]) == 0 {
		stamp := p.Doc.Latest("DTSTAMP")
		if stamp.IsZero() {
			stamp = time.Unix(0, 0).UTC()
		}
		p.Insert(at, []contentline.Line{
			contentline.New("BEGIN:" + name), contentline.New("UID:" + ical.Escape(p.Doc.UID())),
			contentline.New("DTSTAMP:" + stamp.Format("20060102T150405Z")), contentline.New("END:" + name),
		})
	}
	made := p.Inserts[at]
	p.Inserts[at] = slices.Insert(made, len(made)-1, lines...)
}

// render is the lines that say what a slot is to hold, but for the elements that are kept as they stand.
func (p *patch) render(slot string, kept map[string]bool) []contentline.Line {
	if p.Doc.Kind == parts.Card {
		switch slot {
		case "n":
			return p.structured("N", parts.NameParts)
		case "org":
			return p.structured("ORG", []string{"org", "department"})
		}
	}
	v := p.next[slot]
	switch {
	case slot == "description" && p.Doc.Kind != parts.Card:
		return p.describe()
	case slot == "categories" || slot == "resources":
		if v.IsZero() {
			return nil
		}
		texts := make([]string, len(v.elements))
		for i, e := range v.elements {
			texts[i] = ical.Escape(e.canon)
		}
		if p.Doc.Kind == parts.Card {
			list := vcard.Property{Name: "CATEGORIES", Form: vcard.List, Value: strings.Join(texts, ",")}
			return list.Lines(p.Doc.Version(), "")
		}
		return []contentline.Line{contentline.New(strings.ToUpper(slot) + ":" + strings.Join(texts, ","))}
	}
	if p.Doc.Kind == parts.Card {
		v = v.at(p.Doc.Version())
	}
	var lines []contentline.Line
	for _, e := range v.elements {
		if !kept[e.canon] {
			lines = append(lines, p.carry(v, e)...)
		}
	}
	return lines
}

// describe is the DESCRIPTION that holds the text and the fenced block.
func (p *patch) describe() []contentline.Line {
	v, block := p.next["description"], p.next["attendees_described"]
	if block.IsZero() || len(v.elements) > 1 {
		var lines []contentline.Line
		for _, e := range v.elements {
			lines = append(lines, p.carry(v, e)...)
		}
		if block.IsZero() {
			return lines
		}
		return append(lines, contentline.New("DESCRIPTION:"+ical.Escape(parts.AddFence("", block.elements[0].canon))))
	}
	body, params := "", ""
	if !v.IsZero() {
		body = ical.Main(v.elements[0].canon)
		if lines := v.elements[0].lines; len(lines) > 0 {
			params = parts.ParamsOf(&lines[0])
		}
	}
	return []contentline.Line{contentline.New("DESCRIPTION" + params + ":" + ical.Escape(parts.AddFence(body, block.elements[0].canon)))}
}

// structured is the N or ORG that the fields of its components make.
func (p *patch) structured(name string, fields []string) []contentline.Line {
	property := vcard.Property{Name: name, Form: vcard.Structured}
	group := ""
	if l := p.Doc.Find(p.Doc.Outer, name); l != nil {
		property = vcard.Read(l, "")
		group = l.Group()
	}
	values := make([]string, len(fields))
	last := -1
	for i, field := range fields {
		if v := p.next[field]; !v.IsZero() {
			values[i], last = ical.Main(v.elements[0].canon), i
		}
	}
	least := 0
	if name == "N" {
		if least = 5; last < 0 && p.Doc.Version() == vcard.V40 {
			return nil
		}
	} else if last < 0 {
		return nil
	}
	values = values[:max(last+1, least)]
	if name == "ORG" && len(values) == 2 {
		values = append(values[:1], strings.Split(values[1], parts.UnitSeparator)...)
	}
	property.Value = vcard.Join(values)
	return property.Lines(p.Doc.Version(), group)
}
