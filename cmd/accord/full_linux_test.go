package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a disk of so many kB at a directory of a place. grow makes it large.
func smallDisk(p place, dir string, kB int) (grow func()) {
	p.t.Helper()
	dir = filepath.Join(p.dir, dir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kB)); err != nil {
		p.t.Skipf("no disk can be mounted here: %v", err)
	}
	p.t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			p.t.Error(err)
		}
	})
	return func() {
		p.t.Helper()
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, "size=64m"); err != nil {
			p.t.Fatal(err)
		}
	}
}

// full is a workspace with more items than a small disk holds.
func full(t *testing.T) (p place, titles []string) {
	p = newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	for i := range 300 {
		titles = append(titles, fmt.Sprint("Item ", i))
	}
	p.add("a", titles...)
	return p, titles
}

// A folder whose disk is full is told in one sentence; what found room is whole and recorded, and the rest is done when there is room.
func TestFullDiskOfFolder(t *testing.T) {
	p, titles := full(t)
	grow := smallDisk(p, "data/b", 400)
	accord := runner{"accord"}
	code, out := accord.run(p, "apply", "-auto-approve")
	if code != 3 || !strings.Contains(out, "no space left on device") {
		t.Fatalf("exit code %d, want 3\n%.4000s", code, out)
	}
	between := p.held()
	grow()
	p.apply(accord)
	p.nothingLeft(accord)
	for name, before := range between {
		if now := p.held()[name]; now.content != before.content || !os.SameFile(now.info, before.info) {
			t.Errorf("%s was not whole, or is written again", name)
		}
	}
	if got := len(p.held()); got != 2*len(titles) {
		t.Errorf("the folders hold %d items, want %d", got, 2*len(titles))
	}
}

// A state whose disk is full ends the apply before anything is written that could not be recorded.
func TestFullDiskOfState(t *testing.T) {
	p, titles := full(t)
	grow := smallDisk(p, ".accord", 60)
	accord := runner{"accord"}
	code, out := accord.run(p, "apply", "-auto-approve")
	if code != 1 || !strings.Contains(out, "no space left on device") || !strings.Contains(out, filepath.Join(".accord", "state")) {
		t.Fatalf("exit code %d, want 1\n%s", code, out)
	}
	grow()
	p.apply(accord)
	p.nothingLeft(accord)
	if got := len(p.held()); got != 2*len(titles) {
		t.Errorf("the folders hold %d items, want %d", got, 2*len(titles))
	}
}
