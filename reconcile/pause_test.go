package reconcile_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// pause is what Anna pauses.
func pause(address string) state.Pause {
	return state.Pause{Address: address, Reason: "the room list is being rebuilt.", By: "anna@office", Since: time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)}
}

// pauses says what is paused from now on.
func (o *office) pauses(addresses ...string) {
	o.t.Helper()
	store, ok := o.state.(*state.InMemory)
	if !ok {
		o.t.Fatalf("the state is a %T", o.state)
	}
	var list []state.Pause
	for _, a := range addresses {
		list = append(list, pause(a))
	}
	store.SetPauses(list...)
}

// twoCopies is an office in which folder a is copied to the folders b and c.
func twoCopies(t *testing.T, mode memory.Mode) *office {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, mode)
	}
	o.relate("b", "a", "b", oneWay())
	o.relate("c", "a", "c", oneWay())
	return o
}

func TestPausedRelationshipIsNotRead(t *testing.T) {
	for what, c := range map[string]struct {
		pause  string
		unread []string
	}{
		"by its address":     {"relationship.b", []string{"folder.b"}},
		"by its destination": {"folder.b", []string{"folder.b"}},
		"by its source":      {"folder.a", []string{"folder.a", "folder.b", "folder.c"}},
		"by a glob":          {"relationship.*", []string{"folder.a", "folder.b", "folder.c"}},
		"with everything":    {"", []string{"folder.a", "folder.b", "folder.c"}},
	} {
		t.Run(what, func(t *testing.T) {
			o := twoCopies(t, memory.DAV())
			o.fill("a", 2)
			var asked []string
			o.strike = func(c faults.Call) faults.Fault { asked = append(asked, c.Folder); return faults.Fault{} }
			o.parallel = 1
			o.pauses(c.pause)
			p := o.plan(reconcile.Request{})
			r := relationship(t, p, "relationship.b")
			want := "paused by anna@office since 2026-03-02 11:00:00 +0000: the room list is being rebuilt. To go on: " + reconcile.ResumeCommand(pause(c.pause))
			if r.Status != plan.Paused || r.Reason != want {
				t.Errorf("it is %s: %s\nwant %s", r.Status, r.Reason, want)
			}
			for _, folder := range c.unread {
				if slices.Contains(asked, folder) {
					t.Errorf("%s was asked", folder)
				}
			}
			o.carryOut(p)
			o.holds("b")
			o.pauses()
			o.apply()
			o.holds("b", "a 00", "a 01")
			o.holds("c", "a 00", "a 01")
			o.settled()
		})
	}
}

// What a relationship missed while it was paused, others having read and recorded its folders, flows after it.
func TestPausedRelationshipCatchesUp(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := twoCopies(t, mode)
		o.fill("a", 4)
		o.apply()
		o.pauses("relationship.b")
		o.edit("a", "a 00", "location", "Room 1")
		o.erase("a", "a 01")
		o.apply()
		o.holds("b", "a 00", "a 01", "a 02", "a 03")
		o.holds("c", "a 00", "a 02", "a 03")
		o.pauses()
		o.apply()
		o.holds("b", "a 00", "a 02", "a 03")
		if got := o.find("b", "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
			t.Errorf("b is at %v", got)
		}
		o.settled()
	})
}

func TestPauseLandsBetweenTwoBatches(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		mode.Capabilities.Batch = 2
		o := twoCopies(t, mode)
		o.fill("a", 7)
		p := o.plan(reconcile.Request{})
		written := 0
		o.parallel = 1
		o.strike = func(c faults.Call) faults.Fault {
			if c.Folder == "folder.b" && c.Operation == faults.Create {
				if written++; written == 3 { // the first of the second batch
					o.pauses("folder.b")
				}
			}
			return faults.Fault{}
		}
		r := o.carryOut(p)
		o.strike = nil
		if got := len(o.titles("b")); got != 4 {
			t.Errorf("b holds %d items: two batches of two were begun before the pause", got)
		}
		if got := len(o.titles("c")); got != 7 {
			t.Errorf("c holds %d items: it is not paused", got)
		}
		if len(r.Failures) != 1 || r.Failures[0].Address != "relationship.b" || r.Failures[0].Summary != "Paused meanwhile" ||
			!strings.HasPrefix(r.Failures[0].Detail, "3 planned writes were not made") {
			t.Errorf("the apply reports %+v", r.Failures)
		}
		if r.Summary.Add != 11 || r.Summary.Stale != 0 {
			t.Errorf("it did %+v", r.Summary)
		}
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Changes() != 0 {
			t.Errorf("while it is paused, there is something to do:\n%s", describe(p))
		}
		o.pauses()
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Add != 3 {
			t.Errorf("after the pause the plan is not what was left out:\n%s", describe(p))
		}
		o.apply()
		o.holds("b", "a 00", "a 01", "a 02", "a 03", "a 04", "a 05", "a 06")
		o.settled()
	})
}

