package sql

import (
	"context"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/spool"
	"github.com/accord-sync/accord/schema/pim"
)

// cursorForm is what a cursor begins with. Another form makes old cursors expire.
const cursorForm = "rows1-"

// folder is what a query gives, or a partition of it.
type folder struct {
	p      *provider
	cfg    providers.FolderConfig
	source *source
	maker  *rows.Maker

	writing *writing        // nil: it is only read
	uids    map[string]bool // that are there, as long as the folder's writes only add to them; nil: to be read
}

// Capabilities are those of a folder over a query.
func (f *folder) Capabilities() providers.Capabilities {
	c := providers.Capabilities{
		ReadOnly: true, Feed: true, Creates: providers.NotIdempotent, UIDs: f.maker.UIDs(), Batch: 200, Parallel: 4, Silent: true,
		Zoned: f.cfg.Zone != nil, Instants: f.cfg.Zone != nil, Lacks: f.maker.Lacks(),
	}
	if f.writing != nil {
		f.writing.capabilities(&c)
	}
	return c
}

// Identity is empty: a query has no mark of its own.
func (f *folder) Identity() string { return "" }

// Changes lists everything unless the digest in the cursor is that of all rows.
func (f *folder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if cursor != "" && !strings.HasPrefix(cursor, cursorForm) {
		return providers.Read{}, fmt.Errorf("sql: %s: %w", f.cfg.Address, providers.ErrCursorExpired)
	}
	held, done, err := f.source.rows(ctx)
	if err != nil {
		return providers.Read{}, err
	}
	defer done()
	l := held.In(f.cfg.Partition)
	now := marked(cursorForm+f.maker.Identity()+"-", l.Sum())
	if now == cursor && l.Partial == "" {
		return providers.Read{Cursor: now, Complete: true}, ctx.Err()
	}
	if err := f.maker.Fits(held.Columns()); err != nil {
		return providers.Read{}, fmt.Errorf("sql: %s: %w", f.source.block, err)
	}
	for item := range l.Items() {
		if err := ctx.Err(); err != nil {
			return providers.Read{}, err
		}
		version, err := f.source.versionOf(f.maker, item)
		if err != nil {
			return providers.Read{}, err
		}
		if err := each(providers.Change{Ref: item.Key, Version: version}); err != nil {
			return providers.Read{}, err
		}
	}
	if l.Partial != "" {
		return providers.Read{Full: true, Reason: f.source.block + ": " + l.Partial}, ctx.Err()
	}
	return providers.Read{Cursor: now, Complete: true, Full: true}, ctx.Err()
}

// Fetch makes items of what was read.
func (f *folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if len(refs) == 0 {
		return ctx.Err()
	}
	held, done, err := f.source.rows(ctx)
	if err != nil {
		return err
	}
	defer done()
	l := held.In(f.cfg.Partition)
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		answer, err := f.answer(l, ref)
		if err != nil {
			return err
		}
		if err := each(answer); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (f *folder) answer(l spool.Listing, ref string) (providers.Fetched, error) {
	item, there := l.Find(ref)
	if !there {
		return providers.Fetched{Ref: ref, Err: providers.Classed(providers.Missing, fmt.Errorf("sql: %s: there is no row %q", f.cfg.Address, ref))}, nil
	}
	return f.fetch(item)
}

func (f *folder) fetch(item spool.Item) (answer providers.Fetched, err error) {
	answer.Ref = item.Key
	if answer.Version, err = f.source.versionOf(f.maker, item); err != nil {
		return answer, err
	}
	made := func() (*pim.Item, error) { return f.make(item) }
	if f.cfg.Partition == nil { // nobody else asks for it
		answer.Item, answer.Err = made()
	} else {
		answer.Item, answer.Err = f.source.made.get(madeOf{item.Key, f.maker.Identity(), item.Sum()}, made)
	}
	return answer, nil
}

// make makes an item of its rows.
func (f *folder) make(item spool.Item) (*pim.Item, error) {
	list, err := item.Rows()
	if err != nil {
		return nil, providers.Classed(providers.Transient, fmt.Errorf("sql: %s: what was read of row %q: %w", f.source.block, item.Key, err))
	}
	it, err := f.maker.Item(item.Key, list)
	if err != nil {
		return nil, fmt.Errorf("sql: %s: %w", f.source.block, err)
	}
	return it, nil
}
