package reconcile

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// listing is what a store says of a folder: everything, or what changed. Of what a feed repeats, the last counts.
type listing struct {
	room  *scratch.Store
	lines []string             // packed, while memory holds them
	table *scratch.Table[line] // by the short form of the ref, when it does not
	bytes int
	read  providers.Read
}

// line is what a listing says of one item.
type line struct {
	version string
	removed providers.Removal
}

// listingRoom is how many bytes of a listing memory holds, for each folder that is read at a time.
const listingRoom = 16 << 20

// list asks the store once.
func (e *Engine) list(ctx context.Context, f *folder, cursor string, room *scratch.Store) (*listing, error) {
	l := &listing{room: room}
	n := 0
	var err error
	l.read, err = f.store.Changes(ctx, cursor, func(c providers.Change) error {
		l.add(state.Short(c.Ref), line{c.Version, c.Removed})
		if n++; n%1000 == 0 {
			e.progress(Event{Phase: "read", Folder: f.address, Done: n})
		}
		return room.Err()
	})
	return l, err
}

// empty reports whether the store listed nothing.
func (l *listing) empty() bool { return l.table == nil && len(l.lines) == 0 }

func (l *listing) add(short string, at line) {
	if l.table != nil {
		l.table.Set(short, at)
		return
	}
	const perLine = 32
	packed := pack(short, at)
	l.lines, l.bytes = append(l.lines, packed), l.bytes+perLine+len(packed)
	if l.bytes <= listingRoom {
		return
	}
	l.table = scratch.NewTable(l.room, lineCodec)
	for _, packed := range l.lines {
		l.table.Set(unpack(packed))
	}
	l.lines = nil
}

// pack makes one string of a line: a folder may have very many.
func pack(short string, at line) string {
	return string(append(scratch.Append(nil, short, at.version), byte(at.removed)))
}

func unpack(packed string) (short string, at line) {
	at.removed = providers.Removal(scratch.Take([]byte(packed), &short, &at.version)[0])
	return short, at
}

// all are the lines in order of the short forms of refs.
func (l *listing) all() iter.Seq2[string, line] {
	if l.table != nil {
		return l.table.All()
	}
	slices.SortStableFunc(l.lines, func(a, b string) int { return strings.Compare(scratch.First(a), scratch.First(b)) })
	return func(yield func(string, line) bool) {
		for i, packed := range l.lines {
			if i+1 < len(l.lines) && scratch.First(l.lines[i+1]) == scratch.First(packed) {
				continue
			}
			if !yield(unpack(packed)) {
				return
			}
		}
	}
}

// join brings the listing and the recorded items of a folder together: both are called in one order, known for each recorded item with what the listing says
// of it, nil when that is nothing, and added for each item that is there and not recorded.
func (l *listing) join(st state.Reader, folder string, known func(it state.Item, listed *line), added func(ref string, listed line)) error {
	next, stop := iter.Pull2(l.all())
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

var lineCodec = &scratch.Codec[line]{
	Encode: func(b []byte, c line) []byte { return append(scratch.Append(b, c.version), byte(c.removed)) },
	Decode: func(b []byte) (c line) {
		c.removed = providers.Removal(scratch.Take(b, &c.version)[0])
		return c
	},
	Size: func(c line) int { return 24 + len(c.version) },
}
