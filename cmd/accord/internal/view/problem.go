package view

import (
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/state"
)

// ProblemStatus is a problem of a relationship or of one of its folders.
type ProblemStatus struct {
	Kind    state.ProblemKind `json:"kind"`
	Address string            `json:"address"`
	Item    string            `json:"item,omitempty"`
	Title   string            `json:"title,omitempty"`
	Reason  string            `json:"reason"`
	Since   time.Time         `json:"since"`
	Known   *KnownStatus      `json:"acknowledged"` // nil: nobody acknowledged it
}

// KnownStatus is who acknowledged a problem, and for how long.
type KnownStatus struct {
	By     string    `json:"by"`
	Reason string    `json:"reason,omitempty"`
	Until  time.Time `json:"until"`
}

// ProblemOf is a problem as status shows it. by is nil when nobody acknowledged it.
func ProblemOf(p state.Problem, title string, by *state.Ack) ProblemStatus {
	s := ProblemStatus{Kind: p.Kind, Address: p.Address, Item: p.Item, Title: title, Reason: p.Reason, Since: p.Since}
	if by != nil {
		s.Known = &KnownStatus{By: by.By, Reason: by.Reason, Until: by.Until}
	}
	return s
}

// Problem is what it is about.
func (s ProblemStatus) Problem() state.Problem {
	return state.Problem{Kind: s.Kind, Address: s.Address, Item: s.Item, Reason: s.Reason, Since: s.Since}
}

// problemText is a problem in one sentence.
func problemText(p state.Problem, title string) string {
	since := " since " + clock(p.Since)
	item := words.Title(p.Item)
	if title != "" {
		item = words.Title(title) + " (" + words.Sentence(p.Item) + ")"
	}
	reason := words.Sentence(p.Reason)
	switch p.Kind {
	case state.Alert:
		return "on alert" + since + ": " + reason
	case state.Blocked:
		return "blocked" + since + ": " + reason
	case state.Unresolved:
		return "unresolved" + since + ": " + reason
	case state.Conflict, state.Ambiguous:
		return fmt.Sprintf("%s%s: %s: %s", words.Sentence(string(p.Kind)), since, item, words.Reason(p.Reason))
	case state.Unreadable:
		return fmt.Sprintf("cannot be understood%s: %s %s: %s", since, words.Sentence(p.Address), item, reason)
	case state.Undecided:
		return fmt.Sprintf("not decided%s: %s: %s", since, item, reason)
	case state.RefusedBy:
		return fmt.Sprintf("refused%s: %s: %s", since, item, reason)
	}
	return fmt.Sprintf("%s%s: %s", words.Sentence(string(p.Kind)), since, reason)
}

// problems tells the problems of a relationship, of each kind the first few: what nobody acknowledged before what somebody did.
func (t *text) problems(r RelationshipStatus) {
	const few = 5
	for _, known := range []bool{false, true} {
		counts := map[state.ProblemKind]int{}
		var order []state.ProblemKind
		for _, p := range r.Problems {
			if (p.Known != nil) != known {
				continue
			}
			if counts[p.Kind]++; counts[p.Kind] == 1 {
				order = append(order, p.Kind)
			}
			if counts[p.Kind] > few {
				continue
			}
			line, as := problemText(p.Problem(), p.Title), yellow
			if p.Kind == state.Alert || p.Kind == state.Blocked {
				as = red
			}
			if known {
				line, as = fmt.Sprintf("acknowledged by %s until %s: %s", words.Sentence(p.Known.By), clock(p.Known.Until), line), faint
			}
			t.put(wrap("  "+t.paint(as, line), t.width, 4))
		}
		for _, kind := range order {
			if more := counts[kind] - few; more > 0 {
				t.put(wrap(fmt.Sprintf("  %d more: %s", more, words.Sentence(string(kind))), t.width, 4))
			}
		}
	}
}
