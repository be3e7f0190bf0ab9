package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/encrypt"
)

// held are the numbers of the applies in the journal.
func (o *office) held() (numbers []uint64) {
	applies, err := o.state.Applies()
	if err != nil {
		o.t.Fatalf("%v", err)
	}
	for _, a := range applies {
		numbers = append(numbers, a.Number)
	}
	return numbers
}

func TestJournalIsKeptForItsTime(t *testing.T) {
	o := company(t, memory.DAV())
	o.ws.Journal = schema.Journal{Keep: 30 * 24 * time.Hour}
	for i := range 4 {
		o.at("a").Put(event(fmt.Sprint("uid-", i), "Lunch"))
		o.apply()
		o.now = o.now.Add(14 * 24 * time.Hour)
	}
	if got := o.held(); !slices.Equal(got, []uint64{2, 3, 4}) {
		t.Errorf("the journal holds %v", got)
	}
	if _, err := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Apply: 1}); !errors.Is(err, reconcile.ErrNotInJournal) {
		t.Errorf("apply 1 can be undone: %v", err)
	}
	o.settled()
}

func TestJournalIsKeptWithinItsSize(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	var sizes []int64
	for i := range 5 {
		o.edit("a", "Lunch", "location", fmt.Sprint("Room ", i))
		o.apply()
		applies, err := o.state.Applies()
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, applies[len(applies)-1].Size)
	}
	o.ws.Journal.MaxSize = sizes[3] + sizes[4] + sizes[4]/2 + sizes[2]/2
	o.edit("a", "Lunch", "location", "Room 5")
	o.apply()
	if got := o.held(); !slices.Equal(got, []uint64{5, 6, 7}) && !slices.Equal(got, []uint64{6, 7}) {
		t.Errorf("the journal holds %v, of sizes %v", got, sizes)
	}
	o.ws.Journal.MaxSize = 1
	o.edit("a", "Lunch", "location", "Room 6")
	o.apply()
	if got := o.held(); !slices.Equal(got, []uint64{8}) {
		t.Errorf("the last apply is kept whatever its size: the journal holds %v", got)
	}
}

// What items said is in no record in the clear when the workspace names recipients; who has the key can undo.
func TestJournalForRecipients(t *testing.T) {
	o := company(t, memory.DAV())
	anna, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	o.ws.Journal.Recipients = encrypt.Recipients{anna.Recipient()}
	o.at("a").Put(event("one", "Secret lunch"))
	o.apply()
	o.edit("a", "Secret lunch", "location", "Cellar")
	done := o.apply()
	entries(o, done.Apply, func(e state.Entry) {
		if len(e.Images) == 0 || bytes.Contains(e.Images, []byte("lunch")) {
			t.Errorf("the image is %q", e.Images)
		}
	})
	if _, err := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Apply: 0}); !errors.Is(err, encrypt.ErrNoIdentity) {
		t.Errorf("it can be undone without a key: %v", err)
	}
	p, err := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Identities: encrypt.Identities{anna}})
	if err != nil {
		t.Fatal(err)
	}
	o.carryOut(p)
	if got := o.find("b", "Secret lunch").Item.Fields()["location"]; !got.IsZero() {
		t.Errorf("the location is %v", got.Plain())
	}
}

// An undo of a relationship that left brings back its replicas, the relationship, and a folder that nobody uses any more.
func TestUndoOfARemoval(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		for i := range 25 {
			o.at("a").Put(event(fmt.Sprint("uid-", i), fmt.Sprint("Lunch ", i)))
		}
		o.apply()
		relations := o.ws.Relations
		o.ws.Relations = nil
		o.carryOut(o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: relations[0].Address, Count: 100}}}))
		if n := len(o.at("b").Items()); n != 0 {
			t.Fatalf("folder b holds %d items", n)
		}
		o.carryOut(o.undo(0))
		if n := len(o.at("b").Items()); n != 25 {
			t.Errorf("folder b holds %d items", n)
		}
		o.ws.Relations = relations
		o.settled()
	})
}

// An apply that was killed can be undone: what it sent and had not recorded is looked for.
func TestUndoOfAnApplyThatWasKilled(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for left := range 8 {
			o := company(t, mode)
			o.at("a").Put(event("one", "Lunch"))
			o.at("a").Put(event("two", "Review"))
			p := o.plan(reconcile.Request{})
			whole := o.state
			o.state = &mortal{Store: whole, left: left}
			_, err := o.engine().Apply(context.Background(), o.state, p)
			o.state = whole
			back, none := o.engine().Undo(context.Background(), o.state, reconcile.JournalRequest{Apply: 0})
			if errors.Is(none, reconcile.ErrNotInJournal) {
				if n := len(o.at("b").Items()); n != 0 {
					t.Errorf("killed at commit %d (%v): %d items that the journal does not know", left, err, n)
				}
				continue
			}
			if none != nil {
				t.Fatal(none)
			}
			o.carryOut(back)
			if n := len(o.at("b").Items()); n != 0 {
				t.Errorf("killed at commit %d (%v): %d items are left\n%s", left, err, n, describe(back))
			}
			o.apply()
			o.settled()
			if n := len(o.at("b").Items()); n != 2 {
				t.Errorf("killed at commit %d: after the next apply there are %d items", left, n)
			}
		}
	})
}
