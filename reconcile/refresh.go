package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// view is a folder as a plan sees it: what was recorded, and what changed since.
type view struct {
	news   *scratch.Table[news] // by ref
	room   *scratch.Store
	total  int // items that are there, or may be
	unsure int // those that may be: the feed does not tell
	before int // items that were recorded
	cursor string

	unreadable map[string]string // by ref: recorded as such, and unchanged; with the reason
}

// news is an item that has to be looked at.
type news struct {
	version string
	record  state.Item // as recorded; zero when it is new
	state   newsState
}

// newsState is what the listing says of an item.
type newsState byte

const (
	added   newsState = iota // it is not recorded
	changed                  // it is not as recorded
	unsure                   // it is recorded, and the feed does not say whether it is there
	gone                     // it is recorded, and not there any more
	unseen                   // it is recorded, and a partial read did not show it
)

var newsCodec = &scratch.Codec[news]{
	Encode: func(b []byte, n news) []byte {
		b = scratch.Append(b, n.version, n.record.Ref, n.record.Version, n.record.UID, n.record.Key, n.record.Unreadable)
		return append(scratch.AppendTimes(b, n.record.Seen), byte(n.state))
	},
	Decode: func(b []byte) (n news) {
		b = scratch.Take(b, &n.version, &n.record.Ref, &n.record.Version, &n.record.UID, &n.record.Key, &n.record.Unreadable)
		n.state = newsState(scratch.TakeTimes(b, &n.record.Seen)[0])
		return n
	},
	Size: func(n news) int {
		return 128 + len(n.version) + len(n.record.Ref) + len(n.record.Version) + len(n.record.UID) + len(n.record.Key)
	},
}

// refresh opens and reads every folder once: by its change feed when it has one, all folders in parallel.
// What is due by now is looked at as if it had changed.
func (e *Engine) refresh(ctx context.Context, st state.Reader, folders []*folder, now time.Time, req Request, room *scratch.Store) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.parallel())
	for _, f := range folders {
		group.Go(func() error {
			cursor := f.record.Cursor
			if req.Full {
				cursor = ""
			}
			e.openFolder(ctx, f, cursor)
			var v *view
			var err error
			if f.store != nil && f.trouble == nil {
				v, err = e.read(ctx, st, f, cursor, now, req, room)
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			switch {
			case f.missing:
				f.view = newView(room)
			case f.trouble == nil:
				f.view, f.trouble = v, err
			}
			return nil
		})
	}
	return group.Wait()
}

func newView(room *scratch.Store) *view {
	return &view{news: scratch.NewTable(room, newsCodec), room: room, unreadable: map[string]string{}}
}

func (e *Engine) parallel() int {
	if e.opts.Parallel > 0 {
		return e.opts.Parallel
	}
	return 4
}

// read brings a folder's recorded items and its store's changes together. There is no view of a folder that turns out to be missing, or in trouble.
func (e *Engine) read(ctx context.Context, st state.Reader, f *folder, cursor string, now time.Time, req Request, room *scratch.Store) (_ *view, err error) {
	aside := scratch.New(0) // what goes there is too large for memory
	defer func() { err = errors.Join(err, aside.Close()) }()
	l, err := e.list(ctx, f, cursor, aside)
	if errors.Is(err, providers.ErrCursorExpired) {
		if e.openFolder(ctx, f, ""); f.store == nil || f.trouble != nil {
			return nil, f.trouble
		}
		l, err = e.list(ctx, f, "", aside)
	}
	if providers.ClassOf(err) == providers.Missing { // it was opened without asking
		f.isMissing(err)
		return nil, f.trouble
	}
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if !l.read.Complete {
		f.partial = l.read.Reason
	}
	v := newView(room)
	v.cursor = l.read.Cursor
	all := req.Full || now.Add(time.Minute).Before(f.record.Read) // a clock that was set back: windows were looked at by what it said before
	err = l.join(st, f.record.Address, func(it state.Item, listed *line) {
		v.before++
		v.compare(l.read, listed, it, all || req.Closer && it.Unreadable != "" || !it.Due.IsZero() && !it.Due.After(now))
	}, func(ref string, listed line) {
		v.news.Set(ref, news{version: listed.version})
		v.total++
	})
	if err != nil {
		return nil, err
	}
	if v.unsure == v.total {
		err = e.makeSure(ctx, f, v)
	}
	return v, errors.Join(err, aside.Err(), room.Err())
}

// makeSure looks for one item of a folder that may be empty, for an empty folder is an alert. When there is none, all are gone.
func (e *Engine) makeSure(ctx context.Context, f *folder, v *view) error {
	for chunk := range v.refs(max(1, f.caps.Batch), unsure) {
		missing := 0
		err := e.fetch(ctx, f, chunk, func(got providers.Fetched) {
			if providers.ClassOf(got.Err) == providers.Missing {
				missing++
			}
		})
		if err != nil || missing < len(chunk) {
			return err
		}
	}
	for ref, n := range v.news.All() {
		if n.state == unsure {
			n.state = gone
			v.news.Set(ref, n)
		}
	}
	v.total = 0
	return nil
}

// refs are those of the news in some states, in order, in runs of n.
func (v *view) refs(n int, in ...newsState) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var run []string
		for ref, one := range v.news.All() {
			if !slices.Contains(in, one.state) {
				continue
			}
			if run = append(run, ref); len(run) == n {
				if !yield(run) {
					return
				}
				run = nil
			}
		}
		if len(run) > 0 {
			yield(run)
		}
	}
}

// compare sorts one recorded item into what is unchanged, changed, gone or unseen. listed is what the listing says of it; nil: nothing. An item that is asked
// for is looked at even if it is unchanged.
func (v *view) compare(read providers.Read, listed *line, it state.Item, asked bool) {
	hear := func(state newsState) {
		n := news{record: it, state: state}
		if listed != nil {
			n.version = listed.version
		}
		v.news.Set(it.Ref, n)
		if state != gone {
			v.total++
		}
	}
	switch {
	case listed == nil && read.Full && read.Complete, listed != nil && listed.removed == providers.Removed:
		hear(gone)
	case listed == nil && read.Full:
		hear(unseen)
	case listed == nil && it.Version == "", listed != nil && listed.removed == providers.MaybeRemoved:
		hear(unsure)
		v.unsure++
	case asked, listed != nil && (listed.version == "" || listed.version != it.Version):
		hear(changed)
	default:
		v.total++
		if it.Unreadable != "" {
			v.unreadable[it.Ref] = it.Unreadable
		}
	}
}

// fetch reads items in batches of the store's size. answer is called for every ref, never twice at a time.
func (e *Engine) fetch(ctx context.Context, f *folder, refs []string, answer func(providers.Fetched)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, f.caps.Parallel))
	var mu sync.Mutex
	done := 0
	for batch := range batches(refs, max(1, cmp.Or(f.caps.Reads, f.caps.Batch))) {
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
