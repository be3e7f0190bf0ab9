package view

import (
	"bufio"
	"errors"
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
		err = v.text(out).plan(doc)
	}
	return errors.Join(err, out.Flush())
}

// planLines writes each relationship, its operations, the diagnostics, and at last the plan with its summary.
func planLines(w io.Writer, doc *plan.Document) error {
	type whole struct {
		FormatVersion string           `json:"format_version"`
		Workspace     string           `json:"workspace"`
		PlanID        string           `json:"plan_id"`
		CreatedAt     time.Time        `json:"created_at"`
		Fingerprint   string           `json:"fingerprint"`
		Task          string           `json:"task,omitempty"`
		Allowed       []plan.Allowance `json:"allowed,omitempty"`
		Requests      []plan.Requests  `json:"requests,omitempty"`
		People        []plan.People    `json:"people,omitempty"`
		Changes       []plan.Change    `json:"changes,omitempty"`
		Summary       plan.Summary     `json:"summary"`
	}
	if err := operationLines(w, doc); err != nil {
		return err
	}
	return writeLine(w, "plan", whole{doc.FormatVersion, doc.Workspace, doc.PlanID, doc.CreatedAt, doc.Fingerprint, doc.Task, doc.Allowed, doc.Requests, doc.People, doc.Changes, doc.Summary})
}

// operationLines writes each relationship, its operations, and the diagnostics.
func operationLines(w io.Writer, doc *plan.Document) error {
	type relationship struct {
		Address     string          `json:"address"`
		Source      string          `json:"source"`
		Destination string          `json:"destination"`
		Status      plan.Status     `json:"status"`
		Reason      string          `json:"status_reason,omitempty"`
		Fault       *plan.Fault     `json:"fault,omitempty"`
		Behind      *plan.Change    `json:"behind,omitempty"`
		Membership  plan.Membership `json:"membership,omitempty"`
		Unchanged   int             `json:"unchanged"`
		LeftAlone   int             `json:"left_alone"`
		Settling    int             `json:"settling"`
		OutOfWindow int             `json:"out_of_window"`
	}
	type operation struct {
		Relationship string `json:"relationship"`
		plan.Operation
	}
	for _, r := range doc.Relationships {
		if err := writeLine(w, "relationship", relationship{r.Address, r.Source, r.Destination, r.Status, r.Reason, r.Fault, r.Behind, r.Membership, r.Unchanged, r.LeftAlone, r.Settling, r.OutOfWindow}); err != nil {
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
	return nil
}
