package vdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Write works in four steps, so that a reader or a crash sees each file as it was or as it will be, and that the disk is waited
// for twice, not twice for each file: new content goes to temporary files; their content is made durable; each is renamed to its place, or
// a file removed, after a look at the precondition; the directory is made durable. Only then is anything Done.
func (f *folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	b := batch{folder: f, writes: writes, outcomes: make([]providers.Outcome, len(writes)), temps: make([]temp, len(writes))}
	if f.readOnly {
		return b.rest(providers.Classed(providers.Refused, fmt.Errorf("vdir: %q is not to be written", f.path)))
	}
	d, err := f.open()
	if err != nil {
		return b.rest(err)
	}
	defer d.close()
	b.dir = d
	f.sweep(d)
	defer b.discard()
	b.stage(ctx)
	if err := b.flush(); err != nil {
		return b.rest(err)
	}
	if placed := b.place(ctx); placed {
		b.commit()
	}
	return b.outcomes
}

// sweep takes away the temporary files that a crash left, unless another process may still be using them.
func (f *folder) sweep(d directory) {
	if !f.swept.Load() && d.lock(true) {
		var stale []string
		err := d.names(func(name []byte) {
			if strings.HasPrefix(string(name), temporary) {
				stale = append(stale, string(name))
			}
		})
		for _, name := range stale {
			d.remove(name)
		}
		f.swept.Store(err == nil)
	}
	d.lock(false)
}

// batch is a Write under way. An outcome without class is not known yet.
type batch struct {
	*folder
	dir      directory
	writes   []providers.Write
	outcomes []providers.Outcome
	temps    []temp
}

