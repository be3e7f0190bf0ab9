package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A workspace may be moved, or checked out elsewhere with its state: its folders are the same.
func TestMovedWorkspace(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.add("a", "One", "Two")
	p.apply(runInProcess)
	to := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(p.dir, to); err != nil {
		t.Fatal(err)
	}
	p.dir = to
	p.nothingLeft(runInProcess)
}

// A file that its owner does not let Accord read is named; it is frozen on both sides, and the others go on.
func TestForbiddenFile(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("nothing is forbidden to root")
	}
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.add("a", "Secret", "Open")
	p.apply(runInProcess)
	p.edit("a", "Secret", "Paris", "Rome")
	p.edit("a", "Open", "Paris", "Rome")
	name := filepath.Join(p.dir, "data", "a", "Secret.ics")
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	code, out := runInProcess.run(p, "apply", "-auto-approve")
	if code != 3 || !strings.Contains(out, "Secret.ics") || !strings.Contains(out, "permission denied") || !strings.Contains(out, "Applied: 0 added, 1 edited, 0 deleted.") {
		t.Errorf("exit code %d, want 3\n%s", code, out)
	}
	if err := os.Chmod(name, 0o666); err != nil {
		t.Fatal(err)
	}
	p.apply(runInProcess)
	p.nothingLeft(runInProcess)
}

// A state of another workspace is refused before anything is looked at.
func TestStateOfAnotherWorkspace(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.add("a", "One")
	p.apply(runInProcess)
	p.configure(strings.Replace(blocks("a", "b"), "\"crash\"", "\"other\"", 1) + oneWay("ab", "a", "b", ""))
	for _, verb := range [][]string{{"plan"}, {"apply", "-auto-approve"}} {
		code, out := runInProcess.run(p, verb...)
		if code != 1 || !strings.Contains(out, `belongs to workspace "crash", and this is "other"`) {
			t.Errorf("%s: exit code %d, want 1\n%s", verb, code, out)
		}
	}
}
