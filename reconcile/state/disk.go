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
// full, or end the process; a blown fuse lets it do neither.
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

	// freezes is set where Pebble writes. A goroutine of Pebble's that meets a failed write, or a blown fuse, then stays where it is until
	// the process ends: Pebble answers some errors with an end of the process that cannot be caught, and others by trying for ever.
	freezes bool
}

func readOnlyDisk(base vfs.FS) disk {
	d := disk{FS: base, fuse: newFuse()}
	_ = d.fuse.blow(errReadOnly)
	return d
}

// forPebble is the same disk, handed to Pebble.
func (d disk) forPebble() disk {
	d.freezes = d.fuse.err() == nil
	return d
}

// write does what changes the disk, unless the fuse is blown.
func (d disk) write(do func() error) error {
	err := d.fuse.err()
	if err == nil {
		err = d.fuse.blow(do())
	}
	if err != nil && d.freezes {
		select {}
	}
	return err
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

// make opens a file for writing.
func (d disk) make(name string, open func() (vfs.File, error)) (vfs.File, error) {
	made := file{disk: d}
	err := d.write(func() (err error) {
		if made.File, err = open(); err != nil {
			return err
		}
		if err := private(made.File, name); err != nil {
			return errors.Join(err, made.File.Close())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (d disk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return d.make(name, func() (vfs.File, error) { return d.FS.Create(name, c) })
}

func (d disk) OpenReadWrite(name string, c vfs.DiskWriteCategory, o ...vfs.OpenOption) (vfs.File, error) {
	return d.make(name, func() (vfs.File, error) { return d.FS.OpenReadWrite(name, c, o...) })
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
	return file{File: f, disk: d}, nil
}

func (d disk) Link(old, name string) error {
	return d.write(func() error { return d.FS.Link(old, name) })
}

func (d disk) Rename(old, name string) error {
	return d.write(func() error { return d.FS.Rename(old, name) })
}

func (d disk) MkdirAll(name string, _ os.FileMode) error {
	return d.write(func() error { return d.FS.MkdirAll(name, dirPermissions) })
}

// Remove and RemoveAll do not blow the fuse: what is left over harms nobody.

func (d disk) Remove(name string) error { return d.remove(name, d.FS.Remove) }

func (d disk) RemoveAll(name string) error { return d.remove(name, d.FS.RemoveAll) }

func (d disk) remove(name string, remove func(string) error) (err error) {
	if blown := d.write(func() error { err = remove(name); return nil }); blown != nil {
		return blown
	}
	return err
}

func (d disk) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

func (d disk) Unwrap() vfs.FS { return d.FS }

// file is a file of a disk.
type file struct {
	vfs.File
	disk disk
}

func (f file) Write(p []byte) (n int, err error) {
	err = f.disk.write(func() error { n, err = f.File.Write(p); return err })
	return n, err
}

func (f file) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.disk.write(func() error { n, err = f.File.WriteAt(p, at); return err })
	return n, err
}

func (f file) Sync() error     { return f.disk.write(f.File.Sync) }
func (f file) SyncData() error { return f.disk.write(f.File.SyncData) }

func (f file) SyncTo(length int64) (full bool, err error) {
	err = f.disk.write(func() error { full, err = f.File.SyncTo(length); return err })
	return full, err
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
