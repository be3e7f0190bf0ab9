package state

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func known(kind ProblemKind, address string) (Problem, KnownProblem) {
	p := Problem{Kind: kind, Address: address, Cause: "c"}
	return p, Known(p)
}

// TestAcks: they are set, replaced and ended by address, while nobody holds the state or somebody does.
func TestAcks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	_, k := known(Alert, "relationship.r")
	first := Ack{Address: "relationship.r", By: "anna@office", Since: at, Until: at.Add(time.Hour), Problems: []KnownProblem{k}}
	glob := Ack{Address: "mesh.*", By: "ben@office", Reason: "moving", Since: at, Until: at.Add(2 * time.Hour), Problems: []KnownProblem{k}}
	later := first
	later.Until = at.Add(3 * time.Hour)
	has := func(want ...Ack) {
		t.Helper()
		if got := ReadAcks(path); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	has()
	do(SetAck(path, first))
	do(SetAck(path, glob))
	has(glob, first)
	do(SetAck(path, later))
	has(glob, later)
	do(EndAck(path, glob))
	do(EndAck(path, glob))
	has(later)

	bad := filepath.Join(path, "acknowledged", besideName("folder.a"))
	do(os.WriteFile(bad, []byte("{}"), 0o600))
	stray := filepath.Join(path, "acknowledged", "notes.txt")
	do(os.WriteFile(stray, []byte("x"), 0o600))
	for _, a := range ReadAcks(path)[:2] {
		if a.Trouble == "" || len(a.Problems) > 0 {
			t.Errorf("%+v acknowledges something", a)
		}
		if err := EndAck(path, a); (err == nil) != (a.File == bad) {
			t.Errorf("ending %s: %v", a.File, err)
		}
	}
	do(os.Remove(stray))
	has(later)
}

func TestKnownBy(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	p, k := known(Alert, "relationship.r")
	other, _ := known(Blocked, "relationship.r")
	acks := []Ack{
		{Address: "over", Until: now, Problems: []KnownProblem{k}},
		{Address: "short", Until: now.Add(time.Hour), Problems: []KnownProblem{k}},
		{Address: "long", Until: now.Add(3 * time.Hour), Problems: []KnownProblem{k}},
		{Address: "none", Until: now.Add(9 * time.Hour)},
	}
	for _, c := range []struct {
		name string
		at   time.Time
		p    Problem
		want string
	}{
		{"the one that lasts longest", now, p, "long"},
		{"when that is over, nobody does", now.Add(3 * time.Hour), p, ""},
		{"another problem in the same place", now, other, ""},
	} {
		got := ""
		if by := KnownBy(acks, c.p, c.at); by != nil {
			got = by.Address
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestAckThatDoesNotFit: what could not be read again is not set.
func TestAckThatDoesNotFit(t *testing.T) {
	a := Ack{Address: "x", Since: time.Unix(1, 0), Until: time.Unix(2, 0), Reason: string(make([]byte, maxAck))}
	if err := setAck(vfs.NewMem(), "state", a); err == nil {
		t.Error("what cannot be read again is set")
	}
}
