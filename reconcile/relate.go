package reconcile

import (
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// relate makes a configured relationship into functions of values.
func relate(r *schema.Relationship, recorded *state.Relationship, now time.Time) *decide.Relationship {
	t := r.Template
	return &decide.Relationship{
		Address: r.Address, Source: r.Source.Address, Destination: r.Destination.Address, Policies: r.Policies,
		Match: func(o *pim.Item) (bool, error) {
			if r.Filter == nil {
				return true, nil
			}
			return r.Filter.Match(o, r)
		},
		Render:    func(o *pim.Item) (*pim.Item, error) { return t.Render(o, r) },
		Back:      t.Back,
		Flows:     func(field string) bool { return !t.Sets(field) },
		DependsOn: t.DependsOn,
		Settle:    r.Settle,
		Changed:   recorded != nil && recorded.Fingerprint != r.Fingerprint,
	}
}

// capable is what decisions need to know of a folder.
func capable(f *folder) decide.Capable {
	return decide.Capable{Markers: f.caps.Markers, UIDs: f.caps.UIDs, Holds: f.caps.Holds}
}

// moves applies `moved` blocks to recorded addresses: chains of them, instances with their block.
func moves(ws *schema.Workspace) func(address string) string {
	return func(address string) string {
		for range ws.Moved {
			before := address
			for _, m := range ws.Moved {
				if address == m.From {
					address = m.To
				} else if len(address) > len(m.From) && address[:len(m.From)] == m.From && address[len(m.From)] == '[' {
					address = m.To + address[len(m.From):]
				}
			}
			if address == before {
				break
			}
		}
		return address
	}
}

// fate is what `removed` blocks say of a relationship that left; as recorded when they say nothing.
func fate(ws *schema.Workspace, rec state.Relationship) string {
	i := slices.IndexFunc(ws.Removed, func(r schema.Removed) bool { return r.From == rec.Address || r.From == rec.Block })
	if i >= 0 && ws.Removed[i].OnRemove != "" {
		return string(ws.Removed[i].OnRemove)
	}
	return rec.OnRemove
}
