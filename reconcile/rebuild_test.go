package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// rebuild loses the state and makes it anew.
func (o *office) rebuild(opts reconcile.RebuildOptions) *reconcile.RebuildReport {
	o.t.Helper()
	o.state = state.Memory()
	report, err := o.engine().Rebuild(context.Background(), o.state, opts)
	if err != nil {
		o.t.Fatalf("rebuild: %v", err)
	}
	return report
}

// lossOf is what a plan says of a relationship whose state was lost; "": nothing.
func lossOf(p *plan.Plan, address string) string {
	for _, d := range p.Document.Diagnostics {
		if d.Address == address && strings.Contains(d.Summary, "lost or rebuilt") {
			return d.Detail
		}
	}
	return ""
}

func TestRebuiltStateIsAsItWas(t *testing.T) {
	for _, mode := range []memory.Mode{memory.DAV(), memory.Graph()} {
		t.Run(mode.Name, func(t *testing.T) {
			o := newOffice(t)
			for _, name := range []string{"a", "b", "c"} {
				o.folder(name, mode)
			}
			o.mesh("team", twoWay(), "a", "b")
			o.relate("copy", "a", "c", oneWay())
			o.fill("a", 5)
			o.fill("b", 3)
			o.apply()
			want := pairsOf(o)
			report := o.rebuild(reconcile.RebuildOptions{})
			if got := pairsOf(o); len(got) != len(want) {
				t.Errorf("%d pairs are rebuilt, of %d", len(got), len(want))
			}
			for i, r := range report.Relationships {
				if n := []int{5, 3, 5}[i]; r.Pairs != n || len(r.Next) > 0 || r.Apart > 0 {
					t.Errorf("%s is rebuilt as %+v, want %d pairs", r.Address, r, n)
				}
			}
			o.settled()
			o.edit("b", "a 00", "location", "Room 1")
			o.erase("b", "a 01")
			if s := o.plan(reconcile.Request{}).Document.Summary; s.Edit != 2 || s.Delete != 2 {
				t.Errorf("after the rebuilding, changes are as ever, but the plan is %+v", s)
			}
			o.apply()
			o.settled()
			o.holds("a", "a 00", "a 02", "a 03", "a 04", "b 00", "b 01", "b 02")
		})
	}
}

// What leaves no marker is named by the first plan after it, and by no later one.
func TestWhatCannotBeRebuiltIsNamed(t *testing.T) {
	o := company(t, memory.DAV())
	for _, r := range o.ws.Relations {
		r.Policies.DestinationDelete = schema.DestinationDeletePrune
		r.Policies.SourceDelete = schema.SourceDeleteKeep
	}
	o.fill("a", 6)
	o.apply()
	o.erase("b", "a 00")
	o.apply()
	o.erase("a", "a 01") // never seen by an apply
	o.edit("b", "a 02", "location", "Mine")
	report := o.rebuild(reconcile.RebuildOptions{})
	if r := report.Relationships[0]; r.Pairs != 3 || r.Apart != 1 || r.Next[plan.Add] != 1 || r.Next[plan.Retire] != 1 {
		t.Errorf("the report is %+v", r)
	}
	o.holds("b", "a 01", "a 02", "a 03", "a 04", "a 05")
	p := o.plan(reconcile.Request{})
	said := lossOf(p, "relationship.copy")
	for _, part := range []string{"copied: 1", "edited because the two sides differ: 1", "retired because their originals are not there: 1"} {
		if !strings.Contains(said, part) {
			t.Errorf("the plan says %q, and not that %q", said, part)
		}
	}
	if s := p.Document.Summary; s.Delete != 0 || s.Add != 1 || s.Edit != 1 || s.Retire != 1 || s.Unchanged != 3 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.settled()
	o.at("a").Put(event("new", "Lunch"))
	if said := lossOf(o.plan(reconcile.Request{}), "relationship.copy"); said != "" {
		t.Errorf("the rebuilding was applied, and still the plan says %q", said)
	}
}

// Without a rebuilding, the plan says the same.
func TestWhatComesBackAfterALossIsNamed(t *testing.T) {
	o := company(t, memory.DAV())
	o.ws.Relations[0].Policies.DestinationDelete = schema.DestinationDeletePrune
	o.fill("a", 3)
	o.apply()
	o.erase("b", "a 00")
	o.apply()
	o.state = state.Memory()
	if said := lossOf(o.plan(reconcile.Request{}), "relationship.copy"); !strings.Contains(said, "copied: 1") {
		t.Errorf("the plan says %q", said)
	}
}

