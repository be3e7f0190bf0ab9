package spool

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers/internal/rows"
)

// Finish is the spool of all rows. The filler is of no use any more.
func (f *Filler) Finish() (*Spool, error) {
	f.spool.bodies.sealed()
	f.wholes = nil
	keys := make([]string, len(f.keysSeen))
	for key, n := range f.keysSeen {
		keys[n] = key
	}
	f.keysSeen = nil
	if err := f.order(keys); err != nil {
		return nil, err
	}
	rank := make([]uint32, len(f.spool.byRank))
	for r, body := range f.spool.byRank {
		rank[body] = uint32(r)
	}
	if f.at >= 0 {
		f.sortIn(rank)
	}
	if f.keyless > 1 {
		f.spool.reason += fmt.Sprintf("; it is the first of %d rows without a key", f.keyless)
	}
	return f.spool, nil
}

// Close gives back what a filler holds that does not finish.
func (f *Filler) Close() error { return f.spool.Close() }

// order numbers the bodies anew: by key, those of one key by what they say, those without one last.
func (f *Filler) order(keys []string) error {
	byText := make([]uint32, len(keys))
	for i := range byText {
		byText[i] = uint32(i)
	}
	slices.SortFunc(byText, func(a, b uint32) int { return strings.Compare(keys[a], keys[b]) })
	sorted := make([]uint32, len(keys)) // where a key comes, by its number
	f.spool.keys = make([]string, len(keys))
	for i, n := range byText {
		sorted[n], f.spool.keys[i] = uint32(i), keys[n]
	}
	for body, n := range f.keyOf {
		if n != noKey {
			f.keyOf[body] = sorted[n]
		}
	}
	f.spool.byRank = make([]uint32, len(f.keyOf))
	for i := range f.spool.byRank {
		f.spool.byRank[i] = uint32(i)
	}
	var failed error
	slices.SortFunc(f.spool.byRank, func(a, b uint32) int {
		c := cmp.Compare(f.keyOf[a], f.keyOf[b])
		if c == 0 && a != b && failed == nil {
			c, failed = f.compare(a, b)
		}
		return c
	})
	f.spool.first = make([]uint32, len(f.spool.keys)+1)
	for _, n := range f.keyOf {
		if n != noKey {
			f.spool.first[n+1]++
		}
	}
	for i := range f.spool.keys {
		f.spool.first[i+1] += f.spool.first[i]
	}
	return failed
}

// compare orders two bodies by their values, column by column.
func (f *Filler) compare(a, b uint32) (int, error) {
	one, err := f.spool.bodyRow(a)
	if err != nil {
		return 0, err
	}
	other, err := f.spool.bodyRow(b)
	if err != nil {
		return 0, err
	}
	for i, c := range f.spool.columns {
		if i == f.spool.without {
			continue
		}
		if order := rows.Compare(one[c.Name], other[c.Name]); order != 0 {
			return order, nil
		}
	}
	return cmp.Compare(f.spool.bodies.sums[a], f.spool.bodies.sums[b]), nil
}

// sortIn makes the list of each partition: the bodies that are in it, by rank, each once.
func (f *Filler) sortIn(rank []uint32) {
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
	f.spool.partitions = make(map[string][]uint32, len(f.texts))
	for text, n := range f.texts {
		part := list[ends[n]:ends[n+1]:ends[n+1]]
		slices.Sort(part)
		f.spool.partitions[text] = slices.Compact(part)
	}
	f.texts = nil
}
