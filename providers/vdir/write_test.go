package vdir

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// full is a disk on which files with a certain text find no room.
type full struct {
	directory
	text string
}

func (f full) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	if strings.Contains(string(data), f.text) {
		return stat{}, &fs.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
	}
	return f.directory.create(name, data, permissions, modified)
}

func TestAFullDiskFailsOnlyTheWritesThatFoundNoRoom(t *testing.T) {
	x := newFixture(t)
	x.file("old.ics", eventText("old", "Old"))
	version := x.list()["old.ics"]
	x.wrap = func(d directory) directory { return full{d, "Large"} }
	outcomes := x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "small", "Small")},
		providers.Write{Kind: providers.Create, Item: event(t, "large", "Large")},
		providers.Write{Kind: providers.Update, Ref: "old.ics", Version: version, Item: event(t, "old", "Large")},
	)
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Done, providers.Transient, providers.Transient}) {
		t.Errorf("outcomes are %v", got)
	}
	if err := outcomes[1].Err; err == nil || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), "large.ics") {
		t.Errorf("the error is %v", err)
	}
	x.want("old.ics", "small.ics")
	if got := x.fetchOne("old.ics"); got.Item == nil || got.Item.Title() != "Old" {
		t.Errorf("old.ics was changed: %v", got.Err)
	}
}

// stubborn is a disk that does not become durable.
type stubborn struct {
	directory
	content, entries error
}

func (s stubborn) flush(names []string) (int, error) {
	if s.content != nil {
		return 1, s.content
	}
	return s.directory.flush(names)
}

func (s stubborn) sync() error {
	if s.entries != nil {
		return s.entries
	}
	return s.directory.sync()
}

func TestNothingIsDoneThatIsNotDurable(t *testing.T) {
	broken := errors.New("input/output error")
	x := newFixture(t)
	x.wrap = func(d directory) directory { return stubborn{directory: d, content: broken} }
	if out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "one", "One")})[0]; out.Class != providers.Transient {
		t.Errorf("content that is not durable: %s, want transient", out.Class)
	}
	x.want()
	x.wrap = func(d directory) directory { return stubborn{directory: d, entries: broken} }
	if out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "one", "One")})[0]; out.Class != providers.Unknown {
		t.Errorf("entries that may not be durable: %s, want unknown", out.Class)
	}
}

// hooked calls back just after a file got its place.
type hooked struct {
	directory
	after func()
}

func (h hooked) place(from, to string, replace bool) error {
	err := h.directory.place(from, to, replace)
	h.after()
	return err
}

// flushed calls back when the content is durable and nothing has its place yet.
type flushed struct {
	directory
	then func()
}

func (f flushed) flush(names []string) (int, error) {
	n, err := f.directory.flush(names)
	f.then()
	return n, err
}

func TestAnEditDuringTheWriteIsNotOverwritten(t *testing.T) {
	x := newFixture(t)
	x.file("one.ics", eventText("one", "Aaaa"))
	version := x.list()["one.ics"]
	x.wrap = func(d directory) directory {
		return flushed{d, func() { x.file("one.ics", eventText("one", "Bbbb")); x.file("new.ics", eventText("new", "Theirs")) }}
	}
	outcomes := x.write(
		providers.Write{Kind: providers.Update, Ref: "one.ics", Version: version, Item: event(t, "one", "Cccc")},
		providers.Write{Kind: providers.Create, Item: event(t, "new", "Ours")},
	)
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Stale, providers.Stale}) {
		t.Errorf("outcomes are %v, want stale", got)
	}
	x.want("new.ics", "one.ics")
	for ref, title := range map[string]string{"one.ics": "Bbbb", "new.ics": "Theirs"} {
		if got := x.fetchOne(ref); got.Item == nil || got.Item.Title() != title {
			t.Errorf("%s does not hold %q", ref, title)
		}
	}
}

func TestAnEditRightAfterTheWriteIsNotTakenForOurs(t *testing.T) {
	x := newFixture(t)
	x.wrap = func(d directory) directory {
		return hooked{d, func() { x.file("one.ics", eventText("one", "Bbbb")) }}
	}
	out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "one", "Aaaa")})[0]
	x.wrap = nil
	for range 2 {
		if version := x.list()["one.ics"]; out.Class != providers.Done || version == out.Version {
			t.Errorf("the create is %s, and its version %q is that of another's edit", out.Class, out.Version)
		}
		x.clock = x.clock.Add(time.Hour)
	}
}

