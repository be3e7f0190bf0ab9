package ical

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/accord-sync/accord/providers"
)

// Write rewrites the file once for the whole batch: what stays is copied byte for byte into a temporary file beside it, what changes is put in its place
// there, the temporary file is made durable and read again, and then renamed over the file, unless that was changed meanwhile: then all begins anew on what
// it is now. Behind a symbolic link, the file that it leads to is rewritten.
//
// A writer that does not rename, and writes between our last look and our rename, is overwritten: no system call prevents it.
func (f *file) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	b := &batch{file: f, writes: writes}
	b.begin()
	if f.readOnly {
		return b.rest(providers.Classed(providers.Refused, fmt.Errorf("ical: %s is not to be written", f.address)))
	}
	target, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return b.rest(failure(err, "write to", f.path))
	}
	b.target = target
	lock, _ := f.provider.locks.LoadOrStore(target, new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	f.sweep(target)
	for range attempts {
		b.begin()
		if err = b.try(ctx); !errors.Is(err, errMoved) {
			break
		}
		f.keep(nil, nil)
	}
	if err != nil {
		return b.rest(failure(err, "write to", f.path))
	}
	return b.outcomes
}

// sweep takes away the temporary files that a crash left. Another process that is just using one has to write it again.
func (f *file) sweep(target string) {
	if f.swept {
		return
	}
	dir, begin, end := temporary(target)
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	for _, name := range names {
		if strings.HasPrefix(name, begin) && strings.HasSuffix(name, end) {
			f.provider.disk.remove(filepath.Join(dir, name))
		}
	}
	f.swept = err == nil
}

// batch is a Write under way. An outcome without class is not known yet.
type batch struct {
	*file
	target   string
	writes   []providers.Write
	outcomes []providers.Outcome
	edits    []edit
	zones    []edit                         // time zones that are added
	brought  map[zoneKey][]byte             // and their text
	touched  map[string]providers.WriteKind // refs that a write of this batch changes
	made     map[string]bool                // refs that a create of this batch makes
	count    int                            // items that there will be
}

func (b *batch) begin() {
	b.outcomes = make([]providers.Outcome, len(b.writes))
	b.edits, b.zones, b.brought = nil, nil, map[zoneKey][]byte{}
	b.touched, b.made = map[string]providers.WriteKind{}, map[string]bool{}
}

func (b *batch) pending(i int) bool { return b.outcomes[i].Class == "" }

func (b *batch) fail(i int, err error) {
	b.outcomes[i] = providers.Outcome{Class: providers.ClassOf(err), Err: err}
}

// rest gives every write that has no outcome yet this one.
func (b *batch) rest(err error) []providers.Outcome {
	for i := range b.outcomes {
		if b.pending(i) {
			b.fail(i, err)
		}
	}
	return b.outcomes
}

// because is the error of a write, for a reason; it names the file and the item.
func (b *batch) because(i int, class providers.Class, reason string) error {
	w := b.writes[i]
	ref := w.Ref
	if w.Kind == providers.Create {
		ref = refOf(w.Item.UID())
	}
	return providers.Classed(class, fmt.Errorf("ical: %s %q in %q: %s", w.Kind, ref, b.path, reason))
}

// try writes the batch on top of what the file is now; errMoved: it was changed meanwhile. Outcomes that are not given are those of the error.
func (b *batch) try(ctx context.Context) error {
	o, err := b.read(ctx, false)
	if err != nil {
		return err
	}
	defer o.close()
	if o.cut {
		return providers.Classed(providers.Transient, fmt.Errorf("ical: write to %q: %s; mend the file first", b.path, o.damage))
	}
	b.count = len(o.entries)
	for i := range b.writes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.stage(ctx, o, i); errors.Is(err, errMoved) {
			return err
		} else if err != nil {
			b.fail(i, err)
		}
	}
	if len(b.edits) == 0 {
		return nil
	}
	return b.rewrite(ctx, o)
}
