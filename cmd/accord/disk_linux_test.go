package main

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// readOnlyDisk makes a directory of a place read-only, until it is made writable again. What is open stays as it is.
func readOnlyDisk(p place, dir string) (writable func()) {
	p.t.Helper()
	dir = filepath.Join(p.dir, dir)
	if err := unix.Mount(dir, dir, "", unix.MS_BIND, ""); err != nil {
		p.t.Skipf("no disk can be mounted here: %v", err)
	}
	mounted := true
	writable = func() {
		if mounted {
			p.check(unix.Unmount(dir, unix.MNT_DETACH))
		}
		mounted = false
	}
	p.t.Cleanup(writable)
	p.check(unix.Mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	return writable
}

// saysOnce checks that a run failed with one error, which says all of these.
func saysOnce(t *testing.T, code int, out string, words ...string) {
	t.Helper()
	if code != 1 || strings.Count(out, "Error:") != 1 {
		t.Fatalf("exit code %d and %d errors, want 1 and one\n%s", code, strings.Count(out, "Error:"), out)
	}
	for _, word := range words {
		if !strings.Contains(out, word) {
			t.Errorf("it does not say %q\n%s", word, out)
		}
	}
}

// A state that became read-only between two runs can be planned with. An apply is refused before anything is written.
func TestReadOnlyStateBetweenRuns(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	accord := runner{"accord"}
	for _, begin := range []string{"made now", "made before"} {
		p.add("a", begin)
		p.check(os.MkdirAll(filepath.Join(p.dir, ".accord", "state"), 0o700))
		writable := readOnlyDisk(p, ".accord")
		before := p.held()
		if code, out := accord.run(p, "plan", "-detailed-exitcode"); code != 2 {
			t.Errorf("%s: plan: exit code %d, want 2\n%s", begin, code, out)
		}
		code, out := accord.run(p, "apply", "-auto-approve")
		saysOnce(t, code, out, filepath.Join(".accord", "state"), "read-only file system")
		p.holds(before, before)
		writable()
		p.apply(accord)
		p.nothingLeft(accord)
	}
	if got := len(p.held()); got != 4 {
		t.Errorf("the folders hold %d items, want 4", got)
	}
}

// A state that becomes read-only while an apply waits for approval: what was written is recorded, or nothing was written, and the next apply does the rest.
func TestReadOnlyStateDuringARun(t *testing.T) {
	accord := runner{"accord"}
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	titles := []string{"One", "Two", "Three", "Four", "Five", "Six"}
	p.add("a", titles...)
	p.apply(accord)
	for _, title := range titles {
		p.edit("a", title, "Paris", "Rome")
	}
	p.add("a", "New")
	cmd, said, answer := p.talks(accord, "apply")
	if _, err := said.ReadString('?'); err != nil {
		t.Fatalf("it did not ask: %v", err)
	}
	writable := readOnlyDisk(p, ".accord")
	_, err := answer.WriteString("yes\n")
	p.check(err)
	var out strings.Builder
	_, err = said.WriteTo(&out)
	p.check(err)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		saysOnce(t, code, out.String(), filepath.Join(".accord", "state"), "read-only file system", "run accord apply again")
	}
	writable()
	between := p.held()
	p.apply(accord)
	p.nothingLeft(accord)
	now := p.held()
	for name, before := range between {
		if before.content == now[name].content && !os.SameFile(before.info, now[name].info) {
			t.Errorf("%s is written again", name)
		}
	}
	if got := len(now); got != 2*len(titles)+2 {
		t.Errorf("the folders hold %d items, want %d", got, 2*len(titles)+2)
	}
}

// The disk of the state fills up at different times of an apply. It says so once; what was written is not written again when there is room.
func TestFullDiskOfStateAtAnyTime(t *testing.T) {
	for kB := 8; ; kB += kB + 8 {
		p, titles := full(t)
		grow := smallDisk(p, ".accord", kB)
		accord := runner{"accord"}
		code, out := accord.run(p, "apply", "-auto-approve")
		if code != 0 {
			saysOnce(t, code, out, "no space left on device", filepath.Join(".accord", "state"))
		}
		between := p.held()
		grow()
		p.apply(accord)
		p.nothingLeft(accord)
		now := p.held()
		for name, before := range between {
			if !os.SameFile(before.info, now[name].info) {
				t.Errorf("%d kB: %s is written again", kB, name)
			}
		}
		if got := len(now); got != 2*len(titles) {
			t.Errorf("%d kB: the folders hold %d items, want %d", kB, got, 2*len(titles))
		}
		if code == 0 {
			if kB < 100 {
				t.Errorf("%d kB were enough", kB)
			}
			return
		}
	}
}

// A plan that finds no room is no plan: the file that was there before stays, and nothing else is left.
func TestFullDiskOfPlan(t *testing.T) {
	p, _ := full(t)
	accord := runner{"accord"}
	grow := smallDisk(p, "plans", 16)
	p.put("plans/reviewed.plan", "old")
	code, out := accord.run(p, "plan", "-out=plans/reviewed.plan")
	saysOnce(t, code, out, "no space left on device", "reviewed.plan")
	entries, err := os.ReadDir(filepath.Join(p.dir, "plans"))
	p.check(err)
	if text, err := os.ReadFile(filepath.Join(p.dir, "plans", "reviewed.plan")); err != nil || string(text) != "old" || len(entries) != 1 {
		t.Errorf("the old plan is %q (%v), beside %d other files", text, err, len(entries)-1)
	}
	code, out = accord.run(p, "plan", "-json-into=plans/plan.json")
	saysOnce(t, code, out, "no space left on device", "plan.json")
	grow()
	if code, out := accord.run(p, "plan", "-out=plans/reviewed.plan"); code != 0 {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, out := accord.run(p, "apply", "plans/reviewed.plan"); code != 0 {
		t.Errorf("exit code %d\n%s", code, out)
	}
	p.nothingLeft(accord)
}

// A plan that is too large for memory, and finds no room for temporary files, says where they would be.
func TestFullDiskOfTemporaryFiles(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	const items = 40
	random := rand.NewChaCha8([32]byte{6})
	for i := range items {
		noise := make([]byte, 300<<10)
		_, _ = random.Read(noise)
		title := fmt.Sprint("Item ", i)
		p.add("a", title)
		p.edit("a", title, "LOCATION:Paris", "LOCATION:"+base64.StdEncoding.EncodeToString(noise))
	}
	grow := smallDisk(p, "temporary", 64)
	t.Setenv("TMPDIR", filepath.Join(p.dir, "temporary"))
	accord := runner{"accord"}
	for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}} {
		code, out := accord.run(p, args...)
		saysOnce(t, code, out, "no space left on device", "TMPDIR")
	}
	if got := len(p.held()); got != items {
		t.Errorf("the folders hold %d items, and nothing could be planned", got)
	}
	grow()
	p.apply(accord)
	p.nothingLeft(accord)
	if left, err := os.ReadDir(filepath.Join(p.dir, "temporary")); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left behind: %v, %v", left, err)
	}
}
