package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// A field that a store cannot hold is neither an edit of the replica nor taken out of the original.
func TestStoreThatLacksFields(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.Table())
	o.mesh("team", twoWay(), "a", "b")
	full := event("one", "Lunch").WithFields(pim.Fields{"alarms": value(pim.Calendar, "alarms", []any{map[string]any{"before": "15m"}})})
	o.at("a").Put(full)
	p := o.plan(reconcile.Request{})
	if i := slices.IndexFunc(p.Document.Diagnostics, func(d plan.Diagnostic) bool {
		return d.Address == `mesh.team["a/b"]` && strings.Contains(d.Detail, "alarms (1)")
	}); i < 0 {
		t.Errorf("the plan does not say that b has no alarms: %v", p.Document.Diagnostics)
	}
	o.apply()
	if o.find("b", "Lunch").Item.Fields()["alarms"].IsZero() == o.find("a", "Lunch").Item.Fields()["alarms"].IsZero() {
		t.Fatalf("the table is no table any more, or the item has no alarm")
	}
	o.settled()
	o.edit("b", "Lunch", "location", "Room 1")
	o.apply()
	a := o.find("a", "Lunch").Item.Fields()
	if a["location"].Plain() != "Room 1" || a["alarms"].IsZero() {
		t.Errorf("the original says %v, alarms %v", a["location"].Plain(), a["alarms"].Plain())
	}
	o.settled()
}

// A server that rewrites what it is given: what it stored is the base, and looks like nobody's edit.
func TestServerThatRewritesContent(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		o.relate("copy", "a", "b", twoWay())
		o.at("a").Put(event("one", "Lunch"))
		o.strike = func(c faults.Call) faults.Fault {
			if c.Folder == "folder.b" {
				return faults.Always(faults.Fault{Effect: faults.Rewrite}, faults.Create, faults.Update)(c)
			}
			return faults.Fault{}
		}
		o.apply()
		o.holds("b", "Lunch!")
		o.settled()
		o.edit("a", "Lunch", "location", "Room 1")
		o.apply()
		o.holds("a", "Lunch")
		o.holds("b", "Lunch!!") // it rewrites what it holds as well
		o.settled()
		o.edit("b", "Lunch!!", "description", "Bring your own.")
		o.apply()
		o.holds("a", "Lunch")
		if got := o.find("a", "Lunch").Item.Fields()["description"].Plain(); got != "Bring your own." {
			t.Errorf("the person's edit did not go back: %v", got)
		}
		o.settled()
	})
}

func TestUnreadableItemIsFrozenOnBothSides(t *testing.T) {
	for _, side := range []string{"a", "b"} {
		t.Run(side, func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", memory.DAV())
			o.folder("b", memory.DAV())
			o.relate("copy", "a", "b", twoWay())
			o.at("a").Put(event("one", "Lunch"))
			o.apply()
			other := map[string]string{"a": "b", "b": "a"}[side]
			whole := o.find(side, "Lunch")
			o.at(side).Break(whole.Ref, "END:VEVENT is missing")
			o.edit(other, "Lunch", "location", "Room 1")
			p := o.plan(reconcile.Request{})
			if s := p.Document.Summary; s.Unreadable != 1 || s.Changes() > 0 {
				t.Errorf("the plan is\n%s", describe(p))
			}
			o.carryOut(p)
			o.settled()
			o.erase(other, "Lunch")
			o.apply()
			o.holds(side, "?")

			o.at(side).Replace(whole.Ref, whole.Item)
			o.apply()
			o.holds("a")
			o.holds("b")
			o.settled()
		})
	}
}

func TestUnreadableItemIsMendedAndFlowsAgain(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		whole := o.find("a", "Lunch")
		o.at("a").Break(whole.Ref, "END:VEVENT is missing")
		o.apply()
		o.holds("b", "Lunch")
		o.at("a").Replace(whole.Ref, whole.Item.WithFields(pim.Fields{"summary": value(pim.Calendar, "summary", "Dinner")}))
		o.apply()
		o.holds("b", "Dinner")
		o.settled()
	})
}

// A refused item is remembered, counted, and tried again when it changes.
func TestRefusedItemIsTriedAgainWhenItChanges(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.at("a").Put(event("one", "Lunch"))
		o.at("a").Put(event("two", "Review"))
		refuse := func(c faults.Call) faults.Fault {
			if c.Folder == "folder.b" && c.Operation == faults.Create {
				return faults.Fault{Effect: faults.Fail, Class: providers.Refused}
			}
			return faults.Fault{}
		}
		o.strike = refuse
		if result := o.apply(); result.Summary.Refused != 2 || len(result.Failures) != 2 {
			t.Errorf("the result is %+v, %v", result.Summary, result.Failures)
		}
		o.strike = nil
		p := o.plan(reconcile.Request{})
		if s := p.Document.Summary; s.Refused != 2 || len(writes(p)) > 0 {
			t.Errorf("nothing changed, and %d are refused:\n%s", s.Refused, describe(p))
		}
		o.carryOut(p)
		o.edit("a", "Lunch", "location", "Room 1")
		o.apply()
		o.holds("b", "Lunch")
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Refused != 1 || p.Document.Summary.Changes() > 0 {
			t.Errorf("one is still refused, and the plan is\n%s", describe(p))
		}
		o.erase("a", "Review")
		o.apply()
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Refused != 0 {
			t.Errorf("the refused item is gone, and the plan is\n%s", describe(p))
		}
		o.settled()
	})
}

