package reconcile

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// tellLost says of each relationship whose replicas are there, and of which the state knows no more than their markers, what a plan does for that reason: what left
// no marker may come back. It does so from a loss of the state, or its rebuilding, to the next apply.
func (c *composing) tellLost() {
	rebuilt, known := map[string]bool{}, map[string]bool{}
	for _, r := range c.recorded {
		rebuilt[r.Address], known[r.Address] = r.Rebuilt, true
	}
	for _, r := range c.doc.Relationships {
		if r.Status != plan.OK || !rebuilt[r.Address] && (known[r.Address] || !c.remade[r.Address]) {
			continue
		}
		if said := lost(c.actions[r.Address], rebuilt[r.Address]); len(said) > 0 {
			c.doc.Diagnostics = append(c.doc.Diagnostics, plan.Diagnostic{Severity: "warning", Address: r.Address,
				Summary: "The state was lost or rebuilt, and what left no marker is not known", Detail: strings.Join(said, " ")})
		}
	}
}

// lost is what a plan does where nothing but markers is known. After a rebuilding, what is recognised only now is named too.
func lost(n map[plan.Action]int, rebuilt bool) []string {
	var said []string
	say := func(n int, sentence string) {
		if n > 0 {
			said = append(said, fmt.Sprintf(sentence, n))
		}
	}
	say(n[plan.Add], "To be copied: %d, which are new, or were pruned, ignored or left out by a decision before. Delete the replicas that are not wanted once more.")
	if rebuilt {
		say(n[plan.Adopt], "To be recognised by something else than a marker: %d.")
	}
	say(n[plan.Edit]+n[plan.Mark], "To be edited because the two sides differ: %d. What they said when they last agreed is not known: where a policy asks for it, the original wins.")
	say(n[plan.Release], "To be made ordinary items, since their originals are not to be copied now: %d.")
	say(n[plan.Retire], "To be retired because their originals are not there: %d. Whether they were to be deleted is not known.")
	say(n[plan.Conflict]+n[plan.Ambiguous], "To be decided by a person, perhaps once more: %d.")
	return said
}
