package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// readOnly takes the right to write to a folder from the account.
func (o *office) readOnly(folder string, is bool) {
	if o.restricted == nil {
		o.restricted = map[string]bool{}
		o.can(func(address string, c *providers.Capabilities) { c.ReadOnly = o.restricted[address] })
	}
	o.restricted["folder."+folder] = is
}

// TestDestinationThatMayNotBeWritten: nothing is tried, and it is said once what to do. When the right is given, what was held is done.
func TestDestinationThatMayNotBeWritten(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.readOnly("b", true)
	const why = "its account may not write to folder.b, and would have to: writes held: 3. To go on: ask for the right to write there, or take the relationship out"
	o.alerted(why)
	if n := o.at("b").Requests().Writes; n > 0 {
		t.Errorf("writes were tried: %d", n)
	}
	o.readOnly("b", false)
	o.apply()
	o.holds("b", "a 00", "a 01", "a 02")
	o.readOnly("b", true)
	if r := relationship(t, o.plan(reconcile.Request{}), "relationship.copy"); r.Status != plan.OK {
		t.Errorf("with nothing to write it is %s: %s", r.Status, r.Reason)
	}
	o.unrelate("relationship.copy")
	o.alerted("ask for the right to write there until this is done")
	o.readOnly("b", false)
	o.apply()
	o.holds("b")
}

// TestMemberThatMayNotBeWritten: the others of a mesh go on, and take from it what it holds.
func TestMemberThatMayNotBeWritten(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.mesh("team", twoWay(), "a", "b", "c")
	o.fill("a", 2)
	o.fill("c", 1)
	o.readOnly("c", true)
	p := o.plan(reconcile.Request{})
	for address, want := range map[string]plan.Status{`mesh.team["a/b"]`: plan.OK, `mesh.team["c/a"]`: plan.OK, `mesh.team["c/b"]`: plan.OK, `mesh.team["a/c"]`: plan.Alert, `mesh.team["b/c"]`: plan.OK} {
		if r := relationship(t, p, address); r.Status != want {
			t.Errorf("%s is %s: %s", address, r.Status, r.Reason)
		}
	}
	o.carryOut(p)
	o.holds("a", "a 00", "a 01", "c 00")
	o.holds("b", "a 00", "a 01", "c 00")
	o.holds("c", "c 00")

	o.edit("a", "c 00", "location", "Room 1") // would go back to c
	p = o.plan(reconcile.Request{})
	if r := relationship(t, p, `mesh.team["c/a"]`); r.Status != plan.Alert || len(writes(p)) > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.readOnly("c", false)
	o.apply()
	o.holds("c", "a 00", "a 01", "c 00")
	o.settled()
}

// TestRemovalFromFolderThatIsOnlyRead: a block that says access = "read" by now keeps its replicas, and says so.
func TestRemovalFromFolderThatIsOnlyRead(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 2)
	o.apply()
	o.ws.Relations = []*schema.Relationship{}
	o.spec("b").ReadOnly, o.spec("b").Config.ReadOnly = true, true
	o.alerted("folder.b is only read, and would have to: writes held: 2. To go on: let it be written until this is done")
	o.holds("b", "a 00", "a 01")
}
