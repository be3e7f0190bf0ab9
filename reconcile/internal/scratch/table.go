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
//
// It lies in memory, where all of it is at hand; in the store's file as one block, from which it comes back as a whole when it is asked for something; or, when it is
// large, row by row in the store's database.
type Table[V any] struct {
	place
	store  *Store
	codec  *Codec[V]
	values map[string]V        // while the table is in memory
	recent map[string]found[V] // what was asked for lately, when it is in the database
	n      int
	size   int // bytes of values
}

// perKey is about what a key takes of memory.
const perKey = 64

// found is the answer to a question: a value, or that there is none.
type found[V any] struct {
	v  V
	ok bool
}

// NewTable makes an empty table.
func NewTable[V any](s *Store, codec *Codec[V]) *Table[V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables++
	return &Table[V]{store: s, codec: codec, place: place{number: s.tables}}
}

// Len is the number of keys. In the database, one that was set twice counts twice, and one that was dropped still counts.
func (t *Table[V]) Len() int {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	return t.n
}

// Get gives the value of a key.
func (t *Table[V]) Get(key string) (v V, ok bool) {
	if t == nil {
		return v, false
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if t.n == 0 {
		return v, false
	}
	if !t.inRows {
		t.store.use(t)
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

// read is Get from the database.
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
	if t.inRows {
		t.n++
		t.store.set(t.key(key), t.codec.Encode(nil, v))
		if _, asked := t.recent[key]; asked {
			t.recent[key] = found[V]{v, true}
		}
		return
	}
	t.store.use(t)
	more := perKey + len(key) + t.codec.Size(v)
	if old, known := t.values[key]; known {
		more -= perKey + len(key) + t.codec.Size(old)
	}
	if t.values == nil {
		t.values = map[string]V{}
	}
	t.values[key] = v
	t.n, t.changed = len(t.values), true
	t.size += more
	t.store.grow(t, more)
}

// Drop removes a key, which the table need not have.
func (t *Table[V]) Drop(key string) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	if t.inRows {
		t.store.fail(t.store.db.Delete(t.key(key), pebble.NoSync))
		delete(t.recent, key)
		return
	}
	t.store.use(t)
	if old, known := t.values[key]; known {
		less := perKey + len(key) + t.codec.Size(old)
		delete(t.values, key)
		t.n, t.changed = len(t.values), true
		t.size -= less
		t.store.used -= less
	}
}

// remember keeps an answer at hand. When the store keeps too many, all are forgotten.
func (t *Table[V]) remember(key string, answer found[V]) {
	more := perKey
	if answer.ok {
		more += t.codec.Size(answer.v)
	}
	if t.store.recent += more; t.store.recent > mostRecent {
		t.store.recent = more
		for _, other := range t.store.asked {
			other.forget()
		}
		t.store.asked = nil
	}
	if t.recent == nil {
		t.recent = map[string]found[V]{}
		t.store.asked = append(t.store.asked, t)
	}
	t.recent[key] = answer
}

func (t *Table[V]) forget() { t.recent = nil }

// All is every key with its value, in order of keys. What changes meanwhile may or may not be seen.
func (t *Table[V]) All() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		if t == nil {
			return
		}
		t.store.mu.Lock()
		if t.n > 0 && !t.inRows {
			t.store.use(t)
		}
		keys, rows := slices.Sorted(maps.Keys(t.values)), t.inRows
		t.store.mu.Unlock()
		if rows {
			t.scan(yield)
			return
		}
		for _, key := range keys {
			if v, ok := t.Get(key); ok && !yield(key, v) {
				return
			}
		}
	}
}

// scan is All in the database.
func (t *Table[V]) scan(yield func(string, V) bool) {
	from, to := t.key(""), binary.BigEndian.AppendUint32(nil, t.number+1)
	it, err := t.store.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err == nil {
		for ok := it.First(); ok; ok = it.Next() {
			var b []byte
			if b, err = it.ValueAndErr(); err != nil || !yield(string(it.Key()[len(from):]), t.codec.Decode(b)) {
				break
			}
		}
		err = errors.Join(err, it.Close())
	}
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.fail(err)
}

// key is the key of a row in the database.
func (t *Table[V]) key(key string) []byte {
	return append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(key)), t.number), key...)
}

func (t *Table[V]) at() *place { return &t.place }

func (t *Table[V]) held() int { return t.size }

// spill moves what memory holds to the database, where it stays.
func (t *Table[V]) spill() {
	for key, v := range t.values {
		t.store.set(t.key(key), t.codec.Encode(nil, v))
	}
	t.values, t.size, t.inRows = nil, 0, true
}

// pack makes a block of what memory holds.
func (t *Table[V]) pack(b []byte) []byte {
	var value []byte
	for key, v := range t.values {
		value = t.codec.Encode(value[:0], v)
		b = binary.AppendUvarint(Append(b, key), uint64(len(value)))
		b = append(b, value...)
	}
	return b
}

func (t *Table[V]) drop() { t.values, t.size = nil, 0 }

// unpack reads what pack wrote, which holds n keys.
func (t *Table[V]) unpack(b []byte) {
	t.values = make(map[string]V, t.n)
	for len(b) > 0 {
		var key string
		b = Take(b, &key)
		n, k := binary.Uvarint(b)
		v := t.codec.Decode(b[k : k+int(n)])
		b = b[k+int(n):]
		t.values[key] = v
		t.size += perKey + len(key) + t.codec.Size(v)
	}
}
