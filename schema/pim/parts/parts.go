package parts

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// Parts takes the item apart into what its fields are made of.
func (d *Document) Parts() []Part {
	if d.Kind == Card {
		return d.contactParts()
	}
	var parts []Part
	for i, c := range d.Components {
		if i == d.Master {
			parts = append(parts, d.calendarParts(c)...)
		} else {
			parts = append(parts, d.override(c))
		}
	}
	return parts
}

// Timezone is the VTIMEZONE of a TZID, from its BEGIN to its END, or nil.
func (d *Document) Timezone(tzid string) []contentline.Line {
	at, ok := d.Timezones[tzid]
	if !ok {
		return nil
	}
	n, _ := d.Lines[at].Begins()
	return d.Lines[at : at+n+1]
}

// SlotOf is what is replaced as one when a field changes.
func SlotOf(kind Kind, field string) string {
	if kind != Card {
		if field == "attendees_described" {
			return "description"
		}
		return field
	}
	if slices.Contains(NameParts, field) {
		return "n"
	}
	if field == "department" {
		return "org"
	}
	return field
}

// IsOverride reports whether a field is an override.
func IsOverride(field string) bool { return strings.HasPrefix(field, OverridePrefix) }

// Fields are the names of the fields that are known, in the order in which new lines are written. Digests are stored by place in
// this list: it may only grow at its end, to 255.
var Fields = []string{
	"summary", "description", "description_html", "categories", "class", "url", "attachments", "start", "end", "recurrence",
	"location", "status", "transparency", "busy", "priority", "organizer", "attendees", "alarms", "color", "attendees_described",
	"due", "completed", "percent", "parent", "name", "given", "family", "middle", "prefix", "suffix", "nickname", "org",
	"department", "title", "emails", "phones", "urls", "addresses", "birthday", "anniversary", "note", "photo", "members", "kind",
	"geo", "related_to", "comment", "contact", "resources", "role", "impp",
}

// MarkerName is the property in which a replica carries its marker.
const MarkerName = "X-ACCORD-MARKER"

// Latest is the latest time that a property says in any component.
func (d *Document) Latest(name string) time.Time {
	var latest time.Time
	for _, c := range d.Components {
		l := d.Find(c, name)
		if l == nil {
			continue
		}
		if at, ok := stamp(string(l.Value())); ok && at.After(latest) {
			latest = at
		}
	}
	return latest
}

// stamp reads a time stamp of either format.
func stamp(value string) (time.Time, bool) {
	value = strings.TrimSpace(value)
	for _, form := range []string{"20060102T150405Z", "20060102T150405", time.RFC3339, "20060102T150405-0700", "20060102T150405-07", "2006-01-02", "20060102"} {
		if at, err := time.Parse(form, value); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
