package pim

import (
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/recur"
)

// overridden is what an override says, by field; nil when v is none.
func (v Value) overridden() Fields {
	if !parts.IsOverride(v.field) || len(v.elements) != 1 {
		return nil
	}
	f := Fields{}
	for _, part := range strings.Split(v.elements[0].canon, "\x1e")[1:] {
		field, canon, _ := strings.Cut(part, "=")
		value := f[field]
		value.field = field
		value.elements = append(value.elements, element{canon: canon})
		f[field] = value
	}
	return f
}

// occurrence is what a series says of the occurrence that a key names; nil when it does not take place.
func (f Fields) occurrence(key string) Fields {
	at, ok := f.at(key)
	if !ok || f.excludes(at) {
		return nil
	}
	return f.instance(key)
}

// instance is what a series would say of an occurrence; nil without a series.
func (f Fields) instance(key string) Fields {
	at, ok := f.at(key)
	if !ok {
		return nil
	}
	instance := Fields{}
	for name, v := range f {
		if !parts.IsOverride(name) && name != "recurrence" {
			instance[name] = v
		}
	}
	instance["start"] = timeValue("start", at)
	for _, name := range []string{"end", "due"} {
		start, _ := f.time("start")
		end, ok := f.time(name)
		if !ok {
			continue
		}
		end.Wall = at.Wall.Add(end.Wall.Sub(start.Wall))
		instance[name] = timeValue(name, end)
	}
	return instance
}

func timeValue(field string, t ical.Time) Value {
	return Value{field: field, elements: []element{{canon: t.String()}}}
}

// at is the original start of an occurrence, in the zone of the series.
func (f Fields) at(key string) (at ical.Time, ok bool) {
	start, ok := f.time("start")
	if !ok {
		return at, false
	}
	at, err := ical.ReadTime(key)
	if err == nil && at.Zone != nil && start.Zone != nil {
		local := at.Instant(nil).In(start.Zone.Location())
		at = ical.Time{Wall: time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC), Zone: start.Zone}
	}
	return at, err == nil
}

// original is the original start of an occurrence as plans write times.
func (f Fields) original(key string) string {
	if at, ok := f.at(key); ok {
		return at.RFC3339(nil)
	}
	return key
}

// excludes reports whether a series has no occurrence at a time: it does not recur, its rules name another, it has ended, or it has that one as an
// exception. A recurrence that cannot be worked out excludes nothing.
func (f Fields) excludes(at ical.Time) bool {
	start, ok := f.time("start")
	rules := f.text("recurrence")
	if !ok || rules == "" {
		return true
	}
	set, err := recur.New(start, rules)
	if err != nil {
		return false
	}
	has, err := set.Has(at)
	return err == nil && !has
}

// told is an override on one line: start 2026-12-08T12:00:00Z, summary "Weekly".
func told(e element) string {
	var texts []string
	for _, part := range strings.Split(e.canon, "\x1e")[1:] {
		field, canon, _ := strings.Cut(part, "=")
		text := Value{field: field}.plain(element{canon: canon})
		if !timeFields[field] {
			text = strconv.Quote(text)
		}
		texts = append(texts, field+" "+text)
	}
	return strings.Join(texts, ", ")
}
