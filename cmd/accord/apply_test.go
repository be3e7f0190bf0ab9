package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// meddled is a driver that lets something happen before each write.
type meddled struct {
	providers.Driver
	before func()
}

type meddledProvider struct {
	providers.Provider
	before func()
}

type meddledFolder struct {
	providers.Folder
	before func()
}

func (d meddled) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return meddledProvider{p, d.before}, err
}

func (p meddledProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return meddledFolder{f, p.before}, nil
}

func (f meddledFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	f.before()
	return f.Folder.Write(ctx, writes)
}

// starterWith makes the workspace of init with some more items at its source. Each has two replicas to be.
func starterWith(t *testing.T, items int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if code, _, stderr := runIn(t.Context(), dir, drivers(nil), "init"); code != 0 {
		t.Fatalf("init: exit code %d: %s", code, stderr)
	}
	for i := range items {
		addItem(t, dir, i)
	}
	return dir
}

func addItem(t *testing.T, dir string, i int) {
	t.Helper()
	text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:u%d\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART:20270104T100000Z\r\nSUMMARY:Item %[1]d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", i)
	if err := os.WriteFile(filepath.Join(dir, "data", "company", fmt.Sprintf("u%d.ics", i)), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// runIn runs a command line in this process.
func runIn(ctx context.Context, dir string, drivers map[string]providers.Driver, args ...string) (code int, out, stderr string) {
	p := testProgram()
	p.now, p.drivers = time.Now, drivers
	code = p.run(ctx, append([]string{"-chdir", dir}, args...))
	return code, p.out.(*bytes.Buffer).String(), p.err.(*bytes.Buffer).String()
}

func written(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "data", "[ab]*", "*.ics"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// An apply that is interrupted records what was written and exits 130; the next one does the rest, and nothing twice.
func TestInterruptedApply(t *testing.T) {
	const items = 60
	dir := starterWith(t, items)
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupting := map[string]providers.Driver{"vdir": meddled{drivers(nil)["vdir"], func() { cancel(errInterrupted) }}}
	code, out, stderr := runIn(ctx, dir, interrupting, "apply", "-auto-approve", "-parallelism=1")
	if code != 130 || !strings.Contains(stderr, errInterrupted.Error()) || !strings.Contains(out, "Applied: ") {
		t.Fatalf("exit code %d, want 130\n%s\n%s", code, out, stderr)
	}
	if got, all := written(t, dir), 2*(items+1); got == 0 || got == all {
		t.Fatalf("%d of %d replicas are written: the interrupt was not in the middle", got, all)
	}
	code, out, stderr = runIn(t.Context(), dir, drivers(nil), "apply", "-auto-approve")
	if got, all := written(t, dir), 2*(items+1); code != 0 || got != all {
		t.Errorf("the next apply: exit code %d, and there are %d replicas, want %d\n%s%s", code, got, all, out, stderr)
	}
	if _, out, _ := runIn(t.Context(), dir, drivers(nil), "plan"); !strings.Contains(out, "Plan: 0 to add, 0 to edit, 0 to delete.") {
		t.Errorf("there is something left to do:\n%s", out)
	}
}

// -verify fails when the world went on while the plan was applied.
func TestVerifyFindsWhatIsLeft(t *testing.T) {
	dir := starterWith(t, 1)
	late := map[string]providers.Driver{"vdir": meddled{drivers(nil)["vdir"], func() { addItem(t, dir, 2) }}}
	code, out, stderr := runIn(t.Context(), dir, late, "apply", "-auto-approve", "-verify", "-parallelism=1")
	if code != 1 || !strings.Contains(stderr, "the plan after the apply is not empty") || !strings.Contains(out, "Plan: 2 to add") {
		t.Errorf("exit code %d, want 1\n%s\n%s", code, out, stderr)
	}
}

func TestApproval(t *testing.T) {
	for answer, want := range map[string]error{"yes\n": nil, " yes \r\n": nil, "yes": nil, "y\n": errDeclined, "no\n": errDeclined, "\n": errDeclined, "": errNobody, " ": errDeclined} {
		p := testProgram()
		p.in = strings.NewReader(answer)
		if err := p.approve(t.Context()); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", answer, err, want)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	p := testProgram()
	silent, answer := io.Pipe()
	defer answer.Close()
	p.in = silent
	if err := p.approve(ctx); !errors.Is(err, errInterrupted) {
		t.Errorf("interrupted: %v", err)
	}
}
