// Package examples holds workspaces that run as they stand. Its tests run every one of them, as their readers do.
package examples

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the program says into the golden files and the README")

// accord is the program under test, built once.
var accord string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withProgram(m.Run))
}

func withProgram(run func() int) int {
	dir, err := os.MkdirTemp("", "accord")
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	defer os.RemoveAll(dir)
	accord = filepath.Join(dir, "accord.exe")
	build := exec.Command("go", "build", "-o", accord, "../cmd/accord")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		os.Stderr.WriteString("build accord: " + err.Error() + "\n")
		return 1
	}
	return run()
}

const (
	done       = 0
	pending    = 2
	partlyDone = 3
)

func TestExamples(t *testing.T) {
	tests := map[string]struct {
		planned, applied, again int // exit codes of the first plan, the apply, and the plan after it
	}{
		"quickstart":    {pending, done, done},
		"one-to-many":   {pending, done, done},
		"mesh-contacts": {pending, done, done},
		"gitops":        {pending, done, done},
		"tasks-two-way": {pending, done, done},
		"real-life":     {partlyDone, partlyDone, partlyDone},
	}
	for _, name := range workspaces(t, ".") {
		test, ok := tests[name]
		if played[name] != nil {
			continue
		}
		if !ok {
			t.Errorf("%s is an example that no test runs", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, name)
			w.golden(name, w.run(test.planned, "plan", "-detailed-exitcode"))
			w.converges(test.applied, test.again)
		})
	}
}

// converges applies the example as it is committed, and looks that nothing is to do afterwards. The exit codes are those of an apply, and of a plan after it.
func (w *workspace) converges(applied, again int) {
	w.t.Helper()
	w.run(applied, "apply", "-auto-approve", "-verify")
	w.asCommitted()

	w.nothingToDo(again)
	w.run(applied, "apply", "-auto-approve")
	w.asCommitted()

	// A state that is lost is found again on the replicas.
	if err := os.RemoveAll(filepath.Join(w.dir, ".accord")); err != nil {
		w.t.Fatal(err)
	}
	w.nothingToDo(-1)
}

// TestLeaver takes a person out of the list of the example of real life.
func TestLeaver(t *testing.T) {
	t.Parallel()
	w := open(t, "real-life")
	w.run(partlyDone, "apply", "-auto-approve")
	if n := w.count("calendars/staff/carol"); n != 5 {
		t.Fatalf("carol has %d events, want 5", n)
	}
	leave := `-var=people=["alice","bob"]`
	w.golden("real-life-leaver", w.run(partlyDone, "plan", "-detailed-exitcode", leave))
	w.run(partlyDone, "apply", "-auto-approve", "-verify", leave)
	for person, want := range map[string]int{"alice": 5, "bob": 5, "carol": 0} {
		if n := w.count("calendars/staff/" + person); n != want {
			t.Errorf("%s has %d events, want %d", person, n, want)
		}
	}
	w.asCommitted()
}

