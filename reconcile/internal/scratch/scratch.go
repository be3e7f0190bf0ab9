// Package scratch holds what a run knows for as long as it runs: in memory while that is little, in a temporary directory beyond.
package scratch

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

// Store is the room of several tables, of which there may be very many. It is safe for concurrent use. What goes wrong on the disk is kept: Err tells, and tables are
// as good as empty from then on.
type Store struct {
	mu             sync.Mutex
	budget         int // bytes that memory may hold
	used           int
	tables         uint32  // made until now
	newest, oldest table   // of those in memory: the one that was used last, and the one that was not for longest
	asked          []table // those that keep answers at hand
	recent         int     // bytes of these
	dir            string
	db             *pebble.DB // of the rows of large tables; nil: there is none
	file           *File      // of the blocks of the others; nil: there is none
	end            int64      // of file
	raw            []byte     // the last block, for the next one
	packed         bytes.Buffer
	zip            *flate.Writer
	unzip          io.ReadCloser
	err            error
	broken         atomic.Bool // the disk does not take what the database writes in the background, which would wait for it without end
}

// largest is which part of the budget a table may take that goes to the disk as a whole: a larger one goes row by row.
const largest = 16

// mostReturns is how often a table comes back from the file. One that leaves again goes row by row: those that are used in turn would come and go without end.
const mostReturns = 6

// New makes an empty store that keeps up to budget bytes in memory.
func New(budget int) *Store { return &Store{budget: budget} }

// Err is the first thing that went wrong.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close gives back the memory and the files.
func (s *Store) Close() error {
	err := s.closeFile()
	if s.db != nil {
		err = errors.Join(err, s.db.Close(), os.RemoveAll(s.dir))
		s.db = nil
	}
	return err
}

// fail keeps the first error. The caller holds mu.
func (s *Store) fail(err error) {
	if s.err == nil && err != nil {
		s.err = NoRoom(err)
	}
}

// What the database may use of memory. It need not survive anything: nothing is synced.
const (
	cacheSize    = 8 << 20
	memTableSize = 4 << 20
	memTables    = 4 // until the first of them could not be written, and that is known

	mostRecent = 2 << 20 // answers that are kept at hand
	bloomBits  = 10      // for each key: one in a hundred keys that are not there is looked for on the disk
)

// open makes the database, if there is none.
func (s *Store) open() error {
	if s.db != nil {
		return nil
	}
	dir, err := os.MkdirTemp("", "accord-")
	if err != nil {
		return err
	}
	opts := &pebble.Options{CacheSize: cacheSize, MemTableSize: memTableSize, DisableWAL: true, Logger: quiet{}, DisableTableStats: true, MaxOpenFiles: 64}
	opts.MemTableStopWritesThreshold = memTables
	opts.EventListener = &pebble.EventListener{BackgroundError: s.stop}
	for i := range opts.Levels {
		opts.Levels[i].FilterPolicy = bloom.FilterPolicy(bloomBits)
	}
	db, err := pebble.Open(dir, opts)
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	s.dir, s.db = dir, db
	return nil
}

// stop is told of what went wrong in the background. Nothing is given to the database from then on.
func (s *Store) stop(err error) {
	if s.broken.CompareAndSwap(false, true) {
		go func() { // a caller who holds mu may be what waits for the database
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fail(err)
		}()
	}
}

// set writes one value to the disk. The caller holds mu.
func (s *Store) set(key, value []byte) {
	if !s.broken.Load() {
		s.fail(s.db.Set(key, value, pebble.NoSync))
	}
}

// quiet is a logger that says nothing.
type quiet struct{}

func (quiet) Infof(string, ...any)           {}
func (quiet) Errorf(string, ...any)          {}
func (quiet) Fatalf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }

// Append and Take are what codecs are made of: a string with its length before it.
func Append(b []byte, strings ...string) []byte {
	for _, s := range strings {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// Take reads what Append wrote into each of strings, and returns what follows.
func Take(b []byte, strings ...*string) []byte {
	for _, s := range strings {
		n, k := binary.Uvarint(b)
		*s = string(b[k : k+int(n)])
		b = b[k+int(n):]
	}
	return b
}

// AppendTimes packs instants, and TakeTimes reads them likewise. They keep nanoseconds and lose zones.
func AppendTimes(b []byte, times ...time.Time) []byte {
	for _, t := range times {
		var nano int64
		if !t.IsZero() {
			nano = t.UnixNano()
		}
		b = binary.AppendVarint(b, nano)
	}
	return b
}

// TakeTimes reads what AppendTimes wrote into each of times, and returns what follows.
func TakeTimes(b []byte, times ...*time.Time) []byte {
	for _, t := range times {
		nano, k := binary.Varint(b)
		if nano != 0 {
			*t = time.Unix(0, nano).UTC()
		}
		b = b[k:]
	}
	return b
}

// First is the first string of what Append wrote, without a copy.
func First(packed string) string {
	n, shift := 0, 0
	for k := range len(packed) {
		n |= int(packed[k]&0x7f) << shift
		if packed[k] < 0x80 {
			return packed[k+1 : k+1+n]
		}
		shift += 7
	}
	return ""
}
