package parts

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// property is what is known of a property: the field that it is, "" for bookkeeping, and how its value is read.
type property struct {
	Field string
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
	MarkerName: {}, "X-MOZ-LASTACK": {}, "X-MOZ-SNOOZE-TIME": {}, "X-MOZ-GENERATION": {}, "X-MOZ-RECEIVED-SEQUENCE": {},
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
	case p.Field == "description_html" || p.Field == "":
	case kind == Todo && p.Field == "end":
		p.Field = "due"
	case kind == Journal && p.typ == ical.Length:
		p = property{"duration", ical.Length}
	case kind == Todo && p.Field == "related_to" && (l.Param("RELTYPE") == "" || strings.EqualFold(l.Param("RELTYPE"), "PARENT")):
		p.Field = "parent"
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
		return ExtraPrefix + name
	}
	field := strings.ReplaceAll(strings.ToLower(name), "-", "_")
	switch field {
	case "comment", "contact", "geo", "photo", "kind", "anniversary", "role", "impp", "duration", "agent":
		return field
	case "n", "names", "orgs":
		return ExtraPrefix + name
	}
	if slices.Contains(Fields, field) || slices.Contains(NameParts, field) {
		return ExtraPrefix + name
	}
	return field
}

// What the names of some fields begin with.
const (
	ExtraPrefix    = "extra."    // an X- property
	OverridePrefix = "override:" // an override, by its original start
)

// Part is what some lines of an item say: one element of a field. Lines that say nothing have an empty canon; those that
// belong to no field have no part.
type Part struct {
	Slot  string // what is replaced as one when a field changes: a field, or the property that several fields share
	Field string
	Canon string
	From  int                // the lines, up to before to
	To    int                //
	Lines []contentline.Line // what carries the element elsewhere, when not the lines as they are
}

// calendarParts takes a component apart.
func (d *Document) calendarParts(c Component) []Part {
	parts := make([]Part, 0, 16)
	for from, to := range d.Children(c) {
		l := &d.Lines[from]
		if to-from > 1 {
			parts = append(parts, d.nested(from, to))
			continue
		}
		p := describe(d.Kind, l)
		switch {
		case p.Field == "":
		case p.Field == "categories" || p.Field == "resources":
			parts = append(parts, d.list(p.Field, from)...)
		case p.Field == "description":
			parts = append(parts, d.description(from)...)
		case p.Field == "recurrence" || p.typ == ical.Length && p.Field != "duration":
			parts = append(parts, Part{Slot: p.Field, Field: p.Field, From: from, To: to})
		default:
			canon, err := ical.Canon(l, p.typ, d.zone)
			if err != nil {
				canon = string(l.Value())
			}
			if p.Field == "attachments" || p.Field == "image" {
				canon = inline(l, canon)
			}
			parts = append(parts, Part{Slot: p.Field, Field: p.Field, Canon: withoutDefault(p.Field, canon), From: from, To: to})
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
func (d *Document) list(field string, at int) []Part {
	var parts []Part
	for _, text := range ical.List(ical.Decode(&d.Lines[at])) {
		parts = append(parts, Part{Slot: field, Field: field, Canon: text, From: at, To: at + 1})
	}
	if parts == nil {
		return []Part{{Slot: field, Field: field, From: at, To: at + 1}}
	}
	return parts
}

// description cuts the description of attendees off the text.
func (d *Document) description(at int) []Part {
	l := &d.Lines[at]
	canon, _ := ical.Canon(l, ical.Text, d.zone)
	text, params, found := strings.Cut(canon, ical.Sep)
	if found {
		params = ical.Sep + params
	}
	body, block, fenced := CutFence(text)
	p := Part{Slot: "description", Field: "description", From: at, To: at + 1}
	if body = strings.TrimRight(body, " \n"); body != "" {
		p.Canon = body + params
	}
	if !fenced {
		return []Part{p}
	}
	p.Lines = []contentline.Line{contentline.New("DESCRIPTION" + ParamsOf(l) + ":" + ical.Escape(body))}
	return []Part{p, {Slot: "description", Field: "attendees_described", Canon: block, From: at, To: at + 1}}
}

// ParamsOf is the parameters of a line as written, but those of an encoding that New lines are not in.
func ParamsOf(l *contentline.Line) string {
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
func (d *Document) nested(from, to int) Part {
	name := strings.ToUpper(d.Lines[from].Component())
	if name == "VALARM" {
		return Part{Slot: "alarms", Field: "alarms", Canon: d.alarm(Component{from, to - 1}), From: from, To: to}
	}
	field := ownField(name)
	return Part{Slot: field, Field: field, Canon: d.text(Component{from, to - 1}), From: from, To: to}
}

// text is the canonical text of a component of which only the properties are known.
func (d *Document) text(c Component) string {
	var lines []string
	for from, to := range d.Children(c) {
		l := &d.Lines[from]
		if to-from > 1 {
			lines = append(lines, strings.ToUpper(l.Component())+"{"+d.text(Component{from, to - 1})+"}")
			continue
		}
		p := describe(d.Kind, l)
		if p.Field == "" {
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
