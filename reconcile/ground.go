package reconcile

import (
	"maps"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// ground gives floating times of originals the zone of their folder where the destination lets none float, and takes it off on the way back. Where one of the
// folders keeps instants, each side has the zones that it has: they say nothing.
func ground(d *decide.Relationship, r *schema.Relationship, source, destination *folder) {
	render, back, keep := d.Render, d.Back, d.Keep
	instants := func() bool { return source.caps.Instants || destination.caps.Instants }
	d.Render = func(o *pim.Item) (*pim.Item, error) {
		content, err := render(o)
		if err == nil && destination.caps.Zoned {
			content = content.Grounded(r.Source.Zone)
		}
		return content, err
	}
	d.Keep = func(want, have pim.Fields) pim.Fields {
		if want = keep(want, have); instants() {
			want = timedAs(r.Source.Kind, want, have)
		}
		return want
	}
	d.Back = func(original, replica pim.Fields, undo uint64) pim.Fields {
		fields := back(original, replica, undo)
		if destination.caps.Zoned && original != nil && of(r, original).Floats() {
			fields = of(r, fields).Floated(r.Source.Zone).Fields()
		}
		if instants() {
			fields = timedAs(r.Source.Kind, fields, original)
		}
		return fields
	}
}

// timedAs are fields with their single times as others say them, where these are the same instants.
func timedAs(kind pim.Kind, fields, others pim.Fields) pim.Fields {
	changes, one, other := pim.Fields{}, fields.Instants(kind), others.Instants(kind)
	for _, name := range fields.Diff(others) {
		if !others[name].IsZero() && one[name].Equal(other[name]) {
			changes[name] = others[name]
		}
	}
	if len(changes) == 0 {
		return fields
	}
	out := maps.Clone(fields)
	maps.Copy(out, changes)
	return out
}

// of is an item that says just this.
func of(r *schema.Relationship, fields pim.Fields) *pim.Item {
	return pim.New(r.Source.Kind, "").WithFields(fields)
}
