package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// bound is what a process may use of memory, however many operations a plan has.
const bound = 200 << 20

// TestMemory makes a plan of many operations in every form, and carries it out. ACCORD_OPERATIONS=1000000 makes it a large one, which takes
// the better part of an hour and 10 GB of disk.
func TestMemory(t *testing.T) {
	operations := 12_000
	if text := os.Getenv("ACCORD_OPERATIONS"); text != "" {
		var err error
		if operations, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	for n := range operations {
		p.add("a", fmt.Sprintf("%08x-%04x-4abc-8def-%012x", uint32(n)*2654435761, n%65536, n))
	}
	accord := build(t)
	for _, step := range []struct {
		args []string
		into string // a file; "": nowhere
	}{
		{[]string{"plan", "-out=saved.plan"}, ""},
		{[]string{"plan", "-json"}, ""},
		{[]string{"plan", "-markdown"}, "plan.md"},
		{[]string{"show", "-json", "saved.plan"}, ""},
		{[]string{"show", "-html", "saved.plan"}, ""},
		{[]string{"apply", "saved.plan"}, ""},
		{[]string{"plan", "-detailed-exitcode"}, ""},
	} {
		used := p.measure(accord, step.into, step.args...)
		t.Logf("%d operations: accord %s: %d MiB at the most", operations, step.args, used>>20)
		if used > bound {
			t.Errorf("accord %s: %d MiB, and %d are allowed", step.args, used>>20, bound>>20)
		}
	}
	const comment = 60_000 // bytes
	if info, err := os.Stat(filepath.Join(p.dir, "plan.md")); err != nil || info.Size() > comment || info.Size() < comment/2 {
		t.Errorf("the comment of a pull request: %v, %v", info, err)
	}
}

// measure runs a command line, and gives the most memory that its process had, in bytes.
func (p place) measure(r runner, into string, args ...string) int64 {
	p.t.Helper()
	out := io.Discard
	if into != "" {
		f, err := os.Create(filepath.Join(p.dir, into))
		if err != nil {
			p.t.Fatal(err)
		}
		defer f.Close()
		out = f
	}
	cmd := exec.CommandContext(p.t.Context(), r.path, append([]string{"-chdir", p.dir, "-lock-timeout=1m"}, args...)...)
	if args[0] == "show" {
		cmd.Args = append(cmd.Args[:3], args...)
	}
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Start(); err != nil {
		p.t.Fatalf("accord %s: %v", args, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var peak int64
	for {
		peak = max(peak, peakOf(cmd.Process.Pid))
		select {
		case err := <-ended:
			if err != nil || peak == 0 {
				p.t.Fatalf("accord %s: %v, with a peak of %d", args, err, peak)
			}
			return peak
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// peakOf is the most memory that a process had since it began its program, in bytes; 0: it ended. (What the system says of an ended process has in it what the
// process had before that was started from: the test.)
func peakOf(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kB int64
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		return 0
	}
	return kB << 10
}
