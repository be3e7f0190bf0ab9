package reconcile

import (
	"context"
	"iter"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
)

// listing is what a store says of a folder: everything, or what changed. Of what a feed repeats, the last counts.
type listing struct {
	changes *scratch.Table[providers.Change] // by ref
	read    providers.Read
}

// list asks the store once.
func (e *Engine) list(ctx context.Context, f *folder, cursor string, room *scratch.Store) (*listing, error) {
	l := &listing{changes: scratch.NewTable(room, changeCodec)}
	n := 0
	var err error
	l.read, err = f.store.Changes(ctx, cursor, func(c providers.Change) error {
		l.changes.Set(c.Ref, c)
		if n++; n%1000 == 0 {
			e.progress(Event{Phase: "read", Folder: f.address, Done: n})
		}
		return room.Err()
	})
	return l, err
}

// take is what the listing says of an item; rest leaves it out then.
func (l *listing) take(ref string) (c providers.Change, listed bool) {
	c, listed = l.changes.Get(ref)
	if listed {
		l.changes.Drop(ref)
	}
	return c, listed
}

// rest is what the listing says of items that are there and were not taken, by ref.
func (l *listing) rest() iter.Seq[providers.Change] {
	return func(yield func(providers.Change) bool) {
		for _, c := range l.changes.All() {
			if c.Removed == providers.NotRemoved && !yield(c) {
				return
			}
		}
	}
}

var changeCodec = scratch.Codec[providers.Change]{
	Encode: func(b []byte, c providers.Change) []byte {
		return append(scratch.Append(b, c.Ref, c.Version), byte(c.Removed))
	},
	Decode: func(b []byte) (c providers.Change) {
		c.Removed = providers.Removal(scratch.Take(b, &c.Ref, &c.Version)[0])
		return c
	},
	Size: func(c providers.Change) int { return 64 + len(c.Ref) + len(c.Version) },
}
