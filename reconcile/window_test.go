package reconcile_test

import (
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/window"
)

// in is an event of an hour that starts some days from the office's now.
func (o *office) in(days int, title string) *pim.Item {
	start := o.now.AddDate(0, 0, days)
	return pim.New(pim.Calendar, title).WithFields(pim.Fields{"summary": value(pim.Calendar, "summary", title),
		"start": value(pim.Calendar, "start", start.Format(time.RFC3339)), "end": value(pim.Calendar, "end", start.Add(time.Hour).Format(time.RFC3339))})
}

// counts are what a plan says of a relationship.
func (o *office) counts(address string) (r plan.Relationship) {
	o.t.Helper()
	p := o.plan(reconcile.Request{})
	defer p.Close()
	return relationship(o.t, p, address)
}

func days(n int) *time.Duration {
	d := time.Duration(n) * 24 * time.Hour
	return &d
}

// A window's edges move over items: what comes in is copied, what goes out stays as it is, and until an edge meets an item nothing is read.
func TestWindowThatSlides(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		o.relate("copy", "a", "b", oneWay()).Window = &window.Window{Past: days(7), Future: days(30)}
		for n, title := range map[int]string{-20: "long ago", -1: "yesterday", 10: "soon", 31: "next month", 40: "later"} {
			o.at("a").Put(o.in(n, title))
		}
		o.apply()
		o.holds("b", "soon", "yesterday")
		o.settled()
		if r := o.counts("relationship.copy"); r.OutOfWindow != 3 || r.Unchanged != 2 {
			t.Errorf("out of the window %d, unchanged %d, want 3 and 2", r.OutOfWindow, r.Unchanged)
		}

		o.now = o.now.AddDate(0, 0, 2)
		o.apply()
		o.holds("b", "next month", "soon", "yesterday")
		o.settled()

		o.now = o.now.AddDate(0, 0, 6) // yesterday's event is out by now
		o.settled()
		o.apply()
		if r := o.counts("relationship.copy"); r.OutOfWindow != 3 || r.Unchanged != 2 {
			t.Errorf("out of the window %d, unchanged %d, want 3 and 2", r.OutOfWindow, r.Unchanged)
		}
		o.edit("a", "yesterday", "location", "Room 1")
		o.erase("b", "yesterday")
		o.apply()
		o.holds("b", "next month", "soon")
		o.settled()

		o.edit("a", "soon", "start", o.now.AddDate(0, 0, 90).Format(time.RFC3339)) // an edit that takes it out still flows
		o.edit("a", "soon", "end", o.now.AddDate(0, 0, 90).Add(time.Hour).Format(time.RFC3339))
		o.apply()
		if got := o.find("b", "soon").Item.Attribute("start", nil); got != o.find("a", "soon").Item.Attribute("start", nil) {
			t.Errorf("the replica still starts at %v", got)
		}
		o.settled()
		o.erase("a", "soon")
		o.apply()
		o.holds("b", "next month")
		o.settled()
	})
}

// A plan between two instants at which something can change reads no item.
func TestWindowCostsNothingUntilItMeetsAnItem(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("copy", "a", "b", oneWay()).Window = &window.Window{Future: days(30)}
	o.at("a").Put(o.in(35, "next month"))
	o.apply()
	o.settled()
	before := o.at("a").Requests().Fetched
	o.now = o.now.AddDate(0, 0, 4)
	o.settled()
	if read := o.at("a").Requests().Fetched - before; read != 0 {
		t.Errorf("a plan before the edge meets the item reads %d items", read)
	}
	o.now = o.now.AddDate(0, 0, 1).Add(time.Hour)
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Add != 1 {
		t.Errorf("the edge met the item, and the plan says:\n%s", describe(p))
	}
}

// A change waits until it is old enough, by the store's word or since an apply saw it; a first copy does not.
func TestSettle(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		o.relate("copy", "a", "b", oneWay()).Settle = 10 * time.Minute
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		o.holds("b", "Lunch")
		o.settled()
		o.edit("a", "Lunch", "summary", "Dinner")
		o.apply()
		o.holds("b", "Lunch")
		if r := o.counts("relationship.copy"); r.Settling != 1 || r.Unchanged != 0 {
			t.Errorf("%d items settle, %d are unchanged, want 1 and 0", r.Settling, r.Unchanged)
		}
		o.now = o.now.Add(5 * time.Minute)
		o.settled()
		o.now = o.now.Add(6 * time.Minute)
		o.apply()
		o.holds("b", "Dinner")
		o.settled()
		if r := o.counts("relationship.copy"); r.Settling != 0 || r.Unchanged != 1 {
			t.Errorf("%d items settle, %d are unchanged, want 0 and 1", r.Settling, r.Unchanged)
		}
	})
}

