package reconcile_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
)

// pairsOf are all recorded pairs, by relationship and original.
func pairsOf(o *office) []state.Pair {
	recorded, err := o.state.Relationships()
	if err != nil {
		o.t.Fatalf("%v", err)
	}
	names := map[string]bool{}
	for _, r := range recorded {
		names[r.Address] = true
	}
	for _, r := range o.ws.Relations {
		names[r.Address] = true
	}
	var out []state.Pair
	for name := range names {
		if err := o.state.Pairs(name, func(p state.Pair) error { out = append(out, p); return nil }); err != nil {
			o.t.Fatalf("%v", err)
		}
	}
	slices.SortFunc(out, func(a, b state.Pair) int {
		return cmp.Or(cmp.Compare(a.Relationship, b.Relationship), cmp.Compare(a.Original, b.Original))
	})
	return out
}

// dump is the whole state as text, to compare.
func dump(o *office) string {
	var b strings.Builder
	put := func(v any, err error) {
		if err != nil {
			o.t.Fatalf("%v", err)
		}
		fmt.Fprintf(&b, "%+v\n", v)
	}
	put(o.state.Header(), nil)
	folders, err := o.state.Folders()
	put(folders, err)
	relationships, err := o.state.Relationships()
	put(relationships, err)
	put(pairsOf(o), nil)
	for _, f := range folders {
		err := o.state.Items(f.Address, func(it state.Item) error { put(it, nil); return nil })
		put(f.Address, err)
	}
	applies, err := o.state.Applies()
	put(applies, err)
	return b.String()
}
