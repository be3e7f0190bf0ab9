package spool

import (
	"errors"
	"hash/maphash"
	"os"

	"github.com/cespare/xxhash/v2"
)

const (
	chunkSize  = 256 << 10 // bytes of memory that are asked for at a time
	mostBodies = 48 << 20  // bytes of bodies in memory; more go to a temporary file
)

// bodies are distinct byte strings by number, each kept once: in memory, or in a temporary file when there is much. They are added by one goroutine, then read by many.
type bodies struct {
	most int
	ends []int64  // of each, in the sequence of all
	sums []uint64 // a digest of each, which is the same in every run

	seen map[[2]uint64]uint32 // by two digests of 64 bits; nil when no more are added
	seed maphash.Seed

	chunks [][]byte // each of chunkSize, or one body that is larger
	starts []int64  // of the chunks
	file   *os.File
	saved  int64 // bytes in the file, which begin the sequence
}

func newBodies(most int) *bodies {
	return &bodies{most: most, seen: map[[2]uint64]uint32{}, seed: maphash.MakeSeed()}
}

// add gives the number of a body, which is copied when it is new.
func (b *bodies) add(body []byte) (n uint32, isNew bool, err error) {
	sum := xxhash.Sum64(body)
	id := [2]uint64{sum, maphash.Bytes(b.seed, body)}
	if n, known := b.seen[id]; known {
		return n, false, nil
	}
	if len(b.sums) == 1<<31 {
		return 0, false, errors.New("more distinct rows than can be told apart")
	}
	n = uint32(len(b.sums))
	b.seen[id] = n
	end := b.size()
	last := len(b.chunks) - 1
	if last < 0 || len(b.chunks[last])+len(body) > cap(b.chunks[last]) {
		if err := b.save(); err != nil {
			return 0, false, err
		}
		b.chunks = append(b.chunks, make([]byte, 0, max(chunkSize, len(body))))
		b.starts = append(b.starts, end)
		last = len(b.chunks) - 1
	}
	b.chunks[last] = append(b.chunks[last], body...)
	b.ends, b.sums = append(b.ends, end+int64(len(body))), append(b.sums, sum)
	return n, true, nil
}

func (b *bodies) size() int64 {
	if len(b.ends) == 0 {
		return 0
	}
	return b.ends[len(b.ends)-1]
}

// save moves what is in memory to the file when it is too much.
func (b *bodies) save() error {
	if b.size()-b.saved < int64(b.most) {
		return nil
	}
	if b.file == nil {
		f, err := os.CreateTemp("", "accord-rows-")
		if err != nil {
			return err
		}
		b.file = f
		_ = os.Remove(f.Name()) // where an open file cannot be removed, close does it
	}
	for _, c := range b.chunks {
		if _, err := b.file.Write(c); err != nil {
			return err
		}
	}
	b.saved, b.chunks, b.starts = b.size(), nil, nil
	return nil
}

// get is a body, which must not be changed.
func (b *bodies) get(n uint32) ([]byte, error) {
	from := int64(0)
	if n > 0 {
		from = b.ends[n-1]
	}
	to := b.ends[n]
	if from < b.saved {
		body := make([]byte, to-from)
		_, err := b.file.ReadAt(body, from)
		return body, err
	}
	i := b.chunk(from, to)
	return b.chunks[i][from-b.starts[i] : to-b.starts[i]], nil
}

// chunk is the last one that begins at or before from; an empty body may lie at the end of one.
func (b *bodies) chunk(from, to int64) int {
	low, high := 0, len(b.starts)
	for low+1 < high {
		if mid := (low + high) / 2; b.starts[mid] <= from {
			low = mid
		} else {
			high = mid
		}
	}
	if from == to && low > 0 {
		return low - 1
	}
	return low
}

// sealed forgets what only add needs.
func (b *bodies) sealed() { b.seen = nil }

// close removes the file.
func (b *bodies) close() error {
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	if gone := os.Remove(b.file.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
