package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
)

// view is a folder as a plan sees it: what was recorded, and what changed since.
type view struct {
	changed map[string]change     // by ref: new, or not as recorded
	gone    map[string]state.Item // by ref: recorded, and not there any more
	unseen  map[string]state.Item // by ref: recorded, and a partial read did not show it
	total   int                   // items that are there, or may be
	unsure  []string              // refs of those that may be: the feed does not tell
	before  int                   // items that were recorded
	cursor  string

	unreadable map[string]string // by ref: recorded as such, and unchanged; with the reason
}

// change is an item that has to be looked at.
type change struct {
	version string
	record  state.Item // as recorded; zero when it is new
	known   bool
}

// refresh reads every folder once: by its change feed when it has one, all folders in parallel.
func (e *Engine) refresh(ctx context.Context, st state.Reader, folders []*folder, full bool) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.parallel())
	for _, f := range folders {
		if f.trouble != nil {
			continue
		}
		if f.missing {
			f.view = &view{}
			continue
		}
		group.Go(func() error {
			v, err := e.read(ctx, st, f, full)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err != nil {
				f.trouble = err
				return nil
			}
			f.view = v
			return nil
		})
	}
	return group.Wait()
}

func (e *Engine) parallel() int {
	if e.opts.Parallel > 0 {
		return e.opts.Parallel
	}
	return 4
}

// read brings a folder's recorded items and its store's changes together.
func (e *Engine) read(ctx context.Context, st state.Reader, f *folder, full bool) (*view, error) {
	cursor := f.record.Cursor
	if full {
		cursor = ""
	}
	l, err := e.list(ctx, f, cursor)
	if errors.Is(err, providers.ErrCursorExpired) && cursor != "" {
		l, err = e.list(ctx, f, "")
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if !l.read.Complete {
		f.partial = l.read.Reason
	}
	v := &view{changed: map[string]change{}, gone: map[string]state.Item{}, unseen: map[string]state.Item{}, cursor: l.read.Cursor,
		unreadable: map[string]string{}}
	if f.recorded {
		err = st.Items(f.record.Address, func(it state.Item) error {
			v.before++
			v.compare(l, it, full)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for c := range l.rest {
		v.changed[c.Ref] = change{version: c.Version}
		v.total++
	}
	if len(v.unsure) == v.total {
		err = e.makeSure(ctx, f, v)
	}
	return v, err
}

// makeSure looks for one item of a folder that may be empty, for an empty folder is an alert. When there is none, all are gone.
func (e *Engine) makeSure(ctx context.Context, f *folder, v *view) error {
	slices.Sort(v.unsure)
	for batch := range batches(v.unsure, max(1, f.caps.Batch)) {
		missing := 0
		err := e.fetch(ctx, f, batch, func(got providers.Fetched) {
			if providers.ClassOf(got.Err) == providers.Missing {
				missing++
			}
		})
		if err != nil || missing < len(batch) {
			return err
		}
	}
	for _, ref := range v.unsure {
		v.gone[ref] = v.changed[ref].record
		delete(v.changed, ref)
	}
	v.total = 0
	return nil
}

// compare sorts one recorded item into what is unchanged, changed, gone or unseen, and takes it out of the listing.
func (v *view) compare(l *listing, it state.Item, full bool) {
	c, listed := l.take(it.Ref)
	switch {
	case listed && c.Removed == providers.Removed, !listed && l.read.Full && l.read.Complete:
		v.gone[it.Ref] = it
		return
	case !listed && l.read.Full:
		v.unseen[it.Ref] = it
	case listed && (c.Removed == providers.MaybeRemoved || c.Version == "" || c.Version != it.Version || full):
		v.changed[it.Ref] = change{version: c.Version, record: it, known: true}
		if c.Removed == providers.MaybeRemoved {
			v.unsure = append(v.unsure, it.Ref)
		}
	case !listed && it.Version == "":
		v.changed[it.Ref] = change{record: it, known: true}
		v.unsure = append(v.unsure, it.Ref)
	case it.Unreadable != "":
		v.unreadable[it.Ref] = it.Unreadable
	}
	v.total++
}

// fetch reads items in batches of the store's size. answer is called for every ref, never twice at a time.
func (e *Engine) fetch(ctx context.Context, f *folder, refs []string, answer func(providers.Fetched)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, f.caps.Parallel))
	var mu sync.Mutex
	done := 0
	for batch := range batches(refs, max(1, f.caps.Batch)) {
		group.Go(func() error {
			answered := make(map[string]bool, len(batch))
			err := f.store.Fetch(ctx, batch, func(got providers.Fetched) error {
				mu.Lock()
				defer mu.Unlock()
				answered[got.Ref] = true
				answer(got)
				return nil
			})
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, ref := range batch {
				if !answered[ref] {
					reason := err
					if reason == nil {
						reason = errors.New("the store gave no answer")
					}
					answer(providers.Fetched{Ref: ref, Err: providers.Classed(providers.Unknown, reason)})
				}
			}
			done += len(batch)
			e.progress(Event{Phase: "read", Folder: f.address, Done: done, Total: len(refs)})
			return nil
		})
	}
	return group.Wait()
}

// batches cuts a list into runs of n.
func batches[T any](list []T, n int) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			k := min(n, len(list))
			if !yield(list[:k]) {
				return
			}
			list = list[k:]
		}
	}
}

// progress tells whoever watches.
func (e *Engine) progress(ev Event) {
	if e.opts.Progress == nil {
		return
	}
	e.watch.Lock()
	defer e.watch.Unlock()
	e.opts.Progress(ev)
}
