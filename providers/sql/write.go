package sql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
)

// Write carries out a batch in one transaction, in which a write that the database refuses is taken back by itself. What comes of a transaction that did not
// take place is Transient, of one whose end was not answered Unknown.
func (f *folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	b := &batch{folder: f, writes: writes, outcomes: make([]providers.Outcome, len(writes)), missed: make([]bool, len(writes))}
	if f.cfg.ReadOnly || f.writing == nil {
		return b.rest(providers.Classed(providers.Refused, errors.New("it is not to be written: its block has no insert, update and delete, or access = \"read\"")))
	}
	if err := f.Settle(ctx); err != nil {
		return b.rest(err)
	}
	b.dropTwins(ctx)
	if err := b.together(ctx, b.pending()); errors.Is(err, errApart) {
		for _, i := range b.pending() {
			if err := b.together(ctx, []int{i}); err != nil {
				b.fail(i, err)
			}
		}
	} else if err != nil {
		b.rest(err)
	}
	b.lookAtMissed(ctx)
	b.forgetUIDs()
	return b.outcomes
}

// Settle ends the moment that everything was read as of: what is asked for from now on is read then.
func (f *folder) Settle(ctx context.Context) error {
	if err := f.p.settle(ctx); err != nil {
		return err
	}
	f.source.forget()
	return nil
}

// batch is a Write under way. An outcome without class is not known yet.
type batch struct {
	*folder
	writes   []providers.Write
	outcomes []providers.Outcome
	missed   []bool   // updates and deletes that met no row
	gives    []string // columns that inserts give back
}

func (b *batch) pending() (which []int) {
	for i, o := range b.outcomes {
		if o.Class == "" {
			which = append(which, i)
		}
	}
	return which
}

// rest gives every write that has no outcome yet this one.
func (b *batch) rest(err error) []providers.Outcome {
	for _, i := range b.pending() {
		b.fail(i, err)
	}
	return b.outcomes
}

func (b *batch) fail(i int, err error) { b.outcomes[i] = b.failed(i, err) }

// failed is the outcome of a write with an error, which then names folder and item.
func (b *batch) failed(i int, err error) providers.Outcome {
	w := b.writes[i]
	name := w.Ref
	if w.Kind == providers.Create {
		name = w.Item.UID()
	}
	return providers.Outcome{Class: providers.ClassOf(err), Err: fmt.Errorf("sql: %s: %s %q: %w", b.cfg.Address, attributeOf(w.Kind), name, err)}
}

// dropTwins leaves creates undone whose UID is there already. What cannot be looked for is not created.
func (b *batch) dropTwins(ctx context.Context) {
	creates := slices.ContainsFunc(b.writes, func(w providers.Write) bool { return w.Kind == providers.Create })
	if !creates || !b.maker.UIDs() {
		return
	}
	var err error
	if b.uids == nil {
		b.uids, err = b.readUIDs(ctx)
	}
	for i, w := range b.writes {
		switch {
		case w.Kind != providers.Create:
		case err != nil:
			b.fail(i, fmt.Errorf("whether its UID is there already cannot be seen: %w", err))
		case b.uids[w.Item.UID()]:
			b.fail(i, errTwin)
		default:
			b.uids[w.Item.UID()] = true
		}
	}
}

// readUIDs reads the UIDs of all items.
func (b *batch) readUIDs(ctx context.Context) (map[string]bool, error) {
	held, done, err := b.source.rows(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	l := held.In(b.cfg.Partition)
	if l.Partial != "" {
		return nil, providers.Classed(providers.Transient, errors.New(l.Partial))
	}
	if err := b.maker.Fits(held.Columns()); err != nil {
		return nil, err
	}
	uids := map[string]bool{}
	for item := range l.Items() {
		got, err := b.fetch(item)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if got.Err == nil {
			uids[got.Item.UID()] = true
		}
	}
	return uids, nil
}

// forgetUIDs has them read again unless the batch only added to them: of what did not happen they would know too much.
func (b *batch) forgetUIDs() {
	for i, o := range b.outcomes {
		if o.Class != providers.Done || b.writes[i].Kind != providers.Create {
			b.uids = nil
			return
		}
	}
}

var (
	errTwin  = providers.Classed(providers.Stale, errors.New("an item with this UID is there"))
	errStale = providers.Classed(providers.Stale, errors.New("the row has another version now"))
	errIdle  = providers.Classed(providers.Refused, errors.New("the statement met no row, though the row is there: its condition asks for more than the key"))
	errGone  = providers.Classed(providers.Missing, errors.New("there is no such row"))
)

// lookAtMissed tells, of updates and deletes that met no row, whether the row is gone or another version.
func (b *batch) lookAtMissed(ctx context.Context) {
	var refs []string
	for i, missed := range b.missed {
		if missed {
			refs = append(refs, b.writes[i].Ref)
		}
	}
	if len(refs) == 0 {
		return
	}
	made := map[string]bool{} // by this batch: the number of a row that is gone may be given again
	for i, o := range b.outcomes {
		made[o.Ref] = b.writes[i].Kind == providers.Create && o.Class == providers.Done || made[o.Ref]
	}
	why := map[string]error{}
	err := b.Fetch(ctx, refs, func(got providers.Fetched) error {
		switch {
		case providers.ClassOf(got.Err) == providers.Missing, made[got.Ref]:
			why[got.Ref] = errGone
		case b.writing.conditional():
			why[got.Ref] = errStale
		default:
			why[got.Ref] = errIdle
		}
		return nil
	})
	for i, missed := range b.missed {
		if !missed {
			continue
		}
		reason := why[b.writes[i].Ref]
		if reason == nil {
			reason = providers.Classed(providers.Stale, fmt.Errorf("the row is gone or has another version now, and which cannot be seen: %w", err))
		}
		b.fail(i, reason)
	}
}
