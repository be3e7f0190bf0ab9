package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// refs are the refs of a folder's items, by title.
func (o *office) refs(folder string) map[string]string {
	out := map[string]string{}
	for _, it := range o.at(folder).Items() {
		out[it.Item.Title()] = it.Ref
	}
	return out
}

// resync makes the replicas again that addresses name, and fails unless nothing is left to do then.
func (o *office) resync(addresses ...string) *reconcile.Result {
	o.t.Helper()
	result := o.carryOut(o.plan(reconcile.Request{Resync: addresses}))
	if len(result.Failures) > 0 {
		o.t.Errorf("not everything was done: %v", result.Failures)
	}
	o.settled()
	return result
}

func TestResyncMakesReplicasAgain(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, mode)
		}
		o.relate("ab", "a", "b", oneWay())
		o.relate("ac", "a", "c", oneWay())
		o.fill("a", 4)
		o.at("b").Put(event("mine", "Mine"))
		o.apply()
		before, elsewhere := o.refs("b"), o.refs("c")
		if s := o.resync("relationship.ab").Summary; s.Delete != 4 || s.Add != 4 {
			t.Errorf("it did %+v", s)
		}
		after := o.refs("b")
		for title, ref := range after {
			if (before[title] == ref) != (title == "Mine") {
				t.Errorf("%q was at %s, and is at %s", title, before[title], ref)
			}
		}
		if fmt.Sprint(o.refs("c")) != fmt.Sprint(elsewhere) {
			t.Errorf("c holds %v, and held %v", o.refs("c"), elsewhere)
		}
		o.resync("folder.c")
		o.holds("b", "Mine", "a 00", "a 01", "a 02", "a 03")
		o.holds("c", "a 00", "a 01", "a 02", "a 03")
	})
}

// What a replica brings back is brought back first: it is not lost.
func TestResyncInAMeshBringsEditsBackFirst(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o, names := six(t, mode)
		o.at("c").Put(event("one", "Lunch"))
		o.apply()
		o.edit("e", "Lunch", "location", "Roof")
		o.resync(`mesh.team["c/e"]`)
		for _, name := range names {
			o.holds(name, "Lunch")
			if got := o.find(name, "Lunch").Item.Fields()["location"].Plain(); got != "Roof" {
				t.Errorf("%s says %v", name, got)
			}
		}
		o.erase("e", "Lunch")
		o.resync("mesh.team")
		for _, name := range names {
			o.holds(name)
		}
	})
}

// What was a person's item is set to its original where it is, and so is a meeting, which servers would cancel and invite to again.
func TestResyncSetsWhatItMayNotDelete(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	p := oneWay()
	p.SourceEdit, p.DestinationEdit = schema.SourceEditIgnore, schema.DestinationEditKeep
	o.relate("ab", "a", "b", p)
	o.at("a").Put(event("one", "Lunch"))
	o.at("b").Put(event("one", "Lunch"))
	o.apply()
	o.edit("b", "Lunch", "location", "Nowhere")
	o.edit("a", "Lunch", "location", "Roof")
	o.edit("b", "Lunch", "description", "My own words.")
	o.apply()
	before := o.refs("b")
	if s := o.resync("relationship.ab").Summary; s.Delete+s.Add > 0 || s.Edit != 1 {
		t.Errorf("it did %+v", s)
	}
	fields := o.find("b", "Lunch").Item.Fields()
	if got := fmt.Sprintf("%v %v %t", fields["location"].Plain(), fields["description"].Plain(), o.refs("b")["Lunch"] == before["Lunch"]); got != "Roof My own words. true" {
		t.Errorf("b says %s", got)
	}
}

func TestResyncNamesWhatHoldsReplicas(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("ab", "a", "b", oneWay())
	for _, address := range []string{"folder.a", "folder.c", "relationship.x"} {
		if _, err := o.engine().Plan(t.Context(), o.state, reconcile.Request{Resync: []string{address}}); err == nil {
			t.Errorf("%s can be made again", address)
		}
	}
}

// A guard that is not written down does not hold back what was asked for by name; one that is does.
func TestResyncAndGuards(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	rel := o.relate("ab", "a", "b", oneWay())
	o.fill("a", 20)
	o.apply()
	if s := o.resync("relationship.ab").Summary; s.Delete != 20 || s.Blocked > 0 {
		t.Errorf("it did %+v", s)
	}
	rel.Guard.MaxDeletes = schema.Limit{Set: true, Value: 19}
	p := o.plan(reconcile.Request{Resync: []string{"relationship.ab"}})
	if r := relationship(t, p, "relationship.ab"); r.Status != plan.Blocked {
		t.Errorf("it is %s", r.Status)
	}
	allow := []plan.Allowance{{Kind: "deletes", Address: "relationship.ab", Count: 20}}
	p = o.plan(reconcile.Request{Resync: []string{"relationship.ab"}, Allow: allow})
	if s := p.Document.Summary; s.Delete != 20 || s.Add != 20 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	within := o.plan(reconcile.Request{Within: p})
	if s := within.Document.Summary; s.Delete != 20 || s.Add != 20 {
		t.Errorf("within the reviewed plan it is\n%s", describe(within))
	}
}

// The state is gone: the markers say what Accord made.
func TestResyncWithoutState(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("ab", "a", "b", oneWay())
	o.fill("a", 4)
	o.at("b").Put(event("mine", "Mine"))
	o.apply()
	o.state = state.Memory()
	if s := o.resync("folder.b").Summary; s.Delete != 4 || s.Add != 4 {
		t.Errorf("it did %+v", s)
	}
	o.holds("b", "Mine", "a 00", "a 01", "a 02", "a 03")
}

// An apply that ends between deleting a replica and making it again: nobody takes that for a person's delete, which in a mesh would be the original's.
func TestResyncThatIsInterruptedLosesNoOriginal(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for n := range 12 {
			o := newOffice(t)
			for _, name := range []string{"a", "b"} {
				o.folder(name, mode)
			}
			o.mesh("team", twoWay(), "a", "b")
			o.fill("a", 2)
			o.apply()
			p := o.plan(reconcile.Request{Resync: []string{"folder.b"}})
			_, err := o.engine().Apply(t.Context(), &mortal{Store: o.state, left: n + 1}, p)
			o.apply()
			o.holds("a", "a 00", "a 01")
			o.holds("b", "a 00", "a 01")
			o.settled()
			if err == nil {
				break
			}
		}
	})
}
