package reconcile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/plan"
)

// notReviewed is how many of the operations that a reviewed plan did not say are listed for each relationship.
const notReviewed = 1000

// outside says which relationships would do more of something than a reviewed plan said, and a tenth, and why. Their operations that it did not say are kept
// for the reviewer.
func (c *composing) outside(reviewed *plan.Plan) (map[string]string, error) {
	before, err := countActions(reviewed)
	if err != nil {
		return nil, err
	}
	blocked := map[string]string{}
	for address, counts := range c.actions {
		var over []string
		for _, action := range slices.Sorted(maps.Keys(counts)) {
			n, was := counts[action], before[address][action]
			if changes(action) && n*10 > was*11 {
				over = append(over, fmt.Sprintf("%d to %s (reviewed: %d)", n, strings.ReplaceAll(string(action), "_", " "), was))
			}
		}
		if len(over) > 0 {
			blocked[address] = fmt.Sprintf("it goes beyond the reviewed plan and the tenth more that is allowed: %s. To go on: make a new plan and have it reviewed",
				strings.Join(over, ", "))
		}
	}
	if len(blocked) == 0 {
		return nil, nil
	}
	p, err := c.out.Finish(c.doc, c.work)
	if err != nil {
		return nil, err
	}
	for _, r := range p.Document.Relationships {
		if blocked[r.Address] == "" {
			continue
		}
		if c.beyond[r.Address], err = newOperations(r, reviewed); err != nil {
			return nil, err
		}
	}
	return blocked, nil
}

// changes reports whether an action is more than something that waits for a person.
func changes(a plan.Action) bool { return a != plan.Conflict && a != plan.Ambiguous }

// countActions counts what a plan does, by relationship.
func countActions(p *plan.Plan) (map[string]map[plan.Action]int, error) {
	out := map[string]map[plan.Action]int{}
	for _, r := range p.Document.Relationships {
		counts := map[plan.Action]int{}
		for op, err := range r.Operations.All() {
			if err != nil {
				return nil, err
			}
			counts[op.Action]++
		}
		out[r.Address] = counts
	}
	return out, nil
}

// newOperations are the operations of a relationship that a reviewed plan did not say, as many as are listed.
func newOperations(r plan.Relationship, reviewed *plan.Plan) ([]plan.Operation, error) {
	said := map[uint64]bool{}
	for _, was := range reviewed.Document.Relationships {
		if was.Address != r.Address {
			continue
		}
		for op, err := range was.Operations.All() {
			if err != nil {
				return nil, err
			}
			said[identity(op)] = true
		}
	}
	var out []plan.Operation
	for op, err := range r.Operations.All() {
		if err != nil {
			return nil, err
		}
		if changes(op.Action) && !said[identity(op)] && len(out) < notReviewed {
			out = append(out, op)
		}
	}
	return out, nil
}

// identity tells operations apart by what they do to which item.
func identity(op plan.Operation) uint64 {
	return xxhash.Sum64String(strings.Join([]string{string(op.Action), string(op.Side), op.UID, op.OriginalRef, op.ReplicaRef}, "\x00"))
}
