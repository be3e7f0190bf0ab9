package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// fill puts n events into a folder.
func (o *office) fill(folder string, n int) {
	for i := range n {
		o.at(folder).Put(event(fmt.Sprintf("%s-%02d", folder, i), fmt.Sprintf("%s %02d", folder, i)))
	}
}

// empty takes the first n items out of a folder, whatever they are.
func (o *office) empty(folder string, n int) {
	for _, it := range o.at(folder).Items()[:n] {
		o.at(folder).Delete(it.Ref)
	}
}

func TestGuardOverDeletes(t *testing.T) {
	for _, c := range []struct {
		what          string
		items, delete int
		limit         schema.Limit
		blocked       bool
	}{
		{"three of ten by default", 10, 3, schema.Limit{}, false},
		{"four of ten by default", 10, 4, schema.Limit{}, true},
		{"four of nine by default: too few to guard", 9, 4, schema.Limit{}, false},
		{"one of four, and none allowed", 4, 1, schema.Limit{Set: true}, true},
		{"one of four, and one allowed", 4, 1, schema.Limit{Set: true, Value: 1}, false},
		{"one of four, and 25 % allowed", 4, 1, schema.Limit{Set: true, Percent: true, Value: 25}, false},
		{"one of four, and 24 % allowed", 4, 1, schema.Limit{Set: true, Percent: true, Value: 24}, true},
		{"all of twelve, and 100 % allowed", 12, 12, schema.Limit{Set: true, Percent: true, Value: 100}, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.ws.Relations[0].Guard.MaxDeletes = c.limit
			o.fill("a", c.items)
			o.apply()
			o.empty("a", c.delete)
			p := o.plan(reconcile.Request{})
			if got := relationship(t, p, "relationship.copy").Status == plan.Blocked; got != c.blocked {
				t.Fatalf("blocked is %v, want %v:\n%s", got, c.blocked, describe(p))
			}
			want := c.items - c.delete
			if c.blocked {
				want = c.items
			}
			o.carryOut(p)
			if got := len(o.titles("b")); got != want {
				t.Errorf("b holds %d items, want %d", got, want)
			}
		})
	}
}

func TestGuardOverEditsAndAdds(t *testing.T) {
	o := company(t, memory.DAV())
	guard := &o.ws.Relations[0].Guard
	guard.MaxAdds, guard.MaxEdits = schema.Limit{Set: true, Value: 2}, schema.Limit{Set: true, Value: 1}
	o.fill("a", 3)
	p := o.plan(reconcile.Request{})
	if r := relationship(t, p, "relationship.copy"); r.Status != plan.Blocked || !strings.HasSuffix(r.Reason, "-allow-adds=relationship.copy:3") {
		t.Errorf("three adds, and two are allowed: %s %s", r.Status, r.Reason)
	}
	o.carryOut(o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "adds", Address: "relationship.copy", Count: 3}}}))
	o.holds("b", "a 00", "a 01", "a 02")
	o.edit("a", "a 00", "location", "Room 1")
	o.apply()
	o.edit("a", "a 01", "location", "Room 1")
	o.edit("a", "a 02", "location", "Room 1")
	if r := relationship(t, o.plan(reconcile.Request{}), "relationship.copy"); r.Status != plan.Blocked || !strings.HasSuffix(r.Reason, "-allow-edits=relationship.copy:2") {
		t.Errorf("two edits, and one is allowed: %s %s", r.Status, r.Reason)
	}
}

// The refusal prints the override, and the override allows that many and no more.
func TestOverrideAllowsExactlySoMany(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 10)
	o.apply()
	o.empty("a", 5)
	reason := relationship(t, o.plan(reconcile.Request{}), "relationship.copy").Reason
	if !strings.HasSuffix(reason, "-allow-deletes=relationship.copy:5") {
		t.Errorf("the reason is %q", reason)
	}
	for n, want := range map[int]plan.Status{4: plan.Blocked, 5: plan.OK, 6: plan.OK} {
		p := o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.copy", Count: n}}})
		if got := relationship(t, p, "relationship.copy").Status; got != want {
			t.Errorf("with %d allowed it is %s, want %s", n, got, want)
		}
		if len(p.Document.Allowed) != 1 {
			t.Errorf("the plan does not show the override")
		}
	}
}

