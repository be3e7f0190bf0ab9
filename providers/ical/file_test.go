package ical

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func TestLocate(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		provider, folder string
		kind             pim.Kind
		want             string
	}{
		{"data", "work.ics", pim.Calendar, "data/work.ics"},
		{"./data/../data/", "./a//work.ICS", pim.Calendar, "data/a/work.ICS"},
		{"data", "work.ics", pim.Tasks, "data/work.ics#tasks"},
		{"data", "work.ics", pim.Notes, "data/work.ics#notes"},
		{"data", "people.vcf", pim.Contacts, "data/people.vcf"},
		{"../elsewhere", "work.ics", pim.Calendar, filepath.Join(filepath.Dir(dir), "elsewhere", "work.ics")},
		{filepath.Join(dir, "absolute"), "work.ics", pim.Calendar, "absolute/work.ics"},
		{"data", "../work.ics", pim.Calendar, ""},
		{"data", "/work.ics", pim.Calendar, ""},
		{"data", "", pim.Calendar, ""},
		{"data", "work", pim.Calendar, ""},
		{"data", "work.vcf", pim.Calendar, ""},
		{"data", "people.ics", pim.Contacts, ""},
	} {
		cfg := providers.Config{Dir: dir, Attributes: providers.Attributes{"path": c.provider}}
		got, err := Driver{}.Locate(cfg, at(c.folder, c.kind))
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s %q in %q is at %q (%v), want %q", c.kind, c.folder, c.provider, got, err, c.want)
		}
		if c.want != "" {
			continue
		}
		p := openFiles(t, dir)
		if _, err := p.Folder(t.Context(), at(c.folder, c.kind)); providers.ClassOf(err) != providers.Refused {
			t.Errorf("open %q: %v, want refused", c.folder, err)
		}
		if err := p.CreateFolder(t.Context(), at(c.folder, c.kind)); providers.ClassOf(err) != providers.Refused {
			t.Errorf("create %q: %v, want refused", c.folder, err)
		}
	}
}

func TestAFileThatIsNoCalendarFails(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	for text, says := range map[string]string{"": "it is empty", "\n": "it is empty", "<html>": "holds no calendar", "BEGIN:VCARD\n": "holds no calendar"} {
		x.put(text)
		_, err := x.Changes(t.Context(), "", func(providers.Change) error { t.Error("a change was given"); return nil })
		if providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), x.path) {
			t.Errorf("changes of %q: %v", text, err)
		}
		if out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "a", "A")})[0]; out.Class != providers.Refused {
			t.Errorf("write to %q: %+v", text, out)
		}
		if x.text() != text {
			t.Errorf("%q became %q", text, x.text())
		}
	}
	if err := os.Remove(x.path); err != nil {
		t.Fatal(err)
	}
	_, err := x.Changes(t.Context(), "", func(providers.Change) error { return nil })
	out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "a", "A")})[0]
	if providers.ClassOf(err) != providers.Missing || out.Class != providers.Missing {
		t.Errorf("a file that is gone: %v, %+v, want missing", err, out)
	}
}

// A file that ends early hides what was behind: nothing is missing from it, and nothing is added to it.
func TestAFileThatEndsEarlyIsReadInPart(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	whole := calendarOf("", vevent("a", "A"), vevent("b", "B"), vevent("c", "C"))
	for _, at := range []string{"UID:b", "BEGIN:VEVENT\r\nUID:c", "END:VCALENDAR"} {
		text := whole[:strings.Index(whole, at)]
		x.put(text)
		refs, read := x.changes()
		if read.Complete || !strings.Contains(read.Reason, "is missing") || refs["a"] == "" {
			t.Errorf("cut off before %q: %v, %+v", at, refs, read)
		}
		if got := x.fetchOne("c"); at != "END:VCALENDAR" && providers.ClassOf(got.Err) != providers.Unknown {
			t.Errorf("what may be missing is %v, want unknown", got.Err)
		}
		outcomes := x.write(providers.Write{Kind: providers.Delete, Ref: "a", Version: refs["a"]}, providers.Write{Kind: providers.Create, Item: event(t, "d", "D")})
		if got := classes(outcomes); !slices.Equal(got, []providers.Class{providers.Transient, providers.Transient}) || x.text() != text {
			t.Errorf("cut off before %q, writes are %v (%v)", at, got, outcomes[0].Err)
		}
	}
}

