package markdown

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// tableHead begins a table of operations.
func tableHead(columns ...string) string {
	return "| | " + strings.Join(columns, " | ") + " |\n| ---" + strings.Repeat(" | ---", len(columns)) + " |\n"
}

// cells is a row of a table of operations. The lines of its last cell are Markdown.
func cells(op plan.Operation, item string, lines ...string) string {
	return fmt.Sprintf("| %s | %s | %s |\n", text(words.Action(op.Action)), item, strings.Join(lines, "<br>"))
}

func deleteRow(r plan.Relationship, op plan.Operation) string {
	return cells(op, item(r, op), because(op)...)
}

// changeRow is one change, or one that stands for n that are like it.
func changeRow(r plan.Relationship, op plan.Operation, n int) string {
	what := item(r, op)
	if n > 0 {
		what = fmt.Sprintf("%d items", n) + place(r, op)
	}
	return cells(op, what, append(because(op), fields(op)...)...)
}

func waitingRow(r plan.Relationship, op plan.Operation) string {
	lines := append(because(op), fields(op)...)
	for i, c := range op.Candidates {
		if i == most {
			lines = append(lines, fmt.Sprintf("… and %d more", len(op.Candidates)-most))
			break
		}
		lines = append(lines, "candidate "+text(words.Title(c)))
	}
	if remedy := words.Remedy(r.Address, op); remedy != "" {
		lines = append(lines, text(remedy))
	}
	return cells(op, text(words.Named(op))+"<br>in "+text(words.Sentence(r.Address)), lines...)
}

// item is what an operation is about, and where.
func item(r plan.Relationship, op plan.Operation) string {
	said := text(words.Named(op))
	if when := words.When(op); when != "" {
		said += "<br>" + text(when)
	}
	return said + place(r, op)
}

// place is where an operation writes, when that is not the destination.
func place(r plan.Relationship, op plan.Operation) string {
	if op.Side != plan.Source {
		return ""
	}
	return "<br>in the source, " + text(words.Sentence(r.Source))
}

// because is the reason of an operation, and what else it says of itself.
func because(op plan.Operation) []string {
	lines := []string{text(words.Reason(op.Reason))}
	if op.Detail != "" {
		lines = append(lines, text(words.Sentence(op.Detail)))
	}
	if len(op.Originals) > 1 {
		lines = append(lines, "shared by "+text(words.Sentence(strings.Join(op.Originals, ", "))))
	}
	return lines
}

// most is how many fields or candidates of one item are shown.
const most = 12

// fields are the changes of an edit, one a line.
func fields(op plan.Operation) []string {
	if op.Action == plan.Add || op.Action == plan.Delete {
		return nil // all of it comes or goes
	}
	return changes(words.Fields(op))
}

// changes are the lines of what becomes of fields.
func changes(of []words.Change) []string {
	var lines []string
	for i, c := range of {
		if i == most {
			return append(lines, fmt.Sprintf("… and %d more fields", len(of)-most))
		}
		lines = append(lines, text(c.String()))
		for _, line := range c.Diff {
			lines = append(lines, strings.TrimSpace(diffSign(line.Sign)+" "+text(line.Text)))
		}
	}
	return lines
}

// diffSign marks a line of a diff. A minus is one that is read as such by people and by no Markdown.
func diffSign(sign byte) string {
	switch sign {
	case '-':
		return "−"
	case '+':
		return "&plus;"
	case ' ':
		return "&emsp;"
	}
	return ""
}

// heldRow is what waits for a person, because of a relationship, with the flag that would let it go, and what is beyond the plan that was reviewed.
func heldRow(what string, r plan.Relationship) string {
	why, flag := review.Override(r.Reason)
	said := fmt.Sprintf("- %s: **%s**", text(what), status(r.Status))
	if why != "" {
		said += ", " + text(words.Sentence(why))
	}
	if flag != "" {
		said += " " + code(words.Sentence(flag))
	}
	if behind := words.Behind(r.Behind); behind != "" {
		said += " " + text(behind)
	}
	said += "\n"
	for _, op := range r.NotReviewed {
		said += fmt.Sprintf("  - not reviewed: %s %s: %s\n", text(words.Action(op.Action)), text(words.Named(op)), text(words.Reason(op.Reason)))
	}
	return said
}

// status is the state of a relationship as a word that can be made bold.
func status(s plan.Status) string {
	switch s {
	case plan.OK, plan.Blocked, plan.Alert, plan.Paused, plan.Disabled, plan.Unresolved:
		return string(s)
	}
	return "held"
}

func diagnosticRow(d plan.Diagnostic) string {
	said := "- Warning: "
	switch d.Severity {
	case "error":
		said = "- **Error**: "
	case "info":
		said = "- Note: "
	}
	about := words.Sentence(d.Address)
	if d.Ref != "" {
		about = strings.TrimSpace(about + " " + words.Title(d.Ref))
	}
	if about != "" {
		said += text(about) + ": "
	}
	said += text(words.Sentence(d.Summary))
	if d.Detail != "" {
		said += ". " + text(words.Sentence(d.Detail))
	}
	return said + "\n"
}
