package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// result is how one of several processes ended.
type result struct {
	code int
	out  string
	made int // items, as it says
}

// race runs a command line in several processes at once.
func (p place) race(accord runner, processes int, args ...string) []result {
	results := make([]result, processes)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			r := &results[i]
			r.code, r.out = accord.run(p, append(args, "-json")...)
			for line := range strings.Lines(r.out) {
				var said struct {
					Type    string
					Summary plan.Summary
				}
				if err := json.Unmarshal([]byte(line), &said); err == nil && said.Type == "result" {
					r.made = said.Summary.Add
				}
			}
		})
	}
	all.Wait()
	return results
}

// inTurn checks that no apply began before the one before it had ended, and that each item was created once. It gives the number of applies.
func (p place) inTurn() int {
	p.t.Helper()
	s, err := state.OpenReader(p.t.Context(), filepath.Join(p.dir, ".accord", "state"), state.Options{Wait: time.Minute})
	p.check(err)
	applies, err := s.Applies()
	p.check(err)
	created := map[string]int{}
	for i, a := range applies {
		if i > 0 && a.Started.Before(applies[i-1].Finished) {
			p.t.Errorf("apply %d began at %s, and apply %d ended at %s", a.Number, a.Started, applies[i-1].Number, applies[i-1].Finished)
		}
		p.check(s.Entries(a.Number, func(e state.Entry) error { created[e.UID]++; return nil }))
	}
	for uid, times := range created {
		if times != 1 {
			p.t.Errorf("%s was created %d times", uid, times)
		}
	}
	p.check(s.Close())
	return len(applies)
}

// Of several applies at once one works at a time. Those that wait find nothing left to do; those that do not are told who works, or that somebody does. Each
// item is created once.
func TestSeveralAppliesAtOnce(t *testing.T) {
	const processes, items = 6, 20
	accord := build(t)
	for name, waits := range map[string][]string{"waiting": {patience}, "at once": nil} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
			for i := range items {
				p.add("a", fmt.Sprint("Item ", i))
			}
			made, locked := 0, 0
			for _, r := range p.race(accord, processes, append([]string{"apply", "-auto-approve"}, waits...)...) {
				made += r.made
				switch {
				case r.code == 6 && waits == nil && strings.Contains(r.out, "is locked: "):
					locked++
				case r.code != 0:
					t.Errorf("exit code %d\n%s", r.code, r.out)
				}
			}
			if made != items || len(p.held()) != 2*items || locked == processes {
				t.Errorf("%d processes were told that it is locked, the others made %d items, and the folders hold %d; want %d and %d", locked, made, len(p.held()), items, 2*items)
			}
			t.Logf("%s: of %d processes %d were told that the state is locked; %d applies are in the journal", name, processes, locked, p.inTurn())
			p.nothingLeft(accord)
		})
	}
}

// A plan file that several processes apply at once is applied by one of them.
func TestOnePlanAppliedAtOnce(t *testing.T) {
	accord := runner{"accord"}
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.add("a", "One", "Two", "Three")
	if code, out := accord.run(p, "plan", "-out=once.plan"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	done := 0
	for _, r := range p.race(accord, 5, "apply", "once.plan", patience) {
		switch {
		case r.code == 0 && r.made == 3:
			done++
		case r.code != 5 || !strings.Contains(r.out, "applied already"):
			t.Errorf("exit code %d, and %d items made\n%s", r.code, r.made, r.out)
		}
	}
	if n := p.inTurn(); done != 1 || n != 1 {
		t.Errorf("it was applied by %d processes; the journal has %d applies", done, n)
	}
	p.nothingLeft(accord)
}

// An apply that asks holds the state. Others are told its process, or wait; when it is killed, they go on, and who comes later does not wait for the dead.
func TestOwnerIsKilled(t *testing.T) {
	accord := runner{"accord"}
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.add("a", "One", "Two", "Three")
	owner, asked := p.begun(accord, "apply")
	if _, err := asked.ReadString('?'); err != nil {
		t.Fatalf("it did not ask: %v", err)
	}
	lock := filepath.Join(p.dir, ".accord", "state", "lock")
	for _, args := range [][]string{{"apply", "-auto-approve"}, {"plan"}, {"apply", "-auto-approve", "-lock-timeout=1ms"}} {
		code, out := accord.run(p, args...)
		if want := fmt.Sprintf("accord apply, process %d)", owner.Process.Pid); code != 6 || !strings.Contains(out, want) {
			t.Errorf("%s: exit code %d, and it does not say %q\n%s", args, code, want, out)
		}
	}
	if code, out := accord.run(p, "state", "unlock"); code != 1 && code != 6 || !strings.Contains(out, "is alive") {
		t.Errorf("unlocked while its owner is alive: exit code %d\n%s", code, out)
	}
	if got := len(p.held()); got != 3 {
		t.Errorf("the folders hold %d items before anybody agreed", got)
	}
	waiter, said := p.begun(accord, "apply", "-auto-approve", patience)
	if line, err := said.ReadString('\n'); err != nil || !strings.Contains(line, "waiting") {
		t.Fatalf("it said %q (%v), not that it waits", line, err)
	}
	p.check(owner.Process.Kill())
	_ = owner.Wait()
	rest, err := io.ReadAll(said)
	p.check(err)
	if err := waiter.Wait(); err != nil || len(p.held()) != 6 {
		t.Fatalf("the one that waited: %v, and the folders hold %d items\n%s", err, len(p.held()), rest)
	}

	p.add("a", "Four", "Five", "Six")
	if _, ended := p.mortal(8); ended {
		t.Fatal("it came to its end")
	}
	text, err := os.ReadFile(lock)
	p.check(err)
	if !bytes.Contains(text, []byte(`"command":"accord apply"`)) {
		t.Fatalf("the killed process left %q in the lock file", text)
	}
	if code, out := accord.run(p, "apply", "-auto-approve", patience, "-json"); code != 0 || strings.Contains(out, "waiting up to") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	p.nothingLeft(accord)
	if got := len(p.held()); got != 12 {
		t.Errorf("the folders hold %d items, want 12", got)
	}
}

// begun is a process that goes on while the test does, and what it says.
func (p place) begun(accord runner, args ...string) (*exec.Cmd, *bufio.Reader) {
	p.t.Helper()
	cmd, said, _ := p.talks(accord, args...)
	return cmd, said
}

// talks is a process that goes on while the test does, what it says, and where it listens.
func (p place) talks(accord runner, args ...string) (*exec.Cmd, *bufio.Reader, *os.File) {
	p.t.Helper()
	if runtime.GOOS == "windows" {
		p.t.Skip("a pipe is another thing here")
	}
	cmd := exec.CommandContext(p.t.Context(), accord.path, append([]string{"-chdir", p.dir}, args...)...)
	out, in, err := os.Pipe()
	p.check(err)
	heard, answer, err := os.Pipe()
	p.check(err)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = heard, in, in
	p.t.Cleanup(func() { _ = answer.Close(); _ = out.Close() })
	p.check(cmd.Start())
	p.check(in.Close())
	p.check(heard.Close())
	return cmd, bufio.NewReader(out), answer
}
