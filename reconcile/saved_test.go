package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// inEachMode runs a test with folders that behave in each way that stores do.
func inEachMode(t *testing.T, test func(t *testing.T, mode memory.Mode)) {
	for _, mode := range memory.Modes() {
		t.Run(mode.Name, func(t *testing.T) { test(t, mode) })
	}
}

// company is an office in which folder a is copied to folder b.
func company(t *testing.T, mode memory.Mode) *office {
	o := newOffice(t)
	o.folder("a", mode)
	o.folder("b", mode)
	o.relate("copy", "a", "b", oneWay())
	return o
}

func (o *office) mustRefuse(p *plan.Plan) {
	o.t.Helper()
	if _, err := o.engine().Apply(context.Background(), o.state, p); !errors.Is(err, reconcile.ErrForeignPlan) {
		o.t.Errorf("the plan was applied: %v", err)
	}
}

func TestSavedPlanIsAppliedOnce(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	p := o.plan(reconcile.Request{})
	o.carryOut(p)
	o.mustRefuse(p)
	o.holds("b", "Lunch")
}

func TestSavedPlanOfAnotherStateIsRefused(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	late := o.plan(reconcile.Request{})
	o.apply()
	o.mustRefuse(late)
}

func TestForeignPlanIsRefused(t *testing.T) {
	for what, change := range map[string]func(d *plan.Document){
		"workspace":     func(d *plan.Document) { d.Workspace = "another" },
		"configuration": func(d *plan.Document) { d.Fingerprint = "as rewritten" },
	} {
		t.Run(what, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.at("a").Put(event("one", "Lunch"))
			p := o.plan(reconcile.Request{})
			change(&p.Document)
			o.mustRefuse(p)
			o.holds("b")
		})
	}
}

// Whatever happens between plan and apply, a plan overwrites nothing that it did not see.
func TestStaleItemIsReportedAndLeftAlone(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.at("a").Put(event("edited", "Lunch"))
		o.at("a").Put(event("gone", "Review"))
		o.at("a").Put(event("other", "Trip"))
		o.apply()
		o.edit("a", "Lunch", "location", "Room 1")
		o.erase("a", "Review")
		o.edit("a", "Trip", "location", "Room 2")
		p := o.plan(reconcile.Request{})

		o.edit("b", "Lunch", "location", "Mine")
		o.edit("b", "Review", "location", "Mine too")
		result := o.carryOut(p)
		if result.Summary.Stale != 2 || len(result.Failures) != 2 || result.Summary.Edit != 1 {
			t.Errorf("the result says %+v, %v", result.Summary, result.Failures)
		}
		for title, want := range map[string]string{"Lunch": "Mine", "Review": "Mine too", "Trip": "Room 2"} {
			if got := o.find("b", title).Item.Fields()["location"].Plain(); fmt.Sprint(got) != want {
				t.Errorf("%s is at %v, want %s", title, got, want)
			}
		}
		o.apply()
		o.holds("b", "Lunch", "Trip")
		o.settled()
	})
}

func TestReplicaIsNotWrittenWhenItsOriginalIsStale(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, mode)
		}
		o.relate("ab", "a", "b", twoWay())
		o.relate("ac", "a", "c", twoWay())
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		o.edit("b", "Lunch", "location", "Room 1")
		p := o.plan(reconcile.Request{})
		o.edit("a", "Lunch", "location", "Room 2")
		if result := o.carryOut(p); result.Summary.Stale != 2 {
			t.Errorf("the result says %+v, %v", result.Summary, result.Failures)
		}
		if got := o.find("c", "Lunch").Item.Fields()["location"]; !got.IsZero() {
			t.Errorf("c says %v, and a does not", got.Plain())
		}
		o.apply()
		for _, folder := range []string{"a", "b", "c"} {
			if got := o.find(folder, "Lunch").Item.Fields()["location"].Plain(); got != "Room 2" {
				t.Errorf("%s is at %v", folder, got)
			}
		}
		o.settled()
	})
}

// A saved plan is applied by an engine that opened nothing yet.
func TestManyFoldersAreWrittenAtATime(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	for i := range 12 {
		o.folder(fmt.Sprintf("b%d", i), memory.DAV())
		o.relate(fmt.Sprintf("copy%d", i), "a", fmt.Sprintf("b%d", i), oneWay())
	}
	o.at("a").Put(event("one", "Lunch"))
	o.carryOut(o.plan(reconcile.Request{}))
	for i := range 12 {
		o.holds(fmt.Sprintf("b%d", i), "Lunch")
	}
}

