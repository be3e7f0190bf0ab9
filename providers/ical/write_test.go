package ical

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Every write touches the lines of its own item, in whatever company that is.
func TestAWriteLeavesEverythingElse(t *testing.T) {
	head := "X-WR-CALNAME:Team\nMETHOD:PUBLISH\n"
	odd := crlf("BEGIN:X-THING\nUID:a\nX-LINE;P=\"q:r\":s\nEND:X-THING\n")
	task := component("VTODO", "b", "A task")
	zone := customZone("Office", "+0100")
	a, c := vevent("a", "A"), vevent("c", "C", "DTEND;TZID=Office:20260302T110000")
	series := vevent("s", "Weekly", "RRULE:FREQ=WEEKLY;COUNT=5")
	moved, later := vevent("s", "Moved", "RECURRENCE-ID:20260309T090000Z"), vevent("s", "Later", "RECURRENCE-ID:20260316T090000Z")
	changed := vevent("a", "Changed")
	for _, test := range []struct {
		name, before string
		kind         pim.Kind
		do           func(x *fixture, versions map[string]string) []providers.Write
		after        string
	}{
		{"update", calendarOf(head, odd, a, task, zone, c), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "a", Version: v["a"], Item: retitled(x, x.item("a"), "A\r", "Changed\r")}}
		}, calendarOf(head, odd, changed, task, zone, c)},
		{"update with what is there", "\xef\xbb\xbf\r\n" + calendarOf(head, "\r\n", strings.ReplaceAll(a, "\r\n", "\n"), " \n", task, zone, c), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "a", Version: v["a"], Item: x.item("a")}, {Kind: providers.Update, Ref: "c", Version: v["c"], Item: x.item("c")}}
		}, "\xef\xbb\xbf\r\n" + calendarOf(head, "\r\n", strings.ReplaceAll(a, "\r\n", "\n"), " \n", task, zone, c)},
		{"create", calendarOf(head, odd, task) + calendarOf(""), pim.Calendar, func(x *fixture, _ map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", a))}}
		}, calendarOf(head, odd, task, a) + calendarOf("")},
		{"create with a time zone", calendarOf(head, odd, a), pim.Calendar, func(x *fixture, _ map[string]string) []providers.Write {
			one := parse(x, pim.Calendar, calendarOf("", zone, customZone("Unused", "+0300"), c))
			return []providers.Write{{Kind: providers.Create, Item: one}, {Kind: providers.Create, Item: parse(x, pim.Calendar, strings.ReplaceAll(string(one.Bytes()), "UID:c", "UID:d"))}}
		}, calendarOf(head, zone, odd, a, c, strings.ReplaceAll(c, "UID:c", "UID:d"))},
		{"create with a time zone that is there", calendarOf(head, strings.ReplaceAll(zone, "\r\n", "\n"), a), pim.Calendar, func(x *fixture, _ map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", zone, c))}}
		}, calendarOf(head, strings.ReplaceAll(zone, "\r\n", "\n"), a, c)},
		{"create with a time zone of another meaning", calendarOf(head, customZone("Office", "+0300"), a), pim.Calendar, func(x *fixture, _ map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", zone, c))}}
		}, calendarOf(head, customZone("Office", "+0300"), a) + strings.Replace(calendarOf("", zone, c), "-//Accord//ical//EN", productID, 1)},
		{"update with a time zone of another meaning", calendarOf(head, customZone("Office", "+0300"), c, a), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "c", Version: v["c"], Item: parse(x, pim.Calendar, calendarOf("", zone, c))}}
		}, calendarOf(head, customZone("Office", "+0300"), a) + strings.Replace(calendarOf("", zone, c), "-//Accord//ical//EN", productID, 1)},
		{"delete", calendarOf(head, odd, a, task, zone, c), pim.Calendar, func(_ *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Delete, Ref: "a", Version: v["a"]}, {Kind: providers.Delete, Ref: "c", Version: v["c"]}}
		}, calendarOf(head, odd, task, zone)},
		{"delete a task", calendarOf(head, odd, a, task, zone, c), pim.Tasks, func(_ *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Delete, Ref: "b", Version: v["b"]}}
		}, calendarOf(head, odd, a, zone, c)},
		{"delete and create again", calendarOf(head, a, task), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Delete, Ref: "a", Version: v["a"]}, {Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", changed))}}
		}, calendarOf(head, task, changed)},
		{"add an override", calendarOf(head, series, a, moved, task), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "s", Version: v["s"], Item: parse(x, pim.Calendar, calendarOf("", series, moved, later))}}
		}, calendarOf(head, series, a, moved, later, task)},
		{"take an override out", calendarOf(head, series, a, moved, task, later), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "s", Version: v["s"], Item: parse(x, pim.Calendar, calendarOf("", series, moved))}}
		}, calendarOf(head, series, a, moved, task)},
		{"lines that end in LF", strings.ReplaceAll(calendarOf(head, a, task), "\r\n", "\n"), pim.Calendar, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Update, Ref: "a", Version: v["a"], Item: parse(x, pim.Calendar, calendarOf("", changed))},
				{Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", zone, c))}}
		}, strings.ReplaceAll(calendarOf(head, zone, changed, task, c), "\r\n", "\n")},
		{"a file without a last line end", strings.TrimSuffix(calendarOf(head, a), "\r\n"), pim.Calendar, func(x *fixture, _ map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Create, Item: parse(x, pim.Calendar, calendarOf("", c, customZone("Office", "+0100")))}}
		}, strings.TrimSuffix(calendarOf(head, customZone("Office", "+0100"), a, c), "\r\n")},
		{"contacts", crlf("BEGIN:VCARD\nUID:a\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nUID:b\nFN:B\nEND:VCARD"), pim.Contacts, func(x *fixture, v map[string]string) []providers.Write {
			return []providers.Write{{Kind: providers.Create, Item: parse(x, pim.Contacts, crlf("\xef\xbb\xbfBEGIN:VCARD\nUID:urn:uuid:c\nFN:C\nEND:VCARD\n"))},
				{Kind: providers.Update, Ref: "b", Version: v["b"], Item: x.item("b")}}
		}, crlf("BEGIN:VCARD\nUID:a\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nUID:b\nFN:B\nEND:VCARD\nBEGIN:VCARD\nUID:urn:uuid:c\nFN:C\nEND:VCARD\n")},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := newFixture(t, test.kind)
			x.put(test.before)
			outcomes := x.done(test.do(x, x.list())...)
			if got := x.text(); got != test.after {
				t.Errorf("the file is\n%q, want\n%q", got, test.after)
			}
			versions := x.list()
			for _, out := range outcomes {
				if out.Ref != "" && versions[out.Ref] != out.Version {
					t.Errorf("%q was left at version %q and is at %q", out.Ref, out.Version, versions[out.Ref])
				}
			}
			if x.rewrites != 1 || len(x.beside()) > 0 {
				t.Errorf("the file was rewritten %d times; beside it lies %q", x.rewrites, x.beside())
			}
		})
	}
}

