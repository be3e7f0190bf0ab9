package state

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// fuse stops everything that would write to a state after the first failure. Pebble may go on in the background with a disk that is
// full, or ends the process; a blown fuse lets it do neither.
type fuse struct {
	once  sync.Once
	blown chan struct{}
	cause error
}

func newFuse() *fuse { return &fuse{blown: make(chan struct{})} }

// blow blows the fuse because of err, unless it is blown already. A nil err does nothing.
func (f *fuse) blow(err error) error {
	if err != nil {
		f.once.Do(func() { f.cause = err; close(f.blown) })
	}
	return err
}

// err is why the fuse is blown; nil: it is not.
func (f *fuse) err() error {
	select {
	case <-f.blown:
		return f.cause
	default:
		return nil
	}
}

var errReadOnly = errors.New("the state is opened for reading only")

// disk is the file system as a state uses it: nobody else reads what is made, nothing is locked (that is done for the whole state, see
// [Lock]), space is not set aside before it is needed, and a failed write blows the fuse. A disk that is read-only is one with a blown fuse.
type disk struct {
	vfs.FS
	fuse *fuse
}

func readOnlyDisk(base vfs.FS) disk {
	d := disk{FS: base, fuse: newFuse()}
	d.fuse.blow(errReadOnly)
	return d
}

const (
	filePermissions = 0o600
	dirPermissions  = 0o700
)

// private makes a new file one that only its owner can read, where the file system has such a thing.
func private(f vfs.File, name string) error {
	if f.Fd() == vfs.InvalidFd {
		return nil
	}
	return os.Chmod(name, filePermissions)
}

// made wraps a file that was opened for writing.
func (d disk) made(f vfs.File, err error, name string) (vfs.File, error) {
	if err == nil {
		if err = private(f, name); err != nil {
			err = errors.Join(err, f.Close())
		}
	}
	if err != nil {
		return nil, d.fuse.blow(err)
	}
	return file{File: f, fuse: d.fuse}, nil
}

func (d disk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if err := d.fuse.err(); err != nil {
		return nil, err
	}
	f, err := d.FS.Create(name, c)
	return d.made(f, err, name)
}

func (d disk) OpenReadWrite(name string, c vfs.DiskWriteCategory, o ...vfs.OpenOption) (vfs.File, error) {
	if err := d.fuse.err(); err != nil {
		return nil, err
	}
	f, err := d.FS.OpenReadWrite(name, c, o...)
	return d.made(f, err, name)
}

// ReuseForWrite makes a new file: a used one would keep its length.
func (d disk) ReuseForWrite(old, name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if err := d.Remove(old); err != nil {
		return nil, err
	}
	return d.Create(name, c)
}

func (d disk) OpenDir(name string) (vfs.File, error) {
	f, err := d.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return file{File: f, fuse: d.fuse}, nil
}

func (d disk) Link(old, name string) error {
	return d.try(func() error { return d.FS.Link(old, name) })
}

func (d disk) Rename(old, name string) error {
	return d.try(func() error { return d.FS.Rename(old, name) })
}

func (d disk) MkdirAll(name string, _ os.FileMode) error {
	return d.try(func() error { return d.FS.MkdirAll(name, dirPermissions) })
}

// Remove and RemoveAll do not blow the fuse: what is left over harms nobody.

func (d disk) Remove(name string) error {
	if err := d.fuse.err(); err != nil {
		return err
	}
	return d.FS.Remove(name)
}

func (d disk) RemoveAll(name string) error {
	if err := d.fuse.err(); err != nil {
		return err
	}
	return d.FS.RemoveAll(name)
}

func (d disk) try(write func() error) error {
	if err := d.fuse.err(); err != nil {
		return err
	}
	return d.fuse.blow(write())
}

func (d disk) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

func (d disk) Unwrap() vfs.FS { return d.FS }

// file is a file of a disk.
type file struct {
	vfs.File
	fuse *fuse
}

func (f file) Write(p []byte) (int, error) {
	if err := f.fuse.err(); err != nil {
		return 0, err
	}
	n, err := f.File.Write(p)
	return n, f.fuse.blow(err)
}

func (f file) WriteAt(p []byte, at int64) (int, error) {
	if err := f.fuse.err(); err != nil {
		return 0, err
	}
	n, err := f.File.WriteAt(p, at)
	return n, f.fuse.blow(err)
}

func (f file) Sync() error     { return f.sync(f.File.Sync) }
func (f file) SyncData() error { return f.sync(f.File.SyncData) }

func (f file) SyncTo(length int64) (full bool, err error) {
	err = f.sync(func() error { full, err = f.File.SyncTo(length); return err })
	return full, err
}

func (f file) sync(sync func() error) error {
	if err := f.fuse.err(); err != nil {
		return err
	}
	return f.fuse.blow(sync())
}

func (f file) Preallocate(int64, int64) error { return nil }

// exists reports whether there is a file or directory.
func exists(fsys vfs.FS, name string) (bool, error) {
	_, err := fsys.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
