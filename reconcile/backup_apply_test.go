package reconcile_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/decide"
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
		before, twice := r.contents(), r.twice()
		b, done := r.kept()
		defer done()
		r.work()
		now := r.contents()
		if twice || r.twice() || r.damaged() {
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
			if n > before[text] && n > now[text] {
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

// What items orphans and items delete take out, Accord made: what people made stays, and says what it said.
func TestPeoplesItemsStay(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 2).Draw(t, "applies") {
			r.work()
			r.apply()
		}
		r.work()
		mine := r.peoples()
		p, err := r.engine().Orphans(context.Background(), r.state, reconcile.ReplicaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		r.carryOut(p)
		if got := r.peoples(); !maps.Equal(got, mine) {
			t.Fatalf("items orphans touched what people made:\n%v\n%v\n%s", mine, got, describe(p))
		}
	})
}

// peoples are the items without a marker and without the UID of a replica, by folder and ref, with what they say.
func (r *random) peoples() map[spot]string {
	out := map[spot]string{}
	for at, it := range r.seen() {
		if it.Item == nil || r.stores[strings.TrimPrefix(at.folder, "folder.")].Mode().MakesUIDs { // such a store keeps no marker
			continue
		}
		if _, marked := it.Item.Marker(); !marked && !decide.IsReplicaUID(it.Item.UID()) {
			out[at] = string(it.Item.Bytes())
		}
	}
	return out
}
