package view

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Plan shows what a plan says.
func (v *View) Plan(doc *plan.Document) error {
	out := bufio.NewWriter(v.out)
	var err error
	if v.opts.JSON {
		err = planLines(out, doc)
	} else {
		planText(out, doc, painter(v.opts.ColorOut))
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// planLines writes each relationship, its operations, the diagnostics, and at last the plan with its summary.
func planLines(w io.Writer, doc *plan.Document) error {
	type relationship struct {
		Address     string      `json:"address"`
		Source      string      `json:"source"`
		Destination string      `json:"destination"`
		Status      plan.Status `json:"status"`
		Reason      string      `json:"status_reason,omitempty"`
		Unchanged   int         `json:"unchanged"`
		LeftAlone   int         `json:"left_alone"`
	}
	type operation struct {
		Relationship string `json:"relationship"`
		plan.Operation
	}
	type whole struct {
		FormatVersion string           `json:"format_version"`
		Workspace     string           `json:"workspace"`
		PlanID        string           `json:"plan_id"`
		CreatedAt     time.Time        `json:"created_at"`
		Fingerprint   string           `json:"fingerprint"`
		Allowed       []plan.Allowance `json:"allowed,omitempty"`
		Summary       plan.Summary     `json:"summary"`
	}
	for _, r := range doc.Relationships {
		if err := writeLine(w, "relationship", relationship{r.Address, r.Source, r.Destination, r.Status, r.Reason, r.Unchanged, r.LeftAlone}); err != nil {
			return err
		}
		for op, err := range r.Operations.All() {
			if err != nil {
				return err
			}
			if err := writeLine(w, "operation", operation{r.Address, op}); err != nil {
				return err
			}
		}
	}
	for _, d := range doc.Diagnostics {
		if err := writeLine(w, "diagnostic", d); err != nil {
			return err
		}
	}
	return writeLine(w, "plan", whole{doc.FormatVersion, doc.Workspace, doc.PlanID, doc.CreatedAt, doc.Fingerprint, doc.Allowed, doc.Summary})
}

// planText shows the relationships that something happens in, or that something is wrong with, and counts the rest.
func planText(w io.Writer, doc *plan.Document, paint paint) {
	still := 0
	for _, r := range doc.Relationships {
		if r.Operations.Len() == 0 && r.Status == plan.OK {
			still++
			continue
		}
		relationshipText(w, r, paint)
	}
	for _, d := range doc.Diagnostics {
		io.WriteString(w, diagnostic(d, paint))
	}
	if len(doc.Diagnostics) > 0 {
		fmt.Fprintln(w)
	}
	for _, a := range doc.Allowed {
		fmt.Fprintln(w, paint(yellow, allowance(a)))
	}
	switch {
	case len(doc.Relationships) == 0:
		fmt.Fprintln(w, "There is no relationship to plan for.")
	case still < len(doc.Relationships) || doc.Summary.Changes() > 0:
		if still > 0 {
			fmt.Fprintf(w, "%s with nothing to do.\n", counted(still, "relationship", "relationships"))
		}
	case len(doc.Diagnostics) > 0:
		fmt.Fprintln(w, "Nothing to do but what is said above.")
	default:
		fmt.Fprintln(w, "Nothing to do: the folders hold what the configuration says.")
	}
	fmt.Fprintln(w, paint(bold, toDo(doc.Summary)))
}

// leftFilter is the reason of the deletes that stand in a section of their own.
const leftFilter = "left_filter"

// relationshipText shows a relationship: first what happened to items, then what a filter takes away.
func relationshipText(w io.Writer, r plan.Relationship, paint paint) {
	fmt.Fprintf(w, "%s: %s → %s\n", paint(bold, Clean(r.Address)), Clean(r.Source), Clean(r.Destination))
	if r.Status != plan.OK {
		as := yellow
		if r.Status == plan.Blocked || r.Status == plan.Alert {
			as = red
		}
		reason := ""
		if r.Reason != "" {
			reason = ": " + Clean(r.Reason)
		}
		fmt.Fprintf(w, "  %s%s\n", paint(as, string(r.Status)), reason)
	}
	var left []plan.Operation
	for op := range r.Operations.All() {
		if op.Action == plan.Delete && op.Reason == leftFilter {
			left = append(left, op)
			continue
		}
		operationText(w, r, op, paint)
	}
	if len(left) > 0 {
		fmt.Fprintf(w, "  %s\n", paint(bold, counted(len(left), "replica goes", "replicas go")+" because the filter does not let the original through any more:"))
	}
	for _, op := range left {
		operationText(w, r, op, paint)
	}
	if rest := list(count(r.Unchanged, "unchanged"), count(r.LeftAlone, "left alone")); rest != "" {
		fmt.Fprintf(w, "  %s\n", paint(faint, rest))
	}
	fmt.Fprintln(w)
}

func allowance(a plan.Allowance) string {
	if a.Address == "" {
		return fmt.Sprintf("Allowed in this plan: up to %d %s in the whole run.", a.Count, Clean(a.Kind))
	}
	return fmt.Sprintf("Allowed in this plan: up to %d %s in %s.", a.Count, Clean(a.Kind), Clean(a.Address))
}

// diagnostic is one diagnostic as text, with what it is about.
func diagnostic(d plan.Diagnostic, paint paint) string {
	head := paint(yellow, "Warning")
	switch d.Severity {
	case "error":
		head = paint(red, "Error")
	case "info":
		head = "Note"
	}
	about := ""
	if d.Address != "" {
		about = Clean(d.Address)
		if d.Ref != "" {
			about += " "
		}
	}
	if d.Ref != "" {
		about += quote(d.Ref, titleLength)
	}
	if about != "" {
		about += ": "
	}
	text := fmt.Sprintf("%s: %s%s\n", head, about, Clean(d.Summary))
	if d.Detail != "" {
		text += fmt.Sprintf("  %s\n", Clean(d.Detail))
	}
	return text
}
