package vdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

const (
	largest  = 64 << 20 // bytes of the largest file that is read
	attempts = 5        // to list a directory while others write to it
	breath   = 256      // files between two looks at the context
)

// Changes lists every item file; there is no feed. A directory that does not stand still while its names are read could hide a
// file that is being renamed: the listing is then partial.
func (f *folder) Changes(ctx context.Context, _ string, each func(providers.Change) error) (providers.Read, error) {
	d, err := f.open()
	if err != nil {
		return providers.Read{}, err
	}
	defer d.close()
	look := f.now()
	names, still, err := f.list(ctx, d)
	if err != nil {
		return providers.Read{}, err
	}
	for i, name := range names {
		if i%breath == 0 && ctx.Err() != nil {
			return providers.Read{}, ctx.Err()
		}
		version, there, err := f.look(d, name, look)
		if err != nil {
			return providers.Read{}, err
		}
		if !there {
			continue
		}
		if err := each(providers.Change{Ref: name, Version: version}); err != nil {
			return providers.Read{}, err
		}
	}
	if !still {
		return providers.Read{Full: true, Reason: fmt.Sprintf("%s: other programs are writing to the directory", f.path)}, ctx.Err()
	}
	return providers.Read{Full: true, Complete: true}, ctx.Err()
}

// list gives the names of the item files. They share one string, which saves an allocation each.
func (f *folder) list(ctx context.Context, d directory) (names []string, still bool, err error) {
	extension := f.kind.Extension()
	for range attempts {
		before, err := d.changed()
		if err != nil {
			return nil, false, failure(err, "list", f.path)
		}
		var all []byte
		var ends []int
		err = d.names(func(name []byte) {
			if isItem(string(name), extension) {
				all = append(all, name...)
				ends = append(ends, len(all))
			}
		})
		if err != nil {
			return nil, false, failure(err, "list", f.path)
		}
		names = make([]string, len(ends))
		shared, start := string(all), 0
		for i, end := range ends {
			names[i], start = shared[start:end], end
		}
		after, err := d.changed()
		if err != nil {
			return nil, false, failure(err, "list", f.path)
		}
		if before == after {
			return names, true, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
	}
	return names, false, nil
}

// look is the version of one file. One that is gone by now, or is no regular file, is not there.
func (f *folder) look(d directory, name string, look time.Time) (version string, there bool, err error) {
	st, err := d.stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", false, nil
	case err != nil:
		return "", false, failure(err, "look at", filepath.Join(f.path, name))
	case !st.regular:
		return "", false, nil
	case !st.young(look, d.fine):
		return st.stamp(), true, nil
	}
	data, now, err := d.read(name, largest)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotRegular):
		return "", false, nil
	case err != nil:
		return st.stamp() + ".", true, nil // Fetch says what is wrong with it
	}
	return now.youngVersion(data), true, nil
}

// Fetch reads files. One that holds an item of another kind, as in a directory that events and tasks share, is Missing: it is no
// item of this folder.
func (f *folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	d, err := f.open()
	if err != nil {
		return err
	}
	defer d.close()
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(f.fetch(d, ref)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (f *folder) fetch(d directory, ref string) providers.Fetched {
	answer := providers.Fetched{Ref: ref}
	fail := func(class providers.Class, err error) providers.Fetched {
		answer.Err = providers.Classed(class, fmt.Errorf("vdir: read %q: %w", filepath.Join(f.path, ref), err))
		return answer
	}
	if !isItem(ref, f.kind.Extension()) {
		return fail(providers.Refused, errors.New("it is not the name of an item file"))
	}
	look := f.now()
	data, st, err := d.read(ref, largest)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		return fail(providers.Missing, err)
	case errors.Is(err, errNotRegular): // it took the place of an item: that is not known to be deleted
		return fail(providers.Refused, fmt.Errorf("%w: no link is followed", err))
	case errors.Is(err, errTooLarge):
		answer.Version, _, _ = f.look(d, ref, look)
		return fail(providers.Refused, err)
	case errors.Is(err, fs.ErrPermission):
		answer.Version, _, _ = f.look(d, ref, look)
		answer.Err = providers.Classed(providers.Refused, failure(err, "read", filepath.Join(f.path, ref)))
		return answer
	default:
		return fail(providers.Transient, err)
	}
	answer.Version, answer.Modified = st.stamp(), time.Unix(0, st.mtime)
	if st.young(look, d.fine) {
		answer.Version = st.youngVersion(data)
	}
	it, err := pim.Parse(f.kind, data)
	if err == nil {
		answer.Item = it
		return answer
	}
	if holds := pim.KindOf(data); holds != "" && !pim.HasKind(data, f.kind) {
		return fail(providers.Missing, fmt.Errorf("it holds %s, not %s", holds, f.kind))
	}
	return fail(providers.Refused, err)
}
