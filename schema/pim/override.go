package pim

import (
	"fmt"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/parts"
)

const recurrenceID = "RECURRENCE-ID"

// IsOverride reports whether a field is an override: what one occurrence of a series says by itself.
func IsOverride(field string) bool { return parts.IsOverride(field) }

// Alone is the item of its own that the value of an override stands for: its component without RECURRENCE-ID, and the VTIMEZONEs that it
// refers to. ok is false when v is no override.
func (v Value) Alone(kind Kind) (it *Item, ok bool) {
	if !parts.IsOverride(v.field) || len(v.elements) != 1 {
		return nil, false
	}
	frame := New(kind, "").document()
	data := contentline.Append(nil, frame.Lines[:frame.Main().Begin])
	for _, zone := range v.elements[0].needed() {
		data = contentline.Append(data, zone)
	}
	for i, depth := 0, 0; i < len(v.elements[0].lines); i++ {
		l := v.elements[0].lines[i]
		switch {
		case l.Is("BEGIN"):
			depth++
		case l.Is("END"):
			depth--
		case depth == 1 && l.Is(recurrenceID):
			continue
		}
		data = contentline.Append(data, []contentline.Line{l})
	}
	data = contentline.Append(data, frame.Lines[frame.Main().End+1:])
	it, err := Parse(kind, data)
	return it, err == nil
}

// WithAlone is the override v with the content of an item that Alone gave, as it was changed since.
func (v Value) WithAlone(it *Item) (Value, error) {
	if !parts.IsOverride(v.field) || len(v.elements) != 1 {
		return Value{}, fmt.Errorf("%s is no override", v.field)
	}
	d := it.document()
	e := parts.NewEdit(d)
	for _, zone := range v.elements[0].needed() {
		if _, known := d.Timezones[zoneName(zone)]; !known {
			e.Insert(d.Main().Begin, zone)
		}
	}
	depth := 0
	for _, l := range v.elements[0].lines {
		switch {
		case l.Is("BEGIN"):
			depth++
		case l.Is("END"):
			depth--
		case depth == 1 && l.Is(recurrenceID):
			e.Insert(d.Main().Begin+1, []contentline.Line{l})
		}
	}
	override, err := Parse(it.kind, e.Bytes())
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", v.field, err)
	}
	changed, ok := override.Fields()[v.field]
	if !ok {
		return Value{}, fmt.Errorf("%s: lost its RECURRENCE-ID", v.field)
	}
	return changed, nil
}
