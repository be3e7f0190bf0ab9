package review

import (
	"encoding/json"
	"hash/maphash"

	"github.com/accord-sync/accord/reconcile/plan"
)

const (
	alikeFrom  = 5    // so many edits that say the same are told as one
	alikeMost  = 4096 // different edits that are counted; those beyond are told one by one
	alikeWidth = 4    // fields of an edit that can be like others
)

// Alike finds edits that say the same of different items, so that one line can stand for all of them. It looks at all operations of a relationship
// first, and holds a bounded number of counts, however many there are.
type Alike struct {
	seed   maphash.Seed
	counts map[uint64]int
	told   map[uint64]bool
}

// NewAlike has looked at nothing yet.
func NewAlike() *Alike {
	return &Alike{seed: maphash.MakeSeed(), counts: map[uint64]int{}, told: map[uint64]bool{}}
}

// Look counts an operation.
func (a *Alike) Look(op plan.Operation) {
	if signature, ok := a.signature(op); ok {
		if _, known := a.counts[signature]; known || len(a.counts) < alikeMost {
			a.counts[signature]++
		}
	}
}

// Of is how many operations say what this one says, when they are enough to be told as one, else 0. first is true once: for the one that is told.
func (a *Alike) Of(op plan.Operation) (n int, first bool) {
	signature, ok := a.signature(op)
	if !ok || a.counts[signature] < alikeFrom {
		return 0, false
	}
	first = !a.told[signature]
	a.told[signature] = true
	return a.counts[signature], first
}

// signature is equal for edits that say the same of different items.
func (a *Alike) signature(op plan.Operation) (uint64, bool) {
	if op.Action != plan.Edit && op.Action != plan.Adopt || len(op.Fields) == 0 || len(op.Fields) > alikeWidth || op.Detail != "" || len(op.Originals) > 1 {
		return 0, false
	}
	var h maphash.Hash
	h.SetSeed(a.seed)
	err := json.NewEncoder(&h).Encode([]any{op.Action, op.Side, op.Reason, op.Fields})
	return h.Sum64(), err == nil
}