func TestACreateNeverReplacesAFile(t *testing.T) {
	x := newFixture(t)
	x.file("taken.ics", eventText("another", "Another"))
	x.file("broken.ics", "no item at all")
	outcomes := x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "taken", "Taken")},
		providers.Write{Kind: providers.Create, Item: event(t, "broken", "Broken")},
		providers.Write{Kind: providers.Create, Item: event(t, "taken", "Taken again")},
	)
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Done, providers.Done, providers.Stale}) {
		t.Fatalf("outcomes are %v", got)
	}
	for ref, title := range map[string]string{"taken.ics": "Another", outcomes[0].Ref: "Taken", outcomes[1].Ref: "Broken"} {
		if got := x.fetchOne(ref); got.Item == nil || got.Item.Title() != title {
			t.Errorf("%s does not hold %q: %v", ref, title, got.Err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(x.dir, "broken.ics")); err != nil || string(data) != "no item at all" {
		t.Errorf("broken.ics was changed: %v", err)
	}
}

func TestWhatACrashLeftIsTakenAwayByTheNextWrite(t *testing.T) {
	x := newFixture(t)
	x.file(".accord-99-1.tmp", "half a file")
	x.file(".other", "another program's")
	busy, err := openDirectory(x.dir)
	if err != nil {
		t.Fatal(err)
	}
	if !busy.lock(true) || !busy.lock(false) {
		t.Skip("no locks here that tell whether another process is writing")
	}
	x.write(providers.Write{Kind: providers.Create, Item: event(t, "one", "One")})
	x.want(".accord-99-1.tmp", ".other", "one.ics")
	busy.close()
	x.write(providers.Write{Kind: providers.Create, Item: event(t, "two", "Two")})
	x.want(".other", "one.ics", "two.ics")
}

func TestAWriteThatIsInterruptedLeavesNothing(t *testing.T) {
	x := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	x.wrap = func(d directory) directory { return flushed{d, cancel} }
	outcomes := x.Write(ctx, []providers.Write{
		{Kind: providers.Create, Item: event(t, "one", "One")}, {Kind: providers.Create, Item: event(t, "two", "Two")},
	})
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Transient, providers.Transient}) {
		t.Errorf("outcomes are %v, want transient", got)
	}
	x.want()
}

func TestATemporaryFileThatIsTakenAwayFailsItsWriteOnly(t *testing.T) {
	x := newFixture(t)
	x.wrap = func(d directory) directory {
		return flushed{d, func() { os.Remove(filepath.Join(x.dir, x.files()[0])) }}
	}
	outcomes := x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "one", "One")}, providers.Write{Kind: providers.Create, Item: event(t, "two", "Two")},
	)
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Transient, providers.Done}) {
		t.Errorf("outcomes are %v", got)
	}
	x.want("two.ics")
}

func TestAnUpdateKeepsPermissions(t *testing.T) {
	x := newFixture(t)
	x.file("one.ics", eventText("one", "One"))
	path := filepath.Join(x.dir, "one.ics")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	out := x.write(providers.Write{Kind: providers.Update, Ref: "one.ics", Version: x.list()["one.ics"], Item: event(t, "one", "Two")})[0]
	info, err := os.Stat(path)
	if out.Class != providers.Done || err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("after the update (%s) the mode is %v, %v", out.Class, info.Mode(), err)
	}
}

func TestABatchWaitsForTheDiskTwice(t *testing.T) {
	x := newFixture(t)
	if x.ident == "" {
		t.Skip("the portable calls sync files one by one")
	}
	var writes []providers.Write
	for _, uid := range strings.Fields("a b c d e f g h i j k l m n o p q r s t") {
		writes = append(writes, providers.Write{Kind: providers.Create, Item: event(t, uid, uid)})
	}
	x.write(writes...)
	if n := x.syncs.Load(); n != 2 {
		t.Errorf("%d files waited for the disk %d times, want 2", len(writes), n)
	}
}

func TestACreateGoesBesideWhatIsNoItem(t *testing.T) {
	x := newFixture(t)
	if err := errors.Join(os.Mkdir(filepath.Join(x.dir, "directory.ics"), 0o700), os.Symlink("nowhere", filepath.Join(x.dir, "link.ics"))); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	x.file("task.ics", "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nEND:VCALENDAR\r\n")
	for _, uid := range []string{"directory", "link", "task"} {
		outcomes := x.write(providers.Write{Kind: providers.Create, Item: event(t, uid, "Lunch")})
		if outcomes[0].Class != providers.Done || outcomes[0].Ref == uid+".ics" {
			t.Errorf("create %q beside %s.ics: %s as %q: %v", uid, uid, outcomes[0].Class, outcomes[0].Ref, outcomes[0].Err)
		}
	}
}

func TestItemsWithoutUIDAreNamedAfterTheirContent(t *testing.T) {
	x := newFixture(t)
	it := event(t, "one", "One").WithUID("")
	outcomes := x.write(providers.Write{Kind: providers.Create, Item: it}, providers.Write{Kind: providers.Create, Item: it})
	if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Done, providers.Stale}) {
		t.Errorf("outcomes are %v", got)
	}
	if !isItem(outcomes[0].Ref, pim.Calendar.Extension()) {
		t.Errorf("the file is %q", outcomes[0].Ref)
	}
}
