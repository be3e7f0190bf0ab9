package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
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
		if err = a.backUpFolders(ctx, w); err == nil {
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

// backUpFolders copies folders: the items that the plan saw in them, as they are now.
func (a *applying) backUpFolders(ctx context.Context, w *backup.Writer) (err error) {
	room := scratch.New(a.e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	seen, err := a.seen(room)
	if err != nil {
		return err
	}
	for _, one := range a.plan.Work.Backup {
		if err := a.backUpFolder(ctx, w, one, seen[one.Folder]); err != nil {
			return err
		}
	}
	return room.Err()
}

// backUpFolder copies one folder. An item of which nobody knows what it says is an error of the folder alone.
func (a *applying) backUpFolder(ctx context.Context, w *backup.Writer, one plan.Backup, seen *view) error {
	f := &folder{address: one.Folder, partial: one.Lacks}
	f.configure(a.e.spec(one.Folder))
	f.record, f.recorded = a.recordOf(one.Folder)
	if a.e.openFolder(ctx, f, a.readTo(f)); f.trouble != nil || f.store == nil {
		a.unsaved[one.Folder] = errors.Join(errors.New("the folder could not be opened"), f.trouble)
		return nil
	}
	done, err := a.e.copyTo(ctx, w, f, seen.refs(a.e.limits.read, added))
	if err == nil && done.Lacks != one.Lacks {
		a.unsaved[one.Folder] = errors.New(done.Lacks)
	}
	return err
}

// seen are the items that the plan knew, of each folder that is backed up. It reads the plan once, whatever their number.
func (a *applying) seen(room *scratch.Store) (map[string]*view, error) {
	all := map[string]*view{}
	for _, one := range a.plan.Work.Backup {
		v := newView(room)
		all[one.Folder] = v
		if _, recorded := a.recordOf(one.Folder); !recorded {
			continue
		}
		err := a.st.Items(one.Folder, func(it state.Item) error {
			v.news.Set(it.Ref, news{state: added})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for part, err := range a.plan.Parts() {
		if err != nil {
			return nil, err
		}
		for _, it := range part.Items {
			if v := all[it.Folder]; v != nil {
				v.news.Set(it.Ref, news{state: added})
			}
		}
		for _, gone := range part.Gone {
			if v := all[gone.Folder]; v != nil {
				v.news.Drop(gone.Ref)
			}
		}
	}
	return all, nil
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
	if len(a.unsaved) == 0 {
		return r
	}
	for _, one := range a.plan.Work.Backup {
		if a.unsaved[one.Folder] != nil && slices.Contains(one.Relationships, r.Address) {
			r.Unwritten = true
		}
	}
	return r
}
