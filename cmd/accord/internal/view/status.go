package view

import (
	"bufio"
	"fmt"
	"slices"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// Status is what is recorded of a workspace.
type Status struct {
	Workspace     string
	LastApply     *Apply       // nil: none yet
	Journal       *Journal     // nil: there is none yet
	Locked        *state.Owner // who holds the state, which is why nothing recorded is shown; nil: it could be read
	Refreshed     bool         // it is as of now, and not as of the last apply
	Relationships []RelationshipStatus
	Pauses        []PauseStatus
	Acks          []state.Ack
}

// Apply is one run of apply.
type Apply struct {
	Number   uint64         `json:"number"`
	By       string         `json:"by"`
	Started  time.Time      `json:"started"`
	Finished *time.Time     `json:"finished"` // nil: it runs still, or was ended from outside
	Counts   map[string]int `json:"counts,omitempty"`
}

// ApplyOf is a recorded apply.
func ApplyOf(a state.Apply) Apply {
	out := Apply{Number: a.Number, By: a.By, Started: a.Started, Counts: a.Counts}
	if !a.Finished.IsZero() {
		out.Finished = &a.Finished
	}
	return out
}

// Journal is how much the state holds.
type Journal struct {
	Applies int       `json:"applies"`
	From    time.Time `json:"from"`  // when the first of them began
	Bytes   int64     `json:"bytes"` // of the whole state on the disk
}

// RelationshipStatus is what is recorded of one relationship.
type RelationshipStatus struct {
	Address     string               `json:"address"`
	Source      string               `json:"source"`
	Destination string               `json:"destination"`
	Status      plan.Status          `json:"status"`                  // ok, blocked, alert, paused, disabled or unresolved
	Reason      string               `json:"status_reason,omitempty"` // why it is not ok
	Note        string               `json:"note,omitempty"`          // what else is not ordinary about it
	Since       *time.Time           `json:"since,omitempty"`
	InSync      *time.Time           `json:"in_sync_since"` // nil: something is pending, it is held, or nobody knows
	Pending     int                  `json:"pending"`       // changes
	Problems    []ProblemStatus      `json:"problems"`      // nil: nobody knows
	LastError   *ErrorStatus         `json:"last_error"`
	Pairs       map[state.Status]int `json:"pairs"` // nil: nobody knows
	Refused     int                  `json:"refused"`
	LastApply   *Apply               `json:"last_apply,omitempty"` // the last that wrote something for it, with what it wrote
	Read        *time.Time           `json:"read,omitempty"`       // when both its folders had been read
}

// ErrorStatus is the last error of an apply, also when it is over.
type ErrorStatus struct {
	At    time.Time `json:"at"`
	Error string    `json:"error"`
}

// Counts are how many problems there are, each counted once, and how many of them nobody acknowledged.
func (s Status) Counts() (unknown, known int) {
	seen := map[ProblemStatus]bool{}
	for _, r := range s.Relationships {
		for _, p := range r.Problems {
			by := p.Known
			if p.Known = nil; seen[p] {
				continue
			}
			if seen[p] = true; by == nil {
				unknown++
			} else {
				known++
			}
		}
	}
	return unknown, known
}

// PauseStatus is a pause, and how many of the configured relationships it holds.
type PauseStatus struct {
	state.Pause
	Relationships int
}

// Status shows what is recorded.
func (v *View) Status(s Status) error {
	out := bufio.NewWriter(v.out)
	waiting, paused := 0, 0
	for _, r := range s.Relationships {
		waiting += r.Pairs[state.Waiting]
		if r.Status == plan.Paused {
			paused++
		}
	}
	if !v.opts.JSON {
		v.text(out).state(s, waiting)
		return out.Flush()
	}
	for _, r := range s.Relationships {
		if err := writeLine(out, "relationship", r); err != nil {
			return err
		}
	}
	for _, p := range s.Pauses {
		line := lineOf(p.Pause)
		line.Relationships = &p.Relationships
		if err := writeLine(out, "pause", line); err != nil {
			return err
		}
	}
	for _, a := range s.Acks {
		if err := writeLine(out, "ack", ackLineOf(a)); err != nil {
			return err
		}
	}
	unknown, known := s.Counts()
	err := writeLine(out, "status", struct {
		Workspace string       `json:"workspace"`
		LastApply *Apply       `json:"last_apply"`
		Waiting   int          `json:"waiting"`
		Paused    int          `json:"paused"`
		Journal   *Journal     `json:"journal"`
		Locked    *state.Owner `json:"locked"`
		Refreshed bool         `json:"refreshed"`
		Problems  int          `json:"problems"`
		Known     int          `json:"acknowledged"`
	}{s.Workspace, s.LastApply, waiting, paused, s.Journal, s.Locked, s.Refreshed, unknown, known})
	if err != nil {
		return err
	}
	return out.Flush()
}

// state tells what is recorded, the whole first.
func (t *text) state(s Status, waiting int) {
	head := fmt.Sprintf("Workspace %s. ", t.paint(bold, words.Sentence(s.Workspace)))
	if s.Locked != nil {
		head += holder(*s.Locked) + " What is recorded is shown when it is free."
	} else {
		head += lastApply(s.LastApply)
	}
	t.put(wrap(head, t.width, 2))
	if j := s.Journal; j != nil {
		t.put(wrap(t.paint(faint, fmt.Sprintf("Journal: %s since %s. The state takes %s.", words.Counted(j.Applies, "apply", "applies"), clock(j.From), size(j.Bytes))), t.width, 2))
	}
	t.summed(s)
	for _, r := range s.Relationships {
		t.put("")
		t.recorded(r)
	}
	if len(s.Pauses) > 0 {
		t.put("\n" + t.paint(yellow, words.Counted(len(s.Pauses), "pause", "pauses")+":"))
	}
	for _, p := range s.Pauses {
		t.pause(p)
	}
	if len(s.Acks) > 0 {
		t.put("\n" + t.paint(yellow, "Acknowledged:"))
	}
	for _, a := range s.Acks {
		t.ack(a)
	}
	if waiting > 0 {
		t.put("\n" + words.Counted(waiting, "item waits", "items wait") + " for a person: accord conflicts shows them.")
	}
}

// summed tells how many problems there are: those first that nobody acknowledged.
func (t *text) summed(s Status) {
	unknown, known := s.Counts()
	when := "As of the last apply"
	if s.Refreshed {
		when = "As of now"
	} else if s.Locked != nil || unknown+known == 0 && (s.LastApply == nil || s.LastApply.Finished == nil) {
		return
	}
	line := t.paint(bold, when+": no problem")
	if unknown > 0 {
		line = t.paint(red, when+": "+words.Counted(unknown, "problem", "problems"))
	}
	if known > 0 {
		line += fmt.Sprintf(", and %d acknowledged", known)
	}
	t.put(line + ".")
}

// recorded tells what is recorded of a relationship.
func (t *text) recorded(r RelationshipStatus) {
	t.put(wrap(fmt.Sprintf("%s: %s → %s", t.paint(bold, words.Sentence(r.Address)), words.Sentence(r.Source), words.Sentence(r.Destination)), t.width, 2))
	line := func(s string) {
		if s != "" {
			t.put(wrap("  "+s, t.width, 4))
		}
	}
	t.problems(r)
	switch {
	case r.Status == plan.Alert || r.Status == plan.Blocked: // told as a problem
	case r.Reason != "":
		line(t.paint(yellow, words.Sentence(r.Reason)))
	case r.Status != plan.OK && r.Status != "":
		line(t.paint(yellow, words.Status(r.Status)))
	}
	if r.Note != "" {
		line(t.paint(yellow, words.Sentence(r.Note)))
	}
	if r.Pending > 0 {
		line(t.paint(yellow, words.Counted(r.Pending, "change is", "changes are")+" pending: accord apply makes them"))
	}
	if r.InSync != nil {
		line("in sync since " + clock(*r.InSync))
	}
	line(pairsText(r))
	if a := r.LastApply; a != nil {
		line(t.paint(faint, fmt.Sprintf("last written by apply %d of %s, %s: %s", a.Number, words.Sentence(a.By), clock(a.Started), words.Did(summed(a.Counts)))))
	}
	if e := r.LastError; e != nil && !slices.ContainsFunc(r.Problems, func(p ProblemStatus) bool { return p.Reason == e.Error }) {
		line(t.paint(faint, "last error, at "+clock(e.At)+": "+words.Sentence(e.Error)))
	}
	if r.Read != nil {
		line(t.paint(faint, "folders last read for an apply: "+clock(*r.Read)))
	}
}

// pause tells of a pause, and how to end it: in a line that a person can copy, however long it is.
func (t *text) pause(p PauseStatus) {
	if p.Trouble != "" {
		t.put(wrap("  "+words.Sentence(reconcile.PauseReason(p.Pause))+".", t.width, 4))
		return
	}
	t.put(wrap(fmt.Sprintf("  %s, %s (%s)", named(p.Pause), words.Sentence(reconcile.Paused(p.Pause)), words.Counted(p.Relationships, "relationship", "relationships")), t.width, 4))
	t.put("    " + words.Sentence(reconcile.ResumeCommand(p.Pause)))
}

func holder(o state.Owner) string {
	if o == (state.Owner{}) {
		return "Somebody who did not say a name holds the state."
	}
	return fmt.Sprintf("%s@%s holds the state (%s, process %d) since %s.", words.Sentence(o.User), words.Sentence(o.Host), words.Sentence(o.Command), o.PID, clock(o.Since))
}

func lastApply(a *Apply) string {
	switch {
	case a == nil:
		return "Nothing was applied yet."
	case a.Finished == nil:
		return fmt.Sprintf("Apply %d by %s began at %s and did not end: the next one looks at what it left.", a.Number, words.Sentence(a.By), clock(a.Started))
	}
	return fmt.Sprintf("Apply %d by %s ended at %s: %s", a.Number, words.Sentence(a.By), clock(*a.Finished), words.Did(summed(a.Counts)))
}

func summed(counts map[string]int) (did plan.Summary) {
	for action, n := range counts {
		did.Count(plan.Action(action), n)
	}
	return did
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

// size is a number of bytes as people want it: 900 B, 3.4 MB.
func size(bytes int64) string {
	const step = 1000
	value, unit := float64(bytes), 0
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for value >= step && unit < len(units)-1 {
		value, unit = value/step, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}
