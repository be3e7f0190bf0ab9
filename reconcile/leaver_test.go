package reconcile_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// leaving is a mesh of folders a to d that hold an item each, after its first apply.
func leaving(t tester, mode memory.Mode, originals schema.OnLeaver) *office {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c", "d"} {
		o.folder(name, mode)
		o.at(name).Put(event("of-"+name, "Of "+name))
	}
	o.meet(originals, twoWay(), "a", "b", "c", "d")
	o.apply()
	o.settled()
	return o
}

// meet makes mesh.team one of these members, whoever they were before.
func (o *office) meet(originals schema.OnLeaver, policies schema.Policies, members ...string) {
	o.ws.Relations = slices.DeleteFunc(o.ws.Relations, func(r *schema.Relationship) bool { return r.Block == "mesh.team" })
	o.ws.Blocks = []*schema.Block{{Address: "mesh.team", Keys: members, OnLeaver: originals}}
	o.ws.Guard.MaxLeavers = schema.Limit{Set: true, Value: 10}
	o.mesh("team", policies, members...)
}

// all are the titles of what began in each of the four folders.
var all = []string{"Of a", "Of b", "Of c", "Of d"}

// contents are what a folder's items say, by ref.
func (o *office) contents(folder string) string {
	var out []string
	for _, it := range o.at(folder).Items() {
		out = append(out, fmt.Sprint(it.Ref, it.Item.UID(), it.Item.Fields().Digest()))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// The items of a member that leaves stay in all other folders, and nobody sees a change. What is changed then in any of them reaches the others.
func TestRehome(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := leaving(t, mode, schema.LeaverRehome)
		before := map[string]string{}
		for _, name := range []string{"a", "c", "d"} {
			before[name] = o.contents(name)
		}
		o.meet(schema.LeaverRehome, twoWay(), "a", "c", "d")
		p := o.plan(reconcile.Request{})
		s := p.Document.Summary
		if s.Add+s.Edit > 0 || s.Delete != 3 || s.Adopt != 2 {
			t.Errorf("the plan is\n%s", describe(p))
		}
		o.carryOut(p)
		for name, was := range before {
			if now := o.contents(name); now != was {
				t.Errorf("%s held %s, and holds %s", name, was, now)
			}
			o.holds(name, all...)
		}
		o.holds("b", "Of b")
		o.settled()
		o.edit("d", "Of b", "location", "Roof")
		o.apply()
		for name := range before {
			if got := o.find(name, "Of b").Item.Fields()["location"].Plain(); got != "Roof" {
				t.Errorf("%s says %v", name, got)
			}
		}
		o.erase("c", "Of b")
		o.apply()
		for name := range before {
			o.holds(name, "Of a", "Of c", "Of d")
		}
		o.settled()
	})
}

// What was changed shortly before the member left, and not carried over yet, is carried over between those that stay.
func TestRehomeCarriesWhatWasOnTheWay(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := leaving(t, mode, schema.LeaverRehome)
		o.edit("a", "Of b", "location", "Roof")
		o.edit("d", "Of b", "description", "Bring your own.")
		o.meet(schema.LeaverRehome, twoWay(), "a", "c", "d")
		o.apply()
		for _, name := range []string{"a", "c", "d"} {
			o.holds(name, all...)
			fields := o.find(name, "Of b").Item.Fields()
			if got := fmt.Sprint(fields["location"].Plain(), fields["description"].Plain()); got != "RoofBring your own." {
				t.Errorf("%s says %s", name, got)
			}
		}
		o.settled()
	})
}

// Several members leave at once, down to one: what is left of the mesh holds what all of them brought.
func TestRehomeOfSeveral(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := leaving(t, mode, schema.LeaverRehome)
		o.meet(schema.LeaverRehome, twoWay(), "c", "d")
		o.apply()
		for _, name := range []string{"c", "d"} {
			o.holds(name, all...)
		}
		o.holds("a", "Of a")
		o.holds("b", "Of b")
		o.settled()
		before := o.contents("d")
		o.meet(schema.LeaverRehome, twoWay(), "d")
		o.apply()
		o.holds("c", "Of a", "Of b", "Of c") // it had inherited the others
		o.holds("d", all...)
		if now := o.contents("d"); now != before {
			t.Errorf("d held %s, and holds %s", before, now)
		}
		o.settled()
	})
}

