package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// writesTo notes which folders are written for which relationships.
func (dr *draft) writesTo(w *decide.Write) {
	for _, reason := range w.Reasons {
		address := reason.Pair.Relationship
		if dr.wrote[address] == nil {
			dr.wrote[address] = map[string]bool{}
		}
		dr.wrote[address][w.Folder] = true
	}
}

// backUp copies what folders hold to which relationships are about to write for the first time, before anything is begun: an apply that is killed meanwhile has
// done nothing. Where that fails, nothing is written to the folder. The error is that of an apply that was interrupted.
func (a *applying) backUp(ctx context.Context) error {
	todo := a.plan.Work.Backup
	a.unsaved = map[string]error{}
	if a.e.opts.Backup == nil || len(todo) == 0 {
		return nil
	}
	w, err := a.e.opts.Backup()
	if err == nil {
		for _, one := range todo {
			if err = a.backUpFolder(ctx, w, one.Folder, one.Lacks); err != nil {
				break
			}
		}
		if err == nil {
			err = w.Finish()
		} else {
			err = errors.Join(err, w.Abandon())
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		a.result.Backup = w.Dir()
		return nil
	}
	for _, one := range todo {
		a.unsaved[one.Folder] = err
	}
	return nil
}

// backUpFolder copies one folder: the items that the plan saw in it, as they are now. One of which nobody knows what it says is an error of the folder alone.
func (a *applying) backUpFolder(ctx context.Context, w *backup.Writer, address, lacks string) (err error) {
	f := &folder{address: address, partial: lacks}
	f.configure(a.e.ws.Folder(address))
	f.record, f.recorded = a.recordOf(address)
	if a.e.openFolder(ctx, f, a.readTo(f)); f.trouble != nil || f.store == nil {
		a.unsaved[address] = errors.Join(errors.New("the folder could not be opened"), f.trouble)
		return nil
	}
	room := scratch.New(a.e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	v, err := a.seen(f, room)
	if err != nil {
		return err
	}
	done, err := a.e.copyTo(ctx, w, f, v.refs(a.e.limits.read, added))
	if err == nil && done.Lacks != lacks {
		a.unsaved[address] = errors.New(done.Lacks)
	}
	return errors.Join(err, room.Err())
}

// seen are the items of a folder that the plan knew.
func (a *applying) seen(f *folder, room *scratch.Store) (*view, error) {
	v := newView(room)
	add := func(it state.Item) error {
		v.news.Set(it.Ref, news{state: added})
		return nil
	}
	if f.recorded {
		if err := a.st.Items(f.address, add); err != nil {
			return nil, err
		}
	}
	for part, err := range a.plan.Parts() {
		if err != nil {
			return nil, err
		}
		for _, it := range part.Items {
			if it.Folder == f.address {
				v.news.Set(it.Ref, news{state: added})
			}
		}
		for _, gone := range part.Gone {
			if gone.Folder == f.address {
				v.news.Drop(gone.Ref)
			}
		}
	}
	return v, nil
}

// holdUnsaved keeps writes from the folders that could not be backed up.
func (a *applying) holdUnsaved() error {
	for _, address := range sortedKeys(a.unsaved) {
		f, err := a.folder(address)
		if err != nil {
			return err
		}
		f.trouble = fmt.Errorf("what the folder holds could not be backed up, and nothing is written to it before that: %w. Apply again, or write backup = false into the relationship", a.unsaved[address])
	}
	return nil
}

// unwritten is the record of a relationship, which still writes for the first time when its folders could not be backed up.
func (a *applying) unwritten(r state.Relationship) state.Relationship {
	for _, one := range a.plan.Work.Backup {
		if a.unsaved[one.Folder] != nil && slices.Contains(one.Relationships, r.Address) {
			r.Unwritten = true
		}
	}
	return r
}
