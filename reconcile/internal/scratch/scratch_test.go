package scratch_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
)

var texts = &scratch.Codec[string]{
	Encode: func(b []byte, v string) []byte { return scratch.Append(b, v) },
	Decode: func(b []byte) (v string) {
		scratch.Take(b, &v)
		return v
	},
	Size: func(v string) int { return len(v) },
}

// Tables are maps in order of keys, in memory, on the disk, and while they move from one to the other.
func TestTablesAreMaps(t *testing.T) {
	for _, budget := range []int{0, 300, 1600, 1 << 20} {
		runs := 0
		t.Run(fmt.Sprint(budget), rapid.MakeCheck(func(t *rapid.T) {
			if runs++; runs > 200 { // a database is made for each
				return
			}
			store := scratch.New(budget)
			defer func() {
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			}()
			var tables [4]*scratch.Table[string]
			var want [4]map[string]string
			for i := range tables {
				tables[i], want[i] = scratch.NewTable(store, texts), map[string]string{}
			}
			key := rapid.StringMatching(`[a-c]{0,2}`)
			for range rapid.IntRange(0, 60).Draw(t, "steps") {
				i := rapid.IntRange(0, 3).Draw(t, "table")
				k := key.Draw(t, "key")
				switch rapid.IntRange(0, 3).Draw(t, "step") {
				case 0, 1:
					v := rapid.String().Draw(t, "value")
					tables[i].Set(k, v)
					want[i][k] = v
				case 2:
					tables[i].Drop(k)
					delete(want[i], k)
				default:
					v, ok := tables[i].Get(k)
					if w, there := want[i][k]; v != w || ok != there {
						t.Fatalf("%q is %q, %v; want %q, %v", k, v, ok, w, there)
					}
				}
			}
			for i, table := range tables {
				got := map[string]string{}
				var keys []string
				for k, v := range table.All() {
					got[k] = v
					keys = append(keys, k)
				}
				if !maps.Equal(got, want[i]) || !slices.IsSorted(keys) || table.Len() < len(want[i]) {
					t.Fatalf("%d: %v in order %q, want %v", table.Len(), got, keys, want[i])
				}
			}
			if err := store.Err(); err != nil {
				t.Fatal(err)
			}
		}))
	}
}

// First finds what Take finds.
func TestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringN(0, 300, -1).Draw(t, "first")
		packed := scratch.Append(nil, want, rapid.String().Draw(t, "second"))
		var took string
		scratch.Take(packed, &took)
		if got := scratch.First(string(packed)); got != want || took != want {
			t.Fatalf("%q and %q, want %q", got, took, want)
		}
	})
}

// A store that is closed leaves nothing behind.
func TestCloseRemovesTheFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	store := scratch.New(0)
	scratch.NewTable(store, texts).Set("key", "value")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// A directory that cannot be written to is an error of the store, and no panic.
func TestNoRoom(t *testing.T) {
	t.Setenv("TMPDIR", "/proc/nowhere")
	store := scratch.New(0)
	table := scratch.NewTable(store, texts)
	for n := range 10 {
		table.Set(fmt.Sprint(n), "value")
	}
	if store.Err() == nil {
		t.Error("it went well")
	}
}

func BenchmarkTable(b *testing.B) {
	for _, budget := range []int{0, 1 << 30} {
		b.Run(fmt.Sprint(budget), func(b *testing.B) {
			store := scratch.New(budget)
			defer store.Close()
			table := scratch.NewTable(store, texts)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				key := fmt.Sprint(n % 100_000)
				table.Set(key, "some value of usual length, say a version or a UID")
				table.Get(key)
				n++
			}
		})
	}
}