func TestUnreadableItemsAreFrozenAmongGoodOnes(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	bad := vevent("bad", "Bad", "DTEND;TZID=Nowhere/Land:20260302T100000")
	torn := crlf("BEGIN:VEVENT\nUID:torn\nDTSTART:20260302T090000Z\nSUMMARY:a line\nthat lost its fold\nEND:VEVENT\n")
	x.put(calendarOf("", vevent("a", "A"), bad, torn, vevent("b", "B")))
	versions := x.list()
	for ref, says := range map[string]string{"bad": "line 15: DTEND: unknown time zone", "torn": "line 21: not a content line"} {
		got := x.fetchOne(ref)
		if providers.ClassOf(got.Err) != providers.Refused || got.Version != versions[ref] || !strings.Contains(got.Err.Error(), says) || !strings.Contains(got.Err.Error(), ref) {
			t.Errorf("%q is %+v, want refused that says %q", ref, got, says)
		}
	}
	x.done(
		providers.Write{Kind: providers.Delete, Ref: "a", Version: versions["a"]},
		providers.Write{Kind: providers.Update, Ref: "b", Version: versions["b"], Item: event(t, "b", "Changed")},
	)
	if want := calendarOf("", bad, torn, vevent("b", "Changed")); x.text() != want {
		t.Errorf("the file is\n%s\nwant\n%s", x.text(), want)
	}
	if now := x.list(); now["bad"] != versions["bad"] || now["torn"] != versions["torn"] {
		t.Errorf("the unreadable items' versions changed: %v, then %v", versions, now)
	}
}

func TestFewerItemsThanAFileHasToHold(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	x.put(twoEvents)
	x.least = 3
	if refs, read := x.changes(); read.Complete || len(refs) != 2 || !strings.Contains(read.Reason, "min_items is 3") {
		t.Errorf("%v, %+v, want a partial read", refs, read)
	}
}

func TestItemsComeWithTheirTimeZones(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	office, lab := customZone("Office", "+0100"), customZone(`Lab: "B"`, "+0300")
	known := strings.ReplaceAll(customZone("Office", "+0100"), "Office", "Europe/Paris")
	x.put(calendarOf("X-WR-CALNAME:Team\n", office, known, customZone("Unused", "+0500"),
		vevent("a", "A", "DTEND;TZID=Office:20260302T110000", "RDATE;TZID=Office:20260303T110000"), vevent("b", "B", "DTEND;VALUE=DATE-TIME;TZID=Of\r\n fice:20260302T110000"),
		vevent("c", "C", `DTEND;TZID="Europe/Paris":20260302T110000`), vevent("d", "D"), lab))
	head := crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Accord//ical//EN\n")
	for ref, want := range map[string]string{"a": office, "b": office, "c": known, "d": ""} {
		if got := string(x.item(ref).Bytes()); !strings.HasPrefix(got, head+want+crlf("BEGIN:VEVENT\nUID:"+ref)) {
			t.Errorf("%q is\n%s", ref, got)
		}
	}
}

