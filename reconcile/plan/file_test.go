package plan

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

func sample() *Plan {
	return &Plan{
		Document: Document{FormatVersion: FormatVersion, Workspace: "office", PlanID: "p", CreatedAt: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
			Relationships: []Relationship{{Address: "relationship.x", Status: OK, Operations: List(Operation{Action: Add, Title: "Lunch"})}}},
		Work: Work{Writes: []Write{{Folder: "folder.b", Kind: providers.Create, Action: Add, UID: "u", Item: []byte("BEGIN:VCALENDAR")}}},
	}
}

func TestFileKeepsThePlan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "office.plan")
	want := sample()
	if err := WriteFile(path, want); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: a plan holds what items say, and is for its owner alone", info.Mode(), err)
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got.Saved = want.Saved
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

// A file that is cut short anywhere, changed in any byte, or longer than it was, is refused.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "office.plan")
	if err := WriteFile(path, sample()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFile(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s %d: %v", what, at, err)
		}
	}
	for n := range whole {
		refused("cut after byte", n, whole[:n])
		changed := append([]byte(nil), whole...)
		changed[n] ^= 1
		refused("changed in byte", n, changed)
	}
	refused("longer than", len(whole), append(append([]byte(nil), whole...), 0))
}
