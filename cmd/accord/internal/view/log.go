package view

import (
	"bufio"
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// Applies lists applies.
func (v *View) Applies(applies []state.Apply) error {
	out := bufio.NewWriter(v.out)
	for _, a := range applies {
		if v.opts.JSON {
			if err := writeLine(out, "apply", applyFacts(a)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(out, v.apply(a))
	}
	if len(applies) == 0 && !v.opts.JSON {
		fmt.Fprintln(out, "The journal holds no apply.")
	}
	return out.Flush()
}

// apply tells of one apply in a line.
func (v *View) apply(a state.Apply) string {
	line := fmt.Sprintf("%d  %s  %s: %s", a.Number, clock(a.Started), Clean(a.By), words.Did(didOf(a)))
	if a.Task != "" {
		line += " To " + Clean(a.Task) + "."
	}
	if n := a.Counts["stale"] + a.Counts["refused"]; n > 0 {
		line += fmt.Sprintf(" %d not done.", n)
	}
	if a.Finished.IsZero() {
		line += " It did not come to its end."
	}
	return line
}

func didOf(a state.Apply) plan.Summary {
	return plan.Summary{Add: a.Counts["add"], Edit: a.Counts["edit"], Delete: a.Counts["delete"], Adopt: a.Counts["adopt"], Mark: a.Counts["mark"],
		Retire: a.Counts["retire"], Release: a.Counts["release"], CreateFolder: a.Counts["create_folder"]}
}

func applyFacts(a state.Apply) any {
	return struct {
		Number    uint64         `json:"number"`
		Plan      string         `json:"plan_id"`
		Task      string         `json:"task,omitempty"`
		By        string         `json:"by"`
		Started   time.Time      `json:"started"`
		Finished  *time.Time     `json:"finished"` // null: it did not come to its end
		Counts    map[string]int `json:"counts"`
		Encrypted bool           `json:"encrypted"`
		Bytes     int64          `json:"bytes"` // that the journal keeps of items for it
	}{a.Number, a.Plan, a.Task, a.By, a.Started, ended(a), a.Counts, a.Key != nil, a.Size}
}

func ended(a state.Apply) *time.Time {
	if a.Finished.IsZero() {
		return nil
	}
	return &a.Finished
}

// Log shows what an apply did, as plans show what they would do.
func (v *View) Log(apply state.Apply, doc *plan.Document) error {
	out := bufio.NewWriter(v.out)
	if v.opts.JSON {
		if err := operationLines(out, doc); err != nil {
			return err
		}
		if err := writeLine(out, "apply", applyFacts(apply)); err != nil {
			return err
		}
		return out.Flush()
	}
	t := v.text(out)
	t.put(v.apply(apply))
	t.put("")
	for _, r := range doc.Relationships {
		if err := t.relationship(r); err != nil {
			return fmt.Errorf("%s: %w", r.Address, err)
		}
	}
	for _, d := range doc.Diagnostics {
		t.diagnostic(d)
	}
	if len(doc.Relationships) == 0 {
		t.put("It wrote to no folder.")
	}
	if t.folded {
		t.put("What is told of many items in one line, -v tells of each.")
	}
	return out.Flush()
}
