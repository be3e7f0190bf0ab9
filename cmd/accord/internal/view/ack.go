package view

import (
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

// ackLine is what somebody acknowledged, as a JSON line.
type ackLine struct {
	Address  string               `json:"address"`
	Reason   string               `json:"reason"`
	By       string               `json:"by"`
	Since    *time.Time           `json:"since"` // null: there is nothing to acknowledge, or nothing was
	Until    *time.Time           `json:"until"`
	Problems []state.KnownProblem `json:"problems"`
	Trouble  string               `json:"trouble,omitempty"` // why nobody can tell what it acknowledges
}

func ackLineOf(a state.Ack) ackLine {
	line := ackLine{Address: a.Address, Reason: a.Reason, By: a.By, Since: &a.Since, Until: &a.Until, Problems: append([]state.KnownProblem{}, a.Problems...)}
	if a.Trouble != "" {
		line.Trouble = ackTrouble(a)
	}
	if len(a.Problems) == 0 {
		line.Since, line.Until = nil, nil
	}
	return line
}

// Acknowledged shows problems that were acknowledged; without any, that nothing was.
func (v *View) Acknowledged(a state.Ack, problems []state.Problem) error {
	if v.opts.JSON {
		return v.Line("ack", ackLineOf(a))
	}
	address := words.Sentence(a.Address)
	if len(problems) == 0 {
		return v.Say("%s has no problem that is known, and nothing is acknowledged. What is wrong at this moment, -refresh finds.", address)
	}
	if err := v.Say("Acknowledged %s of %s until %s:", words.Counted(len(problems), "problem", "problems"), address, clock(a.Until)); err != nil {
		return err
	}
	for _, p := range problems {
		if err := v.Say("  %s", problemText(p, "")); err != nil {
			return err
		}
	}
	return v.Say("To end it before:\n  %s", endAck(a))
}

// NotAcknowledged shows that something is not acknowledged any more, or was not.
func (v *View) NotAcknowledged(a state.Ack) error {
	switch {
	case v.opts.JSON:
		return v.Line("ack_end", ackLineOf(a))
	case a.Trouble != "":
		return v.Say("Removed %s, which acknowledged nothing.", words.Sentence(a.File))
	case a.By == "" && a.Address == "":
		return v.Say("Nothing is acknowledged.")
	case a.By == "":
		return v.Say("Nothing is acknowledged for %s.", words.Sentence(a.Address))
	}
	return v.Say("Not acknowledged any more: %s of %s, %s.", words.Counted(len(a.Problems), "problem", "problems"), words.Sentence(a.Address), acknowledged(a))
}

// acknowledged says who, since when, until when and why.
func acknowledged(a state.Ack) string {
	text := fmt.Sprintf("acknowledged by %s at %s until %s", words.Sentence(a.By), clock(a.Since), clock(a.Until))
	if a.Reason != "" {
		text += ": " + words.Sentence(a.Reason)
	}
	return text
}

func ackTrouble(a state.Ack) string {
	return fmt.Sprintf("nobody can tell what %s acknowledges: %s. It acknowledges nothing: see what it is and move it away", a.File, a.Trouble)
}

// endAck is what ends an acknowledgement, as a shell takes it.
func endAck(a state.Ack) string {
	return "accord ack -end " + words.Sentence(reconcile.ShellWord(a.Address))
}

// ack tells of an acknowledgement, and how to end it.
func (t *text) ack(a state.Ack) {
	if a.Trouble != "" {
		t.put(wrap("  "+words.Sentence(ackTrouble(a))+".", t.width, 4))
		return
	}
	t.put(wrap(fmt.Sprintf("  %s of %s, %s", words.Counted(len(a.Problems), "problem", "problems"), words.Sentence(a.Address), acknowledged(a)), t.width, 4))
	t.put("    " + endAck(a))
}
