package state

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var renewedAt = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// keepBase is a state in a directory with one relationship and one apply of two entries.
func keepBase(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "state")
	s, err := Open(t.Context(), path, Options{})
	if err == nil {
		err = s.Commit(&Batch{Workspace: "office", Relationships: []Relationship{{Address: "relationship.a", Source: "folder.a", Destination: "folder.b"}},
			Applies: []Apply{{Number: 7, Plan: "seven"}}, Entries: []Entry{{Apply: 7, Seq: 1, Outcome: "done"}, {Apply: 7, Seq: 2}}})
	}
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// knows is how many relationships, applies and open entries a state has.
func knows(t *testing.T, path string) [3]int {
	t.Helper()
	s, err := OpenReader(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	relationships, err1 := s.Relationships()
	applies, err2 := s.Applies()
	open, err3 := s.Open()
	if err := errors.Join(err1, err2, err3, s.Close()); err != nil {
		t.Fatal(err)
	}
	return [3]int{len(relationships), len(applies), len(open)}
}

func TestRenewedStateTakesTheOldOnesPlace(t *testing.T) {
	path := keepBase(t)
	var asides []string
	for range 2 {
		r, err := Renew(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Was.Workspace == "" && len(asides) == 0 || r.Unread != nil || r.Uncounted() {
			t.Errorf("of the old state is known: %+v, %v", r.Was, r.Unread)
		}
		if err := r.TakeJournal(); err != nil {
			t.Fatal(err)
		}
		aside, err := r.Keep(renewedAt)
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		asides = append(asides, filepath.Base(aside))
		if got := knows(t, path); got != [3]int{0, 1, 1} {
			t.Errorf("the new state knows %v", got)
		}
	}
	if want := [2]string{"db.20260302T120000Z", "db.20260302T120000Z-2"}; [2]string(asides) != want {
		t.Errorf("the old states are kept as %q", asides)
	}
	// What was kept is put back by its name.
	if err := errors.Join(os.RemoveAll(filepath.Join(path, dbName)), os.Rename(filepath.Join(path, asides[0]), filepath.Join(path, dbName))); err != nil {
		t.Fatal(err)
	}
	if got := knows(t, path); got != [3]int{1, 1, 1} {
		t.Errorf("the state that was put back knows %v", got)
	}
}

func TestRenewalThatIsGivenUpChangesNothing(t *testing.T) {
	path := keepBase(t)
	r, err := Renew(t.Context(), path, Options{})
	if err == nil {
		err = errors.Join(r.TakeJournal(), r.Commit(&Batch{Workspace: "other"}))
	}
	if _, held := Open(t.Context(), path, Options{}); !errors.Is(held, ErrLocked) {
		t.Errorf("while it is made anew, the state can be opened: %v", held)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	if got := knows(t, path); got != [3]int{1, 1, 1} {
		t.Errorf("the state knows %v", got)
	}
	if _, err := os.Stat(filepath.Join(path, renewedName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was left behind: %v", err)
	}
}

func TestDamagedStateIsRenewed(t *testing.T) {
	path := keepBase(t)
	if err := os.WriteFile(filepath.Join(path, dbName, formatName), []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Renew(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Unread == nil || !r.Uncounted() {
		t.Errorf("the damage is not said, or that applies are counted anew")
	}
	if _, err := r.Keep(renewedAt); err != nil {
		t.Fatal(err)
	}
	if got := knows(t, path); got != [3]int{} {
		t.Errorf("the new state knows %v", got)
	}
}

func TestNewerStateIsNotRenewed(t *testing.T) {
	path := keepBase(t)
	if err := os.WriteFile(filepath.Join(path, dbName, formatName), []byte("accord state 999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Renew(t.Context(), path, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("the error is %v", err)
	}
}
