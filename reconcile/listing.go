package reconcile

import (
	"context"
	"iter"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// listing is what a store says of a folder: everything, or what changed. Of what a feed repeats, the last counts.
type listing struct {
	lines *scratch.Table[line] // by the short form of the ref: in the order of recorded items
	read  providers.Read
}

// line is what a listing says of one item.
type line struct {
	version string
	removed providers.Removal
}

// list asks the store once.
func (e *Engine) list(ctx context.Context, f *folder, cursor string, room *scratch.Store) (*listing, error) {
	l := &listing{lines: scratch.NewTable(room, lineCodec)}
	n := 0
	var err error
	l.read, err = f.store.Changes(ctx, cursor, func(c providers.Change) error {
		l.lines.Set(state.Short(c.Ref), line{c.Version, c.Removed})
		if n++; n%1000 == 0 {
			e.progress(Event{Phase: "read", Folder: f.address, Done: n})
		}
		return room.Err()
	})
	return l, err
}

// forget leaves an item out of the listing.
func (l *listing) forget(ref string) { l.lines.Drop(state.Short(ref)) }

// there are the refs of the items that are there.
func (l *listing) there() iter.Seq[string] {
	return func(yield func(string) bool) {
		for short, c := range l.lines.All() {
			if c.removed == providers.NotRemoved && !yield(state.Long(short)) {
				return
			}
		}
	}
}

// join brings the listing and the recorded items of a folder together: both are called in one order, known for each recorded item with what the listing says
// of it, nil when that is nothing, and added for each item that is there and not recorded.
func (l *listing) join(st state.Reader, folder string, known func(it state.Item, listed *line), added func(ref string, listed line)) error {
	next, stop := iter.Pull2(l.lines.All())
	defer stop()
	short, at, more := next()
	pass := func() {
		if at.removed == providers.NotRemoved {
			added(state.Long(short), at)
		}
		short, at, more = next()
	}
	err := st.Items(folder, func(it state.Item) error {
		key := state.Short(it.Ref)
		for more && short < key {
			pass()
		}
		if !more || short != key {
			known(it, nil)
			return nil
		}
		listed := at
		known(it, &listed)
		short, at, more = next()
		return nil
	})
	for more && err == nil {
		pass()
	}
	return err
}

var lineCodec = scratch.Codec[line]{
	Encode: func(b []byte, c line) []byte { return append(scratch.Append(b, c.version), byte(c.removed)) },
	Decode: func(b []byte) (c line) {
		c.removed = providers.Removal(scratch.Take(b, &c.version)[0])
		return c
	},
	Size: func(c line) int { return 24 + len(c.version) },
}
