package decide_test

import (
	"strings"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema/pim"
)

// actingSmalls are small workspaces on whose relationships something acts besides their policies: see acting.
func actingSmalls() []small {
	var out []small
	for name := range acting {
		for way, rels := range map[string]string{"one way, ": "AB", "both ways, ": "AB BA"} {
			out = append(out, small{way + name, map[string]string{"A": "x", "B": ""}, rels, history.Rel{OnUnmatched: "delete", Template: name == "late"}})
		}
	}
	return out
}

// acting are what acts on the relationships of workspaces whose names end so.
var acting = map[string]func(*decide.Relationship, *clock){
	"window":  placed,
	"owned":   func(r *decide.Relationship, _ *clock) { owned(r, "description") },
	"trigger": func(r *decide.Relationship, _ *clock) { triggered(r, "summary") },
	"late": func(r *decide.Relationship, c *clock) {
		late(r, c)
		r.Next = func(*pim.Item) (start, end time.Time, ok bool) {
			start, end = noon.Add(time.Hour), noon.Add(2*time.Hour)
			return start, end, end.After(c.now)
		}
	},
}

// placed gives a relationship a window that holds what takes place at noon: those items that the filter of other workspaces lets in.
func placed(r *decide.Relationship, _ *clock) {
	r.Extent = func(o *pim.Item) (from, to time.Time) {
		if fieldsOf(o).Category == "k" {
			return noon, noon
		}
		return noon.Add(1000 * time.Hour), noon.Add(1001 * time.Hour)
	}
	r.Overlaps = func(from, _ time.Time) (bool, time.Time) { return from.IsZero() || from.Equal(noon), time.Time{} }
	r.Window = func(o *pim.Item) (bool, time.Time, error) {
		in, until := r.Overlaps(r.Extent(o))
		return in, until, nil
	}
}

// act has what acts on the workspace act on a relationship. It reports whether something does.
func (x *explorer) act(r *decide.Relationship, c *clock) bool {
	for name, f := range acting {
		if strings.HasSuffix(x.name, ", "+name) {
			f(r, c)
			return true
		}
	}
	return false
}
