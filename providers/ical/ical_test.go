package ical

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

func TestConformance(t *testing.T) {
	for _, kind := range pim.Kinds() {
		t.Run(string(kind), providertest.Suite{
			Kind: kind,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				p := openDurable(t, t.TempDir())
				cfg := at("work"+kind.Extension(), kind)
				if err := p.CreateFolder(t.Context(), cfg); err != nil {
					t.Fatal(err)
				}
				return p, cfg
			},
			Absent: func(providers.FolderConfig) providers.FolderConfig { return at("deep/absent"+kind.Extension(), kind) },
		}.Run)
	}
}

// A file that others share is no different: its other items, of other kinds, stay.
func TestConformanceOfASharedFile(t *testing.T) {
	for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
		t.Run(string(kind), providertest.Suite{
			Kind: kind,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				x := newFixture(t, kind)
				others := map[pim.Kind]string{pim.Calendar: "VTODO", pim.Tasks: "VJOURNAL", pim.Notes: "VEVENT"}
				before := calendarOf("X-WR-CALNAME:Shared\n", component(others[kind], "first", "First"), component(others[kind], "last", "Last"))
				x.put(strings.ReplaceAll(before, "\r\n", "\n"))
				t.Cleanup(func() {
					for _, text := range []string{"X-WR-CALNAME:Shared\n", "UID:first\n", "UID:last\n"} {
						if got := x.text(); !strings.Contains(got, text) || strings.Contains(got, "\r") {
							t.Errorf("the file lost %q, or its line ends", text)
						}
					}
				})
				return x.provider, at("work.ics", kind)
			},
		}.Run)
	}
}

// openFiles opens a directory on a disk that is never waited for.
func openFiles(t testing.TB, dir string) providers.Provider {
	t.Helper()
	p := openDurable(t, dir)
	p.(*files).disk = hasty{local{}}
	return p
}

func openDurable(t testing.TB, dir string) providers.Provider {
	t.Helper()
	p, err := Driver{}.Open(t.Context(), providers.Config{Address: "provider.ical.test", Dir: dir, Attributes: providers.Attributes{"path": "."}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type hasty struct{ disk }

func (hasty) flush(*os.File) error { return nil }
func (hasty) sync(string) error    { return nil }

func at(path string, kind pim.Kind) providers.FolderConfig {
	return providers.FolderConfig{Address: "folder.test", Kind: kind, Attributes: providers.Attributes{"path": path}}
}

// fixture is a folder in a file of its own.
type fixture struct {
	testing.TB
	*file
}

// newFixture has a file without items.
func newFixture(t testing.TB, kind pim.Kind) *fixture {
	t.Helper()
	p := openFiles(t, t.TempDir())
	cfg := at("work"+kind.Extension(), kind)
	if err := p.CreateFolder(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	f, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t, f.(*file)}
}

// put writes the file as another program would.
func (x *fixture) put(text string) {
	x.Helper()
	if err := os.WriteFile(x.path, []byte(text), 0o600); err != nil {
		x.Fatal(err)
	}
}

func (x *fixture) text() string {
	x.Helper()
	text, err := os.ReadFile(x.path)
	if err != nil {
		x.Fatal(err)
	}
	return string(text)
}

// list gives the versions by ref.
func (x *fixture) list() map[string]string {
	x.Helper()
	versions, read := x.changes()
	if !read.Complete || !read.Full {
		x.Fatalf("changes: %+v", read)
	}
	return versions
}

func (x *fixture) changes() (map[string]string, providers.Read) {
	x.Helper()
	versions := map[string]string{}
	read, err := x.Changes(x.Context(), "", func(c providers.Change) error {
		versions[c.Ref] = c.Version
		return nil
	})
	if err != nil {
		x.Fatal(err)
	}
	return versions, read
}

func (x *fixture) refs() []string { return slices.Sorted(maps.Keys(x.list())) }

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

func (x *fixture) item(ref string) *pim.Item {
	x.Helper()
	got := x.fetchOne(ref)
	if got.Err != nil {
		x.Fatal(got.Err)
	}
	return got.Item
}

func (x *fixture) write(writes ...providers.Write) []providers.Outcome {
	x.Helper()
	return x.Write(x.Context(), writes)
}

// done writes what must succeed.
func (x *fixture) done(writes ...providers.Write) []providers.Outcome {
	x.Helper()
	outcomes := x.write(writes...)
	for i, out := range outcomes {
		if out.Class != providers.Done {
			x.Fatalf("%s %q is %s: %v", writes[i].Kind, writes[i].Ref, out.Class, out.Err)
		}
	}
	return outcomes
}

func classes(outcomes []providers.Outcome) []providers.Class {
	var list []providers.Class
	for _, out := range outcomes {
		list = append(list, out.Class)
	}
	return list
}

// crlf is a text with the line ends of the formats.
func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

// component is a small item, without its VCALENDAR.
func component(name, uid, title string, lines ...string) string {
	return crlf(fmt.Sprintf("BEGIN:%s\nUID:%s\nDTSTAMP:20260101T000000Z\nDTSTART:20260302T090000Z\nSUMMARY:%s\n%sEND:%[1]s\n",
		name, uid, title, strings.Join(append(lines, ""), "\n")))
}

func vevent(uid, title string, lines ...string) string {
	return component("VEVENT", uid, title, lines...)
}

// calendarOf is a VCALENDAR.
func calendarOf(head string, components ...string) string {
	return crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Accord//ical//EN\n"+head) + strings.Join(components, "") + crlf("END:VCALENDAR\n")
}

// customZone is a zone that no list knows.
func customZone(tzid, offset string) string {
	return crlf(fmt.Sprintf("BEGIN:VTIMEZONE\nTZID:%s\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:%s\nTZOFFSETTO:%[2]s\nEND:STANDARD\nEND:VTIMEZONE\n", tzid, offset))
}

func parse(t testing.TB, kind pim.Kind, text string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(kind, []byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return it
}

func event(t testing.TB, uid, title string) *pim.Item {
	t.Helper()
	return parse(t, pim.Calendar, calendarOf("", vevent(uid, title)))
}

// retitled is an item with another title.
func retitled(t testing.TB, it *pim.Item, from, to string) *pim.Item {
	t.Helper()
	return parse(t, it.Kind(), string(bytes.ReplaceAll(it.Bytes(), []byte(":"+from), []byte(":"+to))))
}

// beside lists what lies beside the file.
func (x *fixture) beside() (names []string) {
	x.Helper()
	entries, err := os.ReadDir(filepath.Dir(x.path))
	if err != nil {
		x.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(x.path) {
			names = append(names, e.Name())
		}
	}
	return names
}
