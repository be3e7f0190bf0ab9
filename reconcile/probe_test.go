package reconcile_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema/pim"
)

// What a probe says of each kind of store is what that store does, and nothing stays behind.
func TestProbe(t *testing.T) {
	want := map[string]reconcile.Probe{
		"dav":   {UID: reconcile.KeptSame, Marker: reconcile.KeptSame, Precondition: reconcile.Honoured},
		"graph": {UID: reconcile.KeptChanged, Marker: reconcile.KeptSame, Precondition: reconcile.Honoured},
		"table": {UID: reconcile.KeptLost, Marker: reconcile.KeptLost, Precondition: reconcile.NotHonoured},
	}
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for _, kind := range pim.Kinds() {
			o := newOffice(t)
			o.folderOf("a", mode, kind)
			o.at("a").Put(item(kind, "1", "Lunch"))
			before := o.at("a").Items()
			a := o.check(reconcile.CheckRequest{Probe: true})["a"]
			expected := want[mode.Name]
			expected.Changed, expected.Lost = []string{}, []string{}
			if !a.Usable || a.Writable != reconcile.WriteTried || !reflect.DeepEqual(a.Probe, &expected) {
				t.Errorf("%s: %+v, %+v", kind, a, a.Probe)
			}
			if after := o.at("a").Items(); !reflect.DeepEqual(after, before) {
				t.Errorf("%s: the folder held %v and holds %v", kind, before, after)
			}
		}
	})
}

// A folder that is not to be written is not written to try whether it could be.
func TestNoProbeOfReadOnlyFolder(t *testing.T) {
	o := company(t, memory.DAV())
	o.spec("a").ReadOnly = true
	a := o.check(reconcile.CheckRequest{Probe: true})["a"]
	if r := o.at("a").Requests(); a.Probe != nil || r.Writes > 0 {
		t.Errorf("%+v after %+v", a, r)
	}
}

func TestProbeOfFaultyStores(t *testing.T) {
	always := func(effect faults.Effect, ops ...faults.Operation) faults.Plan {
		return faults.Always(faults.Fault{Effect: effect, Class: providers.Refused}, ops...)
	}
	for _, c := range []struct {
		name   string
		strike faults.Plan
		says   string // the problem; "": usable
		left   string // titles that stay behind
	}{
		{"refuses creates", always(faults.Fail, faults.Create), "it cannot be written", ""},
		{"loses the create", always(faults.LoseRequest, faults.Create), "it cannot be written", ""},
		{"does not answer the create", always(faults.LoseAnswer, faults.Create), "it cannot be written", ""},
		{"refuses updates", always(faults.Fail, faults.Update), "its own item cannot be changed", ""},
		{"does not answer updates", always(faults.LoseAnswer, faults.Update), "its own item cannot be changed", ""},
		{"overwrites", always(faults.Overwrite, faults.Update), "a write that named an old version was done", ""},
		{"refuses deletes", always(faults.Fail, faults.Delete), `the item "Accord probe token" (/b/accord-probe-token.ics) is still there, delete it by hand`, "Accord probe token, changed"},
		{"does not answer deletes", always(faults.LoseAnswer, faults.Delete), "", ""},
		{"rewrites", always(faults.Rewrite, faults.Create, faults.Update), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.at("b").Put(event("1", "Lunch"))
			o.strike = c.strike
			b := o.check(reconcile.CheckRequest{Probe: true, Only: []string{"folder.b"}})["b"]
			if b.Usable != (c.says == "") || !strings.Contains(b.Problem, c.says) {
				t.Errorf("%+v, %+v", b, b.Probe)
			}
			want := []string{"Lunch"}
			if c.left != "" {
				want = append(want, c.left)
			}
			o.holds("b", want...)
			if c.name == "rewrites" && !slices.Equal(b.Probe.Changed, []string{"summary"}) {
				t.Errorf("fields that came back changed: %v", b.Probe.Changed)
			}
		})
	}
}

// An interrupted probe takes its item away before it ends.
func TestInterruptedProbe(t *testing.T) {
	o := company(t, memory.DAV())
	ctx, cancel := context.WithCancel(context.Background())
	o.strike = func(c faults.Call) faults.Fault {
		if c.Operation == faults.Create {
			cancel()
		}
		return faults.Fault{}
	}
	o.engine().Check(ctx, reconcile.CheckRequest{Probe: true, Token: "token"})
	if ctx.Err() == nil {
		t.Fatal("nothing was probed")
	}
	o.holds("a")
	o.holds("b")
}

// A plan that sees a probe's item leaves it alone: it is no original.
func TestProbeItemIsNeverCopied(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("1", "Lunch"))
	o.strike = faults.Always(faults.Fault{Effect: faults.Fail, Class: providers.Refused}, faults.Delete)
	o.check(reconcile.CheckRequest{Probe: true, Only: []string{"folder.a"}})
	o.strike = nil
	o.apply()
	o.holds("a", "Lunch", "Accord probe token, changed")
	o.holds("b", "Lunch")
}

// Whatever a store does, a probe touches no item of another's, and if its own stays behind it says so.
func TestProbeTouchesNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOffice(t)
		o.folder("a", rapid.SampledFrom(memory.Modes()).Draw(t, "mode"))
		for i := range rapid.IntRange(0, 4).Draw(t, "items") {
			o.at("a").Put(event(fmt.Sprint(i), fmt.Sprintf("Lunch %d", i)))
		}
		before := o.at("a").Items()
		strike := faults.Seeded(rapid.Uint64().Draw(t, "seed"), rapid.Float64Range(0, 0.6).Draw(t, "share"))
		o.strike = func(c faults.Call) faults.Fault {
			f := strike(c)
			if c.Operation == faults.Fetch && f.Class == providers.Missing {
				return faults.Fault{} // a store that says of what it holds that it does not
			}
			return f
		}
		a := o.check(reconcile.CheckRequest{Probe: true})["a"]
		var others []memory.Stored
		left := false
		for _, it := range o.at("a").Items() {
			if it.Item != nil && strings.Contains(it.Item.Title(), "Accord probe token") {
				left = true
				continue
			}
			others = append(others, it)
		}
		if len(others)+len(before) > 0 && !reflect.DeepEqual(others, before) {
			t.Fatalf("the folder held %v and holds %v", before, others)
		}
		if left && (a.Probe == nil || a.Probe.Left == "") {
			t.Fatalf("an item stayed behind, and the check says %+v, %+v", a, a.Probe)
		}
	})
}
