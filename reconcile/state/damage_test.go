package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
)

// small makes a state with one folder, one pair and one entry, closed unless left open, and gives back its directory and its dump.
func small(t *testing.T, leaveOpen bool) (dir, content string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "accord", "state")
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, &Batch{
		Workspace: "office",
		Folders:   []Folder{{Address: "folder.a", Location: "data/a"}},
		Items:     []FolderItem{{"folder.a", Item{Ref: "1.ics", UID: "1", Key: "1", Version: "v"}}},
		Pairs:     []Pair{{Relationship: "relationship.a", Original: "1", Status: Active}},
		Applies:   []Apply{{Number: 1, Plan: "p"}},
		Entries:   []Entry{{Apply: 1, Seq: 1, Folder: "folder.a", Kind: providers.Update, Images: []byte("BEGIN:VCALENDAR"), Outcome: providers.Done}},
	})
	content = dump(t, s)
	if leaveOpen {
		t.Cleanup(func() { _ = s.Close() })
	} else if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, content
}

// snapshot is the content, mode and time of everything below a directory.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		seen[path] = info.Mode().String() + info.ModTime().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			seen[path] += string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// copied is a copy of a state as a crash of the process leaves it.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "state")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestReadingChangesNoByte(t *testing.T) {
	closed, content := small(t, false)
	running, _ := small(t, true)
	for name, dir := range map[string]string{"closed": closed, "killed": copied(t, running)} {
		before := snapshot(t, filepath.Dir(dir))
		r, err := OpenReader(context.Background(), dir, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := dump(t, r); got != content {
			t.Errorf("%s: read\n%s\nwant\n%s", name, got, content)
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		after := snapshot(t, filepath.Dir(dir))
		for path := range after {
			if before[path] != after[path] {
				t.Errorf("%s: %s was changed or made", name, path)
			}
		}
		if len(before) != len(after) {
			t.Errorf("%s: %d files before, %d after", name, len(before), len(after))
		}
	}
}

func TestReadingWithoutAStateMakesNone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "accord", "state")
	r, err := OpenReader(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dump(t, r), dump(t, Memory()); got != want {
		t.Errorf("no state reads as\n%s", got)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading left something behind: %v", err)
	}
}

func TestNobodyElseReadsTheState(t *testing.T) {
	dir, _ := small(t, true)
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNewerStateIsRefused(t *testing.T) {
	dir, _ := small(t, false)
	if err := os.WriteFile(filepath.Join(dir, dbName, formatName), []byte("accord state 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, filepath.Join(dir, dbName))
	_, reading := OpenReader(context.Background(), dir, Options{})
	_, writing := Open(context.Background(), dir, Options{})
	for _, err := range []error{reading, writing} {
		if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "format 3") {
			t.Errorf("a newer state: %v", err)
		}
	}
	for path, was := range snapshot(t, filepath.Join(dir, dbName)) {
		if before[path] != was {
			t.Errorf("%s was touched", path)
		}
	}
}

// TestDamageIsNeverSilent does each kind of damage to each file that matters, and reads everything: either nothing is missing, or the
// error names the state and says what to do.
func TestDamageIsNeverSilent(t *testing.T) {
	closed, content := small(t, false)
	running, _ := small(t, true)
	damages := map[string]func(path string, text []byte) error{
		"removed":   func(path string, _ []byte) error { return os.Remove(path) },
		"emptied":   func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
		"cut short": func(path string, text []byte) error { return os.WriteFile(path, text[:len(text)/2], 0o600) },
		"flipped": func(path string, text []byte) error {
			for i := range text {
				if i%7 == 3 {
					text[i] ^= 0x55
				}
			}
			return os.WriteFile(path, text, 0o600)
		},
	}
	for state, dir := range map[string]string{"closed": closed, "killed": running} {
		files, err := os.ReadDir(filepath.Join(dir, dbName))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for damage, do := range damages {
				if state == "killed" && strings.HasSuffix(file.Name(), ".log") {
					continue // what is lost of a log looks like what a crash had not written yet
				}
				t.Run(state+"/"+file.Name()+"/"+damage, func(t *testing.T) {
					dir := copied(t, dir)
					path := filepath.Join(dir, dbName, file.Name())
					text, err := os.ReadFile(path)
					if err == nil {
						err = do(path, text)
					}
					if err != nil {
						t.Fatal(err)
					}
					readAll := func(r ReadCloser, err error) {
						if err == nil {
							var got string
							got, err = tryDump(r)
							if err == nil && got != content {
								t.Errorf("silently wrong:\n%s", got)
							}
							err = errors.Join(err, r.Close())
						}
						if err != nil && (!strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "accord apply") && !strings.Contains(err.Error(), "accord state rebuild -replace")) {
							t.Errorf("the error does not say where, or what to do: %v", err)
						}
					}
					r, err := OpenReader(context.Background(), dir, Options{})
					readAll(r, err)
					s, err := Open(context.Background(), dir, Options{})
					readAll(s, err)
				})
			}
		}
	}
}

