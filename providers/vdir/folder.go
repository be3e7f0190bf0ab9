package vdir

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// folder is one directory. It is opened anew by every call, so that nothing is held between them and a directory that was
// replaced meanwhile is noticed.
//
// What is honoured of a precondition: the version of an Update or Delete is compared immediately before the rename or unlink. A Create never
// replaces a file, and is Stale when the file that its UID is named after holds that UID. An item with the same UID under a name
// of other people's choosing is not looked for.
type folder struct {
	path     string
	kind     pim.Kind
	readOnly bool
	locked   bool // by the directory's permissions
	ident    string
	opener   func(path string) (directory, error)
	now      func() time.Time

	swept atomic.Bool  // what a crash left was taken away
	syncs atomic.Int64 // times that a write waited for the disk
	named atomic.Int64 // temporary files so far
}

func (f *folder) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		ReadOnly: f.locked, Conditional: true, Creates: providers.ByUID, Markers: true, UIDs: true, Silent: true, Batch: 2000, Parallel: 4,
	}
}

// Identity is empty: a directory that was copied, restored or checked out anew is the same folder to its owner. Only within a run does the directory
// have to stay the same one.
func (f *folder) Identity() string { return "" }

// open opens the directory if it is still the one that the folder was opened on.
func (f *folder) open() (directory, error) {
	d, err := f.opener(f.path)
	if err != nil {
		return nil, failure(err, "open", f.path)
	}
	switch now, err := d.identity(); {
	case err != nil:
		d.close()
		return nil, failure(err, "open", f.path)
	case now != f.ident:
		d.close()
		return nil, providers.Classed(providers.Missing,
			fmt.Errorf("vdir: open %q: another directory has taken its place", f.path))
	}
	return d, nil
}
