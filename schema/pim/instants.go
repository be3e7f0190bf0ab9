package pim

import (
	"maps"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// Instants are the fields as a store has them that keeps when something takes place, and not the zone that this was said in: start, end, due and completed are in UTC.
// A date, a time that floats, and the times of a series, which takes place by the clock of its zone, stay as they are.
func (f Fields) Instants(kind Kind) Fields {
	if !f["recurrence"].IsZero() {
		return f
	}
	changes := Fields{}
	for name := range timeFields {
		if v, ok := f[name].inUTC(kind, name); ok {
			changes[name] = v
		}
	}
	if len(changes) == 0 {
		return f
	}
	out := maps.Clone(f)
	maps.Copy(out, changes)
	return out
}

// inUTC is a time of another zone in UTC. ok is false for anything else.
func (v Value) inUTC(kind Kind, field string) (utc Value, ok bool) {
	if len(v.elements) != 1 {
		return Value{}, false
	}
	t, err := ical.ReadTime(v.elements[0].canon)
	if err != nil || t.Date || t.Zone == nil || t.Zone.ID() == "UTC" {
		return Value{}, false
	}
	utc, err = FieldValue(kind, field, t.Instant(time.UTC).UTC().Format(time.RFC3339))
	return utc, err == nil
}
