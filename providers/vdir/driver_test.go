package vdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func openAt(t *testing.T, dir, path string) providers.Provider {
	t.Helper()
	p, err := Driver{}.Open(t.Context(), providers.Config{Address: "provider.vdir.test", Dir: dir, Attributes: providers.Attributes{"path": path}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLocate(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ provider, folder, want string }{
		{"data", "work", "data/work"},
		{"./data/../data/", "./work//", "data/work"},
		{"data", "a/b", "data/a/b"},
		{"../elsewhere", "work", filepath.Join(filepath.Dir(dir), "elsewhere", "work")},
		{filepath.Join(dir, "absolute"), "work", "absolute/work"},
		{"data", ".", "data"},
		{"data", "../work", ""},
		{"data", "a/../../work", ""},
		{"data", "/work", ""},
		{"data", "", ""},
	} {
		cfg := providers.Config{Dir: dir, Attributes: providers.Attributes{"path": c.provider}}
		got, err := Driver{}.Locate(cfg, at(c.folder, pim.Calendar))
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q in %q is at %q (%v), want %q", c.folder, c.provider, got, err, c.want)
		}
		if c.want != "" {
			continue
		}
		p := openAt(t, dir, c.provider)
		if _, err := p.Folder(t.Context(), at(c.folder, pim.Calendar)); providers.ClassOf(err) != providers.Refused {
			t.Errorf("open %q: %v, want refused", c.folder, err)
		}
		if err := p.CreateFolder(t.Context(), at(c.folder, pim.Calendar)); providers.ClassOf(err) != providers.Refused {
			t.Errorf("create %q: %v, want refused", c.folder, err)
		}
	}
}

func TestDiscover(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"work/one.ics":          eventText("one", "One"),
		"work/two.ics":          eventText("two", "Two"),
		"work/color":            "#ff8800\n",
		"work/displayname":      "Work calendar\n",
		"work/.hidden.ics":      eventText("hidden", "Hidden"),
		"people/ada.vcf":        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:Ada\r\nEND:VCARD\r\n",
		"todo/a.ics":            "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
		"diary/a.ics":           "BEGIN:VCALENDAR\r\nBEGIN:VJOURNAL\r\nUID:a\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n",
		"empty/displayname":     "",
		".trash/one.ics":        eventText("one", "One"),
		"no-folder.ics":         eventText("one", "One"),
		"work/deeper/three.ics": eventText("three", "Three"),
		"staff/ada/four.ics":    eventText("four", "Four"),
		"staff/ben/.keep":       "",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "work"), filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	found, err := openAt(t, dir, ".").Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) providers.Attributes { return providers.Attributes{"path": name} }
	want := []providers.Discovered{
		{Name: "diary", Kind: pim.Notes, Attributes: path("diary"), Items: 1},
		{Name: "empty", Attributes: path("empty")},
		{Name: "people", Kind: pim.Contacts, Attributes: path("people"), Items: 1},
		{Name: "staff/ada", Kind: pim.Calendar, Attributes: path("staff/ada"), Items: 1},
		{Name: "staff/ben", Attributes: path("staff/ben")},
		{Name: "todo", Kind: pim.Tasks, Attributes: path("todo"), Items: 1},
		{Name: "Work calendar", Kind: pim.Calendar, Attributes: path("work"), Items: 2, Color: "#ff8800"},
		{Name: "work/deeper", Kind: pim.Calendar, Attributes: path("work/deeper"), Items: 1},
	}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("found\n%+v, want\n%+v", found, want)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]providers.Class{".": providers.Done, "absent": providers.Missing, "file": providers.Refused} {
		if err := openAt(t, dir, path).Check(t.Context()); providers.ClassOf(err) != want {
			t.Errorf("check %q: %v, want %s", path, err, want)
		}
	}
	if _, err := openAt(t, dir, "file").Folder(t.Context(), at(".", pim.Calendar)); providers.ClassOf(err) != providers.Refused {
		t.Errorf("a folder that is a file: %v, want refused", err)
	}
}

func TestFoldersAreMadeForTheirOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits here")
	}
	dir := t.TempDir()
	if err := openAt(t, dir, "data").CreateFolder(t.Context(), at("work", pim.Calendar)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"data", "data/work"} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}

func TestSystemErrorsHaveAClass(t *testing.T) {
	for err, want := range map[syscall.Errno]providers.Class{
		syscall.ENOSPC: providers.Transient, syscall.EDQUOT: providers.Transient, syscall.EIO: providers.Transient, syscall.EMFILE: providers.Transient,
		syscall.ENOENT: providers.Missing, syscall.EACCES: providers.Unauthorized, syscall.EPERM: providers.Unauthorized,
		syscall.EROFS: providers.Unauthorized, syscall.ENOTDIR: providers.Refused, syscall.ENAMETOOLONG: providers.Refused,
	} {
		got := failure(&fs.PathError{Op: "open", Path: "inner", Err: err}, "write to", "a.ics")
		says := `vdir: write to "a.ics": `
		if want == providers.Unauthorized {
			says = `vdir: "a.ics" cannot be written: `
		}
		if providers.ClassOf(got) != want || !errors.Is(got, err) || !strings.HasPrefix(got.Error(), says) {
			t.Errorf("%v is %s (%v), want %s and %s", err, providers.ClassOf(got), got, want, says)
		}
	}
	denied := failure(fs.ErrPermission, "open", "calendar").Error()
	if want := `vdir: "calendar" cannot be read: permission denied; the account that runs accord needs permission for it`; denied != want {
		t.Errorf("it says %s, want %s", denied, want)
	}
}
