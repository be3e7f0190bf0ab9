package state

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// dump lists everything that a Reader tells, a record a line.
func dump(t failer, r Reader) string {
	var lines []string
	add := func(what string, v any) { lines = append(lines, fmt.Sprintf("%s %+v", what, v)) }
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	add("header", r.Header())
	folders, err := r.Folders()
	must(err)
	for _, f := range folders {
		add("folder", f)
		one, err := r.Folder(f.Address)
		must(err)
		add("folder alone", *one)
	}
	for _, address := range []string{"folder.a", "folder.b", `folder.c["x"]`} {
		must(r.Items(address, func(it Item) error { add("item "+address, fmt.Sprintf("%+v", it)); return nil }))
	}
	relationships, err := r.Relationships()
	must(err)
	for _, rel := range relationships {
		add("relationship", rel)
	}
	for _, address := range []string{"relationship.a", `relationship.b["x"]`, `mesh.m["a/b"]`} {
		must(r.Pairs(address, func(p Pair) error { add("pair", p); return nil }))
	}
	health, err := r.Health()
	must(err)
	for _, h := range health {
		add("health", h)
	}
	applies, err := r.Applies()
	must(err)
	for _, a := range applies {
		add("apply", a)
	}
	for apply := range uint64(5) {
		must(r.Entries(apply, func(e Entry) error {
			for i, f := range e.Formerly {
				if f.Pair != nil {
					add("formerly", *f.Pair)
				}
				e.Formerly[i].Pair = nil // it would be shown as an address
			}
			add("entry", e)
			return nil
		}))
	}
	open, err := r.Open()
	must(err)
	for _, e := range open {
		add("open", fmt.Sprint(e.Apply, e.Seq))
	}
	return strings.Join(lines, "\n")
}

type failer interface {
	Fatal(args ...any)
}

func batches() *rapid.Generator[*Batch] {
	return rapid.Custom(func(t *rapid.T) *Batch {
		some := func(n int, do func()) {
			for range rapid.IntRange(0, n).Draw(t, "n") {
				do()
			}
		}
		// Few refs and originals, so that what is dropped and put again is often there.
		ref := rapid.SampledFrom([]string{"1.ics", "2.ics", "x"})
		b := &Batch{Workspace: rapid.SampledFrom([]string{"", "office"}).Draw(t, "workspace")}
		some(2, func() { b.Folders = append(b.Folders, folders().Draw(t, "folder")) })
		some(1, func() { b.DropFolders = append(b.DropFolders, folderAddresses().Draw(t, "drop folder")) })
		some(2, func() { b.Relationships = append(b.Relationships, relationships().Draw(t, "relationship")) })
		some(1, func() {
			b.DropRelations = append(b.DropRelations, relationshipAddresses().Draw(t, "drop relationship"))
		})
		some(3, func() {
			it := items().Draw(t, "item")
			it.Ref = ref.Draw(t, "ref")
			b.Items = append(b.Items, FolderItem{folderAddresses().Draw(t, "in"), it})
		})
		some(2, func() {
			b.DropItems = append(b.DropItems, FolderRef{folderAddresses().Draw(t, "in"), ref.Draw(t, "drop item")})
		})
		some(3, func() {
			p := pairs().Draw(t, "pair")
			p.Original = ref.Draw(t, "original")
			b.Pairs = append(b.Pairs, p)
		})
		some(2, func() {
			b.DropPairs = append(b.DropPairs, PairKey{relationshipAddresses().Draw(t, "of"), ref.Draw(t, "drop pair")})
		})
		some(2, func() { b.Applies = append(b.Applies, applies().Draw(t, "apply")) })
		some(1, func() { b.DropApplies = append(b.DropApplies, rapid.Uint64Range(1, 3).Draw(t, "drop apply")) })
		some(3, func() { b.Entries = append(b.Entries, entries().Draw(t, "entry")) })
		return b
	})
}