// A blocked relationship is left as it is, and the others go on: ten items are copied from a to b and c, and b is emptied.
func TestBlockedRelationshipIsFrozen(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.relate("b", "a", "b", twoWay()).Guard.MaxDeletes = schema.Limit{Set: true, Percent: true, Value: 30}
	o.relate("c", "a", "c", twoWay())
	o.fill("a", 10)
	o.apply()
	o.empty("b", 10)
	o.at("a").Put(event("new", "Lunch"))
	p := o.plan(reconcile.Request{})
	if relationship(t, p, "relationship.b").Status != plan.Blocked || relationship(t, p, "relationship.c").Status != plan.OK {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	if a, b, c := len(o.titles("a")), len(o.titles("b")), len(o.titles("c")); a != 11 || b != 0 || c != 11 {
		t.Errorf("a, b and c hold %d, %d and %d items, want 11, 0 and 11", a, b, c)
	}
	o.carryOut(o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.b", Count: 10}}}))
	if a, c := len(o.titles("a")), len(o.titles("c")); a != 1 || c != 11 {
		t.Errorf("a and c hold %d and %d items: deletes were allowed in b only", a, c)
	}
}

// Six folders that each lose two of ten take six sevenths of their source.
func TestGuardCountsPerFolder(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	for i := range 7 {
		name := fmt.Sprintf("b%d", i)
		o.folder(name, memory.DAV())
		o.relate(name, "a", name, twoWay())
	}
	o.fill("a", 14)
	o.apply()
	for i := range 7 {
		items := o.at(fmt.Sprintf("b%d", i)).Items()
		for _, title := range []string{fmt.Sprintf("a %02d", 2*i), fmt.Sprintf("a %02d", 2*i+1)} {
			o.erase(fmt.Sprintf("b%d", i), title)
		}
		if len(items) != 14 {
			t.Fatalf("%d items", len(items))
		}
	}
	p := o.plan(reconcile.Request{})
	for i := range 7 {
		if r := relationship(t, p, fmt.Sprintf("relationship.b%d", i)); r.Status != plan.Blocked || !strings.Contains(r.Reason, "together with") || !strings.Contains(r.Reason, ", 1 more it would delete") {
			t.Errorf("%s is %s: %s", r.Address, r.Status, r.Reason)
		}
	}
	o.carryOut(p)
	if got := len(o.titles("a")); got != 14 {
		t.Errorf("the source holds %d of 14 items", got)
	}
}

// Whatever people delete, no relationship deletes more in a folder than its guard allows, and all together no more than the default of a folder.
func TestGuardsHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(rt)
		names := []string{"a", "b", "c"}
		for _, name := range names {
			o.folder(name, rapid.SampledFrom(memory.Modes()).Draw(rt, "mode"))
		}
		o.mesh("team", twoWay(), names...)
		for _, rel := range o.ws.Relations {
			if rapid.Bool().Draw(rt, "explicit") {
				rel.Guard.MaxDeletes = schema.Limit{Set: true, Percent: true, Value: float64(rapid.IntRange(0, 50).Draw(rt, "percent"))}
			}
		}
		for _, name := range names {
			o.fill(name, rapid.IntRange(5, 15).Draw(rt, "items"))
		}
		o.apply()
		before, items := map[string]int{}, map[string]int{}
		for _, pair := range pairsOf(o) {
			before[pair.Relationship]++
		}
		for _, name := range names {
			items["folder."+name] = len(o.titles(name))
			o.empty(name, rapid.IntRange(0, 10).Draw(rt, "deleted"))
		}
		p := o.plan(reconcile.Request{})
		deletes, byDefault, parts := map[[2]string]int{}, map[string]int{}, map[string]int{}
		for _, w := range writes(p) {
			if w.Kind == providers.Delete {
				deletes[[2]string{w.Relationship, w.Folder}]++
			}
		}
		for at, n := range deletes {
			i := slices.IndexFunc(o.ws.Relations, func(r *schema.Relationship) bool { return r.Address == at[0] })
			of := before[at[0]]
			switch limit := o.ws.Relations[i].Guard.MaxDeletes; {
			case limit.Set && float64(n) > limit.Value/100*float64(of), !limit.Set && of >= 10 && n*10 > of*3:
				rt.Fatalf("%s deletes %d of %d in %s:\n%s", at[0], n, of, at[1], describe(p))
			case !limit.Set:
				byDefault[at[1]] += n
				parts[at[1]]++
			}
		}
		for folder, n := range byDefault {
			if parts[folder] > 1 && n*10 > items[folder]*3 {
				rt.Fatalf("%d of %d items of %s are deleted:\n%s", n, items[folder], folder, describe(p))
			}
		}
	})
}

// A for_each that loses keys takes replicas away: too many at once are refused.
func TestGuardOverLeavers(t *testing.T) {
	for _, c := range []struct {
		keys, leave int
		blocked     bool
	}{{12, 3, false}, {12, 4, true}, {12, 12, true}, {9, 9, false}} {
		t.Run(fmt.Sprintf("%d of %d", c.leave, c.keys), func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", memory.DAV())
			o.at("a").Put(event("one", "Lunch"))
			block := &schema.Block{Address: "relationship.staff", Keys: []string{}}
			o.ws.Blocks = []*schema.Block{block}
			for i := range c.keys {
				key := fmt.Sprintf("b%02d", i)
				o.folder(key, memory.DAV())
				r := o.relate("staff", "a", key, oneWay())
				r.Address, r.Key = fmt.Sprintf("relationship.staff[%q]", key), key
			}
			o.apply()
			o.ws.Relations = o.ws.Relations[:c.keys-c.leave]
			p := o.plan(reconcile.Request{})
			if got := p.Document.Summary.Blocked > 0; got != c.blocked {
				t.Fatalf("blocked is %v, want %v:\n%s", got, c.blocked, describe(p))
			}
			if c.blocked {
				o.carryOut(p)
				if p = o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "leavers", Count: c.leave - 1}}}); p.Document.Summary.Blocked == 0 {
					t.Errorf("an override of one fewer is enough")
				}
				p = o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "leavers", Count: c.leave}}})
			}
			o.carryOut(p)
			left := 0
			for i := range c.keys {
				left += len(o.titles(fmt.Sprintf("b%02d", i)))
			}
			if left != c.keys-c.leave {
				t.Errorf("%d replicas are left, want %d", left, c.keys-c.leave)
			}
		})
	}
}
