package reconcile

import (
	"context"
	"fmt"

	"github.com/accord-sync/accord/reconcile/state"
)

// Rebind records that a folder which was replaced at its provider, as one is that was restored from a backup, is the same folder all the same. The next plan reads it
// whole. It reports whether the folder was another one than is recorded.
func (e *Engine) Rebind(ctx context.Context, st state.Store, address string) (replaced bool, err error) {
	recorded, err := st.Folder(address)
	if err != nil {
		return false, err
	}
	if recorded == nil {
		return false, fmt.Errorf("no apply has recorded %s: there is nothing to say of it", address)
	}
	f := &folder{address: address, record: *recorded, recorded: true}
	f.configure(e.spec(address))
	was := f.record.Identity
	f.record.Identity = ""
	if e.openFolder(ctx, f, ""); f.trouble != nil {
		return false, fmt.Errorf("%s: %w", address, f.trouble)
	}
	if f.record.Identity = f.store.Identity(); f.record.Identity == was {
		return false, nil
	}
	f.record.Cursor = ""
	return true, st.Commit(&state.Batch{Folders: []state.Folder{f.record}})
}
