package reconcile_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
)

// kept is a backup of all folders, open for reading; done takes it away.
func (r *random) kept() (b *backup.Backup, done func()) {
	r.t.Helper()
	dir, err := os.MkdirTemp("", "backup")
	if err != nil {
		r.t.Fatalf("backup: %v", err)
	}
	at := filepath.Join(dir, "all")
	if _, _, err := r.engine().Backup(context.Background(), nil, func() (*backup.Writer, error) { return backup.Create(at, r.ws.Name, time.Time{}) }); err != nil {
		r.t.Fatalf("backup: %v", err)
	}
	if b, err = backup.Open(context.Background(), at); err != nil {
		r.t.Fatalf("backup: %v", err)
	}
	return b, func() {
		b.Close()
		os.RemoveAll(dir)
	}
}

// A restore after whatever people did brings every item of the backup back as it was, and leaves all others.
func TestRestoreBringsEveryItemBack(t *testing.T) {
	v := loadViews(t)
	restored := 0
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(0, 2).Draw(t, "applies") {
			r.work()
			r.apply()
		}
		before, unclear := r.contents(), r.twice() || r.damaged()
		b, done := r.kept()
		defer done()
		r.work()
		now := r.contents()
		if unclear || r.twice() || r.damaged() {
			return // which of two is which nobody can tell, and what cannot be read is left
		}
		p, err := r.engine().Restore(context.Background(), r.state, b, reconcile.RestoreRequest{Name: "all"})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.carryOut(p); len(got.Failures) > 0 {
			t.Fatalf("not everything was restored: %v", got.Failures)
		}
		restored++
		then := r.contents()
		for text, n := range before {
			if then[text] < n {
				t.Fatalf("an item of the backup is not there:\n%s\n%s", difference(before, then), describe(p))
			}
		}
		for text, n := range then {
			most := max(before[text], now[text])
			if _, uid, named := strings.Cut(text, " uid "); !named || uid == "" || uid[0] == ' ' { // one that came since may say the same
				most = before[text] + now[text]
			}
			if n > most {
				t.Fatalf("an item is neither of the backup nor was it there:\n%s\n%s", difference(now, then), describe(p))
			}
		}
		again, err := r.engine().Restore(context.Background(), r.state, b, reconcile.RestoreRequest{Name: "all"})
		if err != nil {
			t.Fatal(err)
		}
		if n := again.Document.Summary.Changes(); n > 0 {
			t.Fatalf("restoring again changes something:\n%s", describe(again))
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if restored == 0 {
		t.Error("nothing was restored")
	}
}

// damaged reports whether a folder holds an item that cannot be understood.
func (r *random) damaged() bool {
	for _, it := range r.seen() {
		if it.Item == nil {
			return true
		}
	}
	return false
}

// Whatever a plan backs up is in the backup as it was; and so is all that a first apply overwrites or deletes.
func TestFirstApplyLosesNothing(t *testing.T) {
	v := loadViews(t)
	overwritten := 0
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		in, err := os.MkdirTemp("", "backup")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(in)
		for round := range rapid.IntRange(1, 3).Draw(t, "applies") {
			for range rapid.IntRange(1, 3).Draw(t, "bouts") {
				r.work()
			}
			r.backsUp(in)
			before, p := r.seen(), r.plan(reconcile.Request{})
			folders, text := backedUp(p), describe(p)
			result := r.carryOut(p)
			held := map[spot]string{}
			if result.Backup != "" {
				held = r.copied(result.Backup)
				if err := os.RemoveAll(result.Backup); err != nil {
					t.Fatal(err)
				}
			}
			after := r.seen()
			for at, it := range before {
				if it.Item == nil {
					continue
				}
				said := string(it.Item.Bytes())
				now, there := after[at]
				changed := !there || now.Item == nil || string(now.Item.Bytes()) != said
				if changed && round == 0 {
					overwritten++
				}
				if (changed && round == 0 || result.Backup != "" && slices.Contains(folders, at.folder)) && held[at] != said {
					t.Fatalf("%v is not in the backup of %v as it was:\n%s\n%s\n%s", at, folders, said, held[at], text)
				}
			}
		}
	})
	if overwritten == 0 {
		t.Error("no first apply overwrote anything")
	}
}
