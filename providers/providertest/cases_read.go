package providertest

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/accord-sync/accord/providers"
)

var errEnough = errors.New("enough")

func fetchOnce(x *session) {
	var refs []string
	for _, it := range x.samples(7) {
		ref, _ := x.put(it)
		refs = append(refs, ref)
	}
	versions, _ := x.list()
	gone := refs[3]
	x.done(providers.Write{Kind: providers.Delete, Ref: gone, Version: versions[gone]})
	for ref, f := range x.fetch(refs...) {
		if want := ref != gone; (f.Err == nil) != want {
			x.Errorf("fetch %q: %v", ref, f.Err)
		}
		if ref == gone && providers.ClassOf(f.Err) != providers.Missing {
			x.Errorf("fetch of what is not there: %v, want class missing", f.Err)
		}
	}
}

func fetchNothing(x *session) {
	x.put(x.sample("one@example.com", "One", ""))
	x.fetch()
}

func fetchStops(x *session) {
	var refs []string
	for _, it := range x.samples(3) {
		ref, _ := x.put(it)
		refs = append(refs, ref)
	}
	calls := 0
	err := x.calm(func() error {
		return x.folder.Fetch(x.ctx, refs[:min(3, x.can.Batch)], func(providers.Fetched) error { calls++; return errEnough })
	})
	if !errors.Is(err, errEnough) || calls != 1 {
		x.Errorf("fetch went on for %d calls and returned %v, want the error of the first", calls, err)
	}
}

func changesStop(x *session) {
	for _, it := range x.samples(3) {
		x.put(it)
	}
	calls := 0
	err := x.calm(func() error {
		_, err := x.folder.Changes(x.ctx, "", func(providers.Change) error { calls++; return errEnough })
		return err
	})
	if !errors.Is(err, errEnough) || calls != 1 {
		x.Errorf("changes went on for %d calls and returned %v, want the error of the first", calls, err)
	}
}

func changesSince(x *session) {
	if !x.can.Feed {
		x.Skip("the folder has no feed")
	}
	edited, editedVersion := x.put(x.sample("edited@example.com", "Edited", ""))
	gone, goneVersion := x.put(x.sample("gone@example.com", "Gone", ""))
	untouched, _ := x.put(x.sample("untouched@example.com", "Untouched", ""))
	_, cursor := x.list()
	out := x.done(providers.Write{Kind: providers.Update, Ref: edited, Version: editedVersion, Item: x.sample("edited@example.com", "Another", "")})
	x.done(providers.Write{Kind: providers.Delete, Ref: gone, Version: goneVersion})
	added, _ := x.put(x.sample("added@example.com", "Added", ""))
	for range 2 { // a cursor may be used again
		changes, read := x.changes(x.folder, cursor)
		if c, ok := changes[gone]; ok && c.Removed == providers.NotRemoved || !ok && !read.Full {
			x.Errorf("the delete of %q is not among the changes: %v", gone, changes)
		}
		for _, ref := range []string{out.Ref, added} {
			if c, ok := changes[ref]; !ok || c.Removed != providers.NotRemoved {
				x.Errorf("the change of %q is not among the changes: %v", ref, changes)
			}
		}
		if _, ok := changes[untouched]; ok && !read.Full && !x.suite.Restless {
			x.Errorf("%q is among the changes and was not touched", untouched)
		}
	}
}

// changesByOthers writes through another opening of the folder, as another program would.
func changesByOthers(x *session) {
	ref, version := x.put(x.sample("shared@example.com", "Before", ""))
	before, cursor := x.list()
	own := x.folder
	x.folder = x.open(x.config)
	changed := x.sample("shared@example.com", "Afterr", "")
	x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: changed})
	added := x.done(providers.Write{Kind: providers.Create, Item: x.sample("theirs@example.com", "Theirs", "")})
	x.folder = own
	after, _ := x.list()
	if after[ref] == before[ref] || after[added.Ref] == "" && before[ref] != "" {
		x.Errorf("the listing is %v before and %v after others wrote", before, after)
	}
	if changes, _ := x.changes(x.folder, cursor); x.can.Feed && (changes[ref].Ref == "" || changes[added.Ref].Ref == "") {
		x.Errorf("the feed lacks what others wrote: %v", changes)
	}
	x.holds(ref, changed)
}

func foreignCursor(x *session) {
	x.put(x.sample("one@example.com", "One", ""))
	x.expired("no cursor of this folder")
}

func expiredCursor(x *session) {
	if x.suite.Expire == nil || !x.can.Feed {
		x.Skip("cursors cannot be made to expire")
	}
	x.put(x.sample("one@example.com", "One", ""))
	_, cursor := x.list()
	x.suite.Expire(x.T, x.config)
	x.expired(cursor)
	_, cursor = x.list()
	x.changes(x.folder, cursor)
}

// expired checks that a cursor is no longer valid, or not looked at where there is no feed.
func (x *session) expired(cursor string) {
	x.Helper()
	given := 0
	err := x.calm(func() error {
		_, err := x.folder.Changes(x.ctx, cursor, func(providers.Change) error { given++; return nil })
		return err
	})
	switch {
	case !x.can.Feed && err != nil:
		x.Errorf("a listing without feed fails for its cursor: %v", err)
	case x.can.Feed && !errors.Is(err, providers.ErrCursorExpired):
		x.Errorf("changes since %q: %v, want an expired cursor", cursor, err)
	case x.can.Feed && given > 0:
		x.Errorf("changes since %q gave %d changes before its error", cursor, given)
	}
}

func parallelReads(x *session) {
	for _, it := range x.samples(10) {
		x.put(it)
	}
	want, _ := x.list()
	refs := slices.Sorted(maps.Keys(want))[:min(10, x.can.Batch)]
	var readers sync.WaitGroup
	for range x.can.Parallel {
		readers.Go(func() {
			got := map[string]string{}
			err := x.calm(func() error {
				clear(got)
				return x.folder.Fetch(x.ctx, refs, func(f providers.Fetched) error { got[f.Ref] = f.Version; return f.Err })
			})
			if err != nil || len(got) != len(refs) {
				x.Errorf("a fetch beside others: %d answers, %v", len(got), err)
			}
		})
	}
	readers.Wait()
}
