package memory

import (
	"fmt"
	"sort"
	"sync"

	"github.com/accord-sync/accord/schema/pim"
)

// Folder is one folder of a [Store], as people see and edit it: nothing here is counted, throttled or refused. It is safe for concurrent
// use, also beside the engine's calls.
type Folder struct {
	store    *Store
	name     string
	kind     pim.Kind
	identity string

	turn uint64 // of its last use, guarded by the store

	mu       sync.Mutex
	packed   []byte // what it holds, compressed; nil: it is as the fields below say
	gone     bool
	records  map[string]*record
	uids     map[string]int    // live items by UID
	tokens   map[string]string // ref made by each create token
	seq      uint64            // of the newest change
	since    uint64            // cursors before it are expired
	keys     int               // refs and UIDs made so far
	asked    int               // requests so far, for throttling
	written  int               // items written so far, for bumps
	inFlight int
	requests Requests
}

// record is an item that is or was there. A removed one stays, so that the feed can tell.
type record struct {
	ref               string
	item              *pim.Item // nil when it is gone or broken
	broken            string    // why it cannot be understood
	version, previous string
	seq               uint64
	hidden            bool
}

func (r *record) live() bool { return r.item != nil || r.broken != "" }

func (r *record) uid() string {
	if r.item == nil {
		return ""
	}
	return r.item.UID()
}

// Stored is an item as the folder holds it.
type Stored struct {
	Ref, Version string
	Item         *pim.Item // nil when Broken is set
	Broken       string
}

// Name is the folder's name in its store.
func (f *Folder) Name() string { return f.name }

// Put adds an item, or replaces the one with its UID, as a person would. It returns the ref.
func (f *Folder) Put(it *pim.Item) string {
	f.lock()
	defer f.mu.Unlock()
	if uid := it.UID(); uid != "" && f.uids[uid] > 0 {
		for _, r := range f.sorted() {
			if r.uid() == uid {
				f.set(r, f.keep(it))
				return r.ref
			}
		}
	}
	return f.add(f.keep(it)).ref
}

// Duplicate adds an item beside whatever is there, also beside one with the same UID, as a broken client or an import would.
func (f *Folder) Duplicate(it *pim.Item) string {
	f.lock()
	defer f.mu.Unlock()
	return f.add(f.keep(it)).ref
}

// Edit changes fields of an item and dates it, as a person would.
func (f *Folder) Edit(ref string, changes pim.Fields) error {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || r.item == nil {
		return fmt.Errorf("memory: edit %q in %s: there is no such item", ref, f.name)
	}
	f.set(r, f.keep(r.item.WithFields(changes).Touch(f.store.clock())))
	return nil
}

// Replace stores another item under a ref that is there, as a person would; false: it is not there.
func (f *Folder) Replace(ref string, it *pim.Item) bool {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || !r.live() {
		return false
	}
	f.set(r, f.keep(it))
	return true
}

// Delete takes an item away; false: it is not there.
func (f *Folder) Delete(ref string) bool {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || !r.live() {
		return false
	}
	f.set(r, nil)
	return true
}

// Break makes an item one that cannot be understood, for the reason given. An item put there makes it whole again.
func (f *Folder) Break(ref, reason string) bool {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || !r.live() {
		return false
	}
	f.set(r, nil)
	r.broken = reason
	return true
}

// Hide takes an item out of the feed's sight, as a window that moves on does: the feed says MaybeRemoved, Fetch still finds it, and so does a
// full listing. The next edit brings it back into sight.
func (f *Folder) Hide(ref string) bool {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || !r.live() {
		return false
	}
	f.seq++
	r.seq, r.hidden = f.seq, true
	return true
}

// Bump gives an item another version with the same content; false: it is not there.
func (f *Folder) Bump(ref string) bool {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || r.item == nil {
		return false
	}
	f.set(r, r.item)
	return true
}

// Forge changes fields of an item under the version that it has, and the feed does not tell: a store that lies about its versions does so.
func (f *Folder) Forge(ref string, changes pim.Fields) error {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	if r == nil || r.item == nil {
		return fmt.Errorf("memory: forge %q in %s: there is no such item", ref, f.name)
	}
	r.item = f.keep(r.item.WithFields(changes))
	return nil
}

// ExpireCursors makes every cursor given so far one that is no longer valid.
func (f *Folder) ExpireCursors() {
	f.lock()
	defer f.mu.Unlock()
	f.seq++
	f.since = f.seq
}

// Items lists what is there, by ref.
func (f *Folder) Items() []Stored {
	f.lock()
	defer f.mu.Unlock()
	var list []Stored
	for _, r := range f.sorted() {
		if r.live() {
			list = append(list, Stored{Ref: r.ref, Version: r.version, Item: r.item, Broken: r.broken})
		}
	}
	return list
}

// Item is the item under a ref, or nil.
func (f *Folder) Item(ref string) *pim.Item {
	f.lock()
	defer f.mu.Unlock()
	if r := f.records[ref]; r != nil {
		return r.item
	}
	return nil
}

// Requests counts what was asked for since the last ResetRequests.
func (f *Folder) Requests() Requests {
	f.lock()
	defer f.mu.Unlock()
	return f.requests
}

// ResetRequests counts from zero again.
func (f *Folder) ResetRequests() {
	f.lock()
	defer f.mu.Unlock()
	f.requests = Requests{}
}

func (f *Folder) drop() {
	f.lock()
	defer f.mu.Unlock()
	f.gone = true
}

// sorted lists all records by ref. The caller holds the lock.
func (f *Folder) sorted() []*record {
	list := make([]*record, 0, len(f.records))
	for _, r := range f.records {
		list = append(list, r)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].ref < list[j].ref })
	return list
}
