package pim

import (
	"slices"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// With is v and those elements of w that it lacks. Two are the same when their texts are, whatever their parameters.
func (v Value) With(w Value) Value {
	if v.IsZero() {
		return w
	}
	missing := w.Without(v)
	if missing.IsZero() {
		return v
	}
	v.elements = append(slices.Clip(v.elements), missing.at(v.version).elements...)
	return v
}

// Without is v less the elements that w has as well, likewise.
func (v Value) Without(w Value) Value {
	has := func(e element) bool {
		return slices.ContainsFunc(w.elements, func(other element) bool { return ical.Main(other.canon) == ical.Main(e.canon) })
	}
	if !slices.ContainsFunc(v.elements, has) {
		return v
	}
	v.elements = slices.DeleteFunc(slices.Clone(v.elements), has)
	return v
}
