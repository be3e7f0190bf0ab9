package reconcile

import (
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
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
		Owns:      t.Owns,
		Keep:      t.Keep,
		Triggers:  t.Triggers,
		Late:      func(o *pim.Item) *decide.Late { return late(t, o, r) },
		Changed:   recorded != nil && recorded.Fingerprint != r.Fingerprint,
	}
}

// late is how a template marks late changes of an original; nil: it does not, or cannot tell: then rendering says why.
func late(t *template.Template, o *pim.Item, r *schema.Relationship) *decide.Late {
	l, err := t.LateFor(o, r)
	if err != nil || l == nil {
		return nil
	}
	how := map[state.Lateness]template.Lateness{state.LateChanged: template.Changed, state.LateCancelled: template.Cancelled}
	return &decide.Late{Within: l.Within, Watches: l.Watches,
		Marks: func(s state.Lateness) ([]string, bool) { return l.Marks(how[s]), l.Shows(how[s]) },
		Mark:  func(content *pim.Item, s state.Lateness) (*pim.Item, error) { return l.Mark(content, how[s]) }}
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
