package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// lostOrRebuilt runs a test with a state that is lost, and with one that is rebuilt from markers. Neither deletes anything or makes anything twice.
func lostOrRebuilt(t *testing.T, test func(t *testing.T, lose func(*office))) {
	for name, lose := range map[string]func(*office){
		"lost":    func(o *office) { o.state = state.Memory() },
		"rebuilt": func(o *office) { o.rebuild(reconcile.RebuildOptions{}) },
	} {
		t.Run(name, func(t *testing.T) { test(t, lose) })
	}
}

// carryOutWithout applies a plan that must not add or delete anything.
func (o *office) carryOutWithout() {
	o.t.Helper()
	p := o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.Add+s.Delete > 0 {
		o.t.Errorf("the state was lost, and the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.settled()
}

// Whatever the policies for what is gone or out of the filter say: what went while there was no state stays, retired.
func TestLossDeletesNothing(t *testing.T) {
	lostOrRebuilt(t, func(t *testing.T, lose func(*office)) {
		for _, gone := range []schema.SourceDelete{schema.SourceDeletePropagate, schema.SourceDeleteKeep, schema.SourceDeleteMark} {
			o := company(t, memory.DAV())
			o.ws.Relations[0].Policies.SourceDelete = gone
			o.fill("a", 4)
			o.apply()
			o.erase("a", "a 00")
			lose(o)
			o.carryOutWithout()
			o.holds("b", "a 00", "a 01", "a 02", "a 03")
			if m, _ := o.find("b", "a 00").Item.Marker(); m.Status != pim.Retired {
				t.Errorf("on_source.delete %s: the replica without original is %s", gone, m.Status)
			}
		}
	})
}

// A replica of a relationship that nobody knows any more is no original and no twin for anything.
func TestLossLeavesReplicasOfOthers(t *testing.T) {
	lostOrRebuilt(t, func(t *testing.T, lose func(*office)) {
		o := company(t, memory.DAV())
		o.folder("c", memory.DAV())
		o.fill("a", 2)
		o.apply()
		o.unrelate("relationship.copy")
		o.relate("further", "b", "c", oneWay())
		o.relate("back", "b", "a", oneWay())
		lose(o)
		o.carryOutWithout()
		o.holds("c")
		o.holds("a", "a 00", "a 01")
		o.holds("b", "a 00", "a 01")
	})
}

// What was retired stays so; what was released is an ordinary item, and its original has a replica of its own.
func TestLossKeepsRetiredAndReleased(t *testing.T) {
	lostOrRebuilt(t, func(t *testing.T, lose func(*office)) {
		o := company(t, memory.DAV())
		o.ws.Relations[0].Policies.SourceDelete = schema.SourceDeleteKeep
		o.ws.Relations[0].Policies.DestinationEdit = schema.DestinationEditPreserve
		o.fill("a", 3)
		o.apply()
		o.erase("a", "a 00")
		o.edit("b", "a 01", "summary", "Mine")
		o.apply()
		o.holds("b", "a 00", "Mine", "a 01", "a 02")
		lose(o)
		o.carryOutWithout()
		o.holds("b", "a 00", "Mine", "a 01", "a 02")
		if m, _ := o.find("b", "Mine").Item.Marker(); m.Status != pim.Released {
			t.Errorf("what was released is %s", m.Status)
		}
		if m, _ := o.find("b", "a 00").Item.Marker(); m.Status != pim.Retired {
			t.Errorf("what was retired is %s", m.Status)
		}
	})
}

// After a loss, and where guards would stop deletes, there is nothing to stop.
func TestLossNeedsNoGuard(t *testing.T) {
	lostOrRebuilt(t, func(t *testing.T, lose func(*office)) {
		o := company(t, memory.DAV())
		o.ws.Relations[0].Guard.MaxDeletes = schema.Limit{Set: true}
		o.ws.Relations[0].Guard.MaxAdds = schema.Limit{Set: true}
		o.fill("a", 20)
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Blocked != 1 {
			t.Fatalf("the guard lets pass\n%s", describe(p))
		}
		o.ws.Relations[0].Guard.MaxAdds = schema.Limit{}
		o.apply()
		o.ws.Relations[0].Guard.MaxAdds = schema.Limit{Set: true}
		lose(o)
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Blocked != 0 {
			t.Errorf("the plan is\n%s", describe(p))
		}
		o.carryOutWithout()
	})
}
