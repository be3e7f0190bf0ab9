package ical

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// A process that is killed at any of its calls leaves the file as it was or as it was to be, and nothing that the next write does not take away.
func TestKilledAtAnyCall(t *testing.T) {
	before := calendarOf("", vevent("edited", "Before"), vevent("deleted", "Before"), vevent("other", "Other"))
	after := calendarOf("", vevent("edited", "After"), vevent("other", "Other"), vevent("new", "After"))
	for calls := 1; ; calls++ {
		x := newFixture(t, pim.Calendar)
		x.put(before)
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDyingWriter$")
		run.Env = append(os.Environ(), "ACCORD_DIE_IN="+x.path, "ACCORD_DIE_AT="+strconv.Itoa(calls))
		out, err := run.CombinedOutput()
		if err != nil && len(out) > 0 {
			t.Fatalf("the writer failed before it was killed: %s", out)
		}
		text := x.text()
		if text != before && text != after {
			t.Errorf("killed at call %d, the file is\n%s", calls, text)
		}
		x.done(providers.Write{Kind: providers.Create, Item: event(t, "next", "Next")})
		if left := x.beside(); len(left) > 0 {
			t.Errorf("killed at call %d: the next write leaves %q", calls, left)
		}
		if err == nil {
			if text != after || calls < 5 {
				t.Errorf("the writer came to its end after %d calls with\n%s", calls-1, text)
			}
			return
		}
	}
}

func TestDyingWriter(t *testing.T) {
	path := os.Getenv("ACCORD_DIE_IN")
	if path == "" {
		t.Skip("run by TestKilledAtAnyCall")
	}
	calls, err := strconv.Atoi(os.Getenv("ACCORD_DIE_AT"))
	if err != nil {
		t.Fatal(err)
	}
	x := newFixture(t, pim.Calendar)
	x.path = path
	x.hook(func(string) error {
		if calls--; calls == 0 {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
				select {}
			}
		}
		return nil
	})
	versions := x.list()
	for i, out := range x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "new", "After")},
		providers.Write{Kind: providers.Update, Ref: "edited", Version: versions["edited"], Item: event(t, "edited", "After")},
		providers.Write{Kind: providers.Delete, Ref: "deleted", Version: versions["deleted"]},
	) {
		if out.Class != providers.Done {
			fmt.Fprintln(os.Stderr, "write", i, out.Class, out.Err)
			t.Fail()
		}
	}
}
