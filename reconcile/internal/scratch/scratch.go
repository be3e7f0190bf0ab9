// Package scratch holds what a run knows for as long as it runs: in memory while that is little, in a temporary directory beyond.
package scratch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

// Store is the room of several tables. It is safe for concurrent use. What goes wrong on the disk is kept: Err tells, and tables are as good as empty from
// then on.
type Store struct {
	mu     sync.Mutex
	budget int // bytes that memory may hold
	used   int
	tables []table
	recent int // bytes of answers that tables keep at hand
	dir    string
	db     *pebble.DB // nil: everything is in memory
	err    error
	broken atomic.Bool // the disk does not take what the database writes in the background, which would wait for it without end
}

// table is a Table whatever its values are.
type table interface {
	spill()
	forget()
}

// New makes an empty store that keeps up to budget bytes in memory.
func New(budget int) *Store { return &Store{budget: budget} }

// Err is the first thing that went wrong.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close gives back the memory and the directory.
func (s *Store) Close() error {
	if s.db == nil {
		return nil
	}
	err := errors.Join(s.db.Close(), os.RemoveAll(s.dir))
	s.db = nil
	return err
}

// fail keeps the first error. The caller holds mu.
func (s *Store) fail(err error) {
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("temporary files below %s: %w; give them room, or another directory in TMPDIR", os.TempDir(), err)
	}
}

// grow counts n more bytes in memory. When they are too many, all tables move to the disk. The caller holds mu.
func (s *Store) grow(n int) {
	s.used += n
	if s.used <= s.budget || s.db != nil || s.err != nil {
		return
	}
	if err := s.open(); err != nil {
		s.fail(err)
		return
	}
	for _, t := range s.tables {
		t.spill()
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

func (s *Store) open() error {
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
