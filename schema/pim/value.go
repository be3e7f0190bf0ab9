package pim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/plain"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// FieldValue makes the value of a field from plain data, as Attributes gives it or simpler: a list may be of texts where it is
// of objects, and one text where it is a list; nil: absent. A time is RFC 3339 (read as UTC when it has an offset but no
// zone), a date for all-day, "2026-03-01T09:00:00" for floating, or "2026-03-01T09:00:00[Europe/Paris]". The error says what is
// wrong with the value.
func FieldValue(kind Kind, field string, v any) (Value, error) {
	value, err := fieldValue(kind, field, v)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", field, err)
	}
	return value, nil
}

func fieldValue(kind Kind, field string, v any) (Value, error) {
	if v == nil {
		return Value{}, nil
	}
	if parts.IsOverride(field) {
		return Value{}, fmt.Errorf("an override cannot be set as a value")
	}
	if b, ok := v.(bool); ok && field == "photo" && !b {
		return Value{}, nil
	}
	if field == "categories" || field == "resources" {
		return texts(field, v)
	}
	if field == "attendees_described" || kind == Contacts && (slices.Contains(parts.NameParts, field) || field == "org" || field == "department") {
		text, err := plain.Text(v)
		return textValue(field, strings.TrimSpace(text)), err
	}
	items := []any{v}
	if list, ok := asList(v); ok {
		if items = list; !multiValued[field] && field != "recurrence" && len(list) > 1 {
			return Value{}, fmt.Errorf("a list of %d values, and the field takes one", len(list))
		}
	}
	var lines []string
	for _, item := range items {
		made, err := plain.Lines(component(kind), field, item)
		if err != nil {
			return Value{}, err
		}
		lines = append(lines, made...)
	}
	return made(kind, field, lines)
}

// asList takes the lists of Attributes and those of Plain.
func asList(v any) ([]any, bool) {
	texts, ok := v.([]string)
	if !ok {
		list, ok := v.([]any)
		return list, ok
	}
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list, true
}

// made is the value that an item with these lines has.
func made(kind Kind, field string, lines []string) (Value, error) {
	begin, end := envelope(kind)
	data := []byte(begin)
	for _, text := range lines {
		l := contentline.New(text)
		if l.Name() == "" {
			return Value{}, fmt.Errorf("%q cannot be written", text)
		}
		data = contentline.Append(data, []contentline.Line{l})
	}
	d, err := parts.Read(component(kind), append(data, end...))
	if err != nil {
		return Value{}, err
	}
	if err := d.Check(); err != nil {
		return Value{}, err
	}
	return fieldsOf(d)[field].withZones(), nil
}

// withZones is a value that brings the VTIMEZONEs of the zones that it names.
func (v Value) withZones() Value {
	for n := range v.elements {
		e := &v.elements[n]
		for i := range e.lines {
			tzid := e.lines[i].Param("TZID")
			zone, ok := tz.Find(tzid)
			if !ok {
				continue
			}
			at, err := ical.LineTime(&e.lines[i], string(e.lines[i].Value()), func(string) (*tz.Zone, error) { return zone, nil })
			if err != nil {
				continue
			}
			var lines []contentline.Line
			for _, text := range tz.Component(tzid, zone, at.Wall) {
				lines = append(lines, contentline.New(text))
			}
			e.zones = map[string][]contentline.Line{tzid: lines}
		}
	}
	return v
}

// texts is the value of a field that lists texts in one property.
func texts(field string, v any) (Value, error) {
	list, ok := asList(v)
	if !ok {
		list = []any{v}
	}
	value := Value{field: field}
	for _, item := range list {
		text, err := plain.Text(item)
		if err != nil {
			return Value{}, err
		}
		if text = strings.TrimSpace(ical.Main(text)); text != "" {
			value.elements = append(value.elements, element{canon: text})
		}
	}
	return value, nil
}
