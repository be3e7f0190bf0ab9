package main

import (
	"errors"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
)

// onlyKilled is a state whose journal may be read of applies that were killed alone.
type onlyKilled struct {
	state.Store
	killed map[uint64]bool
}

func (o onlyKilled) Entries(apply uint64, each func(state.Entry) error) error {
	if !o.killed[apply] {
		return errors.New("the journal of an apply that ended is read")
	}
	return o.Store.Entries(apply, each)
}

// A relationship that never wrote does not make status read the journal: what applies wrote is in their records, but for one that was killed.
func TestStatusReadsNoJournal(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	wrote := func(address string) map[string]map[string]int { return map[string]map[string]int{address: {"edit": 2}} }
	st := onlyKilled{state.Memory(), map[uint64]bool{2: true}}
	applies := []state.Apply{
		{Number: 1, Started: at, Finished: at, Wrote: wrote("relationship.a")},
		{Number: 2, Started: at},
		{Number: 3, Started: at, Finished: at, Wrote: wrote("relationship.c")},
	}
	err := st.Commit(&state.Batch{Applies: applies, Entries: []state.Entry{
		{Apply: 2, Seq: 1, Relationship: "relationship.b", Kind: providers.Create, Outcome: providers.Done},
		{Apply: 2, Seq: 2, Relationship: "relationship.b", Kind: providers.Delete},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := &survey{}
	for _, address := range []string{"relationship.a", "relationship.b", "relationship.c", "relationship.never"} {
		s.status.Relationships = append(s.status.Relationships, view.RelationshipStatus{Address: address, Since: &at})
	}
	if err := s.touched(st, applies); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		apply  uint64
		action string
		n      int
	}{{1, "edit", 2}, {2, "add", 1}, {3, "edit", 2}} {
		got := s.status.Relationships[i].LastApply
		if got == nil || got.Number != want.apply || len(got.Counts) != 1 || got.Counts[want.action] != want.n {
			t.Errorf("%s was last written to by %+v, want apply %d with %d of %s", s.status.Relationships[i].Address, got, want.apply, want.n, want.action)
		}
	}
	if got := s.status.Relationships[3].LastApply; got != nil {
		t.Errorf("what never wrote was last written to by %+v", got)
	}
}
