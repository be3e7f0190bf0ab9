package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Renewal is an empty state that is filled beside one whose place it is to take. The old one is as it was until Keep, and what a crash leaves of the new one is
// removed by the next Renew. From Keep on, the new one is whole, and has a name by which whoever opens the state next puts it in its place.
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
	readyName   = "db.ready"
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
	if err := settle(fsys, path); err != nil {
		return nil, err
	}
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
	if err == nil {
		err = numberOn(r.db, r.Was.LastApply)
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

// Uncounted reports whether nobody can tell how many applies the old state had: numbers that it gave may be given again.
func (r *Renewal) Uncounted() bool { return r.Unread != nil && r.Was.Format == 0 }

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

// Keep puts the new state in the place of the old one, and closes it. The old one stays beside it, under the name that is returned; "": there was none. At every moment
// one of the two is found by who opens the state: the old one until it is moved aside, and the new one from then on.
func (r *Renewal) Keep(now time.Time) (aside string, err error) {
	r.done = true
	err = errors.Join(r.closeOld(), r.kv.close())
	db, ready := r.disk.PathJoin(r.path, dbName), r.disk.PathJoin(r.path, readyName)
	there := false
	if err == nil {
		there, err = exists(r.disk, db)
	}
	if err == nil {
		err = rename(r.disk, r.path, r.dir, ready)
	}
	if err == nil && there {
		aside, err = r.moveAside(db, now)
	}
	if err == nil {
		err = rename(r.disk, r.path, ready, db)
	}
	if err != nil {
		err = &FailedError{Path: r.path, Err: err}
	}
	return aside, errors.Join(err, r.unlock())
}

// settle finishes what Keep began before a crash: a new state whose old one was moved aside takes its place. One whose old one was not is given up.
func settle(fsys disk, path string) error {
	db, ready := fsys.PathJoin(path, dbName), fsys.PathJoin(path, readyName)
	made, err := exists(fsys, ready)
	if err == nil && !made {
		return nil
	}
	there := false
	if err == nil {
		there, err = exists(fsys, db)
	}
	switch {
	case err != nil:
	case there:
		err = fsys.RemoveAll(ready)
	default:
		err = rename(fsys, path, ready, db)
	}
	if err != nil {
		return &FailedError{Path: path, Err: err}
	}
	return nil
}

// found is the directory of the database for one who only reads; "": there is none.
func found(fsys disk, path string) (string, error) {
	for _, name := range []string{dbName, readyName} {
		dir := fsys.PathJoin(path, name)
		if there, err := exists(fsys, dir); there || err != nil {
			return dir, err
		}
	}
	return "", nil
}

// rename gives a directory of the state at path another name, durably.
func rename(fsys disk, path, old, name string) error {
	if err := fsys.Rename(old, name); err != nil {
		return err
	}
	return syncDir(fsys, path)
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
			return name, rename(r.disk, r.path, db, name)
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
