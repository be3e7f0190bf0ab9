package view

import (
	"bufio"
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// Status is what is recorded of a workspace.
type Status struct {
	Workspace     string
	LastApply     *Apply // nil: none yet
	Relationships []RelationshipStatus
}

// Apply is one run of apply.
type Apply struct {
	Number   uint64         `json:"number"`
	By       string         `json:"by"`
	Started  time.Time      `json:"started"`
	Finished *time.Time     `json:"finished"` // nil: it runs still, or was ended from outside
	Counts   map[string]int `json:"counts,omitempty"`
}

// RelationshipStatus is what is recorded of one relationship.
type RelationshipStatus struct {
	Address     string               `json:"address"`
	Source      string               `json:"source"`
	Destination string               `json:"destination"`
	Note        string               `json:"note,omitempty"` // what is not ordinary about it
	Since       *time.Time           `json:"since,omitempty"`
	Pairs       map[state.Status]int `json:"pairs"`
	Refused     int                  `json:"refused"`
}

// Status shows what is recorded.
func (v *View) Status(s Status) error {
	out := bufio.NewWriter(v.out)
	waiting := 0
	for _, r := range s.Relationships {
		waiting += r.Pairs[state.Waiting]
	}
	if v.opts.JSON {
		for _, r := range s.Relationships {
			if err := writeLine(out, "relationship", r); err != nil {
				return err
			}
		}
		err := writeLine(out, "status", struct {
			Workspace string `json:"workspace"`
			LastApply *Apply `json:"last_apply"`
			Waiting   int    `json:"waiting"`
		}{s.Workspace, s.LastApply, waiting})
		if err != nil {
			return err
		}
		return out.Flush()
	}
	paint := painter(v.opts.ColorOut)
	fmt.Fprintf(out, "Workspace %s. %s\n", paint(bold, Clean(s.Workspace)), lastApply(s.LastApply))
	for _, r := range s.Relationships {
		fmt.Fprintf(out, "\n%s: %s → %s\n", paint(bold, Clean(r.Address)), Clean(r.Source), Clean(r.Destination))
		if r.Note != "" {
			fmt.Fprintf(out, "  %s\n", paint(yellow, Clean(r.Note)))
		}
		if pairs := pairsText(r); pairs != "" {
			fmt.Fprintf(out, "  %s\n", pairs)
		}
	}
	if waiting > 0 {
		fmt.Fprintf(out, "\n%s for a person: accord plan lists them.\n", words.Counted(waiting, "item waits", "items wait"))
	}
	return out.Flush()
}

func lastApply(a *Apply) string {
	switch {
	case a == nil:
		return "Nothing was applied yet."
	case a.Finished == nil:
		return fmt.Sprintf("Apply %d by %s began at %s and did not end: the next one looks at what it left.", a.Number, Clean(a.By), clock(a.Started))
	}
	var did plan.Summary
	for action, n := range a.Counts {
		did.Count(plan.Action(action), n)
	}
	return fmt.Sprintf("Apply %d by %s ended at %s: %s", a.Number, Clean(a.By), clock(*a.Finished), words.Did(did))
}

func pairsText(r RelationshipStatus) string {
	var parts []string
	total := 0
	for _, s := range []state.Status{state.Active, state.Waiting, state.Retired, state.Pruned, state.Ignored} {
		parts = append(parts, words.Count(r.Pairs[s], string(s)))
		total += r.Pairs[s]
	}
	if total == 0 {
		return ""
	}
	if r.Refused > 0 {
		parts = append(parts, words.Count(r.Refused, "refused by the provider"))
	}
	return words.Counted(total, "pair", "pairs") + ": " + words.List(parts...)
}
