package schema

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/schema/diagnose"
)

// checkShared reports relationships that share replicas, which coalesce makes of all that it is written for with one destination, and do not agree on what
// follows when a person changes one. What they copy, and how their templates make it, may differ: the lead of a replica decides that.
func (l *loader) checkShared() {
	blocks := slices.SortedFunc(slices.Values(l.blocks), func(a, b *relationshipBlock) int {
		switch {
		case diagnose.Before(a.DefRange, b.DefRange):
			return -1
		case diagnose.Before(b.DefRange, a.DefRange):
			return 1
		}
		return cmp.Compare(a.address, b.address)
	})
	first := map[*Folder]*Relationship{}
	for _, b := range blocks {
		for _, r := range b.made {
			if !b.sound || !r.Policies.Coalesce {
				continue
			}
			other := first[r.Destination]
			if other == nil {
				first[r.Destination] = r
				continue
			}
			if name, mine, theirs, differ := disagreement(r.Policies, other.Policies); differ {
				l.Report(diagnose.Mistake(b.where(name, "coalesce"), "Shared replicas, different policies",
					fmt.Sprintf("%s and %s (%s:%d) share replicas in %s, as both have coalesce, and differ in %s: %q and %q.", r.Address, other.Address, other.Range.Filename, other.Range.Start.Line, r.Destination.Address, name, mine, theirs),
					"Write the same in both, as with one policy block, or leave coalesce out of one."))
			}
		}
	}
}

// disagreement is the first policy about a shared replica in which two relationships differ.
func disagreement(p, q Policies) (name, mine, theirs string, differ bool) {
	for _, c := range []struct{ name, mine, theirs string }{
		{"on_destination.edit", string(p.DestinationEdit), string(q.DestinationEdit)},
		{"on_destination.delete", string(p.DestinationDelete), string(q.DestinationDelete)},
		{"existing", string(p.Existing), string(q.Existing)},
	} {
		if c.mine != c.theirs {
			return c.name, c.mine, c.theirs, true
		}
	}
	return "", "", "", false
}
