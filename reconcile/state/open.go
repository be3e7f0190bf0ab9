package state

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Format is the version of the format that this version of Accord writes.
const Format = 2

// A state is a directory:
//
//	lock          who holds it, see [Lock]
//	db/           Pebble's files
//	db/FORMAT     the version of the format, as a line of text
//	db/SEAL       what a closed database consists of, see [seal]
//	db.new/       a db that was being made
//	db.renewed/   a db that is to take the place of db, see [Renew]
//	db.ready/     one that is whole, and takes it at once
//	db.TIME/      a db that was replaced then
//	paused/       what is held, see [Pause]
const (
	lockName   = "lock"
	dbName     = "db"
	newName    = "db.new"
	formatName = "FORMAT"
	formatLine = "accord state %d\n"
)

// Options say how to open a state that another process may hold.
type Options struct {
	Owner Owner // told to others who want the state

	// Wait is how long to wait for another holder; 0: not at all.
	Wait time.Duration

	// Waiting is called once when a wait begins, with who is waited for. It may be nil.
	Waiting func(*LockedError)

	// After is the clock of waits; nil: time.After.
	After func(time.Duration) <-chan time.Time
}

// Open opens the state in a directory for an apply, and makes one when there is none. It holds the state against everybody else until the
// Store is closed. Errors: *LockedError, *CorruptError, *FailedError, [ErrNewer].
func Open(ctx context.Context, path string, o Options) (Store, error) {
	unlock, err := Lock(ctx, path, o)
	if err != nil {
		return nil, err
	}
	s, err := openWriter(vfs.Default, path)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	s.unlock, s.pauses = unlock, func() []Pause { return ReadPauses(path) }
	return s, nil
}

// OpenReader opens the state in a directory for a plan. It writes nothing at all; where there is no state, the Reader is empty. Others may
// read meanwhile, but not write. Errors are those of [Open].
func OpenReader(ctx context.Context, path string, o Options) (ReadCloser, error) {
	unlock, err := lockShared(ctx, path, o)
	if err != nil {
		return nil, err
	}
	s, err := openReader(vfs.Default, path)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	s.unlock, s.pauses = unlock, func() []Pause { return ReadPauses(path) }
	return s, nil
}

func openWriter(base vfs.FS, path string) (*db, error) {
	fsys := disk{FS: base, fuse: newFuse()}
	if err := settle(fsys, path); err != nil {
		return nil, err
	}
	there, err := exists(fsys, fsys.PathJoin(path, dbName))
	if err != nil {
		return nil, fmt.Errorf("state %q: %w", path, err)
	}
	if !there {
		if err := create(fsys, path); err != nil {
			return nil, err
		}
	}
	return open(fsys, path, fsys.PathJoin(path, dbName))
}

func openReader(base vfs.FS, path string) (*db, error) {
	fsys := readOnlyDisk(base)
	dir, err := found(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("state %q: %w", path, err)
	}
	if dir == "" {
		return newDB(path, &memory{}), nil
	}
	return open(fsys, path, dir)
}

// create makes an empty state. What a crash leaves of it is removed by the next try.
func create(fsys disk, path string) error {
	temporary := fsys.PathJoin(path, newName)
	if err := prepare(fsys, path, temporary); err != nil {
		return err
	}
	err := rename(fsys, path, temporary, fsys.PathJoin(path, dbName))
	if err == nil {
		err = syncDir(fsys, fsys.PathDir(path))
	}
	if err != nil {
		return &FailedError{Path: path, Err: err}
	}
	return nil
}

// prepare makes an empty database of the state at path in a directory that nobody uses yet.
func prepare(fsys disk, path, temporary string) error {
	if err := errors.Join(fsys.RemoveAll(temporary), fsys.MkdirAll(temporary, dirPermissions)); err != nil {
		return &FailedError{Path: path, Err: err}
	}
	kv, err := openPebble(fsys, path, temporary, true)
	if err != nil {
		return err
	}
	if err := kv.close(); err != nil {
		return err
	}
	if err := writeText(fsys, temporary, formatName, fmt.Sprintf(formatLine, Format)); err != nil {
		return &FailedError{Path: path, Err: err}
	}
	return nil
}

// open opens the database of the state at path in dir.
func open(fsys disk, path, dir string) (*db, error) {
	if err := checkFormat(fsys, path, dir); err != nil {
		return nil, err
	}
	if err := checkSeal(fsys, path, dir); err != nil {
		return nil, err
	}
	if err := checkLogs(fsys, path, dir); err != nil {
		return nil, err
	}
	kv, err := openPebble(fsys, path, dir, false)
	if err != nil {
		return nil, err
	}
	s := newDB(path, kv)
	if err := s.load(); err != nil {
		return nil, errors.Join(err, kv.close())
	}
	return s, nil
}

// checkFormat refuses what this version of Accord cannot read, before anything of it is touched.
func checkFormat(fsys disk, path, dir string) error {
	name := fsys.PathJoin(dir, formatName)
	corrupt := func(err error) error { return &CorruptError{Path: path, What: name, Err: err} }
	line, err := readText(fsys, name)
	if err != nil {
		return corrupt(err)
	}
	var format int
	if n, err := fmt.Fscanf(strings.NewReader(line), formatLine, &format); n != 1 || err != nil || format < 1 {
		return corrupt(badRecord("it does not say what format the state has"))
	}
	if format < Format {
		return corrupt(badRecord(fmt.Sprintf("it says format %d, and this version of accord reads format %d alone", format, Format)))
	}
	if format > Format {
		return fmt.Errorf("state %q has format %d, but this version of accord knows formats up to %d: use the version that wrote it, or a newer one: %w",
			path, format, Format, ErrNewer)
	}
	return nil
}
