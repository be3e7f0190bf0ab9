package state

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const holderVariable = "ACCORD_TEST_HOLD_STATE"

// TestMain is also the other process of the tests: it holds a state until its input ends.
func TestMain(m *testing.M) {
	if dir := os.Getenv(holderVariable); dir != "" {
		os.Exit(hold(dir))
	}
	os.Exit(m.Run())
}

func hold(dir string) int {
	s, err := Open(context.Background(), dir, Options{Owner: owner(os.Getpid())})
	if err == nil {
		err = s.Commit(&Batch{Workspace: "held"})
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

func owner(pid int) Owner {
	return Owner{PID: pid, Host: "here", User: "anna", Command: "accord apply", Since: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

// holder starts a process that holds a state. Its end is waited for by stop, which may be called more than once.
func holder(t *testing.T, dir string) (pid int, stop func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holderVariable+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	stop = func() { _ = in.Close(); _ = cmd.Wait() }
	t.Cleanup(stop)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process: %q, %v", line, err)
	}
	return cmd.Process.Pid, stop
}

func TestSecondProcessIsToldWhoHolds(t *testing.T) {
	dir := t.TempDir()
	pid, stop := holder(t, dir)
	_, writing := Open(context.Background(), dir, Options{})
	_, reading := OpenReader(context.Background(), dir, Options{})
	for _, err := range []error{writing, reading} {
		var locked *LockedError
		if !errors.As(err, &locked) || !errors.Is(err, ErrLocked) || locked.Owner != owner(pid) {
			t.Fatalf("a held state: %v", err)
		}
		want := fmt.Sprintf("anna@here holds it (accord apply, process %d) since 2026-03-01T12:00:00Z; wait for it with -lock-timeout=5m", pid)
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}

	if o, err := Unlock(dir, "here"); !errors.Is(err, ErrLocked) || o != owner(pid) || !strings.Contains(err.Error(), "is alive") {
		t.Errorf("unlocking while the owner is alive: %+v, %v", o, err)
	}

	// The wait ends when the other process does: the clock ticks once for each look, and the second look comes after its end.
	looks := 0
	s, err := Open(context.Background(), dir, Options{
		Wait:    time.Hour,
		Waiting: func(locked *LockedError) { looks = 1 },
		After: func(d time.Duration) <-chan time.Time {
			tick := make(chan time.Time, 1)
			if d < time.Hour {
				stop()
				tick <- time.Time{}
			}
			return tick
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if looks != 1 {
		t.Error("nobody was told of the wait")
	}
	if got := s.Header().Workspace; got != "held" {
		t.Errorf("what the other process committed before it was gone: %q", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestWaitEnds(t *testing.T) {
	dir := t.TempDir()
	unlock, err := Lock(context.Background(), dir, Options{Owner: owner(1)})
	if err != nil {
		t.Fatal(err)
	}
	const wait = time.Minute
	looks, over := 0, make(chan time.Time, 1)
	_, err = Lock(context.Background(), dir, Options{Wait: wait, After: func(d time.Duration) <-chan time.Time {
		if d == wait {
			return over
		}
		if looks++; looks == 3 {
			over <- time.Time{}
			return nil
		}
		tick := make(chan time.Time, 1)
		tick <- time.Time{}
		return tick
	}})
	if !errors.Is(err, ErrLocked) || looks != 3 {
		t.Errorf("after %d looks the wait is over: %v", looks, err)
	}

	ctx, cancel := context.WithCancelCause(context.Background())
	interrupted := errors.New("interrupted")
	_, err = OpenReader(ctx, dir, Options{Wait: wait, Waiting: func(*LockedError) { cancel(interrupted) }, After: func(time.Duration) <-chan time.Time {
		return nil
	}})
	if !errors.Is(err, interrupted) || !errors.Is(err, ErrLocked) {
		t.Errorf("an interrupted wait: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestWritersAndReaders(t *testing.T) {
	dir, _ := small(t, false)
	one, err := OpenReader(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	two, err := OpenReader(context.Background(), dir, Options{})
	if err != nil {
		t.Fatalf("two plans at a time: %v", err)
	}
	_, err = Open(context.Background(), dir, Options{})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Owner != (Owner{}) || !strings.Contains(err.Error(), "reading") {
		t.Errorf("an apply while plans read: %v", err)
	}
	if _, err := Unlock(dir, "here"); !errors.Is(err, ErrLocked) {
		t.Errorf("unlocking while plans read: %v", err)
	}
	if err := errors.Join(one.Close(), two.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestUnlockOfAVanishedHost(t *testing.T) {
	dir := t.TempDir()
	if o, err := Unlock(dir, "here"); err != nil || o != (Owner{}) {
		t.Fatalf("nothing to unlock: %+v, %v", o, err)
	}
	release, err := Lock(context.Background(), dir, Options{Owner: owner(os.Getpid())})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := Unlock(dir, "elsewhere"); err != nil || o != owner(os.Getpid()) {
		t.Fatalf("the lock of another host: %+v, %v", o, err)
	}
	again, err := Lock(context.Background(), dir, Options{Owner: owner(7)})
	if err != nil {
		t.Fatalf("after unlocking: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if _, err := Lock(context.Background(), dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("the vanished host, back again, took the new lock away: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}
