package scratch

import (
	"encoding/binary"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Codec turns the values of a table into bytes and back.
type Codec[V any] struct {
	Encode func(b []byte, v V) []byte
	Decode func(b []byte) V

	// Size is about what a value takes of memory.
	Size func(v V) int
}

// Table is a map from strings to values, in order of keys.
type Table[V any] struct {
	store  *Store
	codec  Codec[V]
	prefix [4]byte
	values map[string]V        // while the store is in memory
	recent map[string]found[V] // what was asked for lately, when it is not
	n      int
}

// perKey is about what a key takes of memory.
const perKey = 64

// found is the answer to a question: a value, or that there is none.
type found[V any] struct {
	v  V
	ok bool
}

// NewTable makes an empty table.
func NewTable[V any](s *Store, codec Codec[V]) *Table[V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &Table[V]{store: s, codec: codec, values: map[string]V{}}
	binary.BigEndian.PutUint32(t.prefix[:], uint32(len(s.tables)))
	s.tables = append(s.tables, t)
	return t
}

// Len is the number of keys. On the disk, one that was set twice counts twice, and one that was dropped still counts.
func (t *Table[V]) Len() int {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	return t.n
}

// Get gives the value of a key.
func (t *Table[V]) Get(key string) (v V, ok bool) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	return t.get(key)
}

func (t *Table[V]) get(key string) (v V, ok bool) {
	if t.store.db == nil || t.n == 0 {
		v, ok = t.values[key]
		return v, ok
	}
	if known, asked := t.recent[key]; asked {
		return known.v, known.ok
	}
	v, ok = t.read(key)
	t.remember(key, found[V]{v, ok})
	return v, ok
}

// read is get from the disk.
func (t *Table[V]) read(key string) (v V, ok bool) {
	b, closer, err := t.store.db.Get(t.key(key))
	if err != nil {
		if !errors.Is(err, pebble.ErrNotFound) {
			t.store.fail(err)
		}
		return v, false
	}
	v = t.codec.Decode(b)
	t.store.fail(closer.Close())
	return v, true
}

// Set puts a value to a key.
func (t *Table[V]) Set(key string, v V) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if t.store.db != nil {
		t.n++
		t.store.set(t.key(key), t.codec.Encode(nil, v))
		if _, asked := t.recent[key]; asked {
			t.recent[key] = found[V]{v, true}
		}
		return
	}
	if _, known := t.values[key]; !known {
		t.n++
	}
	t.values[key] = v
	t.store.grow(perKey + len(key) + t.codec.Size(v))
}

// Drop removes a key, which the table need not have.
func (t *Table[V]) Drop(key string) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if t.store.db == nil {
		delete(t.values, key)
		t.n = len(t.values)
		return
	}
	t.store.fail(t.store.db.Delete(t.key(key), pebble.NoSync))
	delete(t.recent, key)
}

// remember keeps an answer at hand. When the store keeps too many, all are forgotten.
func (t *Table[V]) remember(key string, answer found[V]) {
	t.store.recent += perKey
	if answer.ok {
		t.store.recent += t.codec.Size(answer.v)
	}
	if t.store.recent > mostRecent {
		t.store.recent = 0
		for _, other := range t.store.tables {
			other.forget()
		}
	}
	if t.recent == nil {
		t.recent = map[string]found[V]{}
	}
	t.recent[key] = answer
}

func (t *Table[V]) forget() { t.recent = nil }

// All is every key with its value, in order of keys. What changes meanwhile may or may not be seen.
func (t *Table[V]) All() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		t.store.mu.Lock()
		keys, db := slices.Sorted(maps.Keys(t.values)), t.store.db
		t.store.mu.Unlock()
		if db != nil {
			t.scan(db, yield)
			return
		}
		for _, key := range keys {
			if v, ok := t.Get(key); ok && !yield(key, v) {
				return
			}
		}
	}
}

// scan is All on the disk.
func (t *Table[V]) scan(db *pebble.DB, yield func(string, V) bool) {
	end := t.prefix
	binary.BigEndian.PutUint32(end[:], binary.BigEndian.Uint32(end[:])+1)
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: t.prefix[:], UpperBound: end[:]})
	if err == nil {
		for ok := it.First(); ok; ok = it.Next() {
			var b []byte
			if b, err = it.ValueAndErr(); err != nil || !yield(string(it.Key()[len(t.prefix):]), t.codec.Decode(b)) {
				break
			}
		}
		err = errors.Join(err, it.Close())
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.fail(err)
}

func (t *Table[V]) key(key string) []byte {
	return append(t.prefix[:len(t.prefix):len(t.prefix)], key...)
}

// spill moves what memory holds to the disk.
func (t *Table[V]) spill() {
	for key, v := range t.values {
		t.store.set(t.key(key), t.codec.Encode(nil, v))
	}
	t.values = nil
}
