package reconcile_test

import (
	"slices"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// What is moved goes on under its new address, in every mode: nothing is left to do.
func TestMovedInTheState(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		o.mesh("team", twoWay(), "a", "b")
		o.fill("a", 3)
		o.fill("b", 2)
		o.apply()
		moved, err := reconcile.Move(o.state, "mesh.team", "mesh.crew")
		if want := []string{`mesh.team["a/b"]`, `mesh.team["b/a"]`}; err != nil || !slices.Equal(moved, want) {
			t.Fatalf("%q was moved: %v", moved, err)
		}
		for _, r := range o.ws.Relations {
			r.Address, r.Block = "mesh.crew"+r.Address[len("mesh.team"):], "mesh.crew"
		}
		o.settled()
		o.edit("b", "a 00", "location", "Room 1")
		o.apply()
		o.settled()
		if got := o.find("a", "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
			t.Errorf("after the move, an edit did not flow: %v", got)
		}
	})
}

func TestMoveRefusesWhatIsThere(t *testing.T) {
	o := company(t, memory.DAV())
	o.relate("other", "b", "a", oneWay())
	o.fill("a", 1)
	o.apply()
	before := dump(o)
	for _, to := range []string{"relationship.other", "folder.x"} {
		if _, err := reconcile.Move(o.state, "relationship.copy", to); err == nil {
			t.Errorf("relationship.copy was moved to %s", to)
		}
	}
	if _, err := reconcile.Move(o.state, "relationship.nobody", "relationship.x"); err == nil {
		t.Errorf("what is not there was moved")
	}
	if dump(o) != before {
		t.Errorf("the state was changed")
	}
}

// What is forgotten is recognised again, and nothing is copied twice or deleted; that is so for each pair, and for the relationship.
func TestForgottenIsRecognisedAgain(t *testing.T) {
	for _, mode := range []memory.Mode{memory.DAV(), memory.Graph()} {
		t.Run(mode.Name, func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", mode)
			o.folder("b", mode)
			o.mesh("team", twoWay(), "a", "b")
			o.fill("a", 3)
			o.apply()
			pair := pairsOf(o)[0]
			if f, err := reconcile.ForgetPairs(o.state, pair.Relationship, pair.ReplicaRef); err != nil || f.Pairs[state.Active] != 1 {
				t.Fatalf("forgotten: %+v, %v", f, err)
			}
			p := o.plan(reconcile.Request{})
			if s := p.Document.Summary; s.Adopt != 1 || s.Changes() != 1 || len(writes(p)) > 0 {
				t.Errorf("the plan is\n%s", describe(p))
			}
			o.carryOut(p)
			o.settled()
			if f, err := reconcile.Forget(o.state, "mesh.team"); err != nil || len(f.Addresses) != 2 || f.Pairs[state.Active] != 3 {
				t.Fatalf("forgotten: %+v, %v", f, err)
			}
			if p := o.plan(reconcile.Request{}); len(writes(p)) > 0 {
				t.Errorf("the plan is\n%s", describe(p))
			}
			o.apply()
			o.settled()
		})
	}
}

// The replicas of a relationship that left stay when it is forgotten, whatever on_remove says, and are no originals for others.
func TestForgottenReplicasStay(t *testing.T) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	o.fill("a", 2)
	o.apply()
	o.unrelate("relationship.copy")
	if _, err := reconcile.Forget(o.state, "folder.b"); err == nil {
		t.Errorf("a folder was forgotten that a relationship joins")
	}
	for _, address := range []string{"relationship.copy", "folder.b"} {
		if _, err := reconcile.Forget(o.state, address); err != nil {
			t.Errorf("%v", err)
		}
	}
	p := oneWay()
	p.Existing = schema.ExistingCopy
	o.relate("further", "b", "c", p)
	o.apply()
	o.settled()
	o.holds("b", "a 00", "a 01")
	o.holds("c")
}
