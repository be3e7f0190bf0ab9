package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFilesAreTheirOwnersAlone applies, pauses, saves plans and backs up with the most generous umask there is: what Accord makes for itself, nobody else reads.
func TestFilesAreTheirOwnersAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	p := newAviaryPlace(t)
	p.all(func(string, int, string) {})
	looked := 0
	for _, dir := range []string{p.dir, temporary} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			short, err := filepath.Rel(p.dir, name)
			if err != nil || !strings.HasPrefix(short, ".accord") && !strings.HasSuffix(short, ".plan") && !strings.HasSuffix(short, ".jsonl") && !strings.HasPrefix(short, "fresh/saved") && dir != temporary {
				return err
			}
			if name == temporary {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			if looked++; info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", short, info.Mode())
			}
			return nil
		})
		p.check(err)
	}
	if looked < 10 {
		t.Errorf("%d files were looked at", looked)
	}
}

// TestLinksAreNotWrittenThrough puts symbolic links where Accord writes: what they lead to stays as it is.
func TestLinksAreNotWrittenThrough(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.put("data/a/.keep", "")
	p.put("data/b/.keep", "")
	p.add("a", "Lunch", "Review")
	p.put("precious", "mine")
	precious := filepath.Join(p.dir, "precious")
	for _, name := range []string{"saved.plan", "plan.json", "data/b/Lunch.ics", "state.jsonl"} {
		p.check(os.Symlink(precious, filepath.Join(p.dir, name)))
	}
	for _, args := range [][]string{{"plan", "-out=saved.plan"}, {"apply", "saved.plan"}, {"plan", "-out=saved.plan"}, {"apply", "-auto-approve"}, {"state", "export", "state.jsonl"}} {
		prog := testProgram()
		prog.run(t.Context(), append([]string{"-chdir", p.dir}, args...))
		text, err := os.ReadFile(precious)
		p.check(err)
		if string(text) != "mine" {
			t.Fatalf("accord %s wrote through a link: %q", strings.Join(args, " "), text)
		}
	}
}

// TestAStateBehindALink puts a link where the lock is: what it leads to is no lock, and stays as it is.
func TestAStateBehindALink(t *testing.T) {
	p := newPlace(t, blocks("a", "b")+oneWay("ab", "a", "b", ""))
	p.put("data/a/.keep", "")
	p.add("a", "Lunch")
	p.put("elsewhere/precious", "mine")
	p.check(os.MkdirAll(filepath.Join(p.dir, ".accord", "state"), 0o700))
	p.check(os.Symlink(filepath.Join(p.dir, "elsewhere", "precious"), filepath.Join(p.dir, ".accord", "state", "lock")))
	prog := testProgram()
	prog.run(t.Context(), []string{"-chdir", p.dir, "apply", "-auto-approve"})
	text, err := os.ReadFile(filepath.Join(p.dir, "elsewhere", "precious"))
	p.check(err)
	if string(text) != "mine" {
		t.Errorf("the lock was written through a link: %q", text)
	}
}