func TestPreconditionsAreOfTheItem(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	x.put(calendarOf("", vevent("a", "A"), vevent("b", "B"), vevent("b", "Twice")))
	v := x.list()
	before := x.text()
	twice := "b#" + hashText(sum([]byte(vevent("b", "Twice"))))
	outcomes := x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "a", "Again")},
		providers.Write{Kind: providers.Update, Ref: "a", Version: v["b"], Item: event(t, "a", "Other")},
		providers.Write{Kind: providers.Delete, Ref: "c", Version: v["a"]},
		providers.Write{Kind: providers.Update, Ref: "b", Version: v["b"], Item: parse(t, pim.Tasks, calendarOf("", component("VTODO", "b", "B")))},
	)
	want := []providers.Class{providers.Stale, providers.Stale, providers.Missing, providers.Refused}
	if got := classes(outcomes); !slices.Equal(got, want) || x.text() != before || x.rewrites != 0 {
		t.Errorf("outcomes are %v, want %v; rewritten %d times", got, want, x.rewrites)
	}
	outcomes = x.write(
		providers.Write{Kind: providers.Update, Ref: "a", Version: v["a"], Item: event(t, "a", "First")},
		providers.Write{Kind: providers.Delete, Ref: "a", Version: v["a"]},
		providers.Write{Kind: providers.Create, Item: event(t, "c", "C")},
		providers.Write{Kind: providers.Create, Item: event(t, "c", "Again")},
		providers.Write{Kind: providers.Delete, Ref: twice, Version: v[twice]},
	)
	want = []providers.Class{providers.Done, providers.Stale, providers.Done, providers.Stale, providers.Done}
	if got := classes(outcomes); !slices.Equal(got, want) {
		t.Errorf("outcomes are %v, want %v", got, want)
	}
	if want := calendarOf("", vevent("a", "First"), vevent("b", "B"), vevent("c", "C")); x.text() != want {
		t.Errorf("the file is\n%s", x.text())
	}
}

// hooked calls back before a call goes to the disk, and fails it when it is told to.
type hooked struct {
	disk
	before func(call string) error
}

