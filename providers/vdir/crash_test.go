package vdir

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// mortal is a directory whose process is killed instead of making its last call.
type mortal struct {
	directory
	calls *int
}

func (m mortal) live() {
	if *m.calls--; *m.calls == 0 {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
			select {}
		}
	}
}

func (m mortal) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	m.live()
	return m.directory.create(name, data, permissions, modified)
}

func (m mortal) flush(names []string) (int, error) { m.live(); return m.directory.flush(names) }
func (m mortal) remove(name string) error          { m.live(); return m.directory.remove(name) }
func (m mortal) sync() error                       { m.live(); return m.directory.sync() }

func (m mortal) place(from, to string, replace bool) error {
	m.live()
	return m.directory.place(from, to, replace)
}

// A process that is killed at any of its calls leaves every item as it was or as it was to be, and nothing that the next write does
// not take away.
func TestKilledAtAnyCall(t *testing.T) {
	for calls := 1; ; calls++ {
		x := newFixture(t)
		x.file("edited.ics", eventText("edited", "Before"))
		x.file("deleted.ics", eventText("deleted", "Before"))
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDyingWriter$")
		run.Env = append(os.Environ(), "ACCORD_DIE_IN="+x.dir, "ACCORD_DIE_AT="+strconv.Itoa(calls))
		out, err := run.CombinedOutput()
		if err != nil && len(out) > 0 {
			t.Fatalf("the writer failed before it was killed: %s", out)
		}
		titles := map[string]string{}
		for ref := range x.list() {
			got := x.fetchOne(ref)
			if got.Err != nil {
				t.Fatalf("killed at call %d: %v", calls, got.Err)
			}
			titles[ref] = got.Item.Title()
		}
		for ref, allowed := range map[string][]string{
			"new.ics": {"", "After"}, "edited.ics": {"Before", "After"}, "deleted.ics": {"Before", ""},
		} {
			if !slices.Contains(allowed, titles[ref]) {
				t.Errorf("killed at call %d: %s holds %q", calls, ref, titles[ref])
			}
		}
		x.write(providers.Write{Kind: providers.Create, Item: event(t, "next", "Next")})
		left := slices.ContainsFunc(x.files(), func(name string) bool { return strings.HasPrefix(name, temporary) })
		if left && x.ident != "" {
			t.Errorf("killed at call %d: the next write leaves %q", calls, x.files())
		}
		if err == nil {
			if titles["new.ics"] != "After" || calls < 7 {
				t.Errorf("the writer came to its end after %d calls with %v", calls-1, titles)
			}
			return
		}
	}
}

func TestDyingWriter(t *testing.T) {
	dir := os.Getenv("ACCORD_DIE_IN")
	if dir == "" {
		t.Skip("run by TestKilledAtAnyCall")
	}
	calls, err := strconv.Atoi(os.Getenv("ACCORD_DIE_AT"))
	if err != nil {
		t.Fatal(err)
	}
	x := newFixture(t)
	x.dir, x.path = dir, dir
	x.wrap = func(d directory) directory { return mortal{d, &calls} }
	d, err := openDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if x.ident, err = d.identity(); err != nil {
		t.Fatal(err)
	}
	versions := x.list()
	for i, out := range x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "new", "After")},
		providers.Write{Kind: providers.Update, Ref: "edited.ics", Version: versions["edited.ics"], Item: event(t, "edited", "After")},
		providers.Write{Kind: providers.Delete, Ref: "deleted.ics", Version: versions["deleted.ics"]},
	) {
		if out.Class != providers.Done {
			fmt.Fprintln(os.Stderr, "write", i, out.Class, out.Err)
			t.Fail()
		}
	}
}
