package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// What becomes of replicas when their relationship leaves: those that it made, and those that a person had made before it.
func TestRelationshipThatLeaves(t *testing.T) {
	for _, c := range []struct {
		remove schema.OnRemove
		left   []string
		after  []string // when the relationship is back
	}{
		{schema.RemoveDelete, []string{"Review"}, []string{"Lunch", "Review"}},
		{schema.RemoveRetire, []string{"Lunch", "Review"}, []string{"Lunch", "Review"}},
		{schema.RemoveRelease, []string{"Lunch", "Review"}, []string{"Lunch", "Review"}},
	} {
		t.Run(string(c.remove), func(t *testing.T) {
			o := company(t, memory.DAV())
			o.ws.Relations[0].Policies.OnRemove = c.remove
			o.at("a").Put(event("made", "Lunch"))
			o.at("a").Put(event("adopted", "Review"))
			o.at("b").Put(event("adopted", "Review"))
			o.apply()
			o.holds("b", "Lunch", "Review")

			was := o.ws.Relations
			o.ws.Relations = nil
			o.apply()
			o.holds("b", c.left...)
			o.settled()

			o.ws.Relations = was
			o.apply()
			o.holds("b", c.after...)
			o.settled()
		})
	}
}

func TestRemovedBlockDecidesWhatBecomesOfReplicas(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations = nil
	o.ws.Removed = []schema.Removed{{From: "relationship.copy", OnRemove: schema.RemoveRelease}}
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Release != 1 || p.Document.Summary.Changes() != 1 {
		t.Errorf("the plan is\n%s", describe(p))
	}
}

// A replica that cannot be read is left alone, and taken away when it can be.
func TestUnreadableReplicaOutlivesItsRelationship(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.at("a").Put(event("two", "Review"))
	o.apply()
	replica := o.find("b", "Lunch")
	o.at("b").Break(replica.Ref, "it is damaged")
	o.ws.Relations = nil
	o.apply()
	o.holds("b", "?")
	o.settled()
	o.at("b").Replace(replica.Ref, replica.Item)
	o.apply()
	o.holds("b")
	o.settled()
}

// The other half of a mesh takes over what the half that leaves had adopted.
func TestHalfOfAMeshLeaves(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.mesh("team", twoWay(), "a", "b")
	o.at("a").Put(event("one", "Lunch"))
	o.at("b").Put(event("one", "Lunch"))
	o.apply()
	o.unrelate(`mesh.team["a/b"]`)
	if result := o.apply(); len(result.Failures) > 0 {
		t.Errorf("not everything was done: %v", result.Failures)
	}
	o.settled()
	o.edit("b", "Lunch", "location", "Room 1")
	o.apply()
	if got := o.find("a", "Lunch").Item.Fields()["location"].Plain(); got != "Room 1" {
		t.Errorf("a is at %v", got)
	}
}

func TestMovedRelationshipKeepsItsPairs(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations[0].Address, o.ws.Relations[0].Block = "relationship.renamed", "relationship.renamed"
	o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.renamed"}}
	o.settled()
	o.apply()
	o.ws.Moved = nil
	o.settled()
	o.erase("a", "Lunch")
	o.apply()
	o.holds("b")
}

func TestMovedFolderKeepsItsPairs(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.spec("b").Address = "folder.staff"
	o.ws.Moved = []schema.Moved{{From: "folder.b", To: "folder.staff"}}
	o.settled()
	o.apply()
	o.ws.Moved = nil
	o.settled()
	o.erase("a", "Lunch")
	o.apply()
	o.holds("b")
}

// A relationship whose destination is another folder takes its replicas along.
func TestReplacedDestination(t *testing.T) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations[0].Destination = o.spec("c")
	p := o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.Add != 1 || s.Delete != 1 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.holds("b")
	o.holds("c", "Lunch")
	o.settled()
}

// A relationship whose source is another folder keeps the replicas whose originals are there under the same UIDs.
func TestReplacedSource(t *testing.T) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	for _, name := range []string{"a", "c"} {
		o.at(name).Put(event("one", "Lunch"))
	}
	o.at("a").Put(event("two", "Review"))
	o.apply()
	replica := o.find("b", "Lunch").Ref
	o.ws.Relations[0].Source = o.spec("c")
	o.apply()
	o.holds("b", "Lunch")
	if o.find("b", "Lunch").Ref != replica {
		t.Errorf("the replica was made anew")
	}
	o.settled()
}

