package pim

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// property is what is known of a property: the field that it is, "" for bookkeeping, and how its value is read.
type property struct {
	field string
	typ   ical.Type
}

// calendarProperties are the properties of VEVENT, VTODO and VJOURNAL. Others are fields of their own name.
var calendarProperties = map[string]property{
	"SUMMARY": {"summary", ical.Text}, "DESCRIPTION": {"description", ical.Text}, "LOCATION": {"location", ical.Text},
	"CATEGORIES": {"categories", ical.Text}, "CLASS": {"class", ical.Upper}, "URL": {"url", ical.Plain},
	"ATTACH": {"attachments", ical.Plain}, "STATUS": {"status", ical.Upper}, "TRANSP": {"transparency", ical.Upper},
	"PRIORITY": {"priority", ical.Number}, "PERCENT-COMPLETE": {"percent", ical.Number}, "COLOR": {"color", ical.Text},
	"ORGANIZER": {"organizer", ical.Mail}, "ATTENDEE": {"attendees", ical.Mail}, "X-MICROSOFT-CDO-BUSYSTATUS": {"busy", ical.Upper},
	"DTSTART": {"start", ical.Date}, "DTEND": {"end", ical.Date}, "DUE": {"due", ical.Date}, "COMPLETED": {"completed", ical.Date},
	"DURATION": {"end", ical.Length}, "RRULE": {"recurrence", ical.Recur}, "EXRULE": {"recurrence", ical.Recur},
	"RDATE": {"recurrence", ical.Dates}, "EXDATE": {"recurrence", ical.Dates}, "RELATED-TO": {"related_to", ical.Text},
	"GEO": {"geo", ical.Plain}, "RESOURCES": {"resources", ical.Text}, "CONFERENCE": {"conference", ical.Plain}, "IMAGE": {"image", ical.Plain},

	"RECURRENCE-ID": {"", ical.Date}, "UID": {}, "DTSTAMP": {}, "CREATED": {}, "LAST-MODIFIED": {}, "SEQUENCE": {}, "PRODID": {},
	markerName: {}, "X-MOZ-LASTACK": {}, "X-MOZ-SNOOZE-TIME": {}, "X-MOZ-GENERATION": {}, "X-MOZ-RECEIVED-SEQUENCE": {},
	"X-MOZ-RECEIVED-DTSTAMP": {}, "X-MOZ-FAKED-MASTER": {}, "X-MOZ-SEND-INVITATIONS": {}, "X-MOZ-SEND-INVITATIONS-UNDISCLOSED": {},
	"X-LIC-ERROR": {}, "X-EVOLUTION-CALDAV-HREF": {}, "X-EVOLUTION-CALDAV-ETAG": {}, "X-EVOLUTION-ALARM-UID": {}, "REQUEST-STATUS": {},
	"X-MICROSOFT-DISALLOW-COUNTER": {}, "X-MICROSOFT-ISRESPONSEREQUESTED": {}, "X-RADICALE-NAME": {}, "X-APPLE-DEFAULT-ALARM": {},
	"X-APPLE-LOCAL-DEFAULT-ALARM": {}, "X-APPLE-NEEDS-REPLY": {}, "X-APPLE-EWS-BUSYSTATUS": {},
}

// noise are the beginnings of names of properties in which clients and servers keep their own books.
var noise = []string{"X-MICROSOFT-CDO-", "X-MOZ-SNOOZE-TIME-"}

// describe is what a line of iCalendar is.
func describe(kind Kind, l *contentline.Line) property {
	var upper [64]byte
	name := l.NameBytes()
	if len(name) > len(upper) {
		return unknown(strings.ToUpper(string(name)))
	}
	for i, c := range name {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper[i] = c
	}
	p, ok := calendarProperties[string(upper[:len(name)])]
	if !ok {
		return unknown(string(upper[:len(name)]))
	}
	switch {
	case p.field == "description_html" || p.field == "":
	case kind == Tasks && p.field == "end":
		p.field = "due"
	case kind == Notes && p.typ == ical.Length:
		p = property{"duration", ical.Length}
	case kind == Tasks && p.field == "related_to" && (l.Param("RELTYPE") == "" || strings.EqualFold(l.Param("RELTYPE"), "PARENT")):
		p.field = "parent"
	}
	return p
}

