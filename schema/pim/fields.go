package pim

import (
	"maps"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/plain"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// Value is the content of one field; the zero Value means absent. It is immutable.
type Value struct {
	field    string
	elements []element
	version  vcard.Version // of the vCard that the lines come from; "" elsewhere
}

// element is one of the values of a field: its canonical text, and the lines that carry it. Parts of a property (a family
// name) have no lines of their own.
type element struct {
	canon string
	lines []contentline.Line
	zones map[string][]contentline.Line // the VTIMEZONEs of where the lines come from, by TZID
}

// needed are the VTIMEZONEs that the lines refer to, in that order.
func (e element) needed() [][]contentline.Line {
	if len(e.zones) == 0 {
		return nil
	}
	var needed [][]contentline.Line
	seen := map[string]bool{}
	for i := range e.lines {
		tzid := e.lines[i].Param("TZID")
		if zone, ok := e.zones[tzid]; ok && !seen[tzid] {
			seen[tzid] = true
			needed = append(needed, zone)
		}
	}
	return needed
}

// IsZero reports whether the field is absent.
func (v Value) IsZero() bool { return len(v.elements) == 0 }

// Equal reports whether both say the same.
func (v Value) Equal(w Value) bool { return v.Digest().Equal(w.Digest()) }

// Digest is the digest of the value; nil when absent.
func (v Value) Digest() Digest {
	if v.IsZero() {
		return nil
	}
	if !multiValued[v.field] {
		var h xxhash.Digest
		h.Reset()
		for i, e := range v.elements {
			if i > 0 {
				_, _ = h.WriteString("\x1e")
			}
			_, _ = h.WriteString(e.canon)
		}
		return Digest{h.Sum64()}
	}
	d := make(Digest, len(v.elements))
	for i, e := range v.elements {
		d[i] = e.digest()
	}
	slices.Sort(d)
	return slices.Compact(d)
}

func (e element) digest() uint64 { return xxhash.Sum64String(e.canon) }

// Plain is what a plan shows: nil, a string, or a []string for a multi-valued field.
func (v Value) Plain() any {
	if v.IsZero() {
		return nil
	}
	texts := make([]string, len(v.elements))
	for i, e := range v.elements {
		texts[i] = v.plain(e)
	}
	if multiValued[v.field] {
		return texts
	}
	return strings.Join(texts, "\n")
}

// Fields are the canonical content of an item by field name; only fields that are present.
type Fields map[string]Value

// Digests is the digest of each field.
func (f Fields) Digests() Digests {
	d := make(Digests, len(f))
	for name, v := range f {
		if digest := v.Digest(); digest != nil {
			d[name] = digest
		}
	}
	return d
}

// Digest is one hash of the whole content.
func (f Fields) Digest() uint64 {
	var (
		h xxhash.Digest
		b []byte
	)
	h.Reset()
	for _, name := range slices.Sorted(maps.Keys(f)) {
		digest := f[name].Digest()
		if digest == nil {
			continue
		}
		b = appendDigest(append(append(b[:0], name...), 0), digest)
		_, _ = h.Write(b)
	}
	return h.Sum64()
}

// Equal reports whether both say the same.
func (f Fields) Equal(g Fields) bool { return len(f.Diff(g)) == 0 }

// Diff is the names of the fields that differ, sorted.
func (f Fields) Diff(g Fields) []string {
	var names []string
	for name, v := range f {
		if !v.Equal(g[name]) {
			names = append(names, name)
		}
	}
	for name, v := range g {
		if _, both := f[name]; !both && !v.IsZero() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// multiValued are the fields whose elements are a set, merged one by one.
var multiValued = map[string]bool{
	"categories": true, "attachments": true, "attendees": true, "alarms": true, "comment": true, "contact": true,
	"resources": true, "related_to": true, "conference": true, "image": true, "participant": true,
	"emails": true, "phones": true, "urls": true, "addresses": true, "members": true, "impp": true, "related": true,
	"label": true, "lang": true, "key": true, "orgs": true, "names": true, "socialprofile": true,
}

// MultiValued reports whether a field holds a set of values, which are merged one by one. A name means the same in every kind.
func MultiValued(_ Kind, field string) bool { return multiValued[field] }

// plain is one element for people.
func (v Value) plain(e element) string {
	text := ical.Main(e.canon)
	switch {
	case v.field == "recurrence":
		if rule, ok := strings.CutPrefix(text, "RRULE:"); ok && !strings.Contains(rule, "\n") {
			return rule
		}
	case v.field == "alarms":
		return plain.AlarmText(text)
	case strings.HasPrefix(v.field, parts.OverridePrefix):
		return told(e)
	case plain.IsWord(v.field):
		return plain.Word(v.field, text)
	case timeFields[v.field]:
		if t, err := ical.ReadTime(text); err == nil {
			return t.RFC3339(nil)
		}
	case v.field == "addresses":
		return strings.Join(slices.DeleteFunc(plain.SplitAddress(text), func(s string) bool { return s == "" }), ", ")
	}
	return text
}

// timeFields hold one time; their canonical text is an ical.Time.
var timeFields = map[string]bool{"start": true, "end": true, "due": true, "completed": true}

// fields gathers the parts.
func fieldsOf(d *parts.Document) Fields {
	all := d.Parts()
	zones := make(map[string][]contentline.Line, len(d.Timezones))
	for tzid := range d.Timezones {
		zones[tzid] = d.Timezone(tzid)
	}
	f := make(Fields, len(all))
	for i := range all {
		p := &all[i]
		if p.Canon == "" {
			continue
		}
		v := f[p.Field]
		lines := p.Lines
		if lines == nil {
			lines = d.Lines[p.From:p.To:p.To]
		}
		if d.Kind == parts.Card {
			v.version = d.Version()
		}
		v.field = p.Field
		v.elements = append(v.elements, element{p.Canon, lines, zones})
		f[p.Field] = v
	}
	return f
}