// A write that follows from one which a pause left out is left out for the pause, not as stale.
func TestWhatFollowsFromAPausedWriteWaitsWithIt(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.mesh("team", twoWay(), "a", "b", "c")
	o.fill("a", 1)
	o.apply()
	o.edit("b", "a 00", "location", "Room 1")
	p := o.plan(reconcile.Request{})
	o.pauses(`mesh.team["a/b"]`)
	r := o.carryOut(p)
	for _, f := range r.Failures {
		if f.Summary != "Paused meanwhile" {
			t.Errorf("the apply reports %+v", f)
		}
	}
	if len(r.Failures) == 0 || r.Summary.Edit != 0 || r.Summary.Stale != 0 {
		t.Errorf("the apply did %+v and reports %+v", r.Summary, r.Failures)
	}
	o.pauses()
	o.apply()
	for _, name := range []string{"a", "b", "c"} {
		if got := o.find(name, "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
			t.Errorf("%s is at %v", name, got)
		}
	}
	o.settled()
}

func TestFolderOfPausedRelationshipsIsNotCreated(t *testing.T) {
	o := company(t, memory.DAV())
	o.stores["new"] = memory.New(memory.DAV(), func() time.Time { return o.now })
	o.declare("new", "calendar").Create = true
	o.relate("new", "a", "new", oneWay())
	o.fill("a", 2)
	p := o.plan(reconcile.Request{})
	if p.Document.Summary.CreateFolder != 1 {
		t.Fatalf("no folder is to be created:\n%s", describe(p))
	}
	o.pauses("relationship.new")
	r := o.carryOut(p)
	if o.at("new") != nil || r.Summary.CreateFolder != 0 {
		t.Error("the folder was created")
	}
	if len(r.Failures) != 1 || r.Failures[0].Summary != "Paused meanwhile" {
		t.Errorf("the apply reports %+v", r.Failures)
	}
	o.holds("b", "a 00", "a 01")
	o.pauses()
	o.apply()
	o.holds("new", "a 00", "a 01")
	o.settled()
}

// A pause that was set for an old address holds what `moved` blocks made of it.
func TestPauseGoesWithARename(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 1)
	o.apply()
	o.pauses("relationship.copy")
	o.unrelate("relationship.copy")
	o.relate("renamed", "a", "b", oneWay())
	o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.renamed"}}
	o.fill("a", 3)
	if r := relationship(t, o.plan(reconcile.Request{}), "relationship.renamed"); r.Status != plan.Paused {
		t.Errorf("it is %s: %s", r.Status, r.Reason)
	}
}

// A relationship that left the configuration is removed when nobody pauses it any more.
func TestRemovalWaitsForThePause(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 2)
	o.apply()
	o.unrelate("relationship.copy")
	o.pauses("relationship.copy")
	o.apply()
	o.holds("b", "a 00", "a 01")
	o.pauses()
	o.apply()
	o.holds("b")
	o.settled()
}

// mute is a store that cannot say what is paused.
type mute struct{ *state.InMemory }

func (mute) Pauses() ([]state.Pause, error) { return nil, errors.New("no answer") }

func TestWhatNobodyCanReadPausesEverything(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 1)
	store := o.state.(*state.InMemory)
	store.SetPauses(state.Pause{File: "state/paused/x", Trouble: "it is no pause"})
	for what, st := range map[string]state.Store{"state/paused/x": store, "no answer": mute{store}} {
		o.state = st
		p := o.plan(reconcile.Request{})
		r := relationship(t, p, "relationship.copy")
		if r.Status != plan.Paused || !strings.Contains(r.Reason, what) {
			t.Errorf("%s: it is %s: %s", what, r.Status, r.Reason)
		}
		o.carryOut(p)
		o.holds("b")
	}
}

func TestResumeCommandIsWhatAShellTakes(t *testing.T) {
	for address, want := range map[string]string{
		"":                       "accord resume",
		"relationship.a":         "accord resume relationship.a",
		`relationship.a["x"]`:    `accord resume 'relationship.a["x"]'`,
		"folder.*":               "accord resume 'folder.*'",
		`folder.a["o'brien"]`:    `accord resume 'folder.a["o'\''brien"]'`,
		`mesh.team["anna/ben"]`:  `accord resume 'mesh.team["anna/ben"]'`,
		"relationship.a_b-c.d/e": "accord resume relationship.a_b-c.d/e",
	} {
		if got := reconcile.ResumeCommand(state.Pause{Address: address}); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// Looking for pauses costs an apply little: they are matched once for each relationship and folder of a batch.
func BenchmarkPausedBy(b *testing.B) {
	var pauses []state.Pause
	for i := range 100 {
		pauses = append(pauses, pause(fmt.Sprintf("relationship.staff[%q]", fmt.Sprint(i))))
	}
	b.ReportAllocs()
	for b.Loop() {
		if reconcile.PausedBy(pauses, "relationship.other", "folder.a", "folder.b") != nil {
			b.Fatal("it is paused")
		}
	}
}

// The state says when folders were read. One that is paused was not.
func TestReadingOfFoldersIsRecorded(t *testing.T) {
	o := twoCopies(t, memory.DAV())
	o.fill("a", 1)
	first := o.now
	o.apply()
	second := o.now
	o.pauses("relationship.b")
	o.fill("a", 2)
	o.apply()
	folders, err := o.state.Folders()
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]time.Time{}
	for _, f := range folders {
		read[f.Address] = f.Read
	}
	for address, want := range map[string]time.Time{"folder.a": second, "folder.b": first, "folder.c": second} {
		if !read[address].Equal(want) {
			t.Errorf("%s was read at %v, not %v", address, read[address], want)
		}
	}
}
