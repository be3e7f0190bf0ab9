package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// TestExplainSaysWhatPlansSay asks in random workspaces about random items: an explanation has the operations that a plan has of the item, and no others, and the
// same relationships are held. It changes nothing.
func TestExplainSaysWhatPlansSay(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 2).Draw(t, "applies") {
			r.work()
			r.disturb()
			r.explainSome()
			r.round()
		}
		r.explainSome()
	})
}

// explainSome explains a few of the items that are there.
func (r *random) explainSome() {
	var items []spot
	for at := range r.seen() {
		items = append(items, at)
	}
	if len(items) == 0 || r.partial != "" { // an explanation reads an item that a partial feed did not tell of
		return
	}
	slices.SortFunc(items, compareSpots)
	p := r.plan(reconcile.Request{})
	before, writes, recorded := r.seen(), r.writes(), dump(r.office)
	for range 2 {
		r.explainOne(p, rapid.SampledFrom(items).Draw(r.rt, "explained"))
	}
	if now := r.seen(); len(now) != len(before) || r.writes() != writes || dump(r.office) != recorded {
		r.t.Fatalf("an explanation changed something")
	}
}

func (r *random) explainOne(p *plan.Plan, at spot) {
	x, err := r.engine().Explain(context.Background(), r.state, at.folder, at.ref)
	var several *reconcile.SeveralError
	if errors.As(err, &several) {
		return // its ref is the UID of another one
	}
	var nowhere *reconcile.NotFoundError
	if errors.As(err, &nowhere) && r.strike != nil {
		return // its folder cannot be read, and the state does not know it
	}
	if err != nil {
		r.t.Fatalf("%v: %v", at, err)
	}
	if x.Item.Ref != at.ref || x.Item.Folder != at.folder {
		return // the folder was not read, and another item goes by this name
	}
	for _, rel := range x.Relationships {
		planned := relationship(r.t, p, rel.Address)
		if planned.Status != rel.Status {
			r.t.Fatalf("%v: %s is %s in the plan, and %s in the explanation", at, rel.Address, planned.Status, rel.Status)
		}
		var all, about, got []string
		for op := range planned.Operations.All() {
			all = append(all, opWords(op))
			if rel.Side == plan.Source && op.OriginalRef == at.ref || rel.Side == plan.Destination && op.ReplicaRef == at.ref {
				about = append(about, opWords(op))
			}
		}
		for _, op := range rel.Operations {
			got = append(got, opWords(op))
		}
		for _, op := range got {
			if !slices.Contains(all, op) {
				r.t.Fatalf("%v, %+v: the explanation of %s has %s, which the plan has not:\n%s", at, x.Item, rel.Address, op, describe(p))
			}
		}
		for _, op := range about {
			if rel.Outcome != reconcile.NeverCopied && !slices.Contains(got, op) {
				r.t.Fatalf("%v, %+v: the plan has %s for %s, and the explanation (%s) only %q", at, x.Item, op, rel.Address, rel.Outcome, got)
			}
		}
		if len(got) == 0 && (rel.Outcome == reconcile.Planned || rel.Outcome == reconcile.Left && rel.Reason == "") {
			r.t.Fatalf("%v: %s is explained by %s, and nothing is done: %+v", at, rel.Address, rel.Outcome, rel)
		}
	}
}

func opWords(op plan.Operation) string {
	return fmt.Sprint(op.Action, op.Side, op.Reason, op.OriginalRef, op.ReplicaRef, op.Title)
}
