package reconcile_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// What waits is decided by a person, in a plan like any other; a decision about what does not wait is refused.
func TestChoices(t *testing.T) {
	for word, choice := range map[string]decide.Choice{
		"source": {Conflict: schema.ConflictSource}, "destination": {Conflict: schema.ConflictDestination}, "both": {Conflict: schema.ConflictPreserve},
	} {
		t.Run(word, func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", memory.DAV())
			o.folder("b", memory.DAV())
			policies := twoWay()
			policies.Conflict = schema.ConflictManual
			o.relate("copy", "a", "b", policies)
			o.at("a").Put(event("one", "Lunch"))
			o.apply()
			o.edit("a", "Lunch", "summary", "Lunch at one")
			o.edit("b", "Lunch", "summary", "Lunch at two")
			o.apply()
			k := state.PairKey{Relationship: "relationship.copy", Original: "one"}
			o.carryOut(o.plan(reconcile.Request{Choices: map[state.PairKey]decide.Choice{k: choice}}))
			switch word {
			case "source":
				o.holds("a", "Lunch at one")
				o.holds("b", "Lunch at one")
			case "destination":
				o.holds("a", "Lunch at two")
				o.holds("b", "Lunch at two")
			case "both":
				o.holds("a", "Lunch at one")
				o.holds("b", "Lunch at one", "Lunch at two")
			}
			o.settled()
			_, err := o.engine().Plan(context.Background(), o.state, reconcile.Request{Choices: map[state.PairKey]decide.Choice{k: choice}})
			if err == nil || !strings.Contains(err.Error(), `relationship.copy for "one"`) {
				t.Errorf("a choice for what does not wait: %v", err)
			}
		})
	}
}

// Of several items that could be the same, a person names one, or none.
func TestChoiceOfACandidate(t *testing.T) {
	for _, copied := range []bool{false, true} {
		o := newOffice(t)
		o.folder("a", memory.DAV())
		o.folder("b", memory.DAV())
		o.relate("copy", "a", "b", oneWay())
		o.at("a").Put(event("one", "Lunch"))
		o.at("b").Put(event("two", "Lunch").WithFields(pim.Fields{"location": value(pim.Calendar, "location", "Room 1")}))
		ref := o.at("b").Put(event("three", "Lunch").WithFields(pim.Fields{"location": value(pim.Calendar, "location", "Room 2")}))
		o.apply()
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Ambiguous != 1 {
			t.Fatalf("two candidates that differ are no ambiguity:\n%s", describe(p))
		}
		choice := decide.Choice{Candidate: ref}
		if copied {
			choice = decide.Choice{Conflict: schema.ConflictPreserve, Copy: true}
		}
		k := state.PairKey{Relationship: "relationship.copy", Original: "one"}
		o.carryOut(o.plan(reconcile.Request{Choices: map[state.PairKey]decide.Choice{k: choice}}))
		if copied {
			o.holds("b", "Lunch", "Lunch", "Lunch")
		} else {
			o.holds("b", "Lunch", "Lunch")
		}
		if p := o.plan(reconcile.Request{}); p.Document.Summary.Ambiguous != 0 || p.Document.Summary.Changes() != 0 {
			t.Errorf("copied %t: after the choice, the plan is\n%s", copied, describe(p))
		}
	}
}

// An original that two relationships would copy into one folder is copied by the first, and listed for the second.
func TestTwoRelationshipsForOneItem(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("one", "a", "b", oneWay())
	o.relate("two", "a", "b", oneWay())
	o.at("a").Put(event("lunch", "Lunch"))
	o.apply()
	o.holds("b", "Lunch")
	o.settled()
	p := o.plan(reconcile.Request{})
	if d := p.Document.Diagnostics; len(d) != 1 || d[0].Address != "relationship.two" || !strings.Contains(d[0].Detail, "relationship.one copies it to folder.b already") {
		t.Errorf("the plan says\n%s", describe(p))
	}
}
