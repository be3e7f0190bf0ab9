package view

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// color is the colour of an action.
func color(a plan.Action) string {
	switch a {
	case plan.Add, plan.CreateFolder:
		return green
	case plan.Delete:
		return red
	case plan.Adopt, plan.Retire, plan.Release:
		return cyan
	}
	return yellow
}

// operation tells one operation: its line, and below it what it changes.
func (t *text) operation(r plan.Relationship, op plan.Operation) {
	title := words.Named(op)
	if when := words.When(op); when != "" {
		title += " (" + when + ")"
	}
	t.line(t.head(r, op, title) + ": " + t.because(op.Reason))
	t.below(op)
}

// head begins the line of an operation. A delete stands out with what it deletes.
func (t *text) head(r plan.Relationship, op plan.Operation, what string) string {
	head := "  " + words.Sign(op.Action) + " " + words.Action(op.Action)
	if op.Action == plan.Delete {
		head = t.paint(red, head+" "+what)
	} else {
		head = t.paint(color(op.Action), head) + " " + what
	}
	if op.Side == plan.Source {
		head += " in the source, " + words.Sentence(r.Source)
	}
	return head
}

// because gives the reason, in words and as its code.
func (t *text) because(reason string) string {
	return words.Reason(reason) + t.paint(faint, " ("+words.Sentence(reason)+")")
}

// below tells what stands below the line of an operation.
func (t *text) below(op plan.Operation) {
	if op.Detail != "" {
		t.indented(words.Sentence(op.Detail))
	}
	if len(op.Originals) > 1 {
		t.indented("shared by " + words.Sentence(words.List(op.Originals...)))
	}
	for _, c := range op.Candidates {
		t.indented("candidate " + words.Title(c))
	}
	if op.Action == plan.Add || op.Action == plan.Delete {
		return // all of it comes or goes
	}
	for _, c := range words.Fields(op) {
		t.change(c)
	}
}

func (t *text) change(c words.Change) {
	t.indented(c.String())
	for _, l := range c.Diff {
		as := map[byte]string{'-': red, '+': green, '.': faint}[l.Sign]
		line := clip(strings.TrimRight(fmt.Sprintf("%c %s", l.Sign, l.Text), " "), t.width-8)
		if l.Sign == '.' {
			line = l.Text
		}
		if as != "" {
			line = t.paint(as, line)
		}
		t.put(strings.TrimRight("      | "+line, " "))
	}
}

// alike tells edits that say the same of n items: in one line, or of several fields and long texts with what changes below.
func (t *text) alike(r plan.Relationship, op plan.Operation, n int) {
	t.folded = true
	changes := words.Fields(op)
	if len(changes) > 1 || changes[0].Diff != nil {
		t.line(fmt.Sprintf("%s: %s", t.head(r, op, fmt.Sprintf("%d items alike", n)), t.because(op.Reason)))
		t.below(op)
		return
	}
	c := changes[0]
	t.line(fmt.Sprintf("%s: %s; %s", t.head(r, op, fmt.Sprintf("%s of %d items", c.Label, n)), c.Values(), t.because(op.Reason)))
}

// rest tells how many more operations there are of a run than were told.
func (t *text) rest(r plan.Relationship, run *run) {
	t.folded = true
	op := plan.Operation{Action: run.key.action, Side: run.key.side}
	t.line(fmt.Sprintf("%s: %s", t.head(r, op, fmt.Sprintf("%d more, %d in all%s", run.n-run.told, run.n, run.span())), t.because(run.key.reason)))
}
