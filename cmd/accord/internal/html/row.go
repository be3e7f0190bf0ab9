package html

import (
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// row is one operation.
type row struct {
	Class        string // add, edit, delete, waits or other
	Action       string
	Relationship string // where it is not said above
	Item, When   string
	Place        string // where, if not in the destination
	Reason       string
	Notes        []string
	Candidates   []string
	Remedy       string
	Whole        bool // all of the item comes or goes: its fields are not compared
	Open         *opened
	Changes      []change
}

// opened is what one row of a block stands for.
type opened struct {
	List []string // as many as are shown
	More int
}

// change is one field.
type change struct {
	Label, Before, After string
	Diff                 []line
	Sides                bool // nothing changes: what the original says, and what the replica says

	gone bool // with its item
}

// side is one side of a field.
type side struct {
	Text string
	Old  bool
}

// Old and New are what a field was and will be.
func (c change) Old() side { return side{c.Before, true} }
func (c change) New() side { return side{c.After, false} }

// Only is the value of a field of an item that comes or goes.
func (c change) Only() string {
	if c.gone {
		return c.Before
	}
	return c.After
}

// line is a line of a diff.
type line struct{ Class, Text string }

func newRow(r plan.Relationship, op plan.Operation) row {
	out := row{Class: class(op), Action: words.Action(op.Action), Item: words.Named(op), When: words.When(op), Reason: words.Reason(op.Reason),
		Remedy: words.Remedy(r.Address, op), Whole: op.Action == plan.Add || op.Action == plan.Delete}
	if review.PartOf(op) == review.Waits {
		out.Relationship = words.Sentence(r.Address)
	} else if op.Side == plan.Source {
		out.Place = words.Sentence(r.Source)
	}
	if op.Detail != "" {
		out.Notes = append(out.Notes, words.Sentence(op.Detail))
	}
	if len(op.Originals) > 1 {
		out.Notes = append(out.Notes, "shared by "+words.Sentence(strings.Join(op.Originals, ", ")))
	}
	for _, c := range op.Candidates {
		out.Candidates = append(out.Candidates, words.Title(c))
	}
	for _, c := range words.Fields(op) {
		out.Changes = append(out.Changes, changed(c, op.Action == plan.Delete))
	}
	return out
}

// class is how an operation is drawn and filtered.
func class(op plan.Operation) string {
	switch {
	case review.PartOf(op) == review.Waits:
		return "waits"
	case op.Action == plan.Add, op.Action == plan.Edit, op.Action == plan.Delete:
		return string(op.Action)
	}
	return "other"
}

func changed(c words.Change, gone bool) change {
	out := change{Label: c.Label, Before: c.Before, After: c.After, Sides: c.Sides, gone: gone}
	for _, l := range c.Diff {
		class := ""
		switch l.Sign {
		case '-':
			class = "del"
		case '+':
			class = "ins"
		}
		out.Diff = append(out.Diff, line{class, l.Text})
	}
	return out
}