func TestRefusedEditIsTriedAgainWhenItChanges(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.edit("a", "Lunch", "location", "Room 1")
	o.strike = faults.Always(faults.Fault{Effect: faults.Fail, Class: providers.Refused}, faults.Update)
	if result := o.apply(); result.Summary.Refused != 1 {
		t.Errorf("the result is %+v, %v", result.Summary, result.Failures)
	}
	o.strike = nil
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Refused != 1 || len(writes(p)) > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.edit("a", "Lunch", "location", "Room 2")
	o.apply()
	if got := o.find("b", "Lunch").Item.Fields()["location"].Plain(); got != "Room 2" {
		t.Errorf("b is at %v", got)
	}
	o.settled()
}

// A store that asks to wait is waited for, as long as it asks.
func TestThrottledCallsWaitAsLongAsTheStoreAsks(t *testing.T) {
	for _, operation := range []faults.Operation{faults.Changes, faults.Fetch, faults.Create} {
		t.Run(string(operation), func(t *testing.T) {
			o := company(t, memory.DAV())
			o.at("a").Put(event("one", "Lunch"))
			times := 0
			o.strike = func(c faults.Call) faults.Fault {
				if c.Operation != operation || times == 2 {
					return faults.Fault{}
				}
				times++
				return faults.Fault{Effect: faults.Fail, Class: providers.Throttled, RetryAfter: 7 * time.Second}
			}
			if result := o.apply(); len(result.Failures) > 0 {
				t.Errorf("not everything was done: %v", result.Failures)
			}
			o.holds("b", "Lunch")
			if len(o.slept) == 0 || slices.Min(o.slept) < 7*time.Second {
				t.Errorf("the engine waited %v, and was asked for 7 s each time", o.slept)
			}
		})
	}
}

func TestExpiredCursorReadsEverything(t *testing.T) {
	for _, mode := range []memory.Mode{memory.DAV(), memory.Graph()} {
		t.Run(mode.Name, func(t *testing.T) {
			o := company(t, mode)
			o.at("a").Put(event("one", "Lunch"))
			o.at("a").Put(event("two", "Review"))
			o.apply()
			o.erase("a", "Lunch")
			o.edit("a", "Review", "location", "Room 1")
			o.at("a").ExpireCursors()
			o.at("b").ExpireCursors()
			o.apply()
			o.holds("b", "Review")
			o.settled()
		})
	}
}

// An item that only left the window of a feed is still there.
func TestItemOutOfTheFeedsSightIsNotDeleted(t *testing.T) {
	o := company(t, memory.Graph())
	o.at("a").Put(event("one", "Lunch"))
	o.at("a").Put(event("two", "Review"))
	o.apply()
	o.at("a").Hide(o.find("a", "Lunch").Ref)
	o.apply()
	o.holds("b", "Lunch", "Review")
	o.settled()
}

// A person's copy of a replica, marker and all, is an ordinary item, and the plan says so.
func TestCopiedReplicaIsAnOrdinaryItem(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	replica := o.find("b", "Lunch")
	copied := o.at("b").Duplicate(replica.Item)
	p := o.plan(reconcile.Request{})
	if len(writes(p)) > 0 || !slices.ContainsFunc(p.Document.Diagnostics, func(d plan.Diagnostic) bool { return d.Ref == copied }) {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.erase("a", "Lunch")
	o.apply()
	o.holds("b", "Lunch")
	if o.at("b").Item(copied) == nil {
		t.Errorf("the copy was taken for the replica")
	}
}

// The journal holds the intent of every write, and what was overwritten or deleted.
func TestJournalHoldsWhatWas(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.at("a").Put(event("one", "Lunch"))
		o.at("a").Put(event("two", "Review"))
		o.apply()
		o.edit("b", "Lunch", "location", "Mine")
		o.erase("a", "Review")
		result := o.apply()
		before := map[providers.WriteKind]string{}
		entries(o, result.Apply, func(e state.Entry) {
			was, _, err := image.Unpack(e.Images, nil)
			if err != nil {
				t.Fatal(err)
			}
			it, err := pim.Parse(pim.Calendar, was)
			if err != nil {
				t.Fatal(err)
			}
			before[e.Kind] = fmt.Sprint(it.Title(), " ", it.Fields()["location"].Plain())
		})
		if want := fmt.Sprint(map[providers.WriteKind]string{providers.Update: "Lunch Mine", providers.Delete: "Review <nil>"}); fmt.Sprint(before) != want {
			t.Errorf("the journal holds %v, want %s", before, want)
		}
	})
}

// A time that floats is given its folder's zone in a store that lets none float, and floats again on the way back.
func TestStoreInWhichNothingFloats(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.Graph())
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	o.spec("a").Zone = zone
	o.mesh("team", twoWay(), "a", "b")
	o.at("a").Put(pim.New(pim.Calendar, "one").WithFields(pim.Fields{"summary": value(pim.Calendar, "summary", "Lunch"),
		"start": value(pim.Calendar, "start", "2026-07-01T12:00:00"), "end": value(pim.Calendar, "end", "2026-07-01T13:00:00")}))
	o.apply()
	if got := o.find("b", "Lunch").Item.Attribute("start", nil); got != "2026-07-01T12:00:00+02:00" {
		t.Errorf("noon in Paris is %v", got)
	}
	o.settled()
	o.edit("b", "Lunch", "start", "2026-07-01T12:30:00[Europe/Paris]")
	o.apply()
	if it := o.find("a", "Lunch").Item; !it.Floats() || it.Attribute("start", zone) != "2026-07-01T12:30:00+02:00" {
		t.Errorf("the original is to float at half past twelve:\n%s", it.Bytes())
	}
	o.settled()
}
