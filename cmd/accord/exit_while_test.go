package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
)

// while runs a command line while something happens.
type while func(p place, accord runner, args []string) (code int, out string)

func undisturbed(p place, accord runner, args []string) (int, string) { return accord.run(p, args...) }

// whileLocked runs while another process holds the state.
func whileLocked(p place, accord runner, args []string) (int, string) {
	defer p.hold()()
	return accord.run(p, args...)
}

// hold takes the state as somebody else.
func (p place) hold() (release func()) {
	p.t.Helper()
	anna := state.Owner{PID: 4711, Host: "elsewhere", User: "anna", Command: "accord apply"}
	free, err := state.Lock(p.t.Context(), filepath.Join(p.dir, ".accord", "state"), state.Options{Owner: anna})
	p.check(err)
	return func() { p.check(free()) }
}

// interruptedWaiting interrupts a run when it says that it waits for the state, which another process holds.
func interruptedWaiting(p place, accord runner, args []string) (int, string) {
	defer p.hold()()
	return accord.interrupted(p, args, func(_, stderr *bufio.Reader) {
		if line, err := stderr.ReadString('\n'); err != nil || !strings.Contains(line, "waiting") {
			p.t.Fatalf("it said %q (%v), not that it waits", line, err)
		}
	})
}

// interruptedWriting interrupts a run that has begun to write what it found, and cannot go on: it has more to say than a pipe holds.
func interruptedWriting(p place, accord runner, args []string) (int, string) {
	return accord.interrupted(p, args, func(stdout, _ *bufio.Reader) {
		if _, err := stdout.Peek(1); err != nil {
			p.t.Fatalf("it said nothing: %v", err)
		}
	})
}

// interrupted starts a run, interrupts it when it is time, and reads the rest once it knows of that.
func (r runner) interrupted(p place, args []string, untilTime func(stdout, stderr *bufio.Reader)) (code int, out string) {
	p.t.Helper()
	if runtime.GOOS == "windows" {
		p.t.Skip("no process can interrupt another one here")
	}
	cmd := exec.CommandContext(p.t.Context(), r.path, append([]string{"-chdir", p.dir}, args...)...)
	stdout, err := cmd.StdoutPipe()
	p.check(err)
	stderr, err := cmd.StderrPipe()
	p.check(err)
	p.check(cmd.Start())
	said, complained := bufio.NewReader(stdout), bufio.NewReader(stderr)
	untilTime(said, complained)
	p.check(cmd.Process.Signal(os.Interrupt))
	for line := ""; !strings.HasPrefix(line, "Interrupted"); {
		if line, err = complained.ReadString('\n'); err != nil {
			p.t.Fatalf("it was not interrupted: %v", err)
		}
	}
	_, err = io.Copy(io.Discard, said)
	p.check(err)
	rest, err := io.ReadAll(complained)
	p.check(err)
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), string(rest)
}
