package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/schema/pim"
)

// sample is a backup of one folder with items of these refs and UIDs; each says its ref.
func sample(t *testing.T, dir string, items ...backup.Item) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := backup.Create(dir, "office", time.Date(2026, 11, 22, 14, 30, 0, 0, time.UTC))
	must(err)
	must(w.Begin(backup.Folder{Address: `folder.staff["Änna"]`, Kind: pim.Calendar, Location: "/anna"}))
	for _, it := range items {
		must(w.Add(it, []byte(it.Ref)))
	}
	must(w.Lack(backup.Item{Ref: "broken.ics", Unreadable: "it ends early"}))
	_, err = w.End("the server answered in part")
	must(err)
	must(w.Begin(backup.Folder{Address: "folder.team", Kind: pim.Contacts, Identity: "7"}))
	_, err = w.End("")
	must(err)
	must(w.Finish())
}

func TestWhatWasWrittenIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "backup")
	sample(t, dir, backup.Item{Ref: "a.ics", UID: "a", Version: "1"}, backup.Item{Ref: "b.ics", UID: "a"}, backup.Item{Ref: "c.ics"})
	b, err := backup.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if len(b.Folders) != 2 || b.Workspace != "office" || b.Created.Hour() != 14 {
		t.Fatalf("the backup is %+v", b)
	}
	staff, team := b.Folders[0], b.Folders[1]
	if staff.Address != `folder.staff["Änna"]` || staff.Complete || staff.Reason == "" || staff.Items != 3 || staff.Unreadable != 1 || !team.Complete || team.Identity != "7" || team.Items != 0 {
		t.Errorf("the folders are %+v", b.Folders)
	}
	n := 0
	err = b.Items(&staff, func(it backup.Item) error {
		n++
		data, err := b.Read(&staff, it)
		if string(data) != it.Ref {
			t.Errorf("%s says %q", it.Ref, data)
		}
		return err
	})
	if err != nil || n != 3 {
		t.Errorf("%d items were read: %v", n, err)
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v (%v)", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDamage(t *testing.T) {
	edit := func(name, old, new string) func(string) error {
		return func(dir string) error {
			matches, err := filepath.Glob(filepath.Join(dir, name))
			if err != nil || len(matches) != 1 {
				return errors.Join(err, os.ErrNotExist)
			}
			data, err := os.ReadFile(matches[0])
			if err != nil {
				return err
			}
			return os.WriteFile(matches[0], []byte(strings.Replace(string(data), old, new, 1)), 0o600)
		}
	}
	for name, c := range map[string]struct {
		harm func(dir string) error
		says string
	}{
		"no manifest":         {func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) }, "it was not finished, or is no backup"},
		"a manifest cut off":  {func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest.json"), 300) }, "cannot be understood"},
		"another item":        {edit("folder.staff*/a-*", "a.ics", "b.ics"), "is not what was written into it"},
		"an item less":        {func(dir string) error { return os.RemoveAll(filepath.Join(dir, "folder.team")) }, ""},
		"a file outside":      {edit("manifest.json", `"file":"a-`, `"file":"../a-`), "is no name of a file in a backup"},
		"a directory outside": {edit("manifest.json", `"directory":"folder.staff`, `"directory":"/etc/folder.staff`), "describes no folder"},
		"a link": {func(dir string) error {
			matches, err := filepath.Glob(filepath.Join(dir, "folder.staff*/a-*"))
			if err != nil || len(matches) != 1 {
				return errors.Join(err, os.ErrNotExist)
			}
			return errors.Join(os.Remove(matches[0]), os.Symlink("/etc/hostname", matches[0]))
		}, "damaged"},
		"another format": {edit("manifest.json", `"format_version":"1.0"`, `"format_version":"9.0"`), "use the Accord that wrote it"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "backup")
			sample(t, dir, backup.Item{Ref: "a.ics", UID: "a"})
			if err := c.harm(dir); err != nil {
				t.Fatal(err)
			}
			b, err := backup.Open(t.Context(), dir)
			if c.says == "" { // an empty directory is no loss
				if err != nil {
					t.Fatal(err)
				}
				b.Close()
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it opens: %v", err)
			}
		})
	}
}

// TestDirectories: nothing is written over what is there.
func TestDirectories(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Create(dir, "office", time.Now()); err == nil || !strings.Contains(err.Error(), "name a new directory") {
		t.Errorf("a directory in use is taken: %v", err)
	}
	if _, err := backup.Open(t.Context(), filepath.Join(dir, "no")); err == nil || !strings.Contains(err.Error(), "there is no backup") {
		t.Errorf("a directory that is not there opens: %v", err)
	}
	w, err := backup.Create(filepath.Join(dir, "half"), "office", time.Now())
	if err = errors.Join(err, w.Abandon()); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Open(t.Context(), filepath.Join(dir, "half")); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("a backup that was given up opens: %v", err)
	}
}