// A folder that keeps no markers is rebuilt from UIDs when that is asked for.
func TestRebuildFromUIDs(t *testing.T) {
	mode := memory.DAV()
	mode.Capabilities.Markers = false
	for _, from := range []bool{false, true} {
		o := newOffice(t)
		o.folder("a", memory.DAV())
		o.folder("b", mode)
		o.relate("copy", "a", "b", oneWay())
		o.fill("a", 3)
		o.apply()
		report := o.rebuild(reconcile.RebuildOptions{FromUIDs: from})
		r, hinted := report.Relationships[0], false
		for _, d := range report.Diagnostics {
			hinted = hinted || d.Address == "folder.b" && strings.Contains(d.Detail, "-from-uids")
		}
		if want := map[bool]int{true: 3}[from]; r.Pairs != want || r.UIDs != 3-want || hinted == from {
			t.Errorf("from UIDs %v: the report is %+v, %v", from, r, report.Diagnostics)
		}
		if p := o.plan(reconcile.Request{}); len(writes(p)) > 0 || from && p.Document.Summary.Changes() > 0 {
			t.Errorf("from UIDs %v: the plan is\n%s", from, describe(p))
		}
		o.apply()
		o.settled()
	}
}

func TestRebuildRefusesAStateThatKnowsSomething(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 1)
	o.apply()
	before := dump(o)
	if _, err := o.engine().Rebuild(t.Context(), o.state, reconcile.RebuildOptions{}); !errors.Is(err, reconcile.ErrNotEmpty) {
		t.Errorf("the error is %v", err)
	}
	if dump(o) != before {
		t.Errorf("the state was changed")
	}
}

// What the first apply ignored is ignored again.
func TestRebuildIgnoresAgain(t *testing.T) {
	o := company(t, memory.DAV())
	o.ws.Relations[0].Policies.Existing = schema.ExistingIgnore
	o.fill("a", 2)
	o.apply()
	o.at("a").Put(event("new", "Lunch"))
	o.apply()
	o.holds("b", "Lunch")
	o.rebuild(reconcile.RebuildOptions{})
	o.apply()
	o.settled()
	o.holds("b", "Lunch")
	o.at("a").Put(event("other", "Dinner"))
	o.apply()
	o.holds("b", "Lunch", "Dinner")
}

// TestRebuildRandomly loses and rebuilds the state in random histories: nothing is written, the plan after it writes what a plan without the rebuilding would, deletes
// nothing and names what it does, and an apply of it leaves nothing to do.
func TestRebuildRandomly(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 4).Draw(t, "applies") {
			r.wait()
			r.work()
			r.round()
		}
		if rapid.Bool().Draw(t, "work between") {
			r.work()
		}
		r.state = state.Memory()
		lost := sentBy(r.plan(reconcile.Request{}))
		before, writes := r.seen(), r.writes()
		report := r.rebuild(reconcile.RebuildOptions{FromUIDs: rapid.Bool().Draw(t, "from UIDs")})
		if !maps.EqualFunc(before, r.seen(), sameStored) || r.writes() != writes {
			t.Fatalf("rebuilding wrote to a folder")
		}
		p := r.plan(reconcile.Request{})
		for _, rel := range p.Document.Relationships {
			if rel.Status == plan.OK && rel.Operations.Len() > 0 && lossOf(p, rel.Address) == "" && recorded(r.office, rel.Address) {
				t.Fatalf("%s has something to do, and why is not said:\n%s\n%+v", rel.Address, describe(p), report)
			}
		}
		if got := sentBy(p); !maps.Equal(got, lost) {
			t.Fatalf("without a rebuilding these writes were planned:\n%v\nand with it:\n%v\n%s", lost, got, describe(p))
		}
		r.deletesNothing(p)
		r.carryOut(p)
		r.quiet()
	})
}

// sentBy is what a plan sends, by folder and item.
func sentBy(p *plan.Plan) map[spot]string {
	out := map[spot]string{}
	for _, w := range writes(p) {
		out[spot{w.Folder, w.Key}] = fmt.Sprint(w.Kind, w.Action, " ", string(w.Item))
	}
	return out
}

// recorded reports whether the state knows a relationship.
func recorded(o *office, address string) bool {
	all, err := o.state.Relationships()
	if err != nil {
		o.t.Fatalf("%v", err)
	}
	for _, r := range all {
		if r.Address == address {
			return true
		}
	}
	return false
}

func (r *random) deletesNothing(p *plan.Plan) {
	for _, w := range writes(p) {
		if w.Kind == providers.Delete {
			r.t.Fatalf("the state was rebuilt, and an item is deleted:\n%s", describe(p))
		}
	}
}
