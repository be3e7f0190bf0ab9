package vdir

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// hostileNames want to be elsewhere than in a folder, or something else than an item.
var hostileNames = []string{
	"../../outside", "..", ".", "", "/etc/passwd", `..\..\outside`, `C:\outside`, "a/../../outside", "%2e%2e%2foutside", "..%2Foutside", "a\x00b", ".hidden", ".accord-x", "a\nb", "a\r\n", "-rf", "~/x", "$(id)", "`id`",
	"con", "a:stream", strings.Repeat("a", 5000), strings.Repeat("../", 500), "\xff\xfe", "é\u202eics.", "link", "*", "{a,b}", "|x", " ",
}

// TestHostileUIDsStayInTheFolder writes, edits and deletes items whose UIDs want to be paths, and looks at all that is around the folder.
func TestHostileUIDsStayInTheFolder(t *testing.T) {
	root := t.TempDir()
	outside := filepath.Join(root, "outside.ics")
	for name, text := range map[string]string{outside: "mine", filepath.Join(root, "data", "other", "x.ics"): "mine"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Driver{}.Open(t.Context(), providers.Config{Dir: root, Attributes: providers.Attributes{"path": "data"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cfg := providers.FolderConfig{Address: "folder.test", Kind: pim.Calendar, Attributes: providers.Attributes{"path": "work"}}
	if err := p.CreateFolder(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(root, "data", "work", "link.ics")); err != nil {
		t.Fatal(err)
	}
	f, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	before := around(t, root)
	made := 0
	for _, uid := range hostileNames {
		item := pim.New(pim.Calendar, uid)
		out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: item}})[0]
		if out.Class != providers.Done {
			t.Logf("%q: %s %v", uid, out.Class, out.Err)
			continue
		}
		made++
		if out.Ref != filepath.Base(out.Ref) || out.Ref[0] == '.' {
			t.Errorf("%q is written as %q", uid, out.Ref)
		}
	}
	if made < len(hostileNames)*2/3 {
		t.Errorf("%d of %d were written", made, len(hostileNames))
	}
	for _, ref := range append(hostileNames, "../../outside.ics", "../other/x.ics", "link.ics", outside) {
		var got providers.Fetched
		if err := f.Fetch(t.Context(), []string{ref}, func(g providers.Fetched) error { got = g; return nil }); err != nil {
			t.Errorf("fetch %q: %v", ref, err)
		}
		if got.Item != nil && strings.Contains(string(got.Item.Bytes()), "mine") {
			t.Errorf("the ref %q gives what is outside", ref)
		}
		for _, w := range []providers.Write{{Kind: providers.Delete, Ref: ref}, {Kind: providers.Update, Ref: ref, Item: pim.New(pim.Calendar, "x")}} {
			if out := f.Write(t.Context(), []providers.Write{w})[0]; out.Class == providers.Done {
				t.Errorf("%v of the ref %q: %s", w.Kind, ref, out.Class)
			}
		}
	}
	if now := around(t, root); len(now) != len(before) {
		t.Errorf("around the folder there is %v, and there was %v", now, before)
	}
	for name, text := range before {
		if now := around(t, root)[name]; now != text {
			t.Errorf("%s holds %q", name, now)
		}
	}
}

// around is what lies around the folder work: files and what they hold, and links.
func around(t *testing.T, root string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		inside := filepath.Dir(name) == filepath.Join(root, "data", "work")
		switch {
		case err != nil:
			return err
		case d.Type()&fs.ModeSymlink != 0:
			all[name], err = os.Readlink(name)
		case d.IsDir() || !inside:
			var text []byte
			if !d.IsDir() {
				text, err = os.ReadFile(name)
			}
			all[name] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
