package reconcile

import (
	"context"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// listing is what a store says of a folder: everything, or what changed. It is a sorted list, because a folder may hold very many items.
type listing struct {
	changes []providers.Change // by ref, none twice
	taken   []bool
	read    providers.Read
}

// list asks the store once.
func (e *Engine) list(ctx context.Context, f *folder, cursor string) (*listing, error) {
	l := &listing{}
	var err error
	l.read, err = f.store.Changes(ctx, cursor, func(c providers.Change) error {
		l.changes = append(l.changes, c)
		if len(l.changes)%1000 == 0 {
			e.progress(Event{Phase: "read", Folder: f.address, Done: len(l.changes)})
		}
		return nil
	})
	l.sort()
	return l, err
}

// sort puts the changes in order. Of what a feed repeats, the last counts.
func (l *listing) sort() {
	slices.SortStableFunc(l.changes, func(a, b providers.Change) int { return strings.Compare(a.Ref, b.Ref) })
	last := l.changes[:0]
	for i, c := range l.changes {
		if i+1 == len(l.changes) || l.changes[i+1].Ref != c.Ref {
			last = append(last, c)
		}
	}
	l.changes, l.taken = last, make([]bool, len(last))
}

// take is what the listing says of an item; rest leaves it out then.
func (l *listing) take(ref string) (c providers.Change, listed bool) {
	i, listed := slices.BinarySearchFunc(l.changes, ref, func(c providers.Change, ref string) int { return strings.Compare(c.Ref, ref) })
	if !listed {
		return providers.Change{}, false
	}
	l.taken[i] = true
	return l.changes[i], true
}

// rest is what the listing says of items that are there and were not taken.
func (l *listing) rest(yield func(providers.Change) bool) {
	for i, c := range l.changes {
		if !l.taken[i] && c.Removed == providers.NotRemoved && !yield(c) {
			return
		}
	}
}
