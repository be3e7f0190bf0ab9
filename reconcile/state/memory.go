package state

import (
	"bytes"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Memory gives a Store that lives in memory, for tests and for plans without a state. Everything but the disk is as in [Open].
func Memory() *InMemory {
	m := &InMemory{db: newDB("memory", &memory{values: map[string][]byte{}})}
	m.paused.Store(new([]Pause))
	m.pauses = func() []Pause { return *m.paused.Load() }
	return m
}

// InMemory is a Store without a directory.
type InMemory struct {
	*db
	paused atomic.Pointer[[]Pause]
}

// SetPauses says which pauses there are from now on. It may be called while the Store is used.
func (m *InMemory) SetPauses(pauses ...Pause) { m.paused.Store(&pauses) }

// memory is a kv without durability.
type memory struct {
	mu     sync.RWMutex
	values map[string][]byte
}

func (m *memory) get(key []byte) ([]byte, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return bytes.Clone(m.values[string(key)]), nil
}

func (m *memory) scan(from, to []byte, each func(key, value []byte) error) error {
	m.mu.RLock()
	found := map[string][]byte{}
	for key, value := range m.values {
		if key >= string(from) && key < string(to) {
			found[key] = value
		}
	}
	m.mu.RUnlock()
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if err := each([]byte(key), found[key]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) commit(changes []change) (durable func() error, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range changes {
		switch {
		case c.end != nil:
			maps.DeleteFunc(m.values, func(key string, _ []byte) bool { return key >= string(c.key) && key < string(c.end) })
		case c.value == nil:
			delete(m.values, string(c.key))
		default:
			m.values[string(c.key)] = bytes.Clone(c.value)
		}
	}
	return nothingToWaitFor, nil
}

func nothingToWaitFor() error { return nil }

func (m *memory) close() error { return nil }