// interrupting ends a context when the first pair is looked up.
type interrupting struct {
	state.Reader
	cancel context.CancelFunc
	asked  int
}

func (r *interrupting) Pair(k state.PairKey) (*state.Pair, error) {
	r.cancel()
	r.asked++
	return r.Reader.Pair(k)
}

// A plan that is interrupted while it is worked out ends with the items that it is at.
func TestInterruptedPlanEnds(t *testing.T) {
	o := company(t, memory.DAV())
	for i := range 20 {
		o.at("a").Put(event(fmt.Sprint(i), fmt.Sprint("Lunch ", i)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	st := &interrupting{Reader: o.state, cancel: cancel}
	e := o.engine()
	e.Cramp(1000, 1, 1000, 1<<20)
	if _, err := e.Plan(ctx, st, reconcile.Request{}); !errors.Is(err, context.Canceled) || st.asked > 5 {
		t.Errorf("the interrupted plan looked up %d pairs and returned %v", st.asked, err)
	}
}

func TestInterruptedApplyFinishesItsBatch(t *testing.T) {
	mode := memory.DAV()
	mode.Capabilities.Batch = 2
	o := company(t, mode)
	for i := range 6 {
		o.at("a").Put(event(fmt.Sprint(i), fmt.Sprint("Lunch ", i)))
	}
	p := o.plan(reconcile.Request{})
	ctx, cancel := context.WithCancel(t.Context())
	o.strike = func(c faults.Call) faults.Fault {
		if c.Operation == faults.Create {
			cancel()
		}
		return faults.Fault{}
	}
	if _, err := o.engine().Apply(ctx, o.state, p); !errors.Is(err, context.Canceled) {
		t.Errorf("the interrupted apply returned %v", err)
	}
	o.strike = nil
	if got := len(o.titles("b")); got != 2 {
		t.Errorf("%d items were made, want those of the first batch", got)
	}
	if open, err := o.state.Open(); err != nil || len(open) > 0 {
		t.Errorf("the journal lacks the outcomes of %v, %v", open, err)
	}
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Add != 4 {
		t.Errorf("the next plan is\n%s", describe(p))
	}
	o.apply()
	o.holds("b", o.titles("a")...)
	o.settled()
}

func TestPlanOfAnApplyInterruptedBeforeItBeganIsNotUsedUp(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	p := o.plan(reconcile.Request{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.engine().Apply(ctx, o.state, p); !errors.Is(err, context.Canceled) {
		t.Errorf("the interrupted apply returned %v", err)
	}
	o.carryOut(p)
	o.holds("b", "Lunch")
}

// A write that reached the store and was not answered is looked up, not repeated.
func TestLostAnswerIsLookedUp(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for _, effect := range []faults.Effect{faults.LoseAnswer, faults.LoseRequest} {
			o := company(t, mode)
			o.at("a").Put(event("edited", "Lunch"))
			o.at("a").Put(event("gone", "Review"))
			o.apply()
			o.edit("a", "Lunch", "location", "Room 1")
			o.erase("a", "Review")
			o.at("a").Put(event("new", "Trip"))

			struck := map[faults.Operation]bool{}
			o.strike = func(c faults.Call) faults.Fault {
				once := !struck[c.Operation]
				if struck[c.Operation] = true; once && (c.Operation == faults.Create || c.Operation == faults.Update || c.Operation == faults.Delete) {
					return faults.Fault{Effect: effect}
				}
				return faults.Fault{}
			}
			result := o.apply()
			o.strike = nil
			if effect == faults.LoseAnswer && len(result.Failures) > 0 {
				t.Errorf("everything happened, and the result says %v", result.Failures)
			}
			o.apply()
			o.holds("b", "Lunch", "Trip")
			o.settled()
			entries(o, result.Apply, func(e state.Entry) {
				if e.Outcome == "" || effect == faults.LoseAnswer && e.Outcome != providers.Done {
					t.Errorf("after %s the journal says %q of %s", effect, e.Outcome, e.Kind)
				}
			})
		}
	})
}

func entries(o *office, apply uint64, each func(state.Entry)) {
	o.t.Helper()
	if err := o.state.Entries(apply, func(e state.Entry) error { each(e); return nil }); err != nil {
		o.t.Fatalf("%v", err)
	}
}
