package reconcile

import "github.com/accord-sync/accord/reconcile/plan"

// membership is whether somebody comes to a block or leaves it.
func (p *planning) membership(address string) plan.Membership {
	switch {
	case !plan.IsPerson(address), p.req.Destroy: // what is taken out of all has nothing to do with who is there
	case p.specs[address] == nil:
		return plan.Leaves
	case p.recordedAs(address) == nil:
		return plan.Joins
	}
	return ""
}

// people counts the people of each block.
func (c *composing) people() []plan.People {
	var all []plan.People
	at := map[string]int{}
	for i := range c.doc.Relationships {
		r := &c.doc.Relationships[i]
		if !plan.IsPerson(r.Address) {
			continue
		}
		block, _ := plan.BlockOf(r.Address)
		if _, begun := at[block]; !begun {
			at[block] = len(all)
			all = append(all, plan.People{Block: block})
		}
		all[at[block]].Count(r, c.actions[r.Address])
	}
	return all
}
