package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Renewal is an empty state that is filled beside one whose place it is to take. The old one is as it was until Keep, and what a crash leaves of the new one is
// removed by the next Renew.
type Renewal struct {
	*db
	disk disk
	path string
	dir  string

	// Was is the header of the old state; zero when there is none, or it cannot be read.
	Was Header

	// Unread is why the old state cannot be read; nil: it can, or there is none.
	Unread *CorruptError

	old  *db
	done bool
}

const (
	renewedName = "db.renewed"
	asideFormat = "20060102T150405Z"
)

// Renew begins a state anew in a directory, and holds it against everybody else until the Renewal is kept or closed. A state that is damaged does not hinder it, one
// that a newer version of Accord wrote does. Errors are those of [Open].
func Renew(ctx context.Context, path string, o Options) (*Renewal, error) {
	unlock, err := Lock(ctx, path, o)
	if err != nil {
		return nil, err
	}
	r, err := renew(vfs.Default, path)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	r.unlock, r.pauses = unlock, func() []Pause { return ReadPauses(path) }
	return r, nil
}

func renew(base vfs.FS, path string) (*Renewal, error) {
	fsys := disk{FS: base, fuse: newFuse()}
	r := &Renewal{disk: fsys, path: path, dir: fsys.PathJoin(path, renewedName)}
	old, err := openReader(base, path)
	switch damaged, is := errors.AsType[*CorruptError](err); {
	case is:
		r.Unread = damaged
	case err != nil:
		return nil, err
	default:
		r.old, r.Was = old, old.Header()
	}
	err = prepare(fsys, path, r.dir)
	if err == nil {
		r.db, err = open(fsys, path, r.dir)
	}
	if err != nil {
		return nil, errors.Join(err, r.closeOld())
	}
	return r, nil
}

func (r *Renewal) closeOld() error {
	if r.old == nil {
		return nil
	}
	old := r.old
	r.old = nil
	return old.kv.close()
}

// Known reports whether the old state knows anything, or may: one that is damaged does.
func (r *Renewal) Known() bool {
	if r.old == nil {
		return r.Unread != nil
	}
	return len(r.old.Addresses()) > 0 || r.Was.LastApply > 0
}

// TakeJournal takes the journal of the old state over: applies are numbered on, and what they did can be undone as before. What is damaged of it is Unread, and what
// comes after that is not taken over.
func (r *Renewal) TakeJournal() error {
	if r.old == nil {
		return nil
	}
	applies, err := r.old.Applies()
	b, failed := &Batch{}, error(nil)
	put := func(least int) error {
		if len(b.Entries)+len(b.Applies) >= least {
			failed = r.Commit(b)
			b = &Batch{}
		}
		return failed
	}
	for _, a := range applies {
		if err != nil {
			break
		}
		b.Applies = append(b.Applies, a)
		err = r.old.Entries(a.Number, func(e Entry) error {
			b.Entries = append(b.Entries, e)
			return put(takenAtOnce)
		})
	}
	if failed != nil {
		return failed
	}
	if damaged, is := errors.AsType[*CorruptError](err); is {
		r.Unread, err = damaged, nil
	}
	return errors.Join(err, put(1))
}

// takenAtOnce is how many records of a journal are taken over in one commit.
const takenAtOnce = 500

// Keep puts the new state in the place of the old one, and closes it. The old one stays beside it, under the name that is returned; "": there was none.
func (r *Renewal) Keep(now time.Time) (aside string, err error) {
	r.done = true
	err = errors.Join(r.closeOld(), r.kv.close())
	db := r.disk.PathJoin(r.path, dbName)
	there := false
	if err == nil {
		there, err = exists(r.disk, db)
	}
	if err == nil && there {
		aside, err = r.moveAside(db, now)
	}
	if err == nil {
		err = r.disk.Rename(r.dir, db)
	}
	if err == nil {
		err = syncDir(r.disk, r.path)
	}
	if err != nil {
		err = &FailedError{Path: r.path, Err: err}
	}
	return aside, errors.Join(err, r.unlock())
}

// moveAside gives the old database a name that none has yet.
func (r *Renewal) moveAside(db string, now time.Time) (string, error) {
	first := db + "." + now.UTC().Format(asideFormat)
	name := first
	for n := 2; ; n++ {
		taken, err := exists(r.disk, name)
		if err != nil {
			return "", err
		}
		if !taken {
			return name, r.disk.Rename(db, name)
		}
		name = fmt.Sprintf("%s-%d", first, n)
	}
}

// Close gives the new state up, unless it was kept: the old one is as it was.
func (r *Renewal) Close() error {
	if r.done {
		return nil
	}
	r.done = true
	return errors.Join(r.closeOld(), r.kv.close(), r.disk.RemoveAll(r.dir), r.unlock())
}
