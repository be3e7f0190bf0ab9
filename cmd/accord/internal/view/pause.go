package view

import (
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// pauseLine is a pause as a JSON line. Without address, it is of everything.
type pauseLine struct {
	Address       string     `json:"address"`
	Reason        string     `json:"reason"`
	By            string     `json:"by"`
	Since         *time.Time `json:"since"`                   // null: there was no pause
	Trouble       string     `json:"trouble,omitempty"`       // why nobody can tell what it pauses
	Relationships *int       `json:"relationships,omitempty"` // how many it holds
}

func lineOf(p state.Pause) pauseLine {
	line := pauseLine{Address: p.Address, Reason: p.Reason, By: p.By, Since: &p.Since}
	if p.Trouble != "" {
		line.Since, line.Trouble = nil, reconcile.PauseReason(p)
	}
	return line
}

// Paused shows a pause that was set, and how many of the configured relationships it holds.
func (v *View) Paused(p state.Pause, relationships int) error {
	if v.opts.JSON {
		line := lineOf(p)
		line.Relationships = &relationships
		return v.Line("pause", line)
	}
	held := "it holds no configured relationship"
	switch {
	case relationships == 1:
		held = "it holds 1 relationship"
	case relationships > 1:
		held = fmt.Sprintf("it holds %d relationships", relationships)
	}
	if err := v.Say("Paused %s: %s. An apply that runs leaves out what is paused from its next batch on.", named(p), held); err != nil {
		return err
	}
	return v.Say("To go on:\n  %s", words.Sentence(reconcile.ResumeCommand(p)))
}

// Resumed shows a pause that ended.
func (v *View) Resumed(p state.Pause) error {
	if v.opts.JSON {
		return v.Line("resume", lineOf(p))
	}
	if p.Trouble != "" {
		return v.Say("Removed %s, which held everything: it was no pause that could be read.", words.Sentence(p.File))
	}
	return v.Say("Resumed %s, which was %s.", named(p), words.Sentence(reconcile.Paused(p)))
}

// NotPaused shows that there was nothing to resume.
func (v *View) NotPaused(address string) error {
	p := state.Pause{Address: address}
	if v.opts.JSON {
		line := lineOf(p)
		line.Since = nil
		return v.Line("resume", line)
	}
	if address == "" {
		return v.Say("Nothing is paused.")
	}
	return v.Say("%s is not paused.", named(p))
}

// StillPaused warns that another pause than the one that ended holds a relationship.
func (v *View) StillPaused(relationship string, by state.Pause) {
	v.Diagnostic(plan.Diagnostic{Severity: "warning", Address: relationship, Summary: "It stays paused", Detail: reconcile.PauseReason(by)})
}

// named is what a pause is of.
func named(p state.Pause) string {
	if p.Address == "" {
		return "everything"
	}
	return words.Sentence(p.Address)
}
