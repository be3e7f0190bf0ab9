package pim

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// Instance is what a series says of the occurrence that the name of an override stands for, as if it were an item of its own; nil when it does
// not take place, or f is no series.
func (f Fields) Instance(kind Kind, override string) Fields {
	instance := f.occurrence(strings.TrimPrefix(override, parts.OverridePrefix))
	for name, v := range instance {
		if !timeFields[name] || len(v.elements) != 1 || v.elements[0].lines != nil {
			continue
		}
		at, err := FieldValue(kind, name, v.elements[0].canon)
		if err != nil || !at.Equal(v) {
			return nil
		}
		instance[name] = at
	}
	return instance
}
