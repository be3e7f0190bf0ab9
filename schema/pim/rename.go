package pim

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// UIDs are the UIDs that a field which refers to other items names: the members of a distribution list, the parent of a task, what is related.
func (v Value) UIDs() []string {
	var uids []string
	for _, e := range v.elements {
		uids = append(uids, ical.Main(e.canon))
	}
	return uids
}

// Renamed is a field that refers to other items with each UID as name gives it; parameters (RELTYPE, RFC 5545 section 3.2.15) stay. changed is false when all
// UIDs are what they were.
func (v Value) Renamed(name func(uid string) string) (renamed Value, changed bool) {
	renamed = v
	renamed.elements = slices.Clone(v.elements)
	for i, e := range v.elements {
		uid := ical.Main(e.canon)
		now := name(uid)
		if now == uid {
			continue
		}
		changed = true
		e.canon = now + strings.TrimPrefix(e.canon, uid)
		e.lines = slices.Clone(e.lines)
		for n := range e.lines {
			e.lines[n] = renamedLine(&e.lines[n], uid, now)
		}
		renamed.elements[i] = e
	}
	return renamed, changed
}

// renamedLine is a line with another UID for its value; one that says something else is kept as it is.
func renamedLine(l *contentline.Line, uid, now string) contentline.Line {
	text, value := string(l.Text()), string(l.Value())
	plain := strings.TrimSpace(ical.Unescape(value))
	switch {
	case vcard.Name(l.Name()) == "MEMBER" && vcard.PlainUID(plain) == uid:
		now = "urn:uuid:" + now
	case plain == uid:
		now = ical.Escape(now)
	default:
		return *l
	}
	return contentline.New(strings.TrimSuffix(text, value) + now)
}
