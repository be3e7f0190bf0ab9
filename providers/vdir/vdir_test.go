package vdir

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

func TestConformance(t *testing.T) {
	for _, kind := range pim.Kinds() {
		t.Run(string(kind), providertest.Suite{
			Kind: kind,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				p, err := Driver{}.Open(t.Context(), providers.Config{Dir: t.TempDir(), Attributes: providers.Attributes{"path": "data"}})
				if err != nil {
					t.Fatal(err)
				}
				cfg := at("work", kind)
				if err := p.CreateFolder(t.Context(), cfg); err != nil {
					t.Fatal(err)
				}
				return p, cfg
			},
			Absent: func(providers.FolderConfig) providers.FolderConfig { return at("deep/absent", kind) },
		}.Run)
	}
}

func at(path string, kind pim.Kind) providers.FolderConfig {
	return providers.FolderConfig{Address: "folder.test", Kind: kind, Attributes: providers.Attributes{"path": path}}
}

// fixture is a calendar folder in a directory of its own, whose clock and system calls a test can change.
type fixture struct {
	*testing.T
	dir string
	*folder
	clock time.Time
	reads atomic.Int64
	wrap  func(directory) directory // nil: as it is
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	x := &fixture{T: t, dir: t.TempDir(), clock: time.Now()}
	x.folder = &folder{path: x.dir, kind: pim.Calendar, now: func() time.Time { return x.clock }}
	x.folder.opener = func(path string) (directory, error) {
		d, err := openDirectory(path)
		if err != nil {
			return nil, err
		}
		d = counting{d, &x.reads}
		if x.wrap != nil {
			d = x.wrap(d)
		}
		return d, nil
	}
	d, err := openDirectory(x.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if x.folder.ident, err = d.identity(); err != nil {
		t.Fatal(err)
	}
	return x
}

// counting counts the files read.
type counting struct {
	directory
	reads *atomic.Int64
}

func (c counting) read(name string, limit int64) ([]byte, stat, error) {
	c.reads.Add(1)
	return c.directory.read(name, limit)
}

func event(t testing.TB, uid, title string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(pim.Calendar, []byte(eventText(uid, title)))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func eventText(uid, title string) string {
	return strings.ReplaceAll(fmt.Sprintf(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Accord//vdir//EN
BEGIN:VEVENT
UID:%s
DTSTAMP:20260101T000000Z
DTSTART:20260302T090000Z
SUMMARY:%s
END:VEVENT
END:VCALENDAR
`, uid, title), "\n", "\r\n")
}

// list gives the versions by ref.
func (x *fixture) list() map[string]string {
	x.Helper()
	versions := map[string]string{}
	read, err := x.Changes(x.Context(), "", func(c providers.Change) error {
		versions[c.Ref] = c.Version
		return nil
	})
	if err != nil || !read.Complete || !read.Full {
		x.Fatalf("changes: %+v, %v", read, err)
	}
	return versions
}

func (x *fixture) fetchOne(ref string) providers.Fetched {
	x.Helper()
	var got []providers.Fetched
	if err := x.Fetch(x.Context(), []string{ref}, func(f providers.Fetched) error { got = append(got, f); return nil }); err != nil {
		x.Fatal(err)
	}
	if len(got) != 1 {
		x.Fatalf("%d answers for one ref", len(got))
	}
	return got[0]
}

// file writes a file as another program would, with the fixture's time.
func (x *fixture) file(name, content string) {
	x.Helper()
	path := filepath.Join(x.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		x.Fatal(err)
	}
	if err := os.Chtimes(path, x.clock, x.clock); err != nil {
		x.Fatal(err)
	}
}

// files lists everything in the directory, hidden or not.
func (x *fixture) files() []string {
	x.Helper()
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		x.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (x *fixture) want(want ...string) {
	x.Helper()
	if got := x.files(); !slices.Equal(got, want) {
		x.Errorf("the directory holds %q, want %q", got, want)
	}
}

func (x *fixture) write(writes ...providers.Write) []providers.Outcome {
	x.Helper()
	return x.Write(x.Context(), writes)
}

func classes(outcomes []providers.Outcome) []providers.Class {
	var list []providers.Class
	for _, out := range outcomes {
		list = append(list, out.Class)
	}
	return list
}

func TestOnlyItemFilesAreListed(t *testing.T) {
	x := newFixture(t)
	x.file("one.ics", eventText("one", "One"))
	x.file("UPPER.ICS", eventText("upper", "Upper"))
	x.file(".hidden.ics", eventText("hidden", "Hidden"))
	x.file(".accord-1-1.tmp", "half a file")
	x.file("card.vcf", "BEGIN:VCARD")
	x.file("color", "#ff0000")
	x.file("displayname", "Work")
	x.file("notes.txt", "no item")
	outside := filepath.Join(t.TempDir(), "outside.ics")
	if err := os.WriteFile(outside, []byte(eventText("outside", "Outside")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(x.dir, "link.ics")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Mkdir(filepath.Join(x.dir, "directory.ics"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(x.list())); !slices.Equal(got, []string{"UPPER.ICS", "one.ics"}) {
		t.Errorf("listed %q", got)
	}
	for ref, class := range map[string]providers.Class{
		"link.ics": providers.Missing, "directory.ics": providers.Missing, ".hidden.ics": providers.Refused,
		"../outside.ics": providers.Refused, outside: providers.Refused, "color": providers.Refused, "": providers.Refused,
	} {
		// What took the place of an item cannot be read; that is not to say that the item was deleted.
		if got := x.fetchOne(ref); providers.ClassOf(got.Err) != providers.Refused {
			t.Errorf("fetch %q: %v, want %s", ref, got.Err, providers.Refused)
		}
		outcomes := x.write(
			providers.Write{Kind: providers.Update, Ref: ref, Item: event(t, "x", "X")},
			providers.Write{Kind: providers.Delete, Ref: ref},
		)
		if got := classes(outcomes); !slices.Equal(got, []providers.Class{class, class}) {
			t.Errorf("write %q: %v, want %s", ref, got, class)
		}
	}
	if got, err := os.ReadFile(outside); err != nil || string(got) != eventText("outside", "Outside") {
		t.Errorf("the file outside was touched: %v", err)
	}
}

func TestUnreadableFilesDoNotStopTheOthers(t *testing.T) {
	x := newFixture(t)
	x.file("broken.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
	x.file("denied.ics", eventText("denied", "Denied"))
	x.file("good.ics", eventText("good", "Good"))
	x.file("large.ics", "")
	if err := os.Truncate(filepath.Join(x.dir, "large.ics"), largest+1); err != nil {
		t.Fatal(err)
	}
	x.wrap = func(d directory) directory { return denying{d} }
	var before map[string]string
	for range 2 {
		versions := x.list()
		for ref, class := range map[string]providers.Class{
			"broken.ics": providers.Refused, "denied.ics": providers.Refused, "good.ics": providers.Done, "large.ics": providers.Refused,
		} {
			got := x.fetchOne(ref)
			if providers.ClassOf(got.Err) != class {
				t.Errorf("fetch %q: %v, want %s", ref, got.Err, class)
			}
			if got.Err != nil && !strings.Contains(got.Err.Error(), ref) {
				t.Errorf("the error does not name the file: %v", got.Err)
			}
			if ref == "denied.ics" && !strings.Contains(got.Err.Error(), `denied.ics" cannot be read: `) {
				t.Errorf("the error is %v", got.Err)
			}
			if got.Version == "" || got.Version != versions[ref] || got.Version == before[ref] {
				t.Errorf("%q is %q when listed and %q when read; it was %q when young", ref, versions[ref], got.Version, before[ref])
			}
		}
		before, x.clock = versions, x.clock.Add(time.Hour)
	}
}

func TestItemsOfAnotherKindAreNoneOfTheFolder(t *testing.T) {
	x := newFixture(t)
	x.file("task.ics", strings.ReplaceAll(eventText("task", "Task"), "VEVENT", "VTODO"))
	if got := x.fetchOne("task.ics"); providers.ClassOf(got.Err) != providers.Missing || !strings.Contains(got.Err.Error(), "tasks") {
		t.Errorf("a task in a calendar: %v, want missing", got.Err)
	}
}

type denying struct{ directory }

func (d denying) read(name string, limit int64) ([]byte, stat, error) {
	if strings.HasPrefix(name, "denied") {
		return nil, stat{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.directory.read(name, limit)
}

func TestAReplacedDirectoryIsMissing(t *testing.T) {
	x := newFixture(t)
	if x.ident == "" {
		t.Skip("directories have no identity here")
	}
	if err := os.Rename(x.dir, x.dir+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(x.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := x.Changes(t.Context(), "", func(providers.Change) error { return nil })
	if providers.ClassOf(err) != providers.Missing {
		t.Errorf("changes of a directory that was replaced: %v, want missing", err)
	}
}

// restless says that the directory changed whenever it is asked.
type restless struct {
	directory
	asked *int64
}

func (r restless) changed() (int64, error) { *r.asked++; return *r.asked, nil }

func TestAListingOfABusyDirectoryIsPartial(t *testing.T) {
	x := newFixture(t)
	x.file("one.ics", eventText("one", "One"))
	var asked int64
	x.wrap = func(d directory) directory { return restless{d, &asked} }
	read, err := x.Changes(t.Context(), "", func(providers.Change) error { return nil })
	if err != nil || read.Complete || read.Reason == "" {
		t.Errorf("a listing of a directory that changes all the time: %+v, %v", read, err)
	}
}
