package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// reviewed is an office with a plan of ten adds that somebody has read, and another relationship that has nothing to do.
func reviewed(t *testing.T) (*office, *plan.Plan) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	o.folder("d", memory.DAV())
	o.relate("other", "c", "d", oneWay())
	o.apply()
	for n := range 10 {
		o.at("a").Put(event(fmt.Sprintf("u%d", n), fmt.Sprintf("Lunch %d", n)))
	}
	return o, o.plan(reconcile.Request{})
}

// within plans anew inside a reviewed plan, and applies that.
func (o *office) within(p *plan.Plan) *plan.Plan {
	o.t.Helper()
	made := o.plan(reconcile.Request{Within: p})
	o.carryOut(made)
	return made
}

func TestWithinDoesWhatWasReviewedAndATenthMore(t *testing.T) {
	o, p := reviewed(t)
	o.at("a").Put(event("late", "Late lunch"))
	made := o.within(p)
	if s := made.Document.Summary; s.Add != 11 || s.Blocked != 0 {
		t.Errorf("%+v", s)
	}
	o.holds("b", "Late lunch", "Lunch 0", "Lunch 1", "Lunch 2", "Lunch 3", "Lunch 4", "Lunch 5", "Lunch 6", "Lunch 7", "Lunch 8", "Lunch 9")
}

func TestWithinBlocksWhatGoesBeyond(t *testing.T) {
	o, p := reviewed(t)
	o.at("a").Put(event("late", "Late lunch"))
	o.at("a").Put(event("later", "Later lunch"))
	made := o.within(p)
	r := relationship(t, made, "relationship.copy")
	if r.Status != plan.Blocked || !strings.Contains(r.Reason, "12 to add (reviewed: 10)") {
		t.Errorf("%s: %s", r.Status, r.Reason)
	}
	var titles []string
	for _, op := range r.NotReviewed {
		titles = append(titles, op.Title)
	}
	if got := strings.Join(titles, ", "); got != "Late lunch, Later lunch" {
		t.Errorf("not reviewed: %s", got)
	}
	o.holds("b")
}

// A relationship that the reviewed plan says nothing of is beyond it, and the others go on.
func TestWithinBlocksAnotherRelationship(t *testing.T) {
	o, p := reviewed(t)
	o.at("c").Put(event("x", "Meeting"))
	made := o.within(p)
	if r := relationship(t, made, "relationship.other"); r.Status != plan.Blocked || len(r.NotReviewed) != 1 {
		t.Errorf("%s: %s, %v", r.Status, r.Reason, r.NotReviewed)
	}
	if s := made.Document.Summary; s.Add != 10 || s.Blocked != 1 {
		t.Errorf("%+v", s)
	}
	o.holds("d")
}

// An action that was not reviewed is beyond the plan, however many others were.
func TestWithinBlocksAnotherAction(t *testing.T) {
	o, p := reviewed(t)
	o.carryOut(p)
	o.at("a").Put(event("more", "More"))
	o.edit("a", "Lunch 1", "location", "Room 1")
	p = o.plan(reconcile.Request{})
	o.erase("a", "Lunch 2")
	if r := relationship(t, o.within(p), "relationship.copy"); r.Status != plan.Blocked || !strings.Contains(r.Reason, "1 to delete (reviewed: 0)") {
		t.Errorf("%s: %s", r.Status, r.Reason)
	}
}

// A reviewed plan is used once, also when there was nothing left to do, and is of one configuration.
func TestWithinUsesThePlan(t *testing.T) {
	o, p := reviewed(t)
	o.within(p)
	for _, refused := range []*plan.Plan{p, {Document: plan.Document{Workspace: p.Document.Workspace, Fingerprint: "another", PlanID: "x"}}} {
		if _, err := o.engine().Plan(context.Background(), o.state, reconcile.Request{Within: refused}); !errors.Is(err, reconcile.ErrForeignPlan) {
			t.Errorf("it was used: %v", err)
		}
	}
	o.mustRefuse(p)
}

// A reviewed plan is about what it was asked for: some relationships, or the removal of everything.
func TestWithinIsAboutTheSame(t *testing.T) {
	o, _ := reviewed(t)
	o.at("c").Put(event("x", "Meeting"))
	p := o.plan(reconcile.Request{Only: []string{"relationship.copy"}})
	if s := o.within(p).Document.Summary; s.Add != 10 || s.Blocked != 0 {
		t.Errorf("%+v", s)
	}
	o.holds("d")
	p = o.plan(reconcile.Request{Destroy: true, Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.copy", Count: 10}}})
	if s := o.within(p).Document.Summary; s.Delete != 10 || s.Blocked != 0 {
		t.Errorf("%+v", s)
	}
	o.holds("b")
}
