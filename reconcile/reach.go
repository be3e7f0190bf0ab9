package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	f.configure(a.e.ws.Folder(address))
	if i := slices.IndexFunc(a.plan.Work.Folders, func(r state.Folder) bool { return r.Address == address }); f.spec == nil && !f.recorded && i >= 0 {
		f.record, f.recorded = a.plan.Work.Folders[i], true // an undo brings it back
	}
	if f.spec == nil && !f.recorded {
		return nil, fmt.Errorf("apply: %s is in neither the configuration nor the state", address)
	}
	a.folders[address] = f
	return f, nil
}

// readTo is where the plan's reading of a folder ended.
func (a *applying) readTo(f *folder) string {
	for _, read := range a.plan.Work.Folders {
		if read.Address == f.address {
			return read.Cursor
		}
	}
	return f.record.Cursor
}

// createFolders makes the folders that the plan says. An apply that is interrupted meanwhile ends here.
func (a *applying) createFolders(ctx context.Context) error {
	for _, address := range a.plan.Work.CreateFolders {
		f, err := a.folder(address)
		if err != nil {
			return err
		}
		if a.folderPaused(address) {
			f.trouble = errors.New("its relationships are paused")
			continue
		}
		p, err := a.e.stores.provider(ctx, f.spec.Provider)
		if err == nil {
			err = p.CreateFolder(ctx, f.config)
		}
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			f.trouble = err
			a.fail(plan.Diagnostic{Severity: "error", Address: address, Summary: "A folder could not be created", Detail: err.Error()})
			continue
		}
		if err := a.recordCreated(address); err != nil {
			return err
		}
		if err := a.readNew(ctx, f); err != nil {
			return err
		}
		a.result.Summary.CreateFolder++
	}
	return nil
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

// recordCreated records a folder that is there now. Recorded before, it would be a folder that is gone when the apply is killed.
func (a *applying) recordCreated(address string) error {
	b := &state.Batch{}
	for _, f := range a.plan.Work.Folders {
		if f.Address == address {
			b.Folders = append(b.Folders, a.beginFolder(f))
		}
	}
	return a.st.Commit(b)
}