func TestOnLeaverReleases(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := leaving(t, mode, schema.LeaverRelease)
		o.meet(schema.LeaverRelease, twoWay(), "a", "c", "d")
		o.apply()
		for _, name := range []string{"a", "c", "d"} {
			o.holds(name, all...)
		}
		o.holds("b", "Of b")
		o.settled()
	})
}

func TestOnLeaverDeletes(t *testing.T) {
	for _, originals := range []schema.OnLeaver{"", schema.LeaverDelete} {
		o := leaving(t, memory.DAV(), originals)
		o.meet(originals, twoWay(), "a", "c", "d")
		o.apply()
		for _, name := range []string{"a", "c", "d"} {
			o.holds(name, "Of a", "Of c", "Of d")
		}
		o.holds("b", "Of b")
		o.settled()
	}
}

// What a mesh says now counts; when it says nothing more, what it said at the last apply.
func TestOnLeaverAsItIsWrittenNow(t *testing.T) {
	for _, c := range []struct{ before, now schema.OnLeaver }{{"", schema.LeaverRehome}, {schema.LeaverDelete, schema.LeaverRehome}, {schema.LeaverRehome, ""}} {
		o := leaving(t, memory.DAV(), c.before)
		o.meet(c.now, twoWay(), "a", "c", "d")
		o.apply()
		o.holds("c", all...)
		o.settled()
	}
}

// A member that left need not be reachable any more: its items live on in the others. What it holds of theirs waits.
func TestRehomeOfAFolderThatIsGone(t *testing.T) {
	o := leaving(t, memory.DAV(), schema.LeaverRehome)
	delete(o.stores, "b")
	o.meet(schema.LeaverRehome, twoWay(), "a", "c", "d")
	p := o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.Adopt != 2 || s.Release != 1 || s.Delete > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	if r := relationship(t, p, `mesh.team["a/b"]`); r.Status != plan.Alert {
		t.Errorf("what is in b is %s", r.Status)
	}
	o.carryOut(p)
	for _, name := range []string{"a", "c", "d"} {
		o.holds(name, all...)
	}
	o.edit("d", "Of b", "location", "Roof")
	o.apply()
	if got := o.find("a", "Of b").Item.Fields()["location"].Plain(); got != "Roof" {
		t.Errorf("a says %v", got)
	}
}

// While one of the folders that stay has no part in a plan, all of them wait: half of it would leave items that nobody can tell from others.
func TestRehomeIsDoneInAllFoldersAtOnce(t *testing.T) {
	for _, only := range []string{`mesh.team["b/a"]`, "folder.a", `mesh.team["b/*"]`} {
		o := leaving(t, memory.DAV(), schema.LeaverRehome)
		o.meet(schema.LeaverRehome, twoWay(), "a", "c", "d")
		p := o.plan(reconcile.Request{Only: []string{only}})
		if s := p.Document.Summary; s.Adopt+s.Add+s.Edit+s.Release > 0 {
			t.Errorf("the plan is\n%s", describe(p))
		}
		if r := relationship(t, p, `mesh.team["b/a"]`); r.Status != plan.Blocked {
			t.Errorf("%s: it is %s", only, r.Status)
		}
		o.carryOut(p)
		o.apply()
		for _, name := range []string{"a", "c", "d"} {
			o.holds(name, all...)
		}
		o.settled()
	}
}

// Killed at any commit, the next apply goes on with what was chosen.
func TestRehomeThatIsInterrupted(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for n := range 30 {
			o := leaving(t, mode, schema.LeaverRehome)
			o.meet(schema.LeaverRehome, twoWay(), "a", "c", "d")
			_, err := o.engine().Apply(t.Context(), &mortal{Store: o.state, left: n + 1}, o.plan(reconcile.Request{}))
			o.apply()
			for _, name := range []string{"a", "c", "d"} {
				o.holds(name, all...)
			}
			o.settled()
			if err == nil {
				return
			}
		}
		t.Error("no apply was finished")
	})
}
