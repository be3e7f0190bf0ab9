package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/accord-sync/accord/reconcile/state"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"accord": main, "mortal": mortal})
}

// TestScripts runs the program as people do. The scripts speak of events by their titles:
//
//	exits N accord ARG…              the run ends with exit code N
//	event DIR UID TITLE [NAME:VALUE…]  writes an event into a folder
//	events DIR N                     writes N events, of one a day
//	items DIR [TITLE…]               the folder holds these events and no others
//	field DIR TITLE NAME:VALUE       the event has this property; with NAME: alone, it has none
//	edit DIR TITLE NAME:VALUE        a person changes a property
//	delete DIR TITLE                 a person deletes an event
//	same DIR DIR                     the folders hold the same titles and places
//	unchanged DIR                    nothing was written since the last unchanged of the same name
//	locked STATE ARG…                runs a command while another process holds the state
//	interrupted STATE ARG…           runs a command that waits for the state, and interrupts it
//	damage FILE HOW                  changes or cuts off a byte of a file
//	serve DIR VARIABLE               publishes a directory over http; the variable holds the address
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exitsWith, "event": event, "events": events, "items": items, "field": field, "edit": edit, "delete": remove,
			"same": same, "unchanged": unchanged, "locked": lockedWhile, "interrupted": interruptedWhile, "damage": damage,
			"serve": serve,
		},
	})
}

// exitsWith runs a command that must end with a code.
func exitsWith(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if ended := (*exec.ExitError)(nil); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("it ended with exit code %d, want %d\n%s\n%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func event(ts *testscript.TestScript, _ bool, args []string) {
	dir, uid, title := args[0], args[1], args[2]
	write(ts, dir, uid, title, args[3:]...)
}

func write(ts *testscript.TestScript, dir, uid, title string, properties ...string) {
	lines := append([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z",
		"DTSTART:20270104T100000Z", "DTEND:20270104T110000Z", "SUMMARY:" + title,
	}, properties...)
	lines = append(lines, "END:VEVENT", "END:VCALENDAR", "")
	ts.Check(os.MkdirAll(ts.MkAbs(dir), 0o777))
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(dir), uid+".ics"), []byte(strings.Join(lines, "\r\n")), 0o666))
}

func events(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	for i := 1; i <= n; i++ {
		write(ts, args[0], fmt.Sprintf("day-%03d", i), fmt.Sprintf("Day %d", i))
	}
}

// read is what the folder holds: file names by title. It has no two of one title.
func read(ts *testscript.TestScript, dir string) map[string]string {
	names, err := filepath.Glob(filepath.Join(ts.MkAbs(dir), "*.ics"))
	ts.Check(err)
	held := map[string]string{}
	for _, name := range names {
		title := property(ts, name, "SUMMARY")
		if other, twice := held[title]; twice {
			ts.Fatalf("%s holds %q twice: in %s and %s", dir, title, other, name)
		}
		held[title] = name
	}
	return held
}

func find(ts *testscript.TestScript, dir, title string) string {
	name, ok := read(ts, dir)[title]
	if !ok {
		ts.Fatalf("%s holds no %q", dir, title)
	}
	return name
}

// property is the value of a property of the event in a file, without parameters; "" when it has none.
func property(ts *testscript.TestScript, file, name string) string {
	text, err := os.ReadFile(file)
	ts.Check(err)
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\r\n ", "")) {
		head, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if head, _, _ = strings.Cut(head, ";"); head == name {
			return value
		}
	}
	return ""
}

func items(ts *testscript.TestScript, _ bool, args []string) {
	var got []string
	for title := range read(ts, args[0]) {
		got = append(got, title)
	}
	want := slices.Clone(args[1:])
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}

func field(ts *testscript.TestScript, _ bool, args []string) {
	name, want, _ := strings.Cut(args[2], ":")
	if got := property(ts, find(ts, args[0], args[1]), name); got != want {
		ts.Fatalf("%s %q has %s %q, want %q", args[0], args[1], name, got, want)
	}
}

func edit(ts *testscript.TestScript, _ bool, args []string) {
	file := find(ts, args[0], args[1])
	name, _, _ := strings.Cut(args[2], ":")
	text, err := os.ReadFile(file)
	ts.Check(err)
	var lines []string
	for line := range strings.Lines(string(text)) {
		if head, _, _ := strings.Cut(line, ":"); head != name {
			lines = append(lines, line)
		}
		if strings.HasPrefix(line, "BEGIN:VEVENT") {
			lines = append(lines, args[2]+"\r\n")
		}
	}
	ts.Check(os.WriteFile(file, []byte(strings.Join(lines, "")), 0o666))
}

func remove(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.Remove(find(ts, args[0], args[1])))
}

func same(ts *testscript.TestScript, _ bool, args []string) {
	var contents [2]string
	for i, dir := range args[:2] {
		var lines []string
		for title, file := range read(ts, dir) {
			lines = append(lines, title+" in "+property(ts, file, "LOCATION"))
		}
		slices.Sort(lines)
		contents[i] = strings.Join(lines, "\n")
	}
	if contents[0] != contents[1] {
		ts.Fatalf("%s holds\n%s\n\n%s holds\n%s", args[0], contents[0], args[1], contents[1])
	}
}

// unchanged compares names, sizes and times of all files below a directory with those of the first call.
func unchanged(ts *testscript.TestScript, _ bool, args []string) {
	var now strings.Builder
	root := ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(&now, path, info.Size(), info.ModTime().UnixNano())
		return err
	}))
	key := "UNCHANGED_" + args[0]
	if before := ts.Getenv(key); before != "" && before != now.String() {
		ts.Fatalf("%s was changed:\n%s\nbefore:\n%s", args[0], now.String(), before)
	}
	ts.Setenv(key, now.String())
}

func hold(ts *testscript.TestScript, path string) (unlock func()) {
	anna := state.Owner{PID: 4711, Host: "elsewhere", User: "anna", Command: "accord apply"}
	// A process that is being started beside this one may hold what was let go just now.
	release, err := state.Lock(context.Background(), ts.MkAbs(path), state.Options{Owner: anna, Wait: time.Minute})
	ts.Check(err)
	return func() { ts.Check(release()) }
}

func lockedWhile(ts *testscript.TestScript, neg bool, args []string) {
	defer hold(ts, args[0])()
	exitsWith(ts, neg, args[1:])
}

// interruptedWhile sends SIGINT when the command says that it waits. What it says after that is what stderr matches.
func interruptedWhile(ts *testscript.TestScript, _ bool, args []string) {
	defer hold(ts, args[0])()
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	said := bufio.NewReader(stderr)
	line, err := said.ReadString('\n')
	ts.Check(err)
	if !strings.Contains(line, "waiting") {
		ts.Fatalf("it said %q, not that it waits", line)
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(said)
	ts.Check(err)
	_, err = ts.Stderr().Write(rest)
	ts.Check(err)
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() != 130 {
		ts.Fatalf("it ended with exit code %d, want 130\n%s", cmd.ProcessState.ExitCode(), rest)
	}
}

func damage(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	text, err := os.ReadFile(file)
	ts.Check(err)
	switch args[1] {
	case "cut":
		text = text[:len(text)-1]
	case "change":
		text[len(text)/2] ^= 1
	default:
		ts.Fatalf("damage how? %q", args[1])
	}
	ts.Check(os.WriteFile(file, text, 0o600))
}