// A change settles however often another relationship of its folder, which waits for something else, has it looked at.
func TestSettleBesideAHeldRelationship(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, mode)
		}
		o.relate("copy", "a", "b", oneWay()).Settle = 10 * time.Minute
		held := o.relate("held", "a", "c", oneWay())
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		held.Enabled = false
		o.edit("a", "Lunch", "summary", "Dinner")
		for range 4 {
			o.apply()
			o.now = o.now.Add(4 * time.Minute)
		}
		o.holds("b", "Dinner")
		o.settled()
	})
}

// What a window or a waiting time keeps back is explained.
func TestExplainedByTime(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	r := o.relate("copy", "a", "b", oneWay())
	r.Window, r.Settle = &window.Window{Past: days(7), Future: days(30)}, 10*time.Minute
	for n, title := range map[int]string{-20: "past", 1: "soon", 40: "later"} {
		o.at("a").Put(o.in(n, title))
	}
	o.apply()
	o.edit("a", "soon", "location", "Room 1")
	o.apply()
	for title, want := range map[string]struct {
		outcome reconcile.Outcome
		reason  string
	}{
		"past":  {reconcile.OutOfWindow, "it takes place outside of it, and time will not bring it in"},
		"later": {reconcile.OutOfWindow, "it comes in on 2026-03-12 at 12:00 UTC"},
		"soon":  {reconcile.Settling, "it is carried from 2026-03-02 at 12:11 UTC on, unless it changes again"},
	} {
		e, err := o.engine().Explain(t.Context(), o.state, "folder.a", title)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Relationships[0]; got.Outcome != want.outcome || got.Reason != want.reason {
			t.Errorf("%s: %s, %s; want %s, %s", title, got.Outcome, got.Reason, want.outcome, want.reason)
		}
	}
}

// What is left out of a window is counted under the relationship that leaves it out: one that is renamed, and none that has no window any more.
func TestLeftOutIsCountedWhereItBelongs(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	copied := o.relate("copy", "a", "b", oneWay())
	other := o.relate("other", "a", "c", oneWay())
	copied.Window, other.Window = &window.Window{Past: days(7)}, &window.Window{Past: days(8)}
	o.at("a").Put(o.in(-20, "long ago"))
	o.apply()
	out := func(want ...int) {
		t.Helper()
		for i, r := range []string{copied.Address, other.Address} {
			if got := o.counts(r).OutOfWindow; got != want[i] {
				t.Errorf("%s leaves out %d items, want %d", r, got, want[i])
			}
		}
	}
	out(1, 1)

	copied.Address, copied.Block = "relationship.renamed", "relationship.renamed"
	o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.renamed"}}
	out(1, 1)
	o.apply()
	o.ws.Moved = nil
	out(1, 1)

	copied.Window, copied.Fingerprint = nil, "all of it"
	o.apply()
	o.holds("b", "long ago")
	out(0, 1)
	copied.Window, copied.Fingerprint = &window.Window{Past: days(7)}, "as written"
	o.apply()
	out(1, 1)
}

// What is frozen out of the window stays frozen when the state is lost, and an edit of a series that has no instance in it now waits for the next.
func TestFrozenStaysFrozen(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("copy", "a", "b", twoWay()).Window = &window.Window{Past: days(7), Future: days(7)}
	o.at("a").Put(o.in(1, "Once"))
	o.at("a").Put(o.in(1, "Yearly").WithFields(pim.Fields{"recurrence": value(pim.Calendar, "recurrence", "FREQ=YEARLY")}))
	o.apply()
	o.now = o.now.AddDate(0, 0, 20)
	o.apply()
	o.edit("a", "Yearly", "location", "Room 1")
	o.edit("b", "Once", "summary", "Once only")
	o.settled()
	o.state = state.Memory()
	if p := o.plan(reconcile.Request{}); len(writes(p)) > 0 || p.Document.Summary.OutOfWindow != 2 || p.Document.Summary.Unchanged != 0 {
		t.Errorf("the state is lost, and the plan is %+v\n%s", p.Document.Summary, describe(p))
	}
	o.apply()
	o.settled()
	o.holds("b", "Once only", "Yearly")
}
