package spool

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// drawn is a row of a query with a partition, a key and something to say.
type drawn struct {
	partition any // nil, int64 or string
	key       any // nil, or int64
	says      any
}

func (d drawn) cells() []value.Cell { return []value.Cell{{V: d.says}, {V: d.partition}, {V: d.key}} }

var drawnColumns = []value.Column{{Name: "says", Is: value.Time}, {Name: "part"}, {Name: "id"}}

func drawRows(t *rapid.T) []drawn {
	one := rapid.Custom(func(t *rapid.T) drawn {
		d := drawn{partition: rapid.SampledFrom([]any{int64(1), int64(2), "1", "x", nil}).Draw(t, "partition"), key: int64(rapid.IntRange(0, 4).Draw(t, "key"))}
		d.says = rapid.SampledFrom([]any{nil, "", "a", "2026-10-05 09:00:00", 1.5, int64(3), true}).Draw(t, "says")
		if rapid.IntRange(0, 30).Draw(t, "keyless") == 0 {
			d.key = nil
		}
		return d
	})
	return rapid.SliceOfN(one, 0, 40).Draw(t, "rows")
}

func spoolOf(t *rapid.T, list []drawn, partition string, most int) *Spool {
	f := newFiller(Config{Block: "folder.x", Key: []string{"id"}, Partition: partition}, most)
	if err := f.Begin(drawnColumns); err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if err := f.Row(d.cells()); err != nil {
			t.Fatal(err)
		}
	}
	s, err := f.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// simply is what a partition holds, worked out in the simplest way: the rows of each key, each once and in order; and whether a key is missing.
func simply(list []drawn, partition *string) (items map[string][]providers.Row, partial bool) {
	items = map[string][]providers.Row{}
	for _, d := range list {
		text, _ := rows.Text(d.partition)
		if partition != nil && (d.partition == nil || text != *partition) {
			continue
		}
		if d.key == nil {
			partial = true
			continue
		}
		row := providers.Row{"says": drawnColumns[0].Value(d.says), "id": d.key}
		if partition == nil {
			row["part"] = d.partition
		}
		key := fmt.Sprint(d.key)
		if !slices.ContainsFunc(items[key], func(other providers.Row) bool { return reflect.DeepEqual(other, row) }) {
			items[key] = append(items[key], row)
		}
	}
	return items, partial
}

// sameRows compares regardless of order.
func sameRows(a, b []providers.Row) bool {
	for _, list := range [][]providers.Row{a, b} {
		slices.SortFunc(list, func(a, b providers.Row) int {
			return cmp.Or(rows.Compare(a["id"], b["id"]), rows.Compare(a["says"], b["says"]), rows.Compare(a["part"], b["part"]))
		})
	}
	return reflect.DeepEqual(a, b)
}

// TestSpool compares what partitions hold with what the simplest way finds, in memory and in a file.
func TestSpool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, column := drawRows(t), rapid.SampledFrom([]string{"part", ""}).Draw(t, "column")
		s := spoolOf(t, list, column, rapid.SampledFrom([]int{0, mostBodies}).Draw(t, "bytes in memory"))
		defer s.Close()
		one, two, x, none := "1", "2", "x", "none"
		parts := []*string{&one, &two, &x, &none}
		if column == "" {
			parts = []*string{nil}
		}
		for _, part := range parts {
			want, partial := simply(list, part)
			l := s.In(part)
			var keys []string
			for item := range l.Items() {
				keys = append(keys, item.Key)
				got, err := item.Rows()
				if err != nil || !sameRows(got, want[item.Key]) {
					t.Errorf("%q is %v (%v), want %v", item.Key, got, err, want[item.Key])
				}
				if found, there := l.Find(item.Key); !there || !reflect.DeepEqual(found, item) {
					t.Errorf("%q is found as %v, and listed as %v", item.Key, found.ranks, item.ranks)
				}
			}
			if sorted := slices.Sorted(maps.Keys(want)); !slices.Equal(keys, sorted) || (l.Partial != "") != partial {
				t.Errorf("the items are %v (%q), want %v", keys, l.Partial, sorted)
			}
			if _, there := l.Find("no such key"); there {
				t.Error("what is not there was found")
			}
		}
	})
}

// TestSpoolOrder: the order in which the database gives rows makes no difference.
func TestSpoolOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawRows(t)
		a, b := spoolOf(t, list, "part", mostBodies), spoolOf(t, rapid.Permutation(list).Draw(t, "another order"), "part", mostBodies)
		for _, part := range []string{"1", "2", "x"} {
			if one, other := a.In(&part), b.In(&part); one.Sum() != other.Sum() {
				t.Errorf("partition %s has another digest", part)
			}
		}
	})
}

// TestSpoolDigests: partitions have equal digests when they have equal rows, and only then.
func TestSpoolDigests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, other := drawRows(t), drawRows(t)
		part := "1"
		one, two := spoolOf(t, list, "part", mostBodies).In(&part), spoolOf(t, other, "part", mostBodies).In(&part)
		a, _ := simply(list, &part)
		b, _ := simply(other, &part)
		if one.Partial+two.Partial != "" {
			return // rows without a key are in the digest too
		}
		same := maps.EqualFunc(a, b, sameRows)
		if (one.Sum() == two.Sum()) != same {
			t.Errorf("%v and %v are the same: %v, and the digests say otherwise", a, b, same)
		}
	})
}

// TestBodiesInFile: what was moved to a file is the same, and the file is gone at the end.
func TestBodiesInFile(t *testing.T) {
	b := newBodies(0)
	var want []string
	for i := range 3000 {
		text := fmt.Sprintf("%0*d", i%1000, i)
		want = append(want, text)
		if n, isNew, err := b.add([]byte(text)); err != nil || !isNew || int(n) != i {
			t.Fatalf("body %d is %d (%v, %v)", i, n, isNew, err)
		}
	}
	if n, isNew, err := b.add([]byte(want[7])); err != nil || isNew || n != 7 {
		t.Errorf("what was added again is %d (%v, %v)", n, isNew, err)
	}
	if b.saved == 0 {
		t.Fatal("nothing was moved to a file")
	}
	for i, text := range want {
		if got, err := b.get(uint32(i)); err != nil || string(got) != text {
			t.Errorf("body %d is %q (%v), want %q", i, got, err, text)
		}
	}
	if err := b.close(); err != nil {
		t.Error(err)
	}
	if _, err := b.get(0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after the end, what is read of the file is %v", err)
	}
	if _, err := os.Stat(b.file.Name()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

// TestPartitionOfLists: a list names no partition, and nothing is empty for that.
func TestPartitionOfLists(t *testing.T) {
	f := New(Config{Block: "folder.x", Key: []string{"id"}, Partition: "students"})
	if err := f.Begin([]value.Column{{Name: "id"}, {Name: "students", Is: value.List}}); err != nil {
		t.Fatal(err)
	}
	err := f.Row([]value.Cell{{V: int64(1)}, {V: "{7,8}"}})
	if want := `sql: folder.x: row 1 of its query: column "students", which is its partition, is a list: let the query give a row for each of its values`; err == nil || err.Error() != want || providers.ClassOf(err) != providers.Refused {
		t.Errorf("the error is %v (%s), want %s", err, providers.ClassOf(err), want)
	}
}
