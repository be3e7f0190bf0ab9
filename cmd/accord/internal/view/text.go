package view

import (
	"bufio"
	"fmt"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// text draws a plan for people. It keeps no operations: a relationship is read once to see what can be told in one line, and once more for each
// section that it has.
type text struct {
	out     *bufio.Writer // keeps its error until it is flushed
	paint   paint
	width   int  // of the terminal; 0: there is none
	verbose bool // tell each operation
	folded  bool // something was told in one line that verbose tells in many
}

// put writes a line as it is.
func (t *text) put(line string) {
	t.out.WriteString(line)
	t.out.WriteByte('\n')
}

// line writes a line of a relationship.
func (t *text) line(line string) { t.put(wrap(line, t.width, 6)) }

// indented writes a line that belongs to the one above.
func (t *text) indented(line string) { t.put(wrap("      "+line, t.width, 8)) }

// plan shows the relationships that something happens in, or that something is wrong with, and counts the rest.
func (t *text) plan(doc *plan.Document) error {
	if doc.Task != "" {
		t.put("To " + words.Sentence(doc.Task) + ":\n")
	}
	still := 0
	for _, b := range review.Blocks(doc) {
		quiet, err := t.block(b)
		if err != nil {
			return err
		}
		still += quiet
	}
	diagnostics := doc.Diagnostics
	if !t.verbose {
		diagnostics = review.Diagnostics(doc)
		t.folded = t.folded || len(diagnostics) < len(doc.Diagnostics)
	}
	for _, d := range diagnostics {
		t.diagnostic(d)
	}
	if len(doc.Diagnostics) > 0 {
		t.put("")
	}
	for _, a := range doc.Allowed {
		t.put(t.paint(yellow, words.Allowance(a)))
	}
	switch {
	case doc.Task != "" && doc.Summary.Changes() == 0:
		t.put("Nothing to do.")
	case len(doc.Relationships) == 0:
		t.put("There is no relationship to plan for.")
	case still < len(doc.Relationships) || doc.Summary.Changes() > 0:
		if still > 0 {
			t.put(words.Counted(still, "relationship", "relationships") + " with nothing to do.")
		}
	case len(doc.Diagnostics) > 0:
		t.put("Nothing to do but what is said above.")
	default:
		t.put("Nothing to do: the folders hold what the configuration says.")
	}
	if t.folded {
		t.put("What is told of many items in one line, -v tells of each.")
	}
	t.sums(words.ToDo(doc))
	return nil
}

// sums ends a plan or an apply: what changes is the last line.
func (t *text) sums(s words.Sums) {
	for _, line := range s.People {
		t.put(wrap(line, t.width, 2))
	}
	if s.Rest != "" {
		t.put(t.paint(faint, wrap(s.Rest, t.width, 2)))
	}
	if s.Waits != "" {
		t.put(t.paint(yellow, wrap(s.Waits, t.width, 2)))
	}
	if s.Requests != "" {
		t.put(wrap(s.Requests, t.width, 2))
	}
	t.put(t.paint(bold, wrap(s.Changes, t.width, 2)))
}

// relationship shows first what is deleted, then what else changes, then what waits for a person.
func (t *text) relationship(r plan.Relationship) error {
	t.put(wrap(fmt.Sprintf("%s: %s → %s", t.paint(bold, words.Sentence(r.Address)), words.Sentence(r.Source), words.Sentence(r.Destination)), t.width, 2))
	if r.Status != plan.OK {
		t.status(r)
	}
	s, err := look(r)
	if err != nil {
		return err
	}
	for at := range sections {
		if s.sections[at] == 0 {
			continue
		}
		if at == leftSection {
			t.line("  " + t.paint(bold, words.Counted(s.sections[at], "replica goes", "replicas go")+" because the filter does not let the original through any more:"))
		}
		if err := t.section(r, at, s); err != nil {
			return err
		}
	}
	if rest := words.Rest(r); rest != "" {
		t.line("  " + t.paint(faint, rest))
	}
	t.put("")
	return nil
}

// status tells why a relationship is left as it is, and what of it was not reviewed.
func (t *text) status(r plan.Relationship) {
	reason := "nothing is done in it"
	if r.Reason != "" {
		reason = words.Sentence(r.Reason)
	}
	t.line("  " + t.paint(graveness(r.Status), words.Status(r.Status)) + ": " + reason)
	t.behind(r.Behind)
	if len(r.NotReviewed) == 0 {
		return
	}
	t.line("  Not in the plan that was reviewed:")
	for _, op := range r.NotReviewed {
		t.operation(r, op)
	}
}

// graveness is the colour of a status.
func graveness(s plan.Status) string {
	if s == plan.Blocked || s == plan.Alert {
		return red
	}
	return yellow
}

// section tells the operations of one section, many that are alike as one.
func (t *text) section(r plan.Relationship, at section, s *survey) error {
	var runs []*run
	advised := map[plan.Action]bool{}
	for op, err := range r.Operations.All() {
		if err != nil {
			return err
		}
		if sectionOf(op) != at {
			continue
		}
		if !t.verbose {
			if n, first := s.alike.Of(op); n > 0 {
				if first {
					t.alike(r, op, n)
				}
				continue
			}
			if key, ok := runOf(op); ok && s.runs[key] != nil && s.runs[key].n >= runFrom {
				run := s.runs[key]
				if run.told == runShown {
					continue
				}
				if run.told++; run.told == 1 {
					runs = append(runs, run)
				}
			}
		}
		t.operation(r, op)
		if remedy := words.Remedy(r.Address, op); remedy != "" && !advised[op.Action] {
			advised[op.Action] = true
			t.indented(remedy)
		}
	}
	for _, run := range runs {
		t.rest(r, run)
	}
	return nil
}

// diagnostic tells one diagnostic, with what it is about.
func (t *text) diagnostic(d plan.Diagnostic) {
	head := t.paint(yellow, "Warning")
	switch d.Severity {
	case "error":
		head = t.paint(red, "Error")
	case "info":
		head = "Note"
	}
	about := ""
	if d.Address != "" {
		about = words.Sentence(d.Address)
		if d.Ref != "" {
			about += " "
		}
	}
	if d.Ref != "" {
		about += words.Title(d.Ref)
	}
	if about != "" {
		about += ": "
	}
	t.put(wrap(fmt.Sprintf("%s: %s%s", head, about, words.Sentence(d.Summary)), t.width, 2))
	if d.Detail != "" {
		t.put(wrap("    "+words.Sentence(d.Detail), t.width, 4))
	}
}
