package reconcile_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

func (o *office) examine(offline bool) []reconcile.Finding {
	o.t.Helper()
	d, err := o.engine().Examine(context.Background(), o.state, offline)
	if err != nil {
		o.t.Fatalf("examine: %v", err)
	}
	return d.Findings
}

// TestHealthyStates: what applies leave behind is in order, in random histories, and examining it writes nothing.
func TestHealthyStates(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 4).Draw(t, "applies") {
			r.wait()
			r.work()
			r.disturb()
			r.round()
			before, writes := dump(r.office), r.writes()
			for _, f := range r.examine(rapid.Bool().Draw(t, "offline")) {
				if f.Severity != "info" {
					t.Fatalf("after an apply, there is %+v", f)
				}
			}
			if dump(r.office) != before || r.writes() != writes {
				t.Fatalf("examining the state has written something")
			}
		}
	})
}

// Each thing that can be wrong is found, and mended where the state alone is concerned: then nothing is found, and the next apply leaves nothing to do and nothing twice.
func TestDoctorFindsAndMends(t *testing.T) {
	first := func(o *office) state.Pair {
		pairs := pairsOf(o)
		slices.SortFunc(pairs, func(a, b state.Pair) int { return slices.Compare([]string{a.Original}, []string{b.Original}) })
		return pairs[0]
	}
	items := func(o *office, folder string) (list []state.Item) {
		if err := o.state.Items(folder, func(it state.Item) error { list = append(list, it); return nil }); err != nil {
			o.t.Fatalf("%v", err)
		}
		return list
	}
	for name, test := range map[string]struct {
		code    reconcile.FindingCode
		offline bool
		spoil   func(o *office) *state.Batch
	}{
		"stray pairs": {reconcile.StrayPairs, true, func(*office) *state.Batch {
			return &state.Batch{Pairs: []state.Pair{{Relationship: "relationship.gone", Original: "x", Status: state.Active}}}
		}},
		"stray items": {reconcile.StrayItems, true, func(*office) *state.Batch {
			return &state.Batch{Items: []state.FolderItem{{Folder: "folder.gone", Item: state.Item{Ref: "x", Key: "x"}}}}
		}},
		"an item that is not recorded": {reconcile.ItemNotRecorded, true, func(o *office) *state.Batch {
			return &state.Batch{DropItems: []state.FolderRef{{Folder: "folder.b", Ref: first(o).ReplicaRef}}}
		}},
		"another ref": {reconcile.RefDisagrees, true, func(o *office) *state.Batch {
			p := first(o)
			p.OriginalRef = "elsewhere.ics"
			return &state.Batch{Pairs: []state.Pair{p}}
		}},
		"a replica of two": {reconcile.ReplicaOfTwo, true, func(o *office) *state.Batch {
			p, other := first(o), pairsOf(o)
			i := slices.IndexFunc(other, func(x state.Pair) bool { return x.Original != p.Original })
			p.Replica, p.ReplicaRef = other[i].Replica, other[i].ReplicaRef
			return &state.Batch{Pairs: []state.Pair{p}}
		}},
		"a key twice": {reconcile.KeyTwice, true, func(o *office) *state.Batch {
			list := items(o, "folder.a")
			list[0].Key = list[1].Key
			return &state.Batch{Items: []state.FolderItem{{Folder: "folder.a", Item: list[0]}}}
		}},
		"a replica without a pair": {reconcile.ReplicaWithoutPair, false, func(o *office) *state.Batch {
			p := first(o)
			return &state.Batch{DropPairs: []state.PairKey{{Relationship: p.Relationship, Original: p.Original}}}
		}},
		"markers exchanged": {reconcile.MarkerOfAnother, false, func(o *office) *state.Batch {
			pairs := pairsOf(o)
			a, b := pairs[0], pairs[1]
			a.Replica, a.ReplicaRef, b.Replica, b.ReplicaRef = b.Replica, b.ReplicaRef, a.Replica, a.ReplicaRef
			return &state.Batch{Pairs: []state.Pair{a, b}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.fill("a", 4)
			o.apply()
			if err := o.state.Commit(test.spoil(o)); err != nil {
				t.Fatal(err)
			}
			found := o.examine(test.offline)
			if !slices.ContainsFunc(found, func(f reconcile.Finding) bool { return f.Code == test.code && f.Mendable }) {
				t.Fatalf("it was not found: %+v", found)
			}
			if n, err := reconcile.Mend(o.state, found); err != nil || n != len(found) {
				t.Fatalf("%d of %d are mended: %v", n, len(found), err)
			}
			p := o.plan(reconcile.Request{})
			for _, w := range writes(p) {
				t.Errorf("the plan writes %v %s", w.Kind, w.Key)
			}
			o.carryOut(p)
			o.settled()
			o.holds("b", "a 00", "a 01", "a 02", "a 03")
			o.holds("a", "a 00", "a 01", "a 02", "a 03")
			if again := o.examine(false); len(again) > 0 {
				t.Errorf("after it was mended, there is %+v", again)
			}
		})
	}
}

// What needs nothing done is said, and is no more than that.
func TestDoctorRemarks(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 2)
	o.apply()
	replica := o.find("b", "a 00")
	o.at("b").Replace(replica.Ref, replica.Item.WithMarker(nil))
	other := o.find("b", "a 01").Item
	o.at("b").Duplicate(other)
	relationships, err := o.state.Relationships()
	if err != nil {
		t.Fatal(err)
	}
	relationships[0].Fingerprint = "unfinished"
	if err := o.state.Commit(&state.Batch{Relationships: relationships, Entries: []state.Entry{{Apply: 1, Seq: 9, Folder: "folder.b"}}}); err != nil {
		t.Fatal(err)
	}
	got := map[reconcile.FindingCode]string{}
	for _, f := range o.examine(false) {
		got[f.Code] = fmt.Sprint(f.Severity, f.Mendable)
	}
	for _, code := range []reconcile.FindingCode{reconcile.MarkerLost, reconcile.MarkerTwice, reconcile.Unfinished, reconcile.WritesUnanswered, reconcile.JournalGap} {
		if got[code] != "infofalse" {
			t.Errorf("%s is %q, among %v", code, got[code], got)
		}
	}
}
