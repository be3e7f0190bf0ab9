package pim

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// Change is what becomes of one field of an item, as plans show it.
type Change struct {
	Field         string
	Occurrence    string // of a series: the original start of the occurrence that alone says it; "": the item says it
	Before, After any    // nil, a string, or a []string for a multi-valued field
}

// Changes is what turns before into after; nil is an item that is not there. An override is compared field by field with what the occurrence was
// before, be that of its own or what the series says of it: one that is moved changes its start, one that is cancelled its status. One that takes
// place no more, or did not before, has no start on that side. "override" is the field of one that begins or ends to be kept apart from
// its series and says the same.
func Changes(before, after Fields) []Change {
	var list []Change
	for _, name := range after.Diff(before) {
		if parts.IsOverride(name) {
			list = append(list, overrideChanges(name, before, after)...)
			continue
		}
		list = append(list, Change{Field: name, Before: before[name].shown(), After: after[name].shown()})
	}
	return list
}

// overrideChanges are the changes of an override that either side may lack.
func overrideChanges(name string, before, after Fields) []Change {
	v, w := before[name], after[name]
	was, is := v.overridden(), w.overridden()
	key := strings.TrimPrefix(name, parts.OverridePrefix)
	var beside Fields // what is not told again of an occurrence that is on one side only
	if was == nil {
		if was = before.occurrence(key); was == nil {
			beside = after.instance(key)
		}
	}
	if is == nil {
		if is = after.occurrence(key); is == nil {
			beside = before.instance(key)
		}
	}
	f := before
	if !after["start"].IsZero() {
		f = after
	}
	at := f.original(key)
	var list []Change
	for _, field := range is.Diff(was) {
		if field != "start" && beside != nil && (was == nil && is[field].Equal(beside[field]) || is == nil && was[field].Equal(beside[field])) {
			continue
		}
		list = append(list, Change{Field: field, Occurrence: at, Before: was[field].shown(), After: is[field].shown()})
	}
	if list != nil {
		return list
	}
	const same = "the same as the series"
	if v.IsZero() {
		return []Change{{Field: "override", Occurrence: at, After: same}}
	}
	return []Change{{Field: "override", Occurrence: at, Before: same}}
}

// shown is what a plan shows of a value: Plain, with the names, roles and answers of people and the types of addresses.
func (v Value) shown() any {
	var object func(canon string) string
	switch v.field {
	case "attendees":
		object = func(canon string) string { return invited(attendee(canon).(map[string]any)) }
	case "organizer":
		object = func(canon string) string {
			return person(map[string]any{"name": param(canon, "CN"), "email": email(canon)})
		}
	case "emails", "phones", "urls", "impp", "addresses":
		object = func(canon string) string {
			text := v.plain(element{canon: canon})
			if types := typeOf(canon); types != "" {
				text += " (" + types + ")"
			}
			return text
		}
	}
	if object == nil || v.IsZero() {
		return v.Plain()
	}
	texts := make([]string, len(v.elements))
	for i, e := range v.elements {
		texts[i] = object(e.canon)
	}
	if multiValued[v.field] {
		return texts
	}
	return strings.Join(texts, "\n")
}
