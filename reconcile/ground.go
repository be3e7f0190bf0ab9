package reconcile

import (
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// ground gives floating times of originals the zone of their folder where the destination lets none float, and takes it off on the way back.
func ground(d *decide.Relationship, r *schema.Relationship, destination *folder) {
	render, back := d.Render, d.Back
	d.Render = func(o *pim.Item) (*pim.Item, error) {
		content, err := render(o)
		if err == nil && destination.caps.Zoned {
			content = content.Grounded(r.Source.Zone)
		}
		return content, err
	}
	d.Back = func(original, replica pim.Fields, undo uint64) pim.Fields {
		fields := back(original, replica, undo)
		if destination.caps.Zoned && original != nil && of(r, original).Floats() {
			return of(r, fields).Floated(r.Source.Zone).Fields()
		}
		return fields
	}
}

// of is an item that says just this.
func of(r *schema.Relationship, fields pim.Fields) *pim.Item {
	return pim.New(r.Source.Kind, "").WithFields(fields)
}
