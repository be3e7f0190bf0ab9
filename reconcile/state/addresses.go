package state

import "sync"

// addresses numbers the addresses of folders and relationships. A number is never given twice: journal entries outlive what they name.
// Number 0 is the empty address.
type addresses struct {
	words   *words // that records have in common
	mu      sync.RWMutex
	numbers map[string]uint32
	names   []string // by number
}

func newAddresses() *addresses {
	return &addresses{words: newWords(), numbers: map[string]uint32{"": 0}, names: []string{""}}
}

// number is the number of an address, which it is given now if it has none.
func (a *addresses) number(address string) uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	n, ok := a.numbers[address]
	if !ok {
		n = uint32(len(a.names))
		a.numbers[address] = n
		a.names = append(a.names, address)
	}
	return n
}

// known is the number of an address, if it has one.
func (a *addresses) known(address string) (uint32, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	n, ok := a.numbers[address]
	return n, ok
}

// name is the address with a number.
func (a *addresses) name(n uint32) (string, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if uint64(n) >= uint64(len(a.names)) {
		return "", false
	}
	return a.names[n], true
}

// since lists the addresses that were numbered after the first n, in order.
func (a *addresses) since(n int) []string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.names[n:]
}

func (a *addresses) len() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return len(a.names)
}

// address reads an address by its number.
func (a *addresses) address(d *decoder) string {
	n := d.uvarint()
	if n > 1<<32-1 {
		d.fail("an address has an unknown number")
		return ""
	}
	name, ok := a.name(uint32(n))
	if !ok {
		d.fail("an address has an unknown number")
	}
	return name
}
