package sql

import (
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// mostMade is how many items are kept at a time: those of a term.
const mostMade = 16 << 10

// made are the items that were made last, by what they are made of: those of one lesson are the same in every partition.
type made struct {
	mu         sync.Mutex
	young, old map[madeOf]madeItem
}

type madeOf struct {
	ref, maker string
	rows       uint64
}

type madeItem struct {
	item *pim.Item
	err  error
}

func newMade() *made { return &made{young: map[madeOf]madeItem{}} }

// get is the item, which make makes if it is not known.
func (m *made) get(of madeOf, make func() (*pim.Item, error)) (*pim.Item, error) {
	m.mu.Lock()
	known, ok := m.young[of]
	if !ok {
		known, ok = m.old[of]
	}
	m.mu.Unlock()
	if !ok {
		known.item, known.err = make()
	}
	if known.err != nil && providers.ClassOf(known.err) != providers.Refused {
		return nil, known.err // it may be made when it is asked for again
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= mostMade/2 {
		m.young, m.old = map[madeOf]madeItem{}, m.young
	}
	m.young[of] = known
	return known.item, known.err
}
