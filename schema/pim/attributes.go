package pim

import (
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/plain"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// Attributes is the item as expressions see it: the Attribute of each name that Names lists.
func (it *Item) Attributes(floating *time.Location) map[string]any {
	f := it.own()
	names := Names(it.kind)
	all := make(map[string]any, len(names))
	for _, n := range names {
		all[n.Name] = it.attribute(f, n.Name, floating)
	}
	return all
}

// Attribute is what expressions see under one of the names that Names lists. Absent: string "", list []any, number and time nil.
// Values are string, bool, float64, []any, map[string]any and nil. floating is the zone that floating times are read in (nil:
// UTC).
func (it *Item) Attribute(name string, floating *time.Location) any {
	return it.attribute(it.own(), name, floating)
}

// own is the content of the master; of an item without one, what its first override says.
func (it *Item) own() Fields {
	f := it.Fields()
	for field := range f {
		if !parts.IsOverride(field) {
			return f
		}
	}
	d := it.document()
	if d.Master >= 0 || len(d.Components) == 0 {
		return f
	}
	alone := *d
	alone.Components, alone.Master = d.Components[:1], 0
	return fieldsOf(&alone)
}

func (it *Item) attribute(f Fields, name string, floating *time.Location) any {
	if it.kind == Contacts { // the names that they have for the sake of the other kinds
		switch name {
		case "summary":
			name = "name"
		case "description":
			name = "note"
		case "url":
			return f.text("urls")
		}
	}
	switch name {
	case "uid":
		return it.uid
	case "class":
		return orElse(f.word(name), "public")
	case "private":
		return orElse(f.word("class"), "public") != "public"
	case "created":
		return timestamp(it.document().Latest("CREATED"))
	case "modified":
		return timestamp(it.Modified())
	case "extra":
		return f.extra()
	case "start", "end", "due", "completed":
		if t, ok := f.time(name); ok {
			return t.RFC3339(floating)
		}
		return nil
	case "zone":
		return f.zone()
	case "all_day":
		start, _ := f.time("start")
		return start.Date
	case "minutes":
		return f.minutes(floating)
	case "recurring":
		return !f["recurrence"].IsZero()
	case "recurrence":
		rules, _ := f[name].Plain().(string)
		return rules
	case "status":
		return f.word(name)
	case "transparency":
		return orElse(f.word(name), "opaque")
	case "busy":
		return f.busy()
	case "percent", "priority":
		return f.number(name)
	case "organizer":
		if v := f[name]; !v.IsZero() {
			canon := v.elements[0].canon
			return map[string]any{"name": param(canon, "CN"), "email": email(canon)}
		}
		return nil
	case "birthday", "anniversary":
		if day := f.text(name); day != "" {
			return day
		}
		return nil
	case "photo":
		return !f[name].IsZero()
	}
	if object, ok := lists[name]; ok {
		return f.list(name, object)
	}
	return f.text(name)
}

// lists are the names that are lists, and what an element of each is made of its canonical text.
var lists = map[string]func(canon string) any{
	"categories": text, "members": text, "emails": typed, "phones": typed, "urls": typed,
	"addresses": address, "alarms": alarm, "attachments": attachment, "attendees": attendee,
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// time is a field that holds one.
func (f Fields) time(field string) (t ical.Time, ok bool) {
	t, err := ical.ReadTime(f.text(field))
	return t, err == nil
}

// zone is the IANA name of the zone of the start.
func (f Fields) zone() string {
	start, _ := f.time("start")
	if start.Zone == nil {
		return ""
	}
	if lines := f["start"].elements[0].lines; len(lines) > 0 {
		if z, found := tz.Find(lines[0].Param("TZID")); found {
			return z.Name()
		}
	}
	return start.Zone.Name()
}

// minutes is how long the item lasts; nil without a start.
func (f Fields) minutes(floating *time.Location) any {
	start, ok := f.time("start")
	if !ok {
		return nil
	}
	if end, ends := f.time("end"); ends {
		return end.Instant(floating).Sub(start.Instant(floating)).Minutes()
	}
	return 0.0
}

// busy is what other people's views show; where nothing says it, transparency and status do.
func (f Fields) busy() string {
	switch {
	case f.word("busy") != "":
		return f.word("busy")
	case f.word("transparency") == "transparent":
		return "free"
	case f.word("status") == "tentative":
		return "tentative"
	}
	return "busy"
}

func text(canon string) any { return ical.Main(canon) }

func typed(canon string) any { return map[string]any{"type": typeOf(canon), "value": ical.Main(canon)} }

func alarm(canon string) any { return map[string]any{"before": plain.AlarmText(ical.Main(canon))} }

func attendee(canon string) any {
	return map[string]any{
		"name": param(canon, "CN"), "email": email(canon),
		"role":   plain.Roles[orElse(param(canon, "ROLE"), "REQ-PARTICIPANT")],
		"status": strings.ToLower(orElse(param(canon, "PARTSTAT"), "NEEDS-ACTION")),
	}
}

func address(canon string) any {
	a := map[string]any{"type": typeOf(canon)}
	for i, part := range plain.SplitAddress(ical.Main(canon)) {
		if plain.AddressParts[i] != "" {
			a[plain.AddressParts[i]] = part
		}
	}
	return a
}

// email is the address of a person; of one known by another URI, the EMAIL parameter.
func email(canon string) string {
	return strings.ToLower(orElse(param(canon, "EMAIL"), ical.Main(canon)))
}

func attachment(canon string) any {
	url := ical.Main(canon)
	a := map[string]any{
		"name": orElse(param(canon, "FILENAME"), param(canon, "X-FILENAME")), "url": url, "type": strings.ToLower(param(canon, "FMTTYPE")), "size": nil,
	}
	if n, err := strconv.ParseFloat(param(canon, "SIZE"), 64); err == nil {
		a["size"] = n
	}
	if param(canon, "sha256") != "" {
		media, _, _ := strings.Cut(url, ",")
		a["url"], a["type"] = "", orElse(a["type"].(string), media)
	}
	return a
}

// typeOf is the label of an element, or its types.
func typeOf(canon string) string {
	if label := param(canon, "LABEL"); label != "" {
		return strings.ToLower(label)
	}
	var types []string
	for p := range strings.SplitSeq(canon, ical.Sep) {
		if t, ok := strings.CutPrefix(p, "TYPE="); ok {
			types = append(types, t)
		}
	}
	return strings.Join(types, ",")
}

// param is a parameter in a canonical text.
func param(canon, name string) string {
	_, params, _ := strings.Cut(canon, ical.Sep)
	for p := range strings.SplitSeq(params, ical.Sep) {
		if key, value, _ := strings.Cut(p, "="); key == name {
			return value
		}
	}
	return ""
}

func (f Fields) text(field string) string {
	if v := f[field]; !v.IsZero() {
		return ical.Main(v.elements[0].canon)
	}
	return ""
}

// word is a text of which expressions see the lower case.
func (f Fields) word(field string) string {
	text, _ := f[field].Plain().(string)
	return text
}

func (f Fields) number(field string) any {
	if n, err := strconv.ParseFloat(f.text(field), 64); err == nil {
		return n
	}
	return nil
}

func (f Fields) list(field string, object func(canon string) any) []any {
	list := []any{}
	for _, e := range f[field].elements {
		list = append(list, object(e.canon))
	}
	return list
}

func (f Fields) extra() map[string]any {
	extra := map[string]any{}
	for name, v := range f {
		if rest, ok := strings.CutPrefix(name, parts.ExtraPrefix); ok {
			extra[rest] = v.Plain()
		}
	}
	return extra
}

// timestamp is an instant as expressions see it.
func timestamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.Format(time.RFC3339)
}
