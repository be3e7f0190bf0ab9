package sql

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
)

// spool holds what a query gave: each distinct row once, without the column of the partition, and for each partition which of them are in it, at four bytes a row.
// A row that is there twice counts once. It is safe for concurrent use.
type spool struct {
	columns   []columnOf
	partition string // the column; "": there is none
	without   int    // its index: bodies lack it; -1
	mark      uint64 // a digest of the columns
	users     int    // who reads it now; the source's

	bodies *bodies
	byRank []uint32 // bodies in order of key, then of what they say
	keys   []string // sorted
	first  []uint32 // by key: the rank of its first body; one more at the end. Bodies without a key have the ranks after it

	partitions map[string][]uint32 // the ranks of each, in order
	partial    map[string]bool     // those in which something has no key; "" where there are none
	reason     string              // which row has no key
}

// listing is one partition, or all of it.
type listing struct {
	spool   *spool
	ranks   []uint32 // nil: all
	partial string   // why it is not known completely; "": it is
}

// in is what is in a partition, which may have nothing; nil: in all of it.
func (s *spool) in(partition *string) listing {
	l := listing{spool: s}
	partial := len(s.partial) > 0
	if partition != nil {
		if l.ranks, partial = s.partitions[*partition], s.partial[*partition]; l.ranks == nil {
			l.ranks = []uint32{}
		}
	}
	if partial {
		l.partial = s.reason
	}
	return l
}

// items gives the key of each item, and the ranks of its rows, in order of key.
func (l listing) items() iter.Seq2[string, []uint32] {
	s := l.spool
	return func(yield func(string, []uint32) bool) {
		if l.ranks == nil {
			for i, key := range s.keys {
				if !yield(key, s.ranksOf(i)) {
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
			if !yield(s.keys[k], l.ranks[from:to]) {
				return
			}
			from = to
		}
	}
}

// keyAt is the index of the key that a rank belongs to, which is not before from; the number of keys for one without.
func (s *spool) keyAt(rank uint32, from int) int {
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
func (s *spool) ranksOf(key int) []uint32 {
	ranks := make([]uint32, 0, s.first[key+1]-s.first[key])
	for r := s.first[key]; r < s.first[key+1]; r++ {
		ranks = append(ranks, r)
	}
	return ranks
}

// find is the ranks of an item's rows; nil: it is not there.
func (l listing) find(key string) []uint32 {
	s := l.spool
	k, found := slices.BinarySearch(s.keys, key)
	if !found {
		return nil
	}
	if l.ranks == nil {
		return s.ranksOf(k)
	}
	from, _ := slices.BinarySearch(l.ranks, s.first[k])
	to, _ := slices.BinarySearch(l.ranks, s.first[k+1])
	if from == to {
		return nil
	}
	return l.ranks[from:to]
}

// said are the columns that rows have here: all but the partition's.
func (s *spool) said() []string {
	var names []string
	for i, c := range s.columns {
		if i != s.without {
			names = append(names, c.name)
		}
	}
	return names
}

// rows are those of some ranks.
func (s *spool) rows(ranks []uint32) ([]providers.Row, error) {
	list := make([]providers.Row, len(ranks))
	for i, r := range ranks {
		var err error
		if list[i], err = s.bodyRow(s.byRank[r]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *spool) bodyRow(body uint32) (providers.Row, error) {
	b, err := s.bodies.get(body)
	if err != nil {
		return nil, err
	}
	return rowOf(s.columns, b, s.without), nil
}

// sum is a digest of rows, the same in every run that reads the same rows.
func (s *spool) sum(ranks []uint32) uint64 {
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

// sum is a digest of all rows of a listing.
func (l listing) sum() uint64 {
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
func markOf(columns []columnOf, key []string, version string) uint64 {
	var h xxhash.Digest
	h.Reset()
	for _, c := range columns {
		_, _ = fmt.Fprintf(&h, "%q%d", c.name, c.is)
	}
	_, _ = fmt.Fprintf(&h, "%q%q", key, version)
	return h.Sum64()
}

func (s *spool) close() error { return s.bodies.close() }
