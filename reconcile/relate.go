package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
	"github.com/accord-sync/accord/schema/window"
)

// relate makes a configured relationship into functions of values.
func relate(r *schema.Relationship, recorded *state.Relationship, now time.Time) *decide.Relationship {
	t, before := r.Template, ""
	if recorded != nil {
		before = recorded.Undone
	}
	undone := t.Undone(before)
	d := &decide.Relationship{
		Address: r.Address, Block: r.Block, Source: r.Source.Address, Destination: r.Destination.Address, Policies: r.Policies,
		Match: func(o *pim.Item) (bool, error) {
			if r.Filter == nil {
				return true, nil
			}
			return r.Filter.Match(o, r)
		},
		Render: func(o *pim.Item) (*pim.Item, error) { return t.Render(o, r) },
		Back: func(original, replica pim.Fields, undo uint64) pim.Fields {
			return t.Back(original, replica, undone[undo])
		},
		BackAs:    func(field string, undo uint64) string { return undone[undo].Field(field) },
		Undo:      func(o *pim.Item) uint64 { return t.Undo(o, r).Number() },
		Flows:     func(field string) bool { return !t.Sets(field) },
		DependsOn: t.DependsOn,
		Settle:    r.Settle,
		Owns:      t.Owns,
		Keep:      t.Keep,
		Triggers:  t.Triggers,
		Late:      func(o *pim.Item) *decide.Late { return late(t, o, r) },
		Lingers:   t.Lingers(),
		Next:      func(it *pim.Item) (start, end time.Time, ok bool) { return next(it, now, r.Source.Zone) },
		Changed:   recorded != nil && !madeBy(*recorded, r.Fingerprint),
	}
	if t != nil {
		d.Rendered = func(o *pim.Item) []uint64 {
			content, err := t.Render(o, r)
			if err != nil {
				return nil // which is said when it is decided
			}
			return content.MatchKeys(r.Source.Zone)
		}
	}
	if !r.Window.IsZero() {
		d.Window = func(o *pim.Item) (bool, time.Time, error) {
			stay, err := r.Window.Stay(o, now, r.Source.Zone)
			return stay.In, stay.Until, err
		}
		d.Extent = func(o *pim.Item) (from, to time.Time) { return o.Extent(r.Source.Zone) }
		d.Overlaps = func(from, to time.Time) (bool, time.Time) {
			stay := overlaps(r.Window, from, to, now, r.Source.Zone)
			return stay.In, stay.Until
		}
	}
	return d
}

// overlaps is whether what was a series or a single item, nobody knows which, is in a window.
func overlaps(w *window.Window, from, to, now time.Time, zone *time.Location) window.Stay {
	single, series := w.Overlaps(from, to, false, now, zone), w.Overlaps(from, to, true, now, zone)
	stay := window.Stay{In: single.In || series.In, Until: single.Until}
	if stay.Until.IsZero() || !series.Until.IsZero() && series.Until.Before(stay.Until) {
		stay.Until = series.Until
	}
	return stay
}

// next is the instance of an item that goes on at now, or comes next.
func next(it *pim.Item, now time.Time, zone *time.Location) (start, end time.Time, ok bool) {
	for span, err := range it.Spans(now, zone) {
		return span.Start, span.End, err == nil
	}
	return start, end, false
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
		Mark: func(content *pim.Item, s state.Lateness, until time.Time) (*pim.Item, error) {
			var changed []string
			if s == state.LateChanged {
				changed = endingAt(content, until, r.Source.Zone)
			}
			return l.Mark(content, how[s], changed...)
		}}
}

// endingAt are the overrides of an item that end at an instant.
func endingAt(it *pim.Item, at time.Time, zone *time.Location) (overrides []string) {
	fields := it.Fields()
	for _, name := range sortedKeys(fields) {
		alone, ok := fields[name].Alone(it.Kind())
		if !ok {
			continue
		}
		for span, err := range alone.Spans(time.Time{}, zone) {
			if err == nil && span.End.Equal(at) {
				overrides = append(overrides, name)
			}
			break
		}
	}
	return overrides
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
				if rest, of := strings.CutPrefix(address, m.From); of && (rest == "" || rest[0] == '[' || strings.HasPrefix(rest, ".partition[")) {
					address = m.To + rest
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