// TestDiskAndMemoryAgree plays random batches on both forms. The disk is closed and opened, or loses its power with everything that
// was not synced, in between; nothing that was committed is ever missing.
func TestDiskAndMemoryAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		memory, mem := Memory(), vfs.NewCrashableMem()
		disk, err := openWriter(mem, "/state")
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"commit", "commit", "commit", "reopen", "crash"}).Draw(t, "step") {
			case "commit":
				b := batches().Draw(t, "batch")
				for _, s := range []Store{memory, disk} {
					if err := s.Commit(b); err != nil {
						t.Fatal(err)
					}
				}
			case "reopen":
				disk = reopen(t, disk, mem)
			case "crash":
				mem = mem.CrashClone(vfs.CrashCloneCfg{})
				disk = reopen(t, disk, mem)
			}
			if got, want := dump(t, disk), dump(t, memory); got != want {
				t.Fatalf("disk:\n%s\nmemory:\n%s", got, want)
			}
		}
		if err := disk.Close(); err != nil {
			t.Fatal(err)
		}
		reader, err := openReader(mem, "/state")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := dump(t, reader), dump(t, memory); got != want {
			t.Fatalf("reader:\n%s\nmemory:\n%s", got, want)
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// reopen closes s and opens the state on a file system, which need not be the one of s.
func reopen(t failer, s Store, fsys vfs.FS) *db {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	opened, err := openWriter(fsys, "/state")
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestWhatACommitMeans(t *testing.T) {
	s := Memory()
	const folder, relationship = "folder.a", "relationship.a"
	item := func(version string) []FolderItem {
		return []FolderItem{{folder, Item{Ref: "1.ics", UID: "1", Key: "1", Version: version}}}
	}
	versions := func() (got []string) {
		err := s.Items(folder, func(it Item) error { got = append(got, it.Version); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	commit(t, s, &Batch{Items: item("v1")})
	if got := versions(); !slices.Equal(got, []string{"v1"}) {
		t.Errorf("an item is there with version %v", got)
	}
	commit(t, s, &Batch{DropFolders: []string{folder}, Items: item("v2")})
	if got := versions(); !slices.Equal(got, []string{"v2"}) {
		t.Errorf("a folder dropped and begun anew holds %v", got)
	}
	commit(t, s, &Batch{DropItems: []FolderRef{{folder, "1.ics"}}})
	if got := versions(); got != nil {
		t.Errorf("a dropped item is still there: %v", got)
	}

	entry := Entry{Apply: 4, Seq: 1, Relationship: relationship, Folder: folder, Original: "1", UID: "r"}
	commit(t, s, &Batch{Workspace: "office", Applies: []Apply{{Number: 4, Plan: "p"}}, Entries: []Entry{entry}})
	if open, err := s.Open(); err != nil || !reflect.DeepEqual(open, []Entry{entry}) {
		t.Errorf("an intent is open: %+v, %v", open, err)
	}
	entry.Outcome = providers.Done
	commit(t, s, &Batch{Entries: []Entry{entry}})
	if open, err := s.Open(); err != nil || open != nil {
		t.Errorf("an intent with an outcome is open: %+v, %v", open, err)
	}
	if got, want := s.Header(), (Header{Format: Format, Workspace: "office", LastApply: 4}); got != want {
		t.Errorf("header %+v, want %+v", got, want)
	}
	commit(t, s, &Batch{DropApplies: []uint64{4}})
	if applies, err := s.Applies(); err != nil || applies != nil {
		t.Errorf("a dropped apply is there: %+v, %v", applies, err)
	}
	if got := s.Header().LastApply; got != 4 {
		t.Errorf("after its journal is dropped the last apply is %d, want 4: numbers are not used again", got)
	}

	fields := pim.Digests{"summary": {1}}
	commit(t, s, &Batch{Pairs: []Pair{{Relationship: relationship, Original: "1", Status: Active, BaseOriginal: fields}}})
	stop := errors.New("stop")
	if err := s.Pairs(relationship, func(Pair) error { return stop }); err != stop {
		t.Errorf("the error of each comes back as %v", err)
	}
	commit(t, s, &Batch{DropRelations: []string{relationship}})
	if err := s.Pairs(relationship, func(p Pair) error { return fmt.Errorf("still there: %+v", p) }); err != nil {
		t.Error(err)
	}
}
