// Package review puts a plan into the order in which a reviewer reads it: what waits for a person, what is deleted, and the rest.
package review

import (
	"fmt"
	"iter"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Part is one of the parts into which the operations of a plan fall.
type Part int

// The parts, in the order in which they are read.
const (
	Waits   Part = iota // nothing is written until a person decides
	Deletes             // items go
	Rest                // all other changes
)

// PartOf is the part that an operation is in.
func PartOf(op plan.Operation) Part {
	switch op.Action {
	case plan.Conflict, plan.Ambiguous:
		return Waits
	case plan.Delete:
		return Deletes
	}
	return Rest
}

// Operations reads those of a part. A sequence ends with the first error.
func Operations(r plan.Relationship, part Part) iter.Seq2[plan.Operation, error] {
	return func(yield func(plan.Operation, error) bool) {
		for op, err := range r.Operations.All() {
			switch {
			case err != nil:
				yield(op, fmt.Errorf("read the operations of %s: %w", r.Address, err))
				return
			case PartOf(op) == part && !yield(op, nil):
				return
			}
		}
	}
}

// Tally counts the operations of a relationship.
type Tally struct {
	Add, Edit, Delete int
	Other             int // further changes
	Waits             int // for a person
	ByAction          plan.Summary
}

// Changes is the number of operations that change something.
func (t Tally) Changes() int { return t.Add + t.Edit + t.Delete + t.Other }

// Count reads the operations of a relationship and counts them.
func Count(r plan.Relationship) (Tally, error) {
	var t Tally
	for op, err := range r.Operations.All() {
		if err != nil {
			return t, fmt.Errorf("read the operations of %s: %w", r.Address, err)
		}
		t.ByAction.Count(op.Action, 1)
		switch {
		case PartOf(op) == Waits:
			t.Waits++
		case op.Action == plan.Add:
			t.Add++
		case op.Action == plan.Edit:
			t.Edit++
		case op.Action == plan.Delete:
			t.Delete++
		default:
			t.Other++
		}
	}
	return t, nil
}

// Quiet reports whether there is nothing to say of a relationship but what it leaves as it is.
func Quiet(r plan.Relationship) bool {
	return r.Status == plan.OK && r.Operations.Len() == 0 && len(r.NotReviewed) == 0
}

// NeedsPerson reports whether a relationship waits for somebody to do something. One that is paused or disabled is as it was asked to be.
func NeedsPerson(r plan.Relationship) bool {
	switch r.Status {
	case plan.OK, plan.Paused, plan.Disabled:
		return len(r.NotReviewed) > 0
	}
	return true
}

// Verdict says in one line what a plan comes to.
func Verdict(doc *plan.Document) string {
	changes, waiting := doc.Summary.Changes(), doc.Summary.Conflict+doc.Summary.Ambiguous
	for _, r := range doc.Relationships {
		if NeedsPerson(r) {
			waiting++
		}
	}
	said := "nothing to do"
	if changes > 0 {
		said = words.Counted(changes, "change", "changes")
		switch d := doc.Summary.Delete; {
		case d == changes && d == 1:
			said += ", a delete"
		case d == changes:
			said += ", all of them deletes"
		case d > 0:
			said += ", " + words.Counted(d, "of them a delete", "of them deletes")
		}
	}
	if doc.Task != "" {
		said = "to " + words.Sentence(doc.Task) + ": " + said
	}
	if waiting == 0 {
		return said
	}
	return said + "; " + words.Counted(waiting, "thing waits", "things wait") + " for a person"
}

// Override parts the reason of a status from the flag at its end that would let it pass; flag is "" where there is none.
func Override(reason string) (why, flag string) {
	for _, begin := range []string{": '-allow-", ": -allow-"} {
		if at := strings.LastIndex(reason, begin); at >= 0 {
			return reason[:at+1], reason[at+2:]
		}
	}
	return reason, ""
}
