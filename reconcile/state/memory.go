package state

import (
	"bytes"
	"maps"
	"slices"
	"sync"
)

// Memory gives a Store that lives in memory, for tests and for plans without a state. Everything but the disk is as in [Open].
func Memory() Store {
	return newDB("memory", &memory{values: map[string][]byte{}})
}

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

func (m *memory) commit(changes []change) error {
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
	return nil
}

func (m *memory) close() error { return nil }
