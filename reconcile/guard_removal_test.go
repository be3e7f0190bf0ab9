package reconcile_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// A relationship that leaves takes its replicas along: its guard counts that, unless a `removed` block says that it is meant.
func TestGuardOverRemoval(t *testing.T) {
	for _, c := range []struct {
		what    string
		items   int
		run     schema.Limit
		meant   bool
		blocked bool
	}{
		{"nine", 9, schema.Limit{}, false, false},
		{"twelve", 12, schema.Limit{}, false, true},
		{"twelve, meant", 12, schema.Limit{}, true, false},
		{"twelve, meant, and the run may delete half", 12, schema.Limit{Set: true, Percent: true, Value: 50}, true, true},
		{"three, and the run may delete one", 3, schema.Limit{Set: true, Value: 1}, false, true},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.fill("a", c.items)
			o.apply()
			o.ws.Guard.MaxDeletes = c.run
			if c.meant {
				o.ws.Removed = []schema.Removed{{From: "relationship.copy"}}
			}
			o.unrelate("relationship.copy")
			p := o.plan(reconcile.Request{})
			if got := relationship(t, p, "relationship.copy").Status == plan.Blocked; got != c.blocked {
				t.Fatalf("blocked is %v, want %v:\n%s", got, c.blocked, describe(p))
			}
			if c.blocked {
				p = o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.copy", Count: c.items}}})
			}
			o.carryOut(p)
			o.holds("b")
		})
	}
}

// A member that leaves a mesh of six is one key of six, though it takes ten edges of thirty along.
func TestGuardCountsMembersOfAMesh(t *testing.T) {
	o := newOffice(t)
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}
	for _, name := range names {
		o.folder(name, memory.DAV())
	}
	o.mesh("all", twoWay(), names...)
	o.ws.Blocks = []*schema.Block{{Address: "mesh.all", Keys: names}}
	o.at("a").Put(event("one", "One"))
	o.apply()
	o.ws.Relations = nil
	o.mesh("all", twoWay(), names[:8]...)
	o.ws.Blocks = []*schema.Block{{Address: "mesh.all", Keys: names[:8]}}
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Blocked != 0 {
		t.Errorf("three of eleven members may leave:\n%s", describe(p))
	}
	o.ws.Relations = nil
	o.mesh("all", twoWay(), names[:7]...)
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Blocked == 0 {
		t.Errorf("four of eleven members may not leave:\n%s", describe(p))
	}
}

// A relationship that was renamed without a `moved` block makes no second copies while a guard holds the removal of the first, and the plan says what to write.
func TestRenameWithoutMoved(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 12)
	o.apply()
	o.unrelate("relationship.copy")
	o.relate("renamed", "a", "b", oneWay())
	p := o.plan(reconcile.Request{})
	for _, address := range []string{"relationship.copy", "relationship.renamed"} {
		if r := relationship(t, p, address); r.Status != plan.Blocked || r.Operations.Len() > 0 {
			t.Errorf("%s is %s:\n%s", address, r.Status, describe(p))
		}
	}
	if !strings.Contains(describe(p), "moved { from = relationship.copy, to = relationship.renamed }") {
		t.Errorf("it does not say what to write:\n%s", describe(p))
	}
	o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.renamed"}}
	if s := o.plan(reconcile.Request{}).Document.Summary; s.Changes() > 0 || s.Unchanged != 12 {
		t.Errorf("%+v", s)
	}
}
