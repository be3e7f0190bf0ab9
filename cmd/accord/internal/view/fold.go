package view

import (
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

const (
	runFrom  = 50 // so many additions are told by the first few of them
	runShown = 5
	runMost  = 256
)

// survey is what a first reading of a relationship's operations found: which sections it has, and what can be told in one line. It holds a bounded
// number of counts, however many operations there are.
type survey struct {
	sections [sections]int
	alike    *review.Alike
	runs     map[runKey]*run
}

// section is where an operation stands in its relationship.
type section int

const (
	foldersSection section = iota
	deletesSection
	leftSection // deletes of what left the filter
	changesSection
	waitsSection
	sections
)

func sectionOf(op plan.Operation) section {
	switch op.Action {
	case plan.CreateFolder:
		return foldersSection
	case plan.Delete:
		if op.Reason == leftFilter {
			return leftSection
		}
		return deletesSection
	case plan.Conflict, plan.Ambiguous:
		return waitsSection
	}
	return changesSection
}

// leftFilter is the reason of the deletes that stand in a section of their own.
const leftFilter = "left_filter"

// runKey is what operations have in common that only differ in their items.
type runKey struct {
	action plan.Action
	side   plan.Side
	reason string
}

// run counts operations of one key, and where they lie in time.
type run struct {
	key           runKey
	n, told       int
	from, to      time.Time
	first, latest string // the starts that from and to were read from
}

// look reads all operations once.
func look(r plan.Relationship) (*survey, error) {
	s := &survey{alike: review.NewAlike(), runs: map[runKey]*run{}}
	for op, err := range r.Operations.All() {
		if err != nil {
			return nil, err
		}
		s.sections[sectionOf(op)]++
		s.alike.Look(op)
		if key, ok := runOf(op); ok {
			s.run(key, op)
		}
	}
	return s, nil
}

// runOf is the run that an operation may be a part of: one that adds an item, or changes none of its fields.
func runOf(op plan.Operation) (runKey, bool) {
	switch op.Action {
	case plan.Add, plan.Adopt, plan.Retire, plan.Release:
		if op.Action == plan.Add || len(op.Fields) == 0 {
			return runKey{op.Action, op.Side, op.Reason}, op.Detail == "" && len(op.Originals) <= 1
		}
	}
	return runKey{}, false
}

func (s *survey) run(key runKey, op plan.Operation) {
	r := s.runs[key]
	if r == nil {
		if len(s.runs) == runMost {
			return
		}
		r = &run{key: key}
		s.runs[key] = r
	}
	r.n++
	start, at, ok := startOf(op)
	if !ok {
		return
	}
	if r.first == "" || at.Before(r.from) {
		r.first, r.from = start, at
	}
	if r.latest == "" || at.After(r.to) {
		r.latest, r.to = start, at
	}
}

// startOf is the start of an item that is added.
func startOf(op plan.Operation) (text string, at time.Time, ok bool) {
	for _, f := range op.Fields {
		if f.Name != "start" || f.Occurrence != "" {
			continue
		}
		text, _ = f.After.(string)
		for _, form := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(form, text); err == nil {
				return text, at, true
			}
		}
	}
	return "", at, false
}

// span says when the items of a run are: ", from Mon 4 Jan 2027 to Fri 29 Oct 2027"; "" where they have no times.
func (r *run) span() string {
	const day = len(time.DateOnly)
	switch {
	case r.first == "":
		return ""
	case r.first[:day] == r.latest[:day]:
		return ", on " + words.Moment(r.first[:day])
	}
	return ", from " + words.Moment(r.first[:day]) + " to " + words.Moment(r.latest[:day])
}