func (h hooked) create(dir, begin, end string) (*os.File, error) {
	if err := h.before("create"); err != nil {
		return nil, err
	}
	return h.disk.create(dir, begin, end)
}

func (h hooked) likeness(f *os.File, of fs.FileInfo) error {
	return errors.Join(h.before("likeness"), h.disk.likeness(f, of))
}

func (h hooked) flush(f *os.File) error { return errors.Join(h.before("flush"), h.disk.flush(f)) }

func (h hooked) place(from, to string) error {
	if err := h.before("place"); err != nil {
		return err
	}
	return h.disk.place(from, to)
}

func (h hooked) sync(dir string) error { return errors.Join(h.before("sync"), h.disk.sync(dir)) }

func (x *fixture) hook(before func(call string) error) {
	x.provider.disk = hooked{hasty{local{}}, before}
}

// What others write while the batch is under way is kept: by those who put another file in its place, and by those who write into it.
func TestEditsDuringTheWriteAreKept(t *testing.T) {
	for _, call := range []string{"create", "flush"} {
		for _, inPlace := range []bool{true, false} {
			t.Run(fmt.Sprint(call, inPlace), func(t *testing.T) {
				x := newFixture(t, pim.Calendar)
				x.put(calendarOf("", vevent("a", "A"), vevent("b", "B")))
				v := x.list()
				once := false
				x.hook(func(at string) error {
					if at == call && !once {
						once = true
						if !inPlace {
							if err := os.Rename(x.path, x.path+".old"); err != nil {
								t.Error(err)
							}
						}
						x.put(calendarOf("", vevent("a", "Theirs"), vevent("b", "B"), vevent("c", "New")))
					}
					return nil
				})
				outcomes := x.write(
					providers.Write{Kind: providers.Update, Ref: "a", Version: v["a"], Item: event(t, "a", "Ours")},
					providers.Write{Kind: providers.Update, Ref: "b", Version: v["b"], Item: event(t, "b", "Ours")},
					providers.Write{Kind: providers.Create, Item: event(t, "c", "Ours")},
				)
				if got, want := classes(outcomes), []providers.Class{providers.Stale, providers.Done, providers.Stale}; !slices.Equal(got, want) {
					t.Errorf("outcomes are %v, want %v", got, want)
				}
				if want := calendarOf("", vevent("a", "Theirs"), vevent("b", "Ours"), vevent("c", "New")); x.text() != want {
					t.Errorf("the file is\n%s", x.text())
				}
			})
		}
	}
}

func TestAFileThatNeverStandsStillIsNotWritten(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	n := 0
	x.hook(func(at string) error {
		if at == "flush" {
			n++
			x.put(calendarOf("", vevent(fmt.Sprint("theirs-", n), strings.Repeat("x", n))))
		}
		return nil
	})
	out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "a", "A")})[0]
	if out.Class != providers.Transient || n != attempts || !slices.Equal(x.refs(), []string{fmt.Sprint("theirs-", n)}) || len(x.beside()) > 0 {
		t.Errorf("after %d tries: %+v, %q, %q", n, out, x.refs(), x.beside())
	}
}

func TestNothingIsDoneThatIsNotDurable(t *testing.T) {
	for call, want := range map[string]providers.Class{
		"create": providers.Transient, "likeness": providers.Transient, "flush": providers.Transient, "place": providers.Transient, "sync": providers.Unknown,
	} {
		x := newFixture(t, pim.Calendar)
		before := x.text()
		x.hook(func(at string) error {
			if at == call {
				return &fs.PathError{Op: at, Path: "x", Err: syscall.ENOSPC}
			}
			return nil
		})
		out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "a", "A")})[0]
		if out.Class != want || !strings.Contains(out.Err.Error(), x.path) || want == providers.Transient && !strings.Contains(out.Err.Error(), "the disk is full") {
			t.Errorf("%s fails: %+v, want %s", call, out, want)
		}
		if want == providers.Transient && x.text() != before || len(x.beside()) > 0 {
			t.Errorf("%s fails: the file is\n%s, and beside it lies %q", call, x.text(), x.beside())
		}
	}
}

func TestModeAndLinkStay(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits here")
	}
	x := newFixture(t, pim.Calendar)
	target := filepath.Join(t.TempDir(), "target.ics")
	if err := os.Rename(x.path, target); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, x.path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	x.done(providers.Write{Kind: providers.Create, Item: event(t, "a", "A")})
	if to, err := os.Readlink(x.path); err != nil || to != target {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode() != 0o640 || !strings.Contains(x.text(), "UID:a") {
		t.Errorf("the file is %v, %v", info, err)
	}
}
