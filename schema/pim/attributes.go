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

// Attributes is the item as expressions see it, by the names that Names lists. Absent: string "", list []any, number and time
// nil. Values are string, bool, float64, []any, map[string]any and nil. floating is the zone that floating times are read in
// (nil: UTC).
func (it *Item) Attributes(floating *time.Location) map[string]any {
	d := it.document()
	f := it.Fields()
	if d.Master < 0 && len(d.Components) > 0 {
		alone := *d
		alone.Components, alone.Master = d.Components[:1], 0
		f = fieldsOf(&alone)
	}
	a := map[string]any{
		"uid": it.uid, "categories": f.strings("categories"), "class": orElse(f.word("class"), "public"), "private": it.Private(),
		"created": timestamp(d, "CREATED"), "modified": nil, "extra": f.extra(),
	}
	if at := it.Modified(); !at.IsZero() {
		a["modified"] = at.Format(time.RFC3339)
	}
	if it.kind == Contacts {
		f.contact(a)
		return a
	}
	for _, field := range []string{"summary", "description", "description_html", "url", "location", "color", "parent"} {
		a[field] = f.text(field)
	}
	a["attachments"] = f.list("attachments", attachment)
	a["status"] = f.word("status")
	f.times(a, floating)
	switch it.kind {
	case Calendar:
		f.event(a)
	case Tasks:
		a["percent"], a["priority"] = f.number("percent"), f.number("priority")
	}
	a["recurring"] = !f["recurrence"].IsZero()
	a["recurrence"], _ = orElse(f["recurrence"].Plain(), "").(string)
	a["alarms"] = f.list("alarms", func(canon string) any { return map[string]any{"before": plain.AlarmText(ical.Main(canon))} })
	known := map[string]any{}
	for _, n := range Names(it.kind) {
		known[n.Name] = a[n.Name]
	}
	return known
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// times are the names that are about when.
func (f Fields) times(a map[string]any, floating *time.Location) {
	at := map[string]ical.Time{}
	for field := range timeFields {
		a[field] = nil
		if t, err := ical.ReadTime(f.text(field)); err == nil {
			at[field], a[field] = t, t.RFC3339(floating)
		}
	}
	start, ok := at["start"]
	a["zone"], a["all_day"], a["minutes"] = "", ok && start.Date, nil
	if start.Zone != nil {
		a["zone"] = start.Zone.Name()
		if lines := f["start"].elements[0].lines; len(lines) > 0 {
			if z, found := tz.Find(lines[0].Param("TZID")); found {
				a["zone"] = z.Name()
			}
		}
	}
	switch end, ends := at["end"]; {
	case ok && ends:
		a["minutes"] = end.Instant(floating).Sub(start.Instant(floating)).Minutes()
	case ok:
		a["minutes"] = 0.0
	}
}

// event is what only calendars have.
func (f Fields) event(a map[string]any) {
	a["transparency"] = orElse(f.word("transparency"), "opaque")
	a["priority"] = f.number("priority")
	a["busy"] = f.word("busy")
	if a["busy"] == "" {
		switch {
		case a["transparency"] == "transparent":
			a["busy"] = "free"
		case a["status"] == "tentative":
			a["busy"] = "tentative"
		default:
			a["busy"] = "busy"
		}
	}
	a["organizer"] = nil
	if v := f["organizer"]; !v.IsZero() {
		canon := v.elements[0].canon
		a["organizer"] = map[string]any{"name": param(canon, "CN"), "email": email(canon)}
	}
	a["attendees"] = f.list("attendees", func(canon string) any {
		return map[string]any{
			"name": param(canon, "CN"), "email": email(canon),
			"role":   plain.Roles[orElse(param(canon, "ROLE"), "REQ-PARTICIPANT")],
			"status": strings.ToLower(orElse(param(canon, "PARTSTAT"), "NEEDS-ACTION")),
		}
	})
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

func (f Fields) contact(a map[string]any) {
	for _, field := range []string{"name", "given", "family", "middle", "prefix", "suffix", "nickname", "org", "department", "title", "note"} {
		a[field] = f.text(field)
	}
	a["summary"], a["description"], a["description_html"], a["attachments"] = a["name"], a["note"], "", []any{}
	typed := func(canon string) any { return map[string]any{"type": typeOf(canon), "value": ical.Main(canon)} }
	for _, field := range []string{"emails", "phones", "urls"} {
		a[field] = f.list(field, typed)
	}
	a["url"] = f.text("urls")
	a["addresses"] = f.list("addresses", func(canon string) any {
		address := map[string]any{"type": typeOf(canon)}
		for i, part := range plain.SplitAddress(ical.Main(canon)) {
			if plain.AddressParts[i] != "" {
				address[plain.AddressParts[i]] = part
			}
		}
		return address
	})
	for _, field := range []string{"birthday", "anniversary"} {
		a[field] = nil
		if day := f.text(field); day != "" {
			a[field] = day
		}
	}
	a["photo"] = !f["photo"].IsZero()
	a["members"] = f.strings("members")
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

func (f Fields) strings(field string) []any {
	return f.list(field, func(canon string) any { return ical.Main(canon) })
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

// timestamp is a property that is an instant, as expressions see it.
func timestamp(d *parts.Document, name string) any {
	if at := d.Latest(name); !at.IsZero() {
		return at.Format(time.RFC3339)
	}
	return nil
}
