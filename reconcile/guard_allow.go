package reconcile

import (
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/plan"
)

// allowances are the overrides that a plan was asked for with. One of a block covers what all its relationships do together.
type allowances struct {
	given []plan.Allowance
	does  map[string]map[string]int // kind → block → what its relationships do; nil: it is not known yet, and each is looked at alone
}

// cover reports whether the overrides cover n in a relationship.
func (a allowances) cover(kind, address string, n int) bool {
	if len(a.given) == 0 {
		return false
	}
	block, key := plan.BlockOf(address)
	return slices.ContainsFunc(a.given, func(one plan.Allowance) bool {
		switch {
		case one.Kind != kind:
			return false
		case one.Address == address:
			return n <= one.Count
		}
		return key != "" && one.Address == block && max(n, a.does[kind][block]) <= one.Count
	})
}

// allowancesFor makes the overrides ready for what relationships do.
func allowancesFor(given []plan.Allowance, all tally) allowances {
	a := allowances{given, map[string]map[string]int{"deletes": {}, "edits": {}, "adds": {}}}
	for kind, counts := range map[string][]map[string]map[string]int{"deletes": {all.deletes, all.agreed}, "edits": {all.edits}, "adds": {all.adds}} {
		for _, count := range counts {
			for address, folders := range count {
				block, _ := plan.BlockOf(address)
				a.does[kind][block] += sum(folders)
			}
		}
	}
	return a
}

// excess is what a relationship does too much of, and how much it does in all.
type excess struct {
	address, kind, why string
	total              int
}

// explainFrom is how many relationships of one block do too much before an override for all of them is offered.
const explainFrom = 5

// explain says why relationships are blocked, and what would allow it: of many in one block, for all of them at once too.
func (a allowances) explain(over []excess, blocked map[string]string) {
	many := map[[2]string]map[string]bool{} // block and kind → relationships
	at := func(x excess) [2]string {
		block, _ := plan.BlockOf(x.address)
		return [2]string{block, x.kind}
	}
	for _, x := range over {
		if many[at(x)] == nil {
			many[at(x)] = map[string]bool{}
		}
		many[at(x)][x.address] = true
	}
	for _, x := range over {
		all := ""
		if block := at(x)[0]; len(many[at(x)]) >= explainFrom {
			does := a.does[x.kind][block]
			all = fmt.Sprintf(" To allow all %d %s in %s: %s.", does, x.kind, block, override(x.kind, block, does))
		}
		blocked[x.address] = fmt.Sprintf("%s.%s To allow exactly this: %s", x.why, all, override(x.kind, x.address, x.total))
	}
}

// override is the flag that allows n and no more, as a shell takes it.
func override(kind, address string, n int) string {
	return ShellWord(fmt.Sprintf("-allow-%s=%s:%d", kind, address, n))
}
