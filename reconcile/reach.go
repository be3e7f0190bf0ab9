package reconcile

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// beginFolder is how a folder is recorded while the apply runs: it has been read as far as before.
func (a *applying) beginFolder(record state.Folder) state.Folder {
	before, _ := a.recordOf(record.Address)
	record.Cursor, record.Read = before.Cursor, before.Read
	return record
}

// recordOf is the recorded folder at an address.
func (a *applying) recordOf(address string) (state.Folder, bool) {
	f, err := a.st.Folder(address)
	if err != nil || f == nil {
		return state.Folder{}, false
	}
	return *f, true
}

// folder is a folder of this apply; it is opened when it is written to.
func (a *applying) folder(address string) (*folder, error) {
	if f := a.folders[address]; f != nil {
		return f, nil
	}
	f := &folder{address: address}
	f.record, f.recorded = a.recordOf(address)
	f.configure(a.e.spec(address))
	if f.spec == nil && !f.recorded {
		f.record, f.recorded = a.read[address], a.read[address].Address != "" // an undo brings it back
	}
	if f.spec == nil && !f.recorded {
		return nil, fmt.Errorf("apply: %s is in neither the configuration nor the state", address)
	}
	a.folders[address] = f
	return f, nil
}

// readTo is where the plan's reading of a folder ended.
func (a *applying) readTo(f *folder) string {
	if read, is := a.read[f.address]; is {
		return read.Cursor
	}
	return f.record.Cursor
}

// createFolders makes the folders that the plan says, some at a time. An apply that is interrupted meanwhile ends here.
func (a *applying) createFolders(ctx context.Context) error {
	for some := range batches(a.plan.Work.CreateFolders, max(createdAtOnce, a.e.parallel())) {
		if err := a.createSome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// createdAtOnce is how many folders are made before they are recorded.
const createdAtOnce = 50

func (a *applying) createSome(ctx context.Context, addresses []string) error {
	for _, address := range addresses { // while folders are made at a time, none is added to those that are known
		if _, err := a.folder(address); err != nil {
			return err
		}
	}
	group, making := errgroup.WithContext(ctx)
	group.SetLimit(a.e.parallel())
	made := make([]bool, len(addresses))
	for i, address := range addresses {
		group.Go(func() (err error) { made[i], err = a.createFolder(making, a.folders[address]); return err })
	}
	err := group.Wait()
	b := &state.Batch{} // recorded before, it would be a folder that is gone when the apply is killed
	for i, address := range addresses {
		if record, is := a.read[address]; is && made[i] {
			b.Folders = append(b.Folders, a.beginFolder(record))
		}
	}
	if err = errors.Join(err, a.st.Commit(b)); err != nil {
		return err
	}
	group, making = errgroup.WithContext(ctx)
	group.SetLimit(a.e.parallel())
	for i, address := range addresses {
		if made[i] {
			a.result.Summary.CreateFolder++
			group.Go(func() error { return a.readNew(making, a.folders[address]) })
		}
	}
	return group.Wait()
}

// createFolder makes one folder, and reports whether it did. The error is that of an apply that was interrupted.
func (a *applying) createFolder(ctx context.Context, f *folder) (made bool, err error) {
	if a.folderPaused(f.address) {
		f.trouble = errors.New("its relationships are paused")
		return false, nil
	}
	p, err := a.e.stores.provider(ctx, f.spec.Provider)
	if err == nil {
		err = p.CreateFolder(ctx, f.config)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return false, ctx.Err()
	case err != nil:
		f.trouble = err
		a.fail(plan.Diagnostic{Severity: "error", Address: f.address, Summary: "A folder could not be created", Detail: err.Error()})
		return false, nil
	}
	return true, nil
}

// readNew reads a folder that was just made, so that the next plan asks what changed since, and not for all that is there.
func (a *applying) readNew(ctx context.Context, f *folder) error {
	if a.e.openFolder(ctx, f, ""); f.store == nil || f.trouble != nil {
		f.store, f.trouble, f.missing = nil, nil, false // what is wrong shows when it is written to
		return nil
	}
	if err := a.remember(f); err != nil || !f.caps.Feed {
		return err
	}
	room := scratch.New(0)
	l, err := a.e.list(ctx, f, "", room)
	if err == nil && l.read.Complete && l.empty() {
		f.begins = l.read.Cursor
	}
	return room.Close()
}
