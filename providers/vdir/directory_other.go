//go:build !linux || portable

package vdir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// pathDir is a directory by the portable calls of package os; the tag portable tries it on Linux too. There are no inode numbers, change times
// or locks: a stamp is modification time and size, and each file is synced by itself.
type pathDir struct{ root *os.Root }

func openDirectory(path string) (directory, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return pathDir{root}, nil
}

func (d pathDir) close()                    { d.root.Close() }
func (d pathDir) identity() (string, error) { return "", nil }
func (d pathDir) fine() bool                { return false }
func (d pathDir) lock(alone bool) bool      { return !alone }
func (d pathDir) remove(name string) error  { return d.root.Remove(name) }

func (d pathDir) changed() (int64, error) {
	info, err := d.root.Stat(".")
	if err != nil {
		return 0, err
	}
	return info.ModTime().UnixNano(), nil
}

func (d pathDir) names(each func(name []byte)) error {
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(1024)
		for _, e := range entries {
			if e.Type().IsRegular() {
				each([]byte(e.Name()))
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (d pathDir) stat(name string) (stat, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return stat{}, err
	}
	return statOf(info), nil
}

func (d pathDir) read(name string, limit int64) ([]byte, stat, error) {
	for range 3 {
		seen, err := d.stat(name)
		switch {
		case err != nil:
			return nil, stat{}, err
		case !seen.regular:
			return nil, stat{}, errNotRegular
		case seen.size > limit:
			return nil, seen, errTooLarge
		}
		data, err := d.root.ReadFile(name)
		if err != nil {
			return nil, seen, err
		}
		if after, err := d.stat(name); err == nil && after == seen && int64(len(data)) == seen.size {
			return data, seen, nil
		}
	}
	return nil, stat{}, errBusy
}

func (d pathDir) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return stat{}, err
	}
	_, err = file.Write(data)
	if err == nil && permissions != 0 {
		err = file.Chmod(fs.FileMode(permissions))
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = d.root.Chtimes(name, modified, modified)
	}
	var st stat
	if err == nil {
		st, err = d.stat(name)
	}
	if err != nil {
		d.root.Remove(name)
		return stat{}, err
	}
	return st, nil
}

func (d pathDir) flush(names []string) (int, error) {
	for i, name := range names {
		file, err := d.root.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return i, err
		}
		err = file.Sync()
		file.Close()
		if err != nil {
			return i + 1, err
		}
	}
	return len(names), nil
}

// place gives the file a second name and takes the first, which never replaces. Where there are no second names, it looks first.
func (d pathDir) place(from, to string, replace bool) error {
	if replace {
		return d.root.Rename(from, to)
	}
	err := d.root.Link(from, to)
	if err == nil {
		return d.root.Remove(from)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := d.root.Lstat(to); err == nil {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	return d.root.Rename(from, to)
}

// sync does what it can: a directory cannot be synced on every system.
func (d pathDir) sync() error {
	dir, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	dir.Sync()
	return nil
}

func (d pathDir) writable() bool {
	info, err := d.root.Stat(".")
	return err == nil && info.Mode().Perm()&0o200 != 0
}

func statOf(info fs.FileInfo) stat {
	return stat{
		mtime: info.ModTime().UnixNano(), size: info.Size(),
		permissions: uint32(info.Mode().Perm()), regular: info.Mode().IsRegular(),
	}
}
