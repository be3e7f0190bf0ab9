package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/diagnose"
)

// BackedUp is what a backup holds of a folder.
type BackedUp struct {
	Folder string `json:"folder"`
	backup.Counts
	Lacks   string `json:"lacks,omitempty"`   // what it could not read of it, and why
	Missing bool   `json:"missing,omitempty"` // the folder is not there: it is gone, or still to be made
}

// Backup writes what folders of the configuration hold into the backup that begin begins: all of them, or those that globs name, by their own addresses or by that
// of a relationship that joins them. Every folder is read anew, one after the other. It fails when the backup cannot be written, and leaves one that is not whole;
// what cannot be read is in what it returns.
func (e *Engine) Backup(ctx context.Context, only []string, begin func() (*backup.Writer, error)) (dir string, all []BackedUp, err error) {
	folders, err := e.foldersOf(only)
	if err != nil {
		return "", nil, err
	}
	w, err := begin()
	if err != nil {
		return "", nil, err
	}
	if all, err = e.backUp(ctx, folders, w); err != nil {
		return w.Dir(), nil, errors.Join(err, w.Abandon())
	}
	return w.Dir(), all, w.Finish()
}

func (e *Engine) backUp(ctx context.Context, folders []*schema.Folder, w *backup.Writer) (all []BackedUp, err error) {
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	for _, spec := range folders {
		f := &folder{address: spec.Address, spec: spec, config: spec.Config}
		var l *listing
		if spec.Unresolved {
			f.trouble = errors.New("the folder has no address")
		} else if e.openFolder(ctx, f, ""); f.store != nil && f.trouble == nil {
			l, err = e.list(ctx, f, "", room)
			switch {
			case providers.ClassOf(err) == providers.Missing:
				f.isMissing(err)
			case err != nil:
				f.trouble = err
			case !l.read.Complete:
				f.partial = l.read.Reason
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if f.missing {
			all = append(all, BackedUp{Folder: f.address, Missing: true})
			continue
		}
		refs := func(func([]string) bool) {}
		if f.trouble == nil {
			refs = l.refs(e.limits.read)
		}
		done, err := e.copyTo(ctx, w, f, refs)
		if err != nil {
			return nil, err
		}
		all = append(all, done)
	}
	return all, room.Err()
}

// foldersOf are the folders of the configuration that globs name; all, where there are none. A glob that names nothing is an error.
func (e *Engine) foldersOf(only []string) ([]*schema.Folder, error) {
	asked := map[string]bool{}
	for _, glob := range only {
		hit := false
		take := func(address string, folders ...*schema.Folder) {
			if globMatches(glob, address) {
				hit = true
				for _, f := range folders {
					asked[f.Address] = true
				}
			}
		}
		for _, f := range e.ws.Folders {
			take(f.Address, f)
		}
		for _, r := range e.ws.Relations {
			take(r.Address, r.Source, r.Destination)
		}
		if !hit {
			var names []string
			for _, f := range e.ws.Folders {
				names = append(names, f.Address)
			}
			return nil, fmt.Errorf("%s is the address of no folder or relationship of the configuration. %s", glob, diagnose.DidYouMean(glob, names, "accord graph shows them."))
		}
	}
	var folders []*schema.Folder
	for _, f := range e.ws.Folders {
		if len(only) == 0 || asked[f.Address] {
			folders = append(folders, f)
		}
	}
	return folders, nil
}

// refs are those that a listing says are there, in runs of n.
func (l *listing) refs(n int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var run []string
		for short, at := range l.all() {
			if at.removed != providers.NotRemoved {
				continue
			}
			if run = append(run, state.Long(short)); len(run) == n {
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

// copyTo copies a folder's items into a backup, run by run. The error is that of writing.
func (e *Engine) copyTo(ctx context.Context, w *backup.Writer, f *folder, refs iter.Seq[[]string]) (done BackedUp, err error) {
	done.Folder, done.Lacks = f.address, f.partial
	head := backup.Folder{Address: f.address, Kind: f.kind(), Location: f.spec.Location}
	switch {
	case f.trouble != nil:
		done.Lacks = f.trouble.Error()
	case f.store != nil:
		head.Identity = f.store.Identity()
	}
	if err := w.Begin(head); err != nil {
		return done, err
	}
	for run := range refs {
		got, err := e.fetchAll(ctx, f, run)
		if err != nil {
			return done, err
		}
		for _, one := range got {
			it := backup.Item{Ref: one.Ref, Version: one.Version}
			switch {
			case one.Err == nil:
				it.UID = one.Item.UID()
				err = w.Add(it, one.Item.Bytes())
			case providers.ClassOf(one.Err) == providers.Missing:
			default:
				it.Unreadable = one.Err.Error()
				if err = w.Lack(it); passes(one.Err) {
					done.Lacks = cmp.Or(done.Lacks, fmt.Sprintf("%q could not be read: %v", one.Ref, one.Err))
				}
			}
			if err != nil {
				return done, err
			}
		}
	}
	done.Counts, err = w.End(done.Lacks)
	return done, err
}

// backups plans the backup of folders that hold something, and to which something is written for relationships for the first time.
func (c *composing) backups() {
	if c.e.opts.Backup == nil {
		return
	}
	first := map[string][]string{} // by folder: relationships
	for _, address := range sortedKeys(c.wrote) {
		if spec := c.specs[address]; spec == nil || !spec.Backup {
			continue
		}
		var before state.Relationship
		if r := c.recordedAs(address); r != nil {
			before = *r
		}
		for folder := range c.wrote[address] {
			if neverWritten(before, folder) {
				first[folder] = append(first[folder], address)
			}
		}
	}
	for _, address := range sortedKeys(first) {
		f := c.folders[address]
		if f.spec == nil || f.view == nil || f.view.total == 0 {
			continue
		}
		c.work.Backup = append(c.work.Backup, plan.Backup{Folder: address, Relationships: first[address], Lacks: f.partial})
		if can, network := c.network(f); network {
			c.requestsTo(f).AtMost += c.e.readsOf(can, f.view.total)
		}
	}
}

// neverWritten reports whether nothing was written to a folder for a relationship, as far as the record of it knows; the zero record: there is none.
func neverWritten(before state.Relationship, folder string) bool {
	return before.Unwritten || before.Rebuilt || folder != before.Source && folder != before.Destination
}

// readsOf is in how many batches so many items of a folder are read.
func (e *Engine) readsOf(can providers.Capabilities, items int) (n int) {
	batch := max(1, cmp.Or(can.Reads, can.Batch))
	for ; items > 0; items -= e.limits.read {
		n += (min(items, e.limits.read) + batch - 1) / batch
	}
	return n
}
