package reconcile_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// orphans plans what accord items orphans does.
func (o *office) orphans() *plan.Plan {
	o.t.Helper()
	p, err := o.engine().Orphans(context.Background(), o.state, reconcile.ReplicaRequest{})
	if err != nil {
		o.t.Fatalf("items orphans: %v", err)
	}
	return p
}

// After a rename and the loss of the state, what the next plan recognises by its original is no orphan, and what has no original any more is one.
func TestOrphansAfterARename(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	gone := o.at("a").Put(event("two", "Dinner"))
	o.apply()
	o.at("a").Delete(gone)
	o.state = state.Memory()
	o.ws.Relations[0].Address, o.ws.Relations[0].Block = "relationship.new", "relationship.new"
	p := o.orphans()
	if all := writes(p); len(all) != 1 || all[0].Ref != o.find("b", "Dinner").Ref {
		t.Errorf("not the one without an original alone:\n%s", describe(p))
	}
	left := o.find("b", "Lunch").Ref
	if got := p.Document.Diagnostics; len(got) != 1 || got[0].Ref != left || !strings.Contains(got[0].Detail, "a replica of relationship.new") {
		t.Errorf("it is not said why %q is left: %+v", left, got)
	}
	o.apply()
	if it := o.find("b", "Lunch"); it.Ref != left {
		t.Errorf("the next apply did not recognise it: %+v", it)
	}
}

// While nobody knows what the source holds, no replica of it is an orphan.
func TestOrphansOfAnUnreadableSource(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.state = state.Memory()
	o.ws.Relations[0].Address, o.ws.Relations[0].Block = "relationship.new", "relationship.new"
	o.spec("a").Config.Attributes["name"] = "elsewhere"
	p := o.orphans()
	said := slices.ContainsFunc(p.Document.Diagnostics, func(d plan.Diagnostic) bool {
		return d.Address == "folder.a" && strings.Contains(d.Detail, "no replica of it is an orphan")
	})
	if len(writes(p)) > 0 || !said {
		t.Errorf("%+v\n%s", p.Document.Diagnostics, describe(p))
	}
}
