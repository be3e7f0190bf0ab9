package main

import (
	"slices"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// leftOpen is what a plan leaves undone, but for what somebody acknowledged: a known problem does not hide a new one.
func (p *program) leftOpen(ws *schema.Workspace, recorded state.Reader, doc *plan.Document) (condition, error) {
	all, acks := openEnds(doc), state.ReadAcks(ws.StatePath)
	if all == 0 || len(acks) == 0 {
		return all, nil
	}
	found, err := reconcile.Problems(ws, recorded, doc)
	var met condition
	for _, f := range found {
		if state.KnownBy(acks, f.Problem, p.now()) == nil {
			met |= conditionOfProblem(f.Kind)
		}
	}
	return met, err
}

// conditionOfProblem is what a problem means for the exit code.
func conditionOfProblem(kind state.ProblemKind) condition {
	switch kind {
	case state.Blocked, state.Conflict, state.Ambiguous:
		return waits
	}
	return partly
}

// endSettled takes out of what is acknowledged the problems that an apply found to be over, so that they are new when they come back, and ends what is over.
func (p *program) endSettled(ws *schema.Workspace, recorded state.Reader, doc *plan.Document) error {
	acks := state.ReadAcks(ws.StatePath)
	if len(acks) == 0 || doc.Task != "" {
		return nil
	}
	health, err := recorded.Health()
	if err != nil {
		return err
	}
	standing := map[string]bool{}
	for _, h := range health {
		for _, problem := range h.Problems {
			standing[problem.Fingerprint()] = true
		}
	}
	looked := map[string]bool{}
	for _, r := range doc.Relationships {
		if r.Status != plan.Paused && r.Status != plan.Disabled {
			looked[r.Address], looked[r.Source], looked[r.Destination] = true, true, true
		}
	}
	for _, a := range acks {
		if a.Trouble != "" {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(a.Problems), func(k state.KnownProblem) bool { return looked[k.Address] && !standing[k.Fingerprint] })
		switch {
		case len(left) == 0 || !a.Until.After(p.now()):
			err = state.EndAck(ws.StatePath, a)
		case len(left) < len(a.Problems):
			a.Problems = left
			err = state.SetAck(ws.StatePath, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
