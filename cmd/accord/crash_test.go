package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// crash is an apply that gets killed: what a first apply has settled, what people do then, and the configuration from then on.
type crash struct {
	name    string
	config  string
	settled func(place)
	then    func(place)
	after   string // the configuration after then; "": the same
}

var crashes = []crash{
	{
		name:   "first apply",
		config: blocks("a", "b", "c") + oneWay("ab", "a", "b", "") + oneWay("ac", "a", "c", ""),
		then:   func(p place) { p.add("a", "One", "Two", "Three") },
	},
	{
		name:    "one way",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", ""),
		settled: func(p place) { p.add("a", "Edited", "Deleted", "Reset", "Recopied", "Quiet", "Both") },
		then: func(p place) {
			p.add("a", "New", "Newer")
			p.edit("a", "Edited", "Paris", "Rome")
			p.remove("a", "Deleted")
			p.edit("b", "Reset", "Paris", "Oslo")
			p.remove("b", "Recopied")
			p.edit("a", "Both", "Paris", "Rome")
			p.edit("b", "Both", "20270104", "20270105")
		},
	},
	{
		name:   "mesh",
		config: blocks("a", "b", "c") + mesh(""),
		settled: func(p place) {
			p.add("a", "Original", "Merged", "Deleted")
			p.add("b", "Replica", "Gone")
			p.add("c", "Quiet")
		},
		then: func(p place) {
			p.edit("a", "Original", "Paris", "Rome")
			p.edit("a", "Merged", "Paris", "Rome")
			p.edit("b", "Merged", "20270104", "20270105")
			p.edit("c", "Replica", "Paris", "Oslo")
			p.remove("a", "Deleted")
			p.remove("c", "Gone")
			p.add("c", "New")
		},
	},
	{
		name:    "preserve",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "on_destination {\n    edit = \"preserve\"\n  }"),
		settled: func(p place) { p.add("a", "Released", "Again", "Deleted", "Quiet") },
		then: func(p place) {
			p.edit("b", "Released", "Paris", "Oslo")
			p.edit("b", "Again", "Paris", "Oslo")
			p.edit("a", "Again", "Paris", "Rome")
			p.edit("b", "Deleted", "Paris", "Oslo")
			p.remove("a", "Deleted")
		},
	},
	{
		name:    "set apart",
		config:  blocks("a", "b", "c") + mesh("conflict = \"preserve\""),
		settled: func(p place) { p.add("a", "Conflict", "Other", "Quiet") },
		then: func(p place) {
			p.edit("a", "Conflict", "Paris", "Rome")
			p.edit("b", "Conflict", "Paris", "Oslo")
			p.edit("a", "Other", "Paris", "Rome")
			p.edit("b", "Other", "Paris", "Oslo")
		},
	},
	{
		name: "removal",
		config: blocks("a", "b", "c", "d") + oneWay("ab", "a", "b", "on_remove = \"delete\"") +
			oneWay("ac", "a", "c", "on_remove = \"release\"") + oneWay("ad", "a", "d", "on_remove = \"retire\""),
		settled: func(p place) { p.add("a", "One", "Two") },
		after:   blocks("a", "b", "c", "d"),
	},
}

func oneWay(name, from, to, more string) string {
	return fmt.Sprintf("relationship %q {\n  source = folder.%s\n  destination = folder.%s\n  profile = \"one_way\"\n  %s\n}\n", name, from, to, more)
}

func mesh(more string) string {
	return "mesh \"all\" {\n  folders = [folder.a, folder.b, folder.c]\n  profile = \"two_way\"\n  " + more + "\n}\n"
}

// An apply that is killed at any step, and run again, ends where one that is not killed ends: each original has its replica, nothing is lost, no write that
// was made is made again, and there is nothing left to do (DESIGN section 6, invariant 6).
func TestKilled(t *testing.T) {
	accord := build(t)
	for _, c := range crashes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var early atomic.Int32
			c.atEveryStep(t, accord, func(t *testing.T, p place, step int) {
				if _, ended := p.mortal(step); ended && early.Add(1) > 8 {
					t.Fatal("it came to its end") // a file that was young when it was read is looked at once more: a few steps fewer or more, not many
				}
			})
		})
	}
	t.Run("at random", func(t *testing.T) {
		t.Parallel()
		killedAtRandom(t, accord)
	})
}

// An apply that a person interrupts at any step exits 130; the next one does what is left.
func TestInterruptedAtAnyStep(t *testing.T) {
	for _, c := range crashes[:2] {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.atEveryStep(t, runner{"accord"}, func(t *testing.T, p place, step int) {
				cmd, said := p.mortalCommand(step)
				cmd.Env = append(cmd.Env, isInterrupted+"=yes")
				if _ = cmd.Run(); cmd.ProcessState.ExitCode() != 130 || !strings.Contains(said.String(), errInterrupted.Error()) {
					t.Fatalf("exit code %d, want 130\n%s", cmd.ProcessState.ExitCode(), said)
				}
			})
		})
	}
}

// atEveryStep ends the apply at each of its steps in turn, and has another one do the rest.
func (c crash) atEveryStep(t *testing.T, accord runner, end func(t *testing.T, p place, step int)) {
	p := c.begin(t)
	steps, ended := p.mortal(0)
	if !ended || steps < 6 {
		t.Fatalf("it came to its end: %v, after %d steps", ended, steps)
	}
	p.nothingLeft(accord)
	want := p.held()
	t.Logf("ended at each of %d steps", steps)
	for step := 1; step <= steps; step++ {
		t.Run(strconv.Itoa(step), func(t *testing.T) {
			t.Parallel()
			p := c.begin(t)
			end(t, p, step)
			between := p.held()
			p.apply(accord)
			p.nothingLeft(accord)
			p.holds(want, between)
		})
	}
}

