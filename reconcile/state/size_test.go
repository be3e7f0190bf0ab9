package state

import (
	"context"
	"encoding/hex"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

const (
	benchmarkFolder       = `folder.company`
	benchmarkRelationship = `relationship.company_to_staff["alice"]`
)

// firstApply commits what a first apply of n events from one vdir folder into another leaves, in the batches in which it does: the intents
// of a batch, then its outcomes with the items and pairs.
func firstApply(t testing.TB, s Store, n int) {
	t.Helper()
	const source, destination, relationship = benchmarkFolder, `folder.staff["alice"]`, benchmarkRelationship
	rng := rand.NewChaCha8([32]byte{1})
	random := func(n int) []byte { b := make([]byte, n); _, _ = rng.Read(b); return b }
	pick := rand.New(rng)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	version := func() string { return hex.EncodeToString(random(13)) }
	common := make([]uint64, 40)
	for i := range common {
		common[i] = pick.Uint64()
	}
	base := func() pim.Digests {
		one := func(v uint64) pim.Digest { return pim.Digest{v} }
		return pim.Digests{
			"summary": one(pick.Uint64()), "description": one(pick.Uint64()), "start": one(pick.Uint64()), "end": one(pick.Uint64()),
			"location": one(common[pick.IntN(20)]), "status": one(common[20]), "transparency": one(common[21]),
			"categories": one(common[22+pick.IntN(5)]), "organizer": one(common[27+pick.IntN(10)]),
		}
	}
	commit(t, s, &Batch{
		Workspace: "office",
		Folders:   []Folder{{Address: source, Kind: pim.Calendar}, {Address: destination, Kind: pim.Calendar}},
		Relationships: []Relationship{{
			Address: relationship, Source: source, Destination: destination, OnRemove: "delete", Since: now,
		}},
		Applies: []Apply{{Number: 1, Plan: "p1", Started: now, By: "admin@host"}},
	})
	const size = 500
	for at := 0; at < n; at += size {
		var intents, outcomes Batch
		for i := at; i < min(at+size, n); i++ {
			h := hex.EncodeToString(random(16))
			original := h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
			replica := derivedPrefix + base32Low.EncodeToString(random(16))
			entry := Entry{
				Apply: 1, Seq: uint32(i + 1), Relationship: relationship, Folder: destination, Kind: providers.Create,
				Original: original, Generation: 1, Token: replica, UID: replica, Digest: pick.Uint64(),
			}
			intents.Entries = append(intents.Entries, entry)
			entry.Outcome, entry.NewRef, entry.NewVersion = providers.Done, replica+".ics", version()
			outcomes.Entries = append(outcomes.Entries, entry)
			outcomes.Items = append(outcomes.Items,
				FolderItem{source, Item{Ref: original + ".ics", Version: version(), UID: original, Key: original}},
				FolderItem{destination, Item{Ref: entry.NewRef, Version: entry.NewVersion, UID: replica, Key: replica}})
			fields := base()
			outcomes.Pairs = append(outcomes.Pairs, Pair{
				Relationship: relationship, Original: original, OriginalRef: original + ".ics", Replica: replica, ReplicaRef: entry.NewRef,
				Status: Active, Generation: 1, BaseOriginal: fields, BaseReplica: fields,
			})
		}
		commit(t, s, &intents)
		commit(t, s, &outcomes)
	}
}

func commit(t testing.TB, s Store, b *Batch) {
	t.Helper()
	if err := s.Commit(b); err != nil {
		t.Fatal(err)
	}
}

// diskUsage sums the lengths of all files below a directory.
func diskUsage(t testing.TB, dir string) (total int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

const benchmarkPairs = 50_000

// applied is the closed state of a first apply of benchmarkPairs events.
func applied(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	firstApply(t, s, benchmarkPairs)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestStateIsSmall holds the state to what an administrator may expect of it: its size follows the pairs, and they are small.
func TestStateIsSmall(t *testing.T) {
	const most = 250
	got := float64(diskUsage(t, applied(t))) / benchmarkPairs
	t.Logf("%.1f bytes per pair on disk", got)
	if got > most {
		t.Errorf("%.1f bytes per pair on disk, want at most %d", got, most)
	}
}

func BenchmarkFirstApply(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(diskUsage(b, applied(b)))/benchmarkPairs, "disk-B/pair")
	}
}

// BenchmarkReader opens the state and reads all of it, as a plan does that looks at everything.
func BenchmarkReader(b *testing.B) {
	dir := applied(b)
	open := func(b *testing.B) ReadCloser {
		r, err := OpenReader(context.Background(), dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := open(b).Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	r := open(b)
	defer r.Close()
	for name, read := range map[string]func(count *int) error{
		"items":   func(n *int) error { return r.Items(benchmarkFolder, func(Item) error { *n++; return nil }) },
		"pairs":   func(n *int) error { return r.Pairs(benchmarkRelationship, func(Pair) error { *n++; return nil }) },
		"entries": func(n *int) error { return r.Entries(1, func(Entry) error { *n++; return nil }) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				if err := read(&n); err != nil || n != benchmarkPairs {
					b.Fatalf("%d read: %v", n, err)
				}
			}
		})
	}
}