func TestDiscover(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"work.ics":    calendarOf("X-WR-CALNAME:Work\\, all\nX-APPLE-CALENDAR-COLOR:#ff8800\n", vevent("a", "A"), vevent("b", "B"), component("VTODO", "t", "T")),
		"people.vcf":  crlf("BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n"),
		"nobody.vcf":  "",
		"empty.ICS":   calendarOf(""),
		"cut.ics":     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
		"page.ics":    "<html>",
		".hidden.ics": calendarOf("", vevent("a", "A")),
		"notes.txt":   "no item",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "directory.ics"), 0o700); err != nil {
		t.Fatal(err)
	}
	found, err := openFiles(t, dir).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) providers.Attributes { return providers.Attributes{"path": name} }
	want := []providers.Discovered{
		{Name: "cut.ics", Attributes: path("cut.ics")},
		{Name: "directory.ics", Attributes: path("directory.ics"), Items: -1},
		{Name: "empty.ICS", Attributes: path("empty.ICS")},
		{Name: "nobody.vcf", Kind: pim.Contacts, Attributes: path("nobody.vcf")},
		{Name: "page.ics", Attributes: path("page.ics"), Items: -1},
		{Name: "people.vcf", Kind: pim.Contacts, Attributes: path("people.vcf"), Items: 1},
		{Name: "Work, all", Kind: pim.Calendar, Attributes: path("work.ics"), Items: 2, Color: "#ff8800"},
		{Name: "Work, all", Kind: pim.Tasks, Attributes: path("work.ics"), Items: 1, Color: "#ff8800"},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("found\n%+v, want\n%+v", found, want)
	}
}

func TestFilesAreMadeForTheirOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	p := openFiles(t, dir)
	for name, want := range map[string]string{"a/b/work.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + productID + "\r\nEND:VCALENDAR\r\n", "people.vcf": ""} {
		kind := pim.Calendar
		if want == "" {
			kind = pim.Contacts
		}
		if err := p.CreateFolder(t.Context(), at(name, kind)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil || string(text) != want {
			t.Errorf("%s is %q, %v", name, text, err)
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".accord-*")); err != nil || len(left) > 0 {
			t.Errorf("beside it lies %q, %v", left, err)
		}
	}
	if err := os.Symlink("nowhere.ics", filepath.Join(dir, "link.ics")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := p.CreateFolder(t.Context(), at("link.ics", pim.Calendar)); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("a link that leads nowhere: %v", err)
	}
}

func TestWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	p := openFiles(t, dir)
	if err := os.Mkdir(filepath.Join(dir, "a.ics"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := p.CreateFolder(t.Context(), at("a.ics", pim.Calendar)); providers.ClassOf(err) != providers.Refused {
		t.Errorf("make a file where a directory is: %v, want refused", err)
	}
	if _, err := p.Folder(t.Context(), at("a.ics", pim.Calendar)); providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), "vdir") {
		t.Errorf("open a directory: %v, want refused", err)
	}
	for path, want := range map[string]providers.Class{".": providers.Done, "absent": providers.Missing} {
		p, err := Driver{}.Open(t.Context(), providers.Config{Dir: dir, Attributes: providers.Attributes{"path": path}})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Check(t.Context()); providers.ClassOf(err) != want {
			t.Errorf("check %q: %v, want %s", path, err, want)
		}
	}
}

func TestSystemErrorsHaveAClass(t *testing.T) {
	for err, want := range map[error]providers.Class{
		syscall.ENOSPC: providers.Transient, syscall.EIO: providers.Transient, syscall.ENOENT: providers.Missing, syscall.EACCES: providers.Unauthorized,
		syscall.EROFS: providers.Unauthorized, syscall.ENOTDIR: providers.Refused, errMoved: providers.Transient, errEmpty: providers.Refused,
		error(&pim.ParseError{Line: 1, Reason: "too long"}): providers.Refused,
	} {
		got := failure(&os.PathError{Op: "open", Path: "inner", Err: err}, "write", "a.ics")
		if providers.ClassOf(got) != want || !strings.HasPrefix(got.Error(), `ical: write "a.ics": `) {
			t.Errorf("%v is %s (%v), want %s", err, providers.ClassOf(got), got, want)
		}
	}
}