// temp is the new content of an item, on its way.
type temp struct {
	name string // "" when there is none, or when it is in its place
	stat stat
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

// because is the error of a write, for a reason; it names the file.
func (b *batch) because(i int, class providers.Class, reason error) error {
	w := b.writes[i]
	name := w.Ref
	if w.Kind == providers.Create {
		name = fileName(key(w.Item), b.kind.Extension())
	}
	return providers.Classed(class, fmt.Errorf("vdir: %s %q: %w", w.Kind, filepath.Join(b.path, name), reason))
}

// system is the error of a write that the system would not do.
func (b *batch) system(i int, err error) error {
	class, reason := classify(err)
	return b.because(i, class, reason)
}

// key is what an item's file is named after: its UID, or its content.
func key(it *pim.Item) string {
	if uid := it.UID(); uid != "" {
		return uid
	}
	return "no-uid-" + hashOf(string(it.Bytes()))
}

// stage writes the temporary files.
func (b *batch) stage(ctx context.Context) {
	for i, w := range b.writes {
		if ctx.Err() != nil {
			b.rest(ctx.Err())
			return
		}
		var permissions uint32
		if w.Kind != providers.Create {
			st, err := b.expect(i)
			if err != nil {
				b.fail(i, err)
				continue
			}
			permissions = st.permissions
		}
		if w.Kind == providers.Delete {
			continue
		}
		if err := b.write(i, permissions); err != nil {
			b.fail(i, b.system(i, err))
		}
	}
}

func (b *batch) write(i int, permissions uint32) error {
	for {
		name := fmt.Sprintf("%s%d-%d.tmp", temporary, os.Getpid(), b.named.Add(1))
		st, err := b.dir.create(name, b.writes[i].Item.Bytes(), permissions, b.now().Add(-youth))
		if errors.Is(err, fs.ErrExist) {
			continue // of a process with the same number
		}
		if err == nil {
			b.temps[i] = temp{name: name, stat: st}
		}
		return err
	}
}

// expect looks whether the item of an Update or Delete is what its precondition says.
func (b *batch) expect(i int) (stat, error) {
	w := b.writes[i]
	if !isItem(w.Ref, b.kind.Extension()) {
		return stat{}, b.because(i, providers.Refused, errors.New("it is not the name of an item file"))
	}
	st, err := b.dir.stat(w.Ref)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !st.regular {
		return stat{}, b.because(i, providers.Missing, errors.New("it is not there"))
	}
	if err != nil {
		return stat{}, b.system(i, err)
	}
	stamp, content := stampOf(w.Version)
	if st.stamp() == stamp && content != "" {
		data, now, err := b.dir.read(w.Ref, largest)
		if err != nil {
			return stat{}, b.system(i, err)
		}
		if now.youngVersion(data) != w.Version {
			stamp = ""
		}
	}
	if st.stamp() != stamp {
		return stat{}, b.because(i, providers.Stale, errors.New("it was changed meanwhile"))
	}
	return st, nil
}

// flush makes the temporary files durable.
func (b *batch) flush() error {
	var names []string
	for _, t := range b.temps {
		if t.name != "" {
			names = append(names, t.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	n, err := b.dir.flush(names)
	b.syncs.Add(int64(n))
	if err != nil {
		return failure(err, "write to", b.path)
	}
	return nil
}

// place renames and removes, and reports whether there was anything to do.
func (b *batch) place(ctx context.Context) (placed bool) {
	for i, w := range b.writes {
		if !b.pending(i) {
			continue
		}
		if ctx.Err() != nil {
			b.rest(ctx.Err())
			break
		}
		var err error
		switch w.Kind {
		case providers.Create:
			err = b.create(i)
		case providers.Update:
			if _, err = b.expect(i); err == nil {
				err = b.move(i, w.Ref, true)
			}
		case providers.Delete:
			if _, err = b.expect(i); err == nil {
				err = b.remove(i)
			}
		}
		if err != nil {
			b.fail(i, err)
			continue
		}
		placed = true
	}
	return placed
}

// create puts a new file in its place. When something else has the name, be it another item or a directory, it takes another one.
func (b *batch) create(i int) error {
	it, extension := b.writes[i].Item, b.kind.Extension()
	err := b.move(i, fileName(key(it), extension), false)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	taken := b.fetch(b.dir, fileName(key(it), extension))
	class := providers.ClassOf(taken.Err)
	if taken.Err == nil && key(taken.Item) != key(it) || class == providers.Refused || class == providers.Missing {
		err = b.move(i, otherName(key(it), extension), false)
	}
	if errors.Is(err, fs.ErrExist) {
		return b.because(i, providers.Stale, errors.New("an item with this UID is there"))
	}
	return err
}

func (b *batch) move(i int, to string, replace bool) error {
	t := &b.temps[i]
	err := b.dir.place(t.name, to, replace)
	if errors.Is(err, fs.ErrNotExist) {
		return b.because(i, providers.Transient, errors.New("its temporary file was taken away"))
	}
	if err != nil {
		return b.system(i, err)
	}
	t.name = ""
	out := providers.Outcome{Class: providers.Done, Ref: to, Version: "written over"}
	// Whoever writes between our rename and this look leaves another file or a younger one. It must not get a version that we call ours:
	// a version that no look will find has it read again.
	if st, err := b.dir.stat(to); err == nil && st.same(t.stat) {
		out.Version = st.stamp()
	}
	b.outcomes[i] = out
	return nil
}

func (b *batch) remove(i int) error {
	if err := b.dir.remove(b.writes[i].Ref); err != nil {
		return b.system(i, err)
	}
	b.outcomes[i] = providers.Outcome{Class: providers.Done}
	return nil
}

// commit makes the directory durable. When that fails, nobody knows what a crash would leave.
func (b *batch) commit() {
	b.syncs.Add(1)
	err := b.dir.sync()
	if err == nil {
		return
	}
	for i := range b.outcomes {
		if b.outcomes[i].Class == providers.Done {
			b.fail(i, b.because(i, providers.Unknown, err))
		}
	}
}

// discard takes away the temporary files that found no place.
func (b *batch) discard() {
	for _, t := range b.temps {
		if t.name != "" {
			b.dir.remove(t.name)
		}
	}
}