func TestDisabledRelationship(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations[0].Enabled = false
	o.edit("a", "Lunch", "location", "Room 1")
	o.at("a").Put(event("two", "Review"))
	p := o.plan(reconcile.Request{})
	if r := relationship(t, p, "relationship.copy"); r.Status != plan.Disabled || r.Operations.Len() > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.holds("b", "Lunch")
	o.ws.Relations[0].Enabled = true
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Add != 1 || p.Document.Summary.Edit != 1 {
		t.Errorf("it is enabled again, and the plan is\n%s", describe(p))
	}
}

func TestOnlyAndExcept(t *testing.T) {
	for _, c := range []struct {
		what string
		req  reconcile.Request
		b, c int
	}{
		{"only a relationship", reconcile.Request{Only: []string{"relationship.b"}}, 1, 0},
		{"only a folder", reconcile.Request{Only: []string{"folder.c"}}, 0, 1},
		{"only a glob", reconcile.Request{Only: []string{"relationship.*"}}, 1, 1},
		{"except a relationship", reconcile.Request{Except: []string{"relationship.b"}}, 0, 1},
		{"except the source of both", reconcile.Request{Except: []string{"folder.a"}}, 0, 0},
		{"only one and except the same", reconcile.Request{Only: []string{"relationship.b"}, Except: []string{"folder.b"}}, 0, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := newOffice(t)
			for _, name := range []string{"a", "b", "c"} {
				o.folder(name, memory.DAV())
			}
			o.relate("b", "a", "b", oneWay())
			o.relate("c", "a", "c", oneWay())
			o.at("a").Put(event("one", "Lunch"))
			o.carryOut(o.plan(c.req))
			if b, n := len(o.titles("b")), len(o.titles("c")); b != c.b || n != c.c {
				t.Errorf("b and c hold %d and %d items, want %d and %d", b, n, c.b, c.c)
			}
			o.apply()
			o.holds("b", "Lunch")
			o.holds("c", "Lunch")
			o.settled()
		})
	}
}

// Destroy takes out again what Accord made, releases what it adopted, and leaves what people made.
func TestDestroy(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		o.mesh("team", twoWay(), "a", "b")
		o.ws.Relations[0].Policies.OnRemove = schema.RemoveRetire
		o.at("a").Put(event("one", "Lunch"))
		o.at("b").Put(event("two", "Review"))
		o.apply()
		o.holds("a", "Lunch", "Review")
		o.holds("b", "Lunch", "Review")
		o.carryOut(o.plan(reconcile.Request{Destroy: true}))
		o.holds("a", "Lunch")
		o.holds("b", "Review")
		if pairs := pairsOf(o); len(pairs) > 0 {
			t.Errorf("the state still knows %v", pairs)
		}
	})
}

// A relationship can be taken out after its folder blocks have left, as long as their provider is there.
func TestFolderBlocksLeaveWithTheirRelationship(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations, o.ws.Folders = nil, nil
	o.apply()
	o.holds("a", "Lunch")
	o.holds("b")
}

// A folder that is missing and may be made is a planned action; what goes into it comes with the same apply.
func TestMissingFolderIsMade(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.stores["b"] = memory.New(memory.DAV(), nil)
	spec := o.declare("b", pim.Calendar)
	o.relate("copy", "a", "b", oneWay())
	o.at("a").Put(event("one", "Lunch"))

	p := o.plan(reconcile.Request{})
	if r := relationship(t, p, "relationship.copy"); r.Status != plan.Alert || r.Operations.Len() > 0 {
		t.Errorf("the folder is missing and may not be made, and the plan is\n%s", describe(p))
	}
	spec.Create = true
	p = o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.CreateFolder != 1 || s.Add != 1 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	if o.at("b") != nil {
		t.Fatalf("the plan made the folder")
	}
	result := o.carryOut(p)
	if result.Summary.CreateFolder != 1 || result.Summary.Add != 1 {
		t.Errorf("the result is %+v, %v", result.Summary, result.Failures)
	}
	o.holds("b", "Lunch")
	o.settled()

	o.stores["b"].DropFolder("b")
	if r := relationship(t, o.plan(reconcile.Request{}), "relationship.copy"); r.Status != plan.Alert {
		t.Errorf("a folder with replicas is gone, and the relationship is %s", r.Status)
	}
}
