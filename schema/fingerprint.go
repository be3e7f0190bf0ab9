package schema

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/scope"
)

// fingerprint covers what decides the relationship's replicas: template, filter, and what they say about this instance, window, and the zones of floating
// times. How long a change waits is not in it: that decides when a replica follows, and not what it says.
func (r *Relationship) fingerprint() string {
	r.filtered = r.filterPrint()
	zones := [2]string{r.Source.Zone.String(), r.Destination.Zone.String()}
	float := zones != [2]string{"UTC", "UTC"}
	if r.Filter == nil && r.Template == nil && r.Window == nil && !float {
		return ""
	}
	h := fingerprint.New()
	h.Add("filter", r.filtered)
	if float {
		h.Add("zones", zones[0], zones[1])
	}
	if r.Window != nil {
		h.Add("window", r.Window.String())
	}
	if r.Template != nil {
		h.Add("template", r.Template.Identity())
		r.Template.Walk(func(e *scope.Expression) { surroundings(h, r, e) })
	}
	return h.Sum()
}

// filterPrint covers the filter alone; "" without one.
func (r *Relationship) filterPrint() string {
	if r.Filter == nil {
		return ""
	}
	h := fingerprint.New()
	h.Add(r.Filter.Digest())
	r.Filter.Walk(func(e *scope.Expression) { surroundings(h, r, e) })
	return h.Sum()
}

// surroundings hashes what an expression sees of a relationship.
func surroundings(h *fingerprint.Hash, r *Relationship, e *scope.Expression) {
	if e.Each {
		h.Value(r.each)
	}
	for _, end := range []string{"source", "destination"} {
		if e.Sees(end) {
			h.Value(r.See(end))
		}
	}
	if e.Sees("relationship") {
		h.Add(r.Address, r.Key, r.Profile)
		h.Value(scope.FromGo(r.Labels, cty.Map(cty.String)))
	}
}

// fingerprint covers all that decides what a plan says. Lists are sorted when it is called.
func (w *Workspace) fingerprint() string {
	h := fingerprint.New()
	h.Add("1", w.Name, fmt.Sprintf("%v", w.Guard))
	for _, p := range w.Providers {
		h.Add("provider", p.Address, p.Driver)
		attributes(h, p.shown)
	}
	for _, f := range w.Folders {
		h.Add("folder", f.Address, f.Provider.Address, string(f.Config.Kind), f.Location, fmt.Sprint(f.ReadOnly, f.Create, f.Unresolved), f.Zone.String())
		attributes(h, f.shown)
	}
	for _, d := range w.Data {
		h.Add("data", d.Address, fmt.Sprint(d.Rows, d.MinRows, d.MaxShrink))
	}
	for _, r := range w.Relations {
		h.Add("relationship", r.Address, r.Source.Address, r.Destination.Address, r.Profile, r.Fingerprint)
		h.Add(fmt.Sprintf("%t %v %v %v", r.Enabled, r.Policies, r.Guard, r.Settle))
	}
	for _, b := range w.Blocks {
		if b.OnLeaver != "" {
			h.Add("leavers", b.Address, string(b.OnLeaver))
		}
	}
	for _, m := range w.Moved {
		h.Add("moved", m.From, m.To)
	}
	for _, r := range w.Removed {
		h.Add("removed", r.From, string(r.OnRemove))
	}
	return h.Sum()
}

func attributes(h *fingerprint.Hash, a providers.Attributes) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		h.Add(name, fmt.Sprintf("%#v", sorted(a[name])))
	}
	h.Add("end")
}

// sorted gives a map a form that prints the same every time.
func sorted(v any) any {
	m, ok := v.(map[string]string)
	if !ok {
		return v
	}
	list := make([]string, 0, len(m))
	for k, e := range m {
		list = append(list, k+"="+e)
	}
	sort.Strings(list)
	return list
}
