// Package spool holds the rows that a query gave, and which of them are in which partition, so that one read serves thousands of folders.
package spool

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// Spool holds what a query gave: each distinct row once, without the column of the partition, and for each partition which of them are in it, at four bytes a row.
// A row that is there twice counts once. It is safe for concurrent use.
type Spool struct {
	columns []value.Column
	without int    // the column of the partition, which bodies lack; -1: there is none
	mark    uint64 // a digest of the columns

	bodies *bodies
	byRank []uint32 // bodies in order of key, then of what they say
	keys   []string // sorted
	first  []uint32 // by key: the rank of its first body; one more at the end. Bodies without a key have the ranks after it

	partitions map[string][]uint32 // the ranks of each, in order
	partial    map[string]bool     // those in which something has no key; "" where there are none
	reason     string              // which row has no key
}

// Listing is one partition, or all of it.
type Listing struct {
	spool   *Spool
	ranks   []uint32 // nil: all
	Partial string   // why it is not known completely; "": it is
}

// In is what is in a partition, which may have nothing; nil: in all of it.
func (s *Spool) In(partition *string) Listing {
	l := Listing{spool: s}
	partial := len(s.partial) > 0
	if partition != nil {
		if l.ranks, partial = s.partitions[*partition], s.partial[*partition]; l.ranks == nil {
			l.ranks = []uint32{}
		}
	}
	if partial {
		l.Partial = s.reason
	}
	return l
}

// Item is what a listing has of one key.
type Item struct {
	Key   string
	spool *Spool
	ranks []uint32 // of its rows
}

// Items are in order of key.
func (l Listing) Items() iter.Seq[Item] {
	s := l.spool
	return func(yield func(Item) bool) {
		if l.ranks == nil {
			for i, key := range s.keys {
				if !yield(Item{key, s, s.ranksOf(i)}) {
					return
				}
			}
			return
		}
		for from, k := 0, 0; from < len(l.ranks); {
			k = s.keyAt(l.ranks[from], k)
			if k == len(s.keys) {
				return
			}
			to := from + 1
			for to < len(l.ranks) && l.ranks[to] < s.first[k+1] {
				to++
			}
			if !yield(Item{s.keys[k], s, l.ranks[from:to]}) {
				return
			}
			from = to
		}
	}
}

// keyAt is the index of the key that a rank belongs to, which is not before from; the number of keys for one without.
func (s *Spool) keyAt(rank uint32, from int) int {
	i, found := slices.BinarySearch(s.first[from:], rank)
	switch i += from; {
	case i == len(s.first):
		return len(s.keys)
	case found:
		return i
	}
	return i - 1
}

// ranksOf are those of a key, all partitions together.
func (s *Spool) ranksOf(key int) []uint32 {
	ranks := make([]uint32, 0, s.first[key+1]-s.first[key])
	for r := s.first[key]; r < s.first[key+1]; r++ {
		ranks = append(ranks, r)
	}
	return ranks
}

// Find is the item of a key; false: it is not there.
func (l Listing) Find(key string) (Item, bool) {
	s := l.spool
	k, found := slices.BinarySearch(s.keys, key)
	if !found {
		return Item{}, false
	}
	if l.ranks == nil {
		return Item{key, s, s.ranksOf(k)}, true
	}
	from, _ := slices.BinarySearch(l.ranks, s.first[k])
	to, _ := slices.BinarySearch(l.ranks, s.first[k+1])
	return Item{key, s, l.ranks[from:to]}, from < to
}

// Columns are those that rows have here: all but the partition's.
func (s *Spool) Columns() []string {
	var names []string
	for i, c := range s.columns {
		if i != s.without {
			names = append(names, c.Name)
		}
	}
	return names
}

// Rows are those of the item, each once, in an order that depends on what they say alone. The error is one of the temporary file.
func (i Item) Rows() ([]providers.Row, error) {
	list := make([]providers.Row, len(i.ranks))
	for n, r := range i.ranks {
		var err error
		if list[n], err = i.spool.bodyRow(i.spool.byRank[r]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *Spool) bodyRow(body uint32) (providers.Row, error) {
	b, err := s.bodies.get(body)
	if err != nil {
		return nil, err
	}
	return rowOf(s.columns, b, s.without), nil
}

// Kind is how the values of a column are read; AsGiven where there is no such column.
func (i Item) Kind(column string) value.Kind {
	for _, c := range i.spool.columns {
		if c.Name == column {
			return c.Is
		}
	}
	return value.AsGiven
}

// Sum is a digest of the item's rows, the same in every run that reads the same rows.
func (i Item) Sum() uint64 { return i.spool.sum(i.ranks) }

func (s *Spool) sum(ranks []uint32) uint64 {
	var h xxhash.Digest
	h.Reset()
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], s.mark)
	_, _ = h.Write(b[:])
	for _, r := range ranks {
		binary.BigEndian.PutUint64(b[:], s.bodies.sums[s.byRank[r]])
		_, _ = h.Write(b[:])
	}
	return h.Sum64()
}

// Sum is a digest of all rows of a listing.
func (l Listing) Sum() uint64 {
	if l.ranks != nil {
		return l.spool.sum(l.ranks)
	}
	all := make([]uint32, len(l.spool.byRank))
	for i := range all {
		all[i] = uint32(i)
	}
	return l.spool.sum(all)
}

// markOf is a digest of what columns are called and how they are read, and which of them are the key and tell the version.
func markOf(columns []value.Column, key []string, version string) uint64 {
	var h xxhash.Digest
	h.Reset()
	for _, c := range columns {
		_, _ = fmt.Fprintf(&h, "%q%d", c.Name, c.Is)
	}
	_, _ = fmt.Fprintf(&h, "%q%q", key, version)
	return h.Sum64()
}

// Close gives back the file that the spool is in where it is large.
func (s *Spool) Close() error { return s.bodies.close() }
