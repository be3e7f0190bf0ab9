package memory

import (
	"fmt"
	"net/url"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// folder is a [Folder] as the engine sees it.
type folder struct {
	*Folder
	address      string
	readOnly     bool
	capabilities providers.Capabilities
}

func (f folder) Capabilities() providers.Capabilities { return f.capabilities }
func (f folder) Identity() string                     { return f.identity }

// enter begins a call over n refs or writes. When it returns no error, the caller calls leave at the end.
func (f folder) enter(count func(*Requests), n int) error {
	f.lock()
	defer f.mu.Unlock()
	count(&f.requests)
	switch {
	case f.gone:
		return f.errorf(providers.Missing, "the folder is not there")
	case f.store.mode.Strict && n > f.capabilities.Batch:
		return f.errorf(providers.Refused, "a batch of %d is more than %d", n, f.capabilities.Batch)
	case f.store.mode.Strict && f.inFlight >= f.capabilities.Parallel:
		return f.errorf(providers.Refused, "more than %d calls at a time", f.capabilities.Parallel)
	}
	f.inFlight++
	return nil
}

func (f folder) leave() {
	f.lock()
	defer f.mu.Unlock()
	f.inFlight--
}

// throttled counts a request and says whether it is one of those that come too soon. The caller holds the lock.
func (f folder) throttled() bool {
	f.asked++
	every := f.store.mode.ThrottleEvery
	return every > 0 && f.asked%every == 0
}

func (f folder) throttle() error {
	return &providers.Error{
		Class: providers.Throttled, RetryAfter: f.store.mode.RetryAfter,
		Err: fmt.Errorf("memory: %s: too many requests", f.name),
	}
}

func (f folder) errorf(class providers.Class, format string, args ...any) error {
	return providers.Classed(class, fmt.Errorf("memory: %s: "+format, append([]any{f.name}, args...)...))
}

// keep is the item as the store holds it: without what it cannot hold. The caller holds the lock.
func (f *Folder) keep(it *pim.Item) *pim.Item {
	mode := f.store.mode
	if !mode.Capabilities.Markers {
		it = it.WithMarker(nil)
	}
	if mode.Capabilities.Zoned {
		it = it.Grounded(nil) // what is not said is UTC
	}
	if mode.Capabilities.Instants {
		it = it.WithFields(it.Fields().Instants(it.Kind()))
	}
	if len(mode.Capabilities.Lacks) > 0 {
		lost := pim.Fields{}
		for name := range it.Fields() {
			if !mode.Capabilities.Holds(name) {
				lost[name] = pim.Value{}
			}
		}
		if len(lost) > 0 {
			it = it.WithFields(lost)
		}
	}
	if !mode.Capabilities.UIDs && !mode.MakesUIDs && it.UID() != "" {
		it = it.WithUID("")
	}
	return it
}

// rename is the item with a UID of the store's own: old's, or a new one. Its marker follows. The caller holds the lock.
func (f *Folder) rename(it *pim.Item, old *record) *pim.Item {
	uid := old.uid()
	if uid == "" {
		f.keys++
		uid = fmt.Sprintf("040000008200E00074C5B7101A82E008%016X", xxhash.Sum64String(fmt.Sprint(f.identity, f.keys)))
	}
	given := it.UID()
	it = it.WithUID(uid)
	if m, ok := it.Marker(); ok && m.UID == given {
		m.UID = uid
		it = it.WithMarker(&m)
	}
	return it
}

// add stores an item under a new ref. The caller holds the lock.
func (f *Folder) add(it *pim.Item) *record {
	r := &record{ref: f.newRef(it)}
	f.records[r.ref] = r
	f.set(r, it)
	return r
}

// set stores an item in its record, nil to take it away, and tells the feed. The caller holds the lock.
func (f *Folder) set(r *record, it *pim.Item) {
	if uid := r.uid(); uid != "" {
		f.uids[uid]--
	}
	f.seq++
	r.seq, r.previous, r.item, r.broken, r.hidden = f.seq, r.version, it, "", false
	if it != nil {
		r.item = it.Lean()
	}
	r.version = fmt.Sprintf("v%d", f.seq)
	if it != nil && !f.store.mode.Capabilities.Feed {
		r.version = fmt.Sprintf("%016x", xxhash.Sum64(it.Bytes()))
	}
	if uid := r.uid(); uid != "" {
		f.uids[uid]++
	}
}

// newRef is the ref of a new item: an href made of the client's UID, or a key of the store's own. The caller holds the lock.
func (f *Folder) newRef(it *pim.Item) string {
	if f.store.mode.Capabilities.UIDs && it.UID() != "" {
		ref := "/" + url.PathEscape(f.name) + "/" + url.PathEscape(it.UID()) + f.kind.Extension()
		if r := f.records[ref]; r == nil || !r.live() {
			delete(f.records, ref)
			return ref
		}
	}
	f.keys++
	switch {
	case f.store.mode.Capabilities.UIDs:
		return fmt.Sprintf("/%s/~%d%s", url.PathEscape(f.name), f.keys, f.kind.Extension())
	case f.store.mode.MakesUIDs:
		return fmt.Sprintf("AAMk%016x%d=", xxhash.Sum64String(fmt.Sprint(f.identity, f.keys)), f.keys)
	}
	return fmt.Sprintf("%d", f.keys)
}
