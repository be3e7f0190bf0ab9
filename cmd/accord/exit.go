package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// condition is a set of things that hold at the end of a run. The empty set: everything was done, or there was nothing to do.
type condition uint8

const (
	pending     condition = 1 << iota // changes are pending, and it was asked whether
	partly                            // some items are stale, refused or unreadable, or a relationship is on alert; the rest is done
	waits                             // a guard, conflicts or ambiguities hold something back; the rest is done
	failed                            // it could not be done
	foreign                           // the plan file is of another workspace or configuration, already used, or damaged
	locked                            // somebody else holds the state
	misused                           // the command line makes no sense
	interrupted                       // a signal ended it
)

// exits is every exit code but 0, in order of precedence: the first that applies is the code of the run.
func exits() []exit {
	return []exit{
		{interrupted, 130, "interrupted"},
		{misused, 64, "the command line cannot be understood"},
		{locked, 6, "the state is locked"},
		{foreign, 5, "the plan file is of another workspace or configuration, already used, or damaged"},
		{failed, 1, "failed"},
		{waits, 4, "blocked by a guard, or by conflicts or ambiguities that wait for a person; the rest is done"},
		{partly, 3, "partly done: some items are stale, refused, unreadable or could not be decided, or a relationship is on alert; the rest is done"},
		{pending, 2, "changes are pending (only with -detailed-exitcode)"},
	}
}

type exit struct {
	when condition
	code int
	doc  string
}

// doneDoc is the meaning of 0.
const doneDoc = "done, or nothing to do; a plan without -detailed-exitcode that could be made, whatever it says"

// exitTable is every exit code with its meaning, for help.
func exitTable() string {
	var b strings.Builder
	for _, e := range exits() {
		fmt.Fprintf(&b, "  %3d  %s\n", e.code, e.doc)
	}
	fmt.Fprintf(&b, "  %3d  %s", 0, doneDoc)
	return b.String()
}

// code is the exit code for what holds.
func (c condition) code() int {
	for _, e := range exits() {
		if c&e.when != 0 {
			return e.code
		}
	}
	return 0
}

// usageError is an error of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// conditionOf is what an error means for the exit code.
func conditionOf(err error) condition {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return misused
	case errors.Is(err, state.ErrLocked):
		return locked
	case errors.Is(err, plan.ErrDamaged), errors.Is(err, reconcile.ErrForeignPlan):
		return foreign
	}
	return failed
}

// openEnds is what a plan leaves undone, whether or not it is applied.
func openEnds(doc *plan.Document) condition {
	c := openCounts(doc.Summary)
	for _, r := range doc.Relationships {
		switch r.Status {
		case plan.Blocked:
			c |= waits
		case plan.Alert, plan.Unresolved:
			c |= partly
		}
	}
	for _, d := range doc.Diagnostics {
		if d.Severity == "error" || d.Code == plan.LeftAsItIs { // such as an item that could not be decided
			c |= partly
		}
	}
	return c
}

func openCounts(s plan.Summary) condition {
	var c condition
	if s.Blocked+s.Conflict+s.Ambiguous > 0 {
		c |= waits
	}
	if s.Stale+s.Refused+s.Unreadable+s.Unresolved > 0 {
		c |= partly
	}
	return c
}
