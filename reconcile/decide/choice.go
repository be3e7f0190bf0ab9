package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// chosen reports whether a person decided a conflict of a pair: one that waits, or would.
func (d *decider) chosen(k state.PairKey) bool {
	r := d.byRel[k.Relationship]
	if d.in.Choices[k].Conflict == "" || r == nil || d.in.Frozen[k.Relationship] {
		return false
	}
	if p := d.pairs[k]; p != nil && p.Status == state.Waiting {
		d.used[k] = true
	}
	return d.used[k] || r.Policies.Conflict == schema.ConflictManual
}

// use notes that a person's choice decides a case that would wait without it.
func (d *decider) use(r *Relationship, k state.PairKey, c Case) {
	c.Policies.Conflict = r.Policies.Conflict
	if !d.used[k] && d.chosen(k) && Back(c) == AskPersonWait {
		d.used[k] = true
	}
}

// policies are a relationship's, with what a person decided for a pair in place of its conflict policy.
func (d *decider) policies(r *Relationship, k state.PairKey) schema.Policies {
	p := r.Policies
	if d.chosen(k) {
		p.Conflict = d.in.Choices[k].Conflict
	}
	return p
}

// conflictCode is the reason for what becomes of a pair's conflict.
func (d *decider) conflictCode(k state.PairKey, c schema.Conflict) Code {
	if d.chosen(k) {
		d.used[k] = true
		return Resolved
	}
	return conflictCode(c)
}

// chosenCandidate is which of several items a person chose for an original, or that none of them is it.
func (d *decider) chosenCandidate(k state.PairKey, candidates []*Item) (found *Item, beside bool) {
	choice, made := d.in.Choices[k]
	if !made {
		return nil, false
	}
	i := slices.IndexFunc(candidates, func(it *Item) bool { return choice.Candidate != "" && it.Ref == choice.Candidate })
	if d.used[k] = i >= 0 || choice.Copy; i < 0 {
		return nil, choice.Copy
	}
	return candidates[i], false
}

// unused are the choices that decided nothing.
func (d *decider) unused() []state.PairKey {
	return slices.SortedFunc(func(yield func(state.PairKey) bool) {
		for k := range maps.Keys(d.in.Choices) {
			if !d.used[k] && !yield(k) {
				return
			}
		}
	}, ComparePairs)
}