func unknown(name string) property {
	if name == "X-ALT-DESC" {
		return property{"description_html", ical.Text}
	}
	for _, prefix := range noise {
		if strings.HasPrefix(name, prefix) {
			return property{}
		}
	}
	return property{ownField(name), ical.Text}
}

// ownField is the field of a property or component that has no other: its own name. Where that is the name of a field which
// another property is, and for extensions, it is an extra.
func ownField(name string) string {
	if strings.HasPrefix(name, "X-") {
		return extraPrefix + name
	}
	field := strings.ReplaceAll(strings.ToLower(name), "-", "_")
	switch field {
	case "comment", "contact", "geo", "photo", "kind", "anniversary", "role", "impp", "duration", "agent":
		return field
	case "n", "names", "orgs":
		return extraPrefix + name
	}
	if slices.Contains(codes, field) || slices.Contains(nameParts, field) {
		return extraPrefix + name
	}
	return field
}

const (
	extraPrefix    = "extra."
	overridePrefix = "override:"
)

// part is what some lines of an item say: one element of a field. Lines that say nothing have an empty canon; those that
// belong to no field have no part.
type part struct {
	slot  string // what is replaced as one when a field changes: a field, or the property that several fields share
	field string
	canon string
	from  int                // the lines, up to before to
	to    int                //
	lines []contentline.Line // what carries the element elsewhere, when not the lines as they are
}

// calendarParts takes a component apart.
func (d *document) calendarParts(c component) []part {
	parts := make([]part, 0, 16)
	for from, to := range d.children(c) {
		l := &d.lines[from]
		if to-from > 1 {
			parts = append(parts, d.nested(from, to))
			continue
		}
		p := describe(d.kind, l)
		switch {
		case p.field == "":
		case p.field == "categories" || p.field == "resources":
			parts = append(parts, d.list(p.field, from)...)
		case p.field == "description":
			parts = append(parts, d.description(from)...)
		case p.field == "recurrence" || p.typ == ical.Length && p.field != "duration":
			parts = append(parts, part{slot: p.field, field: p.field, from: from, to: to})
		default:
			canon, err := ical.Canon(l, p.typ, d.zone)
			if err != nil {
				canon = string(l.Value())
			}
			if p.field == "attachments" || p.field == "image" {
				canon = inline(l, canon)
			}
			parts = append(parts, part{slot: p.field, field: p.field, canon: withoutDefault(p.field, canon), from: from, to: to})
		}
	}
	parts = d.recurrence(parts)
	return d.span(c, parts)
}

// withoutDefault is "" where a value says what holds without it.
func withoutDefault(field, canon string) string {
	switch field + ":" + canon {
	case "transparency:OPAQUE", "class:PUBLIC":
		return ""
	}
	if ical.Main(canon) == "" {
		return ""
	}
	return canon
}

// inline shortens an attachment that is in the item to what its octets are.
func inline(l *contentline.Line, canon string) string {
	if !strings.EqualFold(l.Param("ENCODING"), "BASE64") {
		return canon
	}
	photo := contentline.New("PHOTO;ENCODING=b:" + string(l.Value()))
	p := vcard.Read(&photo, "")
	_, params, found := strings.Cut(canon, ical.Sep)
	if found {
		params = ical.Sep + params
	}
	return p.Canon() + params
}

// list is a part per text of a line that lists several.
func (d *document) list(field string, at int) []part {
	var parts []part
	for _, text := range ical.List(ical.Decode(&d.lines[at])) {
		parts = append(parts, part{slot: field, field: field, canon: text, from: at, to: at + 1})
	}
	if parts == nil {
		return []part{{slot: field, field: field, from: at, to: at + 1}}
	}
	return parts
}