// tryDump is dump with its error.
func tryDump(r Reader) (text string, err error) {
	defer func() {
		if failed, ok := recover().(dumpFailed); ok {
			err = failed.err
		}
	}()
	return dump(dumpFailed{}, r), nil
}

type dumpFailed struct{ err error }

func (dumpFailed) Fatal(args ...any) { panic(dumpFailed{args[0].(error)}) }

func TestDamagedRecordIsNamed(t *testing.T) {
	m := &memory{values: map[string][]byte{}}
	s := newDB(".accord/state", m)
	commit(t, s, &Batch{
		Items:   []FolderItem{{"folder.a", Item{Ref: "1.ics", UID: "1", Key: "1"}}},
		Pairs:   []Pair{{Relationship: "relationship.a", Original: "uid-7", Status: Active}},
		Folders: []Folder{{Address: "folder.a"}}, Relationships: []Relationship{{Address: "relationship.a"}},
		Applies: []Apply{{Number: 3}}, Entries: []Entry{{Apply: 3, Seq: 2}},
	})
	for key := range m.values {
		m.values[key] = append(m.values[key], 0xff)
	}
	_, folders := s.Folders()
	_, relationships := s.Relationships()
	_, applies := s.Applies()
	_, open := s.Open()
	for want, err := range map[string]error{
		"the record of folder.a":                           folders,
		"the record of relationship.a":                     relationships,
		`the record of an item of folder.a, "1.ics"`:       s.Items("folder.a", func(Item) error { return nil }),
		`the record of a pair of relationship.a, "uid-7"`:  s.Pairs("relationship.a", func(Pair) error { return nil }),
		"the record of apply 3":                            applies,
		"journal entry 2 of apply 3":                       open,
		"journal entry 2 of apply 3: it is longer than it": s.Entries(3, func(Entry) error { return nil }),
	} {
		var corrupt *CorruptError
		if !errors.As(err, &corrupt) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s to be named: %v", want, err)
		}
	}
}

// TestDamagedLog damages the log of a state whose process was killed. Cut off anywhere, it holds the commits up to there, as after a crash; damaged before its end,
// the state is refused: what was confirmed is not lost in silence.
func TestDamagedLog(t *testing.T) {
	const commits = 40
	dir := filepath.Join(t.TempDir(), "state")
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for i := range commits {
		commit(t, s, &Batch{Items: []FolderItem{{"folder.a", Item{Ref: fmt.Sprintf("%03d.ics", i), UID: strings.Repeat("u", 50+i)}}}})
	}
	held := func(dir string) (n int, err error) {
		r, err := OpenReader(context.Background(), dir, Options{})
		if err != nil {
			return 0, err
		}
		err = r.Items("folder.a", func(it Item) error {
			if want := fmt.Sprintf("%03d.ics", n); it.Ref != want {
				t.Errorf("item %d is %s", n, it.Ref)
			}
			n++
			return nil
		})
		return n, errors.Join(err, r.Close())
	}
	whole := copied(t, dir)
	logs, err := filepath.Glob(filepath.Join(whole, dbName, "*.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("the logs are %q, %v", logs, err)
	}
	text, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if n, err := held(whole); n != commits || err != nil {
		t.Fatalf("%d of %d commits are there: %v", n, commits, err)
	}
	for at := 0; at <= len(text); at += 1 + len(text)/97 {
		if err := os.WriteFile(logs[0], text[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		if n, err := held(whole); err != nil {
			t.Errorf("cut at byte %d of %d, after %d commits: %v", at, len(text), n, err)
		}
		damaged := slices.Clone(text)
		if at < len(text) {
			damaged[at] ^= 0x10
		}
		if err := os.WriteFile(logs[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		var corrupt *CorruptError
		if n, err := held(whole); n < commits-1 && !errors.As(err, &corrupt) {
			t.Errorf("damaged at byte %d of %d: %d of %d commits are there: %v", at, len(text), n, commits, err)
		}
	}
}
