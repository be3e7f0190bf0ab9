package reconcile

import (
	"fmt"

	"github.com/accord-sync/accord/reconcile/plan"
)

// unwritable says which relationships would write to a folder that cannot be written, so that none of it is tried and refused item by item. One that has
// nothing to write there goes on.
func (p *planning) unwritable(ds deeds) map[string]hold {
	writes := map[[2]string]int{} // relationship and folder → writes
	for d, n := range ds {
		if f := p.folders[d.folder]; f.caps.ReadOnly || f.spec != nil && f.spec.ReadOnly {
			writes[[2]string{d.relationship, d.folder}] += n
		}
	}
	out := map[string]hold{}
	for at, n := range writes {
		address, f := at[0], p.folders[at[1]]
		if _, both := out[address]; both && f.address == p.ends[address][0] {
			continue // of two folders, the destination is named
		}
		why := "its account may not write to " + f.address
		todo := "ask for the right to write there, or take the relationship out"
		switch {
		case f.spec != nil && f.spec.ReadOnly:
			why, todo = f.address+" is only read", "let it be written until this is done"
		case p.specs[address] == nil:
			todo = "ask for the right to write there until this is done"
		case f.address == p.ends[address][0]:
			todo = `ask for the right to write there, or use profile = "one_way"`
		}
		out[address] = hold{plan.Alert, fmt.Sprintf("%s, and would have to: writes held: %d. To go on: %s", why, n, todo)}
		p.faults[address] = &plan.Fault{Folder: f.address, Cause: plan.FaultReadOnly}
	}
	return out
}
