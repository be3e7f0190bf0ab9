package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// interrupting is a driver that interrupts the run at the first write of an item.
type interrupting struct {
	providers.Driver
	interrupt func()
}

type interruptingProvider struct {
	providers.Provider
	interrupt func()
}

type interruptingFolder struct {
	providers.Folder
	interrupt func()
}

func (d interrupting) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return interruptingProvider{p, d.interrupt}, err
}

func (p interruptingProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return interruptingFolder{f, p.interrupt}, nil
}

// Write makes the writes of the batch that is under way, as a driver may that looks at its context between writes.
func (f interruptingFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	f.interrupt()
	return f.Folder.Write(context.WithoutCancel(ctx), writes)
}

// An apply that is interrupted records what was written and exits 130; the next one does the rest, and nothing twice.
func TestInterruptedApply(t *testing.T) {
	const items = 700 // more than one batch
	dir := t.TempDir()
	p := testProgram()
	p.dir, p.now = dir, time.Now
	if code := p.run(t.Context(), []string{"init", "-chdir", dir}); code != 0 {
		t.Fatalf("init: exit code %d: %s", code, p.err)
	}
	for i := range items {
		text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:u%d\r\nDTSTAMP:20260101T000000Z\r\n"+
			"DTSTART:20270104T100000Z\r\nSUMMARY:Item %[1]d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", i)
		if err := os.WriteFile(filepath.Join(dir, "data", "company", fmt.Sprintf("u%d.ics", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	apply := func(ctx context.Context, drivers map[string]providers.Driver) (code int, out, stderr string) {
		p := testProgram()
		p.now, p.drivers = time.Now, drivers
		code = p.run(ctx, []string{"-chdir", dir, "apply", "-auto-approve", "-parallelism=1"})
		return code, p.out.(*bytes.Buffer).String(), p.err.(*bytes.Buffer).String()
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	code, out, stderr := apply(ctx, map[string]providers.Driver{"vdir": interrupting{drivers()["vdir"], func() { cancel(errInterrupted) }}})
	if code != 130 || !strings.Contains(stderr, errInterrupted.Error()) || !strings.Contains(out, "Applied: ") {
		t.Fatalf("exit code %d, want 130\n%s", code, stderr)
	}
	first := written(t, dir)
	if first == 0 || first == 2*(items+1) {
		t.Fatalf("%d replicas are written: the interrupt was not in the middle", first)
	}
	if code, _, stderr := apply(t.Context(), drivers()); code != 0 {
		t.Fatalf("the next apply: exit code %d: %s", code, stderr)
	}
	if got := written(t, dir); got != 2*(items+1) {
		t.Errorf("%d replicas after the next apply, want %d", got, 2*(items+1))
	}
	if _, out, _ := apply(t.Context(), drivers()); !strings.Contains(out, "Plan: 0 to add, 0 to edit, 0 to delete.") {
		t.Errorf("the apply after that has something to do:\n%.500s", out)
	}
}

func written(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	for _, name := range []string{"alice", "bob"} {
		files, err := filepath.Glob(filepath.Join(dir, "data", name, "*.ics"))
		if err != nil {
			t.Fatal(err)
		}
		n += len(files)
	}
	return n
}
