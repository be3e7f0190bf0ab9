package sql

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers/internal/rows"
)

// finished is the spool of all rows.
func (f *filler) finished() (*spool, error) {
	f.bodies.sealed()
	f.wholes = nil
	keys := make([]string, len(f.keysSeen))
	for key, n := range f.keysSeen {
		keys[n] = key
	}
	f.keysSeen = nil
	if err := f.order(keys); err != nil {
		return nil, err
	}
	rank := make([]uint32, len(f.byRank))
	for r, body := range f.byRank {
		rank[body] = uint32(r)
	}
	if f.at >= 0 {
		f.sortIn(rank)
	}
	if f.keyless > 1 {
		f.reason += fmt.Sprintf("; it is the first of %d rows without a key", f.keyless)
	}
	s := f.spool
	return &s, nil
}

// order numbers the bodies anew: by key, those of one key by what they say, those without one last.
func (f *filler) order(keys []string) error {
	byText := make([]uint32, len(keys))
	for i := range byText {
		byText[i] = uint32(i)
	}
	slices.SortFunc(byText, func(a, b uint32) int { return strings.Compare(keys[a], keys[b]) })
	sorted := make([]uint32, len(keys)) // where a key comes, by its number
	f.keys = make([]string, len(keys))
	for i, n := range byText {
		sorted[n], f.keys[i] = uint32(i), keys[n]
	}
	for body, n := range f.keyOf {
		if n != noKey {
			f.keyOf[body] = sorted[n]
		}
	}
	f.byRank = make([]uint32, len(f.keyOf))
	for i := range f.byRank {
		f.byRank[i] = uint32(i)
	}
	var failed error
	slices.SortFunc(f.byRank, func(a, b uint32) int {
		c := cmp.Compare(f.keyOf[a], f.keyOf[b])
		if c == 0 && a != b && failed == nil {
			c, failed = f.compare(a, b)
		}
		return c
	})
	f.first = make([]uint32, len(f.keys)+1)
	for _, n := range f.keyOf {
		if n != noKey {
			f.first[n+1]++
		}
	}
	for i := range f.keys {
		f.first[i+1] += f.first[i]
	}
	return failed
}

// compare orders two bodies by their values, column by column.
func (f *filler) compare(a, b uint32) (int, error) {
	one, err := f.bodyRow(a)
	if err != nil {
		return 0, err
	}
	other, err := f.bodyRow(b)
	if err != nil {
		return 0, err
	}
	for i, c := range f.columns {
		if i == f.without {
			continue
		}
		if order := rows.Compare(one[c.name], other[c.name]); order != 0 {
			return order, nil
		}
	}
	return cmp.Compare(f.bodies.sums[a], f.bodies.sums[b]), nil
}

// sortIn makes the list of each partition: the bodies that are in it, by rank, each once.
func (f *filler) sortIn(rank []uint32) {
	ends := make([]uint32, len(f.texts)+1)
	for partition := range f.placed() {
		ends[partition+1]++
	}
	for i := range len(f.texts) {
		ends[i+1] += ends[i]
	}
	next := slices.Clone(ends)
	list := make([]uint32, ends[len(f.texts)])
	for partition, body := range f.placed() {
		list[next[partition]] = rank[body]
		next[partition]++
	}
	f.log = nil
	f.partitions = make(map[string][]uint32, len(f.texts))
	for text, n := range f.texts {
		part := list[ends[n]:ends[n+1]:ends[n+1]]
		slices.Sort(part)
		f.partitions[text] = slices.Compact(part)
	}
	f.texts = nil
}
