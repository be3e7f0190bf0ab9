package memory

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/providers"
)

func (f folder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if err := f.enter(func(r *Requests) { r.Changes++ }, 0); err != nil {
		return providers.Read{}, err
	}
	defer f.leave()
	changes, read, err := f.changes(cursor)
	if err != nil {
		return providers.Read{}, err
	}
	for _, c := range changes {
		if err := ctx.Err(); err != nil {
			return providers.Read{}, err
		}
		if err := each(c); err != nil {
			return providers.Read{}, err
		}
	}
	return read, ctx.Err()
}

// changes takes the whole stream at once, so that edits made meanwhile come after its cursor.
func (f folder) changes(cursor string) ([]providers.Change, providers.Read, error) {
	f.lock()
	defer f.mu.Unlock()
	if f.throttled() {
		return nil, providers.Read{}, f.throttle()
	}
	read := providers.Read{Complete: true, Full: true}
	var since uint64
	if f.capabilities.Feed {
		read.Cursor = f.cursor()
		if cursor != "" {
			var err error
			if since, err = f.parseCursor(cursor); err != nil {
				return nil, providers.Read{}, err
			}
			read.Full = false
		}
	}
	records := f.sorted()
	sort.SliceStable(records, func(i, j int) bool { return records[i].seq < records[j].seq })
	var changes, repeats []providers.Change
	for _, r := range records {
		if read.Full && !r.live() || !read.Full && r.seq <= since {
			continue
		}
		c := providers.Change{Ref: r.ref, Version: r.version}
		if !r.live() || r.hidden && !read.Full {
			c = providers.Change{Ref: r.ref, Removed: providers.Removed}
			if f.store.mode.Unsure || r.hidden {
				c.Removed = providers.MaybeRemoved
			}
		}
		changes = append(changes, c)
		if n := f.store.mode.Repeats; n > 0 && len(changes)%n == 0 && r.previous != "" {
			repeats = append(repeats, providers.Change{Ref: r.ref, Version: r.previous})
		}
	}
	return append(repeats, changes...), read, nil
}

func (f *Folder) cursor() string { return fmt.Sprintf("%s:%d", f.identity, f.seq) }

func (f folder) parseCursor(cursor string) (uint64, error) {
	at := strings.LastIndexByte(cursor, ':')
	if at < 0 || cursor[:at] != f.identity {
		return 0, fmt.Errorf("memory: %s: %w: it is another folder's", f.name, providers.ErrCursorExpired)
	}
	since, err := strconv.ParseUint(cursor[at+1:], 10, 64)
	if err != nil || since < f.since || since > f.seq {
		return 0, fmt.Errorf("memory: %s: %w", f.name, providers.ErrCursorExpired)
	}
	return since, nil
}

func (f folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if err := f.enter(func(r *Requests) { r.Fetches++; r.Fetched += len(refs) }, len(refs)); err != nil {
		return err
	}
	defer f.leave()
	f.lock()
	throttled := f.throttled()
	f.mu.Unlock()
	if throttled {
		return f.throttle()
	}
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(f.fetch(ref)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (f folder) fetch(ref string) providers.Fetched {
	f.lock()
	defer f.mu.Unlock()
	r := f.records[ref]
	switch {
	case r == nil || !r.live():
		return providers.Fetched{Ref: ref, Err: f.errorf(providers.Missing, "item %q is not there", ref)}
	case r.broken != "":
		return providers.Fetched{Ref: ref, Version: r.version, Err: providers.Classed(providers.Refused, fmt.Errorf("memory: %s: read %q: %w", f.name, ref, errors.New(r.broken)))}
	}
	return providers.Fetched{Ref: ref, Version: r.version, Item: r.item.Lean()}
}
