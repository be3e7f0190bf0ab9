package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A database that is closed is sealed with a list of its files and their lengths. Pebble takes a manifest or log that ends early for
// one that a crash cut short, and goes on with what is older; the seal tells the two apart. It is broken before anything is written:
// a database without one was not closed.
const (
	sealName = "SEAL"
	sealEnd  = "sealed\n"
)

func seal(fsys disk, dir string) error {
	names, err := fsys.List(dir)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, name := range names {
		info, err := fsys.Stat(fsys.PathJoin(dir, name))
		if err != nil {
			return err
		}
		if name != sealName {
			fmt.Fprintf(&text, "%d %s\n", info.Size(), name)
		}
	}
	return writeText(fsys, dir, sealName, text.String()+sealEnd)
}

// checkSeal reports what is not as it was when the database was closed. A seal that is not whole is none.
func checkSeal(fsys disk, path, dir string) error {
	name := fsys.PathJoin(dir, sealName)
	corrupt := func(what string, err error) error { return &CorruptError{Path: path, What: what, Err: err} }
	text, err := readText(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return corrupt(name, err)
	}
	lines, whole := strings.CutSuffix(text, sealEnd)
	if !whole {
		return nil
	}
	for line := range strings.Lines(lines) {
		size, file, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			return corrupt(name, badRecord("it is no list of files"))
		}
		file = fsys.PathJoin(dir, file)
		info, err := fsys.Stat(file)
		if err != nil {
			return corrupt(file, err)
		}
		if is := fmt.Sprint(info.Size()); is != size {
			return corrupt(file, badRecord("it has "+is+" bytes, and had "+size+" when it was closed"))
		}
	}
	return nil
}

// breakSeal makes sure that the database is not taken for closed while it is written.
func breakSeal(fsys disk, dir string) error {
	if err := fsys.Remove(fsys.PathJoin(dir, sealName)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncDir(fsys, dir)
}

// writeText makes a small file, durably.
func writeText(fsys disk, dir, name, text string) error {
	f, err := fsys.Create(fsys.PathJoin(dir, name), vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return syncDir(fsys, dir)
}

// readText reads a small file.
func readText(fsys disk, name string) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(f)
	return string(text), errors.Join(err, f.Close())
}

func syncDir(fsys disk, dir string) error {
	d, err := fsys.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