// begin is a workspace just before the apply.
func (c crash) begin(t *testing.T) place {
	t.Helper()
	p := newPlace(t, c.config)
	if c.settled != nil {
		c.settled(p)
		p.apply(runInProcess)
	}
	if c.then != nil {
		c.then(p)
	}
	if c.after != "" {
		p.configure(c.after)
	}
	return p
}

// killedAtRandom kills applies of the program itself, at whatever it does.
func killedAtRandom(t *testing.T, accord runner) {
	const rounds, items = 20, 40
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	folders := []string{"a", "b", "c"}
	p := newPlace(t, blocks(folders...)+mesh(""))
	for i := range items {
		p.add("a", fmt.Sprint("Item ", i))
	}
	began := time.Now()
	p.apply(accord)
	whole := time.Since(began)
	killed := 0
	for round := range rounds {
		for i := round; i < items; i += 8 {
			p.edit(folders[random.IntN(3)], fmt.Sprint("Item ", i), "Paris", fmt.Sprint("Paris ", round))
		}
		p.add(folders[random.IntN(3)], fmt.Sprint("Round ", round))
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(whole))))
		if err := exec.CommandContext(ctx, accord.path, "-chdir", p.dir, "apply", "-auto-approve", patience).Run(); err != nil {
			killed++
		}
		cancel()
		p.apply(accord)
		p.nothingLeft(accord)
		all := map[string]map[string]int{"a": {}, "b": {}, "c": {}}
		for name, file := range p.held() {
			_, said, _ := strings.Cut(file.content, "\nSUMMARY:")
			all[name[:1]][said]++
		}
		for said, n := range all["a"] {
			if n != 1 || all["b"][said] != 1 || all["c"][said] != 1 {
				t.Fatalf("round %d: the folders hold %d, %d and %d of %q", round, n, all["b"][said], all["c"][said], said)
			}
		}
		if n := items + round + 1; len(all["a"]) != n || len(all["b"]) != n || len(all["c"]) != n {
			t.Fatalf("round %d: the folders hold %d, %d and %d items, want %d", round, len(all["a"]), len(all["b"]), len(all["c"]), n)
		}
	}
	t.Logf("%d of %d applies were killed", killed, rounds)
}

// runner is how a command line is run: by the program at path, or in this process.
type runner struct{ path string }

var runInProcess = runner{}

// build makes the program as it is released.
func build(t *testing.T) runner {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accord")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return runner{path}
}

// run runs a command line in a place.
func (r runner) run(p place, args ...string) (code int, out string) {
	p.t.Helper()
	if r.path == "" {
		code, out, stderr := runIn(p.t.Context(), p.dir, drivers(nil), args...)
		return code, out + stderr
	}
	cmd := exec.CommandContext(p.t.Context(), r.path, append([]string{"-chdir", p.dir}, args...)...)
	text, err := cmd.CombinedOutput()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		p.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

// patience has a process wait for the lock of another test's: a process that is being started holds, for a moment, what its parent had open.
const patience = "-lock-timeout=1m"

func (p place) apply(r runner) {
	p.t.Helper()
	if code, out := r.run(p, "apply", "-auto-approve", patience); code != 0 {
		p.t.Fatalf("apply: exit code %d\n%s", code, out)
	}
}

func (p place) nothingLeft(r runner) {
	p.t.Helper()
	if code, out := r.run(p, "plan", "-detailed-exitcode", patience); code != 0 {
		p.t.Fatalf("there is something left to do: exit code %d\n%s", code, out)
	}
}

// mortal applies until the step at which it is killed, or comes to its end and says how many steps it took.
func (p place) mortal(at int) (steps int, ended bool) {
	p.t.Helper()
	cmd, said := p.mortalCommand(at)
	err := cmd.Run()
	_, count, ended := strings.Cut(said.String(), stepsWere)
	if !ended {
		return 0, false
	}
	steps, bad := strconv.Atoi(count)
	if err != nil || bad != nil {
		p.t.Fatalf("it failed before it was killed: %v\n%s", err, said)
	}
	return steps, true
}

func (p place) mortalCommand(at int) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	cmd = exec.CommandContext(p.t.Context(), "mortal", "-chdir", p.dir, "apply", "-auto-approve", "-parallelism=1", patience)
	cmd.Env = append(os.Environ(), diesAt+"="+strconv.Itoa(at))
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	return cmd, stderr
}

// holds compares the folders with what they are to hold. What was there between as it is to be must be the same file still: it was not written again.
func (p place) holds(want, between map[string]held) {
	p.t.Helper()
	got := p.held()
	for name, file := range want {
		now, there := got[name]
		switch before := between[name]; {
		case !there:
			p.t.Errorf("%s is lost; it should say\n%s", name, file.content)
		case now.content != file.content:
			p.t.Errorf("%s says\n%s\nwant\n%s", name, now.content, file.content)
		case before.content == file.content && (!os.SameFile(before.info, now.info) || !before.info.ModTime().Equal(now.info.ModTime())):
			p.t.Errorf("%s was written again", name)
		}
	}
	for name, file := range got {
		if _, wanted := want[name]; !wanted {
			p.t.Errorf("%s is one too many; it says\n%s", name, file.content)
		}
	}
}