const boatRaceEvent = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Calendar 3.1//EN
BEGIN:VEVENT
UID:boat-race@example.com
DTSTAMP:20261119T110000Z
DTSTART;VALUE=DATE:20270617
DTEND;VALUE=DATE:20270618
SUMMARY:Boat race
END:VEVENT
END:VCALENDAR
`

// TestReadme makes the plan that the README shows: of the quickstart, after a week in which people did things.
func TestReadme(t *testing.T) {
	t.Parallel()
	w := open(t, "quickstart")
	w.run(done, "apply", "-auto-approve")
	w.edit("calendars/team/team-lunch.ics", "LOCATION:Canteen", "LOCATION:Roof terrace")
	w.edit("calendars/anna/"+w.replica("calendars/anna", "SUMMARY:Stand-up\r\n"), "By the coffee machine", "My desk")
	if err := os.Remove(filepath.Join(w.dir, "calendars/team/summer-party.ics")); err != nil {
		t.Fatal(err)
	}
	boatRace := strings.ReplaceAll(boatRaceEvent, "\n", "\r\n")
	if err := os.WriteFile(filepath.Join(w.dir, "calendars/team/boat-race.ics"), []byte(boatRace), 0o666); err != nil {
		t.Fatal(err)
	}
	picture := w.run(pending, "plan", "-detailed-exitcode")

	shows(t, "../README.md", "$ accord -chdir examples/quickstart plan\n"+picture)
}

// shows checks that a page shows a text after the line that says where it comes from.
func shows(t *testing.T, page, want string) {
	t.Helper()
	const opening, closing = "<!-- TestReadme makes this -->\n```text\n", "```\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), opening)
	shown, tail, ended := strings.Cut(rest, closing)
	switch {
	case !ok || !ended:
		t.Errorf("%s shows no plan after %q", page, opening)
	case *update:
		if err := os.WriteFile(page, []byte(head+opening+want+closing+tail), 0o666); err != nil {
			t.Fatal(err)
		}
	case shown != want:
		t.Errorf("%s shows\n%s\nand the program says\n%s\ngo test ./examples -update brings it up to date", page, shown, want)
	}
}

// workspaces are the directories in a directory that hold a workspace.
func workspaces(t *testing.T, in string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(in, "*", "main.hcl"))
	if err != nil || len(found) == 0 {
		t.Fatal("there are no examples", err)
	}
	for i, f := range found {
		found[i] = filepath.Base(filepath.Dir(f))
	}
	return found
}

// workspace is a copy of an example.
type workspace struct {
	t         *testing.T
	example   string
	dir       string
	committed []string // files of the example, relative to dir
}

// open copies an example as it is committed: without what a run in its own directory has left there.
func open(t *testing.T, example string) *workspace {
	t.Helper()
	w := &workspace{t: t, example: example, dir: t.TempDir()}
	err := filepath.WalkDir(example, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".accord":
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), "accord-r-"):
			return nil
		}
		name, err := filepath.Rel(example, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w.committed = append(w.committed, name)
		to := filepath.Join(w.dir, name)
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o777), os.WriteFile(to, text, 0o666))
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// run runs accord in the workspace and returns what it says, without the directory's own name. Exit code -1 stands for any that is no failure.
func (w *workspace) run(exit int, args ...string) string {
	w.t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(accord, append(args, "-chdir", w.dir)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		w.t.Fatal(err)
	}
	said := strings.ReplaceAll(out.String(), w.dir+string(filepath.Separator), "")
	got := cmd.ProcessState.ExitCode()
	if got != exit && (exit >= 0 || !slices.Contains([]int{done, pending, partlyDone}, got)) {
		w.t.Fatalf("accord %s ended with exit code %d, want %d:\n%s", strings.Join(args, " "), got, exit, said)
	}
	return said
}

func (w *workspace) nothingToDo(exit int) {
	w.t.Helper()
	const nothing = "Plan: 0 to add, 0 to edit, 0 to delete."
	if said := w.run(exit, "plan", "-detailed-exitcode"); !strings.Contains(said, nothing) {
		w.t.Errorf("the plan is not empty:\n%s", said)
	}
}

// golden compares what was said with a golden file.
func (w *workspace) golden(name, said string) {
	w.t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(said), 0o666); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	if said != string(want) {
		w.t.Errorf("the plan says\n%s\nwant, as in %s,\n%s\ngo test ./examples -update accepts it", said, file, want)
	}
}

// asCommitted checks that no file of the example was changed: its directory stays clean when it is run there.
func (w *workspace) asCommitted() {
	w.t.Helper()
	for _, name := range w.committed {
		before, err := os.ReadFile(filepath.Join(w.example, name))
		if err != nil {
			w.t.Fatal(err)
		}
		after, err := os.ReadFile(filepath.Join(w.dir, name))
		if err != nil || !bytes.Equal(before, after) {
			w.t.Errorf("%s is not what it was: %q, %v", name, after, err)
		}
	}
}

// count is how many events a folder holds.
func (w *workspace) count(folder string) int {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, folder, "*.ics"))
	if err != nil {
		w.t.Fatal(err)
	}
	return len(found)
}

// replica is the name of the only file in a folder that has a text in it.
func (w *workspace) replica(folder, text string) string {
	w.t.Helper()
	var named []string
	entries, err := os.ReadDir(filepath.Join(w.dir, folder))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		held, err := os.ReadFile(filepath.Join(w.dir, folder, e.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		if bytes.Contains(held, []byte(text)) {
			named = append(named, e.Name())
		}
	}
	if len(named) != 1 {
		w.t.Fatalf("%q is in %q of %s", text, named, folder)
	}
	return named[0]
}

// edit does what a person does who changes a file.
func (w *workspace) edit(name, before, after string) {
	w.t.Helper()
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	if bytes.Count(text, []byte(before)) != 1 {
		w.t.Fatalf("%s does not say %q once", name, before)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte(before), []byte(after), 1), 0o666); err != nil {
		w.t.Fatal(err)
	}
}
