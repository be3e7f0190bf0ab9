package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/window"
)

// What becomes an ordinary item while a relationship that copies it is on alert is copied as soon as that can be, though nothing was written to it.
func TestFreedWhileARelationshipIsOnAlert(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, mode)
		}
		o.relate("first", "a", "b", oneWay())
		o.relate("then", "b", "c", oneWay())
		o.at("a").Put(event("one", "Lunch"))
		o.at("b").Put(event("one", "Lunch"))
		o.apply()
		o.holds("c")
		o.unrelate("relationship.first")
		o.strike = func(c faults.Call) faults.Fault {
			if c.Folder == "folder.c" {
				return faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}
			}
			return faults.Fault{}
		}
		o.apply()
		o.strike = nil
		o.apply()
		o.holds("c", "Lunch")
		o.settled()
	})
}

// An ambiguity stays listed, run after run, also of items that were there long before the relationship that asks.
func TestAmbiguityOfOldItemsStaysListed(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.relate("first", "a", "b", oneWay())
	o.relate("beside", "a", "c", oneWay())
	o.at("b").Put(event("one", "Lunch"))
	o.at("c").Put(event("two", "Lunch"))
	o.at("c").Put(event("three", "Lunch").WithFields(pim.Fields{"location": value(pim.Calendar, "location", "Room 1")}))
	o.apply()
	o.relate("then", "b", "c", oneWay())
	for range 3 {
		p := o.plan(reconcile.Request{})
		if p.Document.Summary.Ambiguous != 1 {
			t.Errorf("%d are ambiguous, want 1:\n%s", p.Document.Summary.Ambiguous, describe(p))
		}
		o.carryOut(p)
	}
}

// A replica that another item took the place of, under its ref, while its relationship is on alert is missed when that is over.
func TestReplacedWhileARelationshipIsOnAlert(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.relate("copy", "a", "b", oneWay())
	o.relate("beside", "c", "b", oneWay())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.at("b").Replace(o.find("b", "Lunch").Ref, event("two", "Dinner"))
	o.strike = func(c faults.Call) faults.Fault {
		if c.Folder == "folder.a" {
			return faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}
		}
		return faults.Fault{}
	}
	o.apply()
	o.strike = nil
	o.apply()
	o.holds("b", "Dinner", "Lunch")
	o.settled()
}

// What could have been the replica that a person was asked about is copied by other relationships when nobody is asked any more.
func TestCandidatesAreCopiedWhenNobodyIsAsked(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.relate("asks", "a", "b", oneWay())
	o.relate("copies", "b", "c", oneWay())
	o.at("a").Put(event("one", "Lunch"))
	o.at("b").Put(event("two", "Lunch"))
	o.at("b").Put(event("three", "Lunch").WithFields(pim.Fields{"location": value(pim.Calendar, "location", "Room 1")}))
	o.apply()
	o.holds("c")
	o.erase("a", "Lunch")
	o.apply()
	o.holds("c", "Lunch", "Lunch")
	o.settled()
}

// A template that is another one since the state was lost makes the whole replica, also what it says of every item alike.
func TestTemplateChangedWhileTheStateWasLost(t *testing.T) {
	o := templateOffice(t, "busy")
	busy := o.ws.Relations[0].Template
	o.ws.Relations[0].Template = nil
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.ws.Relations[0].Template = busy
	o.state = state.Memory()
	o.apply()
	if got := o.find("b", "Busy").Item; !got.Private() {
		t.Errorf("the replica is not private:\n%s", got.Bytes())
	}
	o.settled()
}

// What a clock that was ahead left out of a window is looked at again when it is set right.
func TestClockThatWasAhead(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("copy", "a", "b", oneWay()).Window = &window.Window{Past: days(1)}
	right := o.now
	o.now = right.AddDate(1, 0, 0)
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.holds("b")
	o.now = right
	o.apply()
	o.holds("b", "Lunch")
	o.settled()
}

// A replica that was released is a person's. A store that knows creates by their tokens is not asked for that one again when an original with the same UID comes,
// also when the state was lost meanwhile.
func TestReleasedReplicaIsNotMadeAgain(t *testing.T) {
	for _, mode := range []memory.Mode{memory.DAV(), memory.Graph()} {
		o := newOffice(t)
		o.folder("a", mode)
		o.folder("b", mode)
		policies := twoWay()
		policies.Conflict = schema.ConflictPreserve
		o.relate("copy", "a", "b", policies)
		o.at("a").Put(event("one", "Lunch"))
		o.apply()
		o.edit("b", "Lunch", "summary", "Dinner")
		o.erase("a", "Lunch")
		o.apply() // Dinner is set free
		o.state = state.Memory()
		o.at("a").Put(event("one", "Review"))
		o.apply()
		o.holds("b", "Dinner", "Review")
		o.settled()
	}
}
