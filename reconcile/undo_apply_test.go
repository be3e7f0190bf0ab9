package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// undo plans to take an apply back; 0 is the newest.
func (o *office) undo(number uint64) *plan.Plan {
	o.t.Helper()
	p, err := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Apply: number})
	if err != nil {
		o.t.Fatalf("undo: %v", err)
	}
	return p
}

// contents is what all folders say, item for item: of a store that makes UIDs, without them.
func (r *random) contents() map[string]int {
	out := map[string]int{}
	for at, it := range r.seen() {
		if it.Item == nil {
			out[fmt.Sprintf("%v is damaged", at)]++
			continue
		}
		f := it.Item.Fields()
		text := fmt.Sprintf("%s: %x %s", at.folder, f.Digest(), it.Item.Title())
		if mode := r.stores[strings.TrimPrefix(at.folder, "folder.")].Mode(); !mode.MakesUIDs {
			text += " uid " + it.Item.UID()
			if m, marked := it.Item.Marker(); marked {
				text += fmt.Sprintf(" %v", m)
			}
		}
		out[text]++
	}
	return out
}

// twice reports whether a store that keeps UIDs holds one of them twice.
func (r *random) twice() bool {
	seen := map[string]bool{}
	for at, it := range r.seen() {
		if it.Item == nil || it.Item.UID() == "" || r.stores[strings.TrimPrefix(at.folder, "folder.")].Mode().MakesUIDs {
			continue
		}
		name := at.folder + " " + it.Item.UID()
		if seen[name] {
			return true
		}
		seen[name] = true
	}
	return false
}

// Undo after any apply restores both sides item for item, and undo of that does it again.
func TestUndoRestoresBothSides(t *testing.T) {
	v := loadViews(t)
	undone, left := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(0, 3).Draw(t, "applies") {
			r.wait()
			r.work()
			r.apply()
		}
		r.work()
		before, twice := r.contents(), r.twice()
		p := r.plan(reconcile.Request{})
		changes := len(writes(p))
		result := r.carryOut(p)
		after := r.contents()
		if changes == 0 {
			return
		}
		back := r.undo(result.Apply)
		r.rt.Logf("applied:\n%s\nto undo:\n%s", describe(p), describe(back))
		if twice {
			left++ // a store that a UID is in twice does not take it back twice
			return
		}
		undone++
		if got := r.carryOut(back); len(got.Failures) > 0 {
			t.Fatalf("not everything was taken back: %v", got.Failures)
		}
		if got := r.contents(); !maps.Equal(got, before) {
			t.Fatalf("before the apply and after it was undone differ:\n%s", difference(before, got))
		}
		again := r.undo(0)
		if got := r.carryOut(again); len(got.Failures) > 0 {
			t.Fatalf("not everything was done again: %v", got.Failures)
		}
		if got := r.contents(); !maps.Equal(got, after) {
			t.Fatalf("after the apply, and after its undo was undone, differ:\n%s\n%s", difference(after, got), describe(again))
		}
		r.round()
	})
	t.Logf("%d applies were undone; of %d not all could go back, for a UID is there twice", undone, left)
	if undone < 3*left {
		t.Error("too few could be undone")
	}
}

// difference is what two folders' contents do not have in common.
func difference(before, after map[string]int) string {
	var lines []string
	for text, n := range before {
		if after[text] != n {
			lines = append(lines, fmt.Sprintf("%d → %d: %s", n, after[text], text))
		}
	}
	for text, n := range after {
		if before[text] == 0 {
			lines = append(lines, fmt.Sprintf("0 → %d: %s", n, text))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// After an undo, the next apply does again what the configuration still asks for, and converges.
func TestApplyAfterUndoDoesItAgain(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		r.tame()
		r.work()
		r.apply()
		r.work()
		p := r.plan(reconcile.Request{})
		changes := len(writes(p))
		if r.carryOut(p); changes > 0 {
			r.carryOut(r.undo(0))
		}
		r.round()
	})
}

func TestUndoLeavesWhatChangedSince(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.at("a").Put(event("one", "Lunch"))
		o.at("a").Put(event("two", "Review"))
		o.apply()
		o.edit("b", "Lunch", "location", "Mine")
		p := o.undo(0)
		if got := p.Document.Summary; got.Delete != 1 || got.Changes() != 1 {
			t.Errorf("the undo would do %+v:\n%s", got, describe(p))
		}
		if text := describe(p); !strings.Contains(text, "it was changed since") || !strings.Contains(text, "The configuration says otherwise") {
			t.Errorf("the plan does not say what is left, and what follows:\n%s", text)
		}
		o.carryOut(p)
		if o.at("b").Items(); len(o.at("b").Items()) != 1 {
			t.Errorf("folder b holds %d items", len(o.at("b").Items()))
		}
	})
}

// Many folders are written at a time, and each is known to the others.
func TestUndoInManyFolders(t *testing.T) {
	o := newOffice(t)
	o.parallel = 16
	o.folder("a", memory.DAV())
	for i := range 20 {
		o.at("a").Put(event(fmt.Sprint("uid-", i), fmt.Sprint("Lunch ", i)))
	}
	var copies []string
	for i := range 60 {
		name := fmt.Sprint("copy", i)
		o.folder(name, memory.DAV())
		o.relate(name, "a", name, oneWay())
		copies = append(copies, name)
	}
	o.apply()
	o.carryOut(o.undo(0))
	for _, name := range copies {
		if n := len(o.at(name).Items()); n != 0 {
			t.Errorf("folder %s holds %d items", name, n)
		}
	}
}

func TestUndoOfWhatTheJournalDoesNotHold(t *testing.T) {
	o := company(t, memory.DAV())
	for _, number := range []uint64{0, 7} {
		if _, err := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Apply: number}); !errors.Is(err, reconcile.ErrNotInJournal) {
			t.Errorf("undo %d: %v", number, err)
		}
	}
}
