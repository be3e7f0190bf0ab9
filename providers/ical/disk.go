package ical

import (
	"io/fs"
	"os"
	"path/filepath"
)

// disk is the few calls by which a file is put in the place of another one.
type disk interface {
	// create makes a new file for its owner alone, in a directory, with a name that begins and ends so.
	create(dir, begin, end string) (*os.File, error)

	// likeness gives a new file the permissions and, where the system allows it, the owner and group of another one.
	likeness(f *os.File, of fs.FileInfo) error

	// flush makes the content durable.
	flush(f *os.File) error

	// place renames a file, whatever has the name.
	place(from, to string) error

	// link gives a file a second name; one that is taken is an error that is fs.ErrExist.
	link(from, to string) error

	remove(path string) error

	// sync makes the entries of a directory durable.
	sync(dir string) error
}

// local is the disk of this machine.
type local struct{}

func (local) create(dir, begin, end string) (*os.File, error) {
	return os.CreateTemp(dir, begin+"*"+end)
}

func (local) likeness(f *os.File, of fs.FileInfo) error {
	giveTo(f, of)
	return f.Chmod(of.Mode().Perm())
}

func (local) flush(f *os.File) error      { return f.Sync() }
func (local) place(from, to string) error { return os.Rename(from, to) }
func (local) remove(path string) error    { return os.Remove(path) }
func (local) sync(dir string) error       { return syncDirectory(dir) }

// link renames where there are no second names, after a look.
func (local) link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || os.IsExist(err) {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "link", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

// Temporary files lie beside the file that they are for, so that a rename can put them in its place. They are hidden, and named after it: whoever
// writes to it next takes away what a crash left.
func temporary(path string) (dir, begin, end string) {
	dir, name := filepath.Split(path)
	return filepath.Clean(dir), ".accord-" + name + "-", ".tmp"
}