// description cuts the description of attendees off the text.
func (d *document) description(at int) []part {
	l := &d.lines[at]
	canon, _ := ical.Canon(l, ical.Text, d.zone)
	text, params, found := strings.Cut(canon, ical.Sep)
	if found {
		params = ical.Sep + params
	}
	body, block, fenced := cutFence(text)
	p := part{slot: "description", field: "description", from: at, to: at + 1}
	if body = strings.TrimRight(body, " \n"); body != "" {
		p.canon = body + params
	}
	if !fenced {
		return []part{p}
	}
	p.lines = []contentline.Line{contentline.New("DESCRIPTION" + paramsOf(l) + ":" + ical.Escape(body))}
	return []part{p, {slot: "description", field: "attendees_described", canon: block, from: at, to: at + 1}}
}

// paramsOf is the parameters of a line as written, but those of an encoding that New lines are not in.
func paramsOf(l *contentline.Line) string {
	var b strings.Builder
	for p := range l.Params() {
		switch strings.ToUpper(p.Name) {
		case "", "ENCODING", "CHARSET":
			continue
		}
		b.WriteString(";" + p.Name + "=" + p.Value)
	}
	return b.String()
}

// nested is the part that a component in the component is.
func (d *document) nested(from, to int) part {
	name := strings.ToUpper(d.lines[from].Component())
	if name == "VALARM" {
		return part{slot: "alarms", field: "alarms", canon: d.alarm(component{from, to - 1}), from: from, to: to}
	}
	field := ownField(name)
	return part{slot: field, field: field, canon: d.text(component{from, to - 1}), from: from, to: to}
}

// text is the canonical text of a component of which only the properties are known.
func (d *document) text(c component) string {
	var lines []string
	for from, to := range d.children(c) {
		l := &d.lines[from]
		if to-from > 1 {
			lines = append(lines, strings.ToUpper(l.Component())+"{"+d.text(component{from, to - 1})+"}")
			continue
		}
		p := describe(d.kind, l)
		if p.field == "" {
			continue
		}
		canon, err := ical.Canon(l, p.typ, d.zone)
		if err != nil {
			canon = string(l.Value())
		}
		lines = append(lines, strings.ToUpper(l.Name())+":"+canon)
	}
	slices.Sort(lines)
	return strings.Join(lines, ical.Sep)
}

// alarm is the canonical text of a VALARM: its trigger first. An alarm that a client made for its own defaults is "".
func (d *document) alarm(c component) string {
	trigger := "PT0S"
	var rest []string
	for from, to := range d.children(c) {
		l := &d.lines[from]
		if to-from > 1 {
			continue
		}
		name := strings.ToUpper(l.Name())
		switch name {
		case "TRIGGER":
			if canon, err := ical.Canon(l, ical.Length, d.zone); err == nil {
				trigger = canon
			} else {
				trigger = strings.TrimSpace(string(l.Value()))
			}
			continue
		case "ACTION":
			action := strings.ToUpper(strings.TrimSpace(string(l.Value())))
			if action == "NONE" {
				return ""
			}
			rest = append(rest, name+":"+action)
			continue
		case "ACKNOWLEDGED", "X-WR-ALARMUID", "RELATED-TO", "X-MOZ-LASTACK":
			continue
		case "DURATION":
			if canon, err := ical.Canon(l, ical.Length, d.zone); err == nil {
				rest = append(rest, name+":"+canon)
				continue
			}
		case "REPEAT":
			if n := strings.TrimLeft(string(l.Value()), "0 "); n != "" {
				rest = append(rest, name+":"+n)
			}
			continue
		}
		p := describe(d.kind, l)
		if p.field == "" {
			continue
		}
		if canon, err := ical.Canon(l, p.typ, d.zone); err == nil {
			rest = append(rest, name+":"+canon)
		}
	}
	slices.Sort(rest)
	return strings.Join(append([]string{trigger}, rest...), ical.Sep)
}
