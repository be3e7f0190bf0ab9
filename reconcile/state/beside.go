package state

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// shelf is a directory beside the database with a file for each thing that can be set, ended and seen while somebody holds the state:
//
//	NAME/HASH.json       one, by the SHA-256 of its address
//	NAME/new-RANDOM      one that was being set
type shelf struct {
	name string // of the directory
	what string // that lies there, for errors
}

const (
	besideEnding  = ".json"
	newPart       = "new-"
	leftOverAfter = time.Hour // a file that was being written is one that a crash left

	// A file that is removed from a network file system while it is read has this name for that long.
	removedPart = ".nfs"
)

func besideName(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:]) + besideEnding
}

func isBesideName(name string) bool {
	hash, ok := strings.CutSuffix(name, besideEnding)
	sum, err := hex.DecodeString(hash)
	return ok && err == nil && len(sum) == sha256.Size
}

// set makes v durable in the state at path, which need not be there yet, in place of what has the same address. Nothing of most bytes or more is taken.
func (s shelf) set(base vfs.FS, path, address string, v any, now time.Time, most int) error {
	fsys := disk{FS: base, fuse: newFuse()}
	dir := fsys.PathJoin(path, s.name)
	text, err := json.Marshal(v)
	if err == nil && len(text) >= most {
		err = errors.New("it is too long")
	}
	if err == nil {
		err = fsys.MkdirAll(dir, dirPermissions)
	}
	if err == nil {
		tidy(fsys, dir, now.Add(-leftOverAfter))
		temporary := newPart + rand.Text()
		err = writeText(fsys, dir, temporary, string(text)+"\n")
		if err == nil {
			err = fsys.Rename(fsys.PathJoin(dir, temporary), fsys.PathJoin(dir, besideName(address)))
		}
	}
	for _, made := range []string{dir, path, fsys.PathDir(path)} {
		if err == nil {
			err = syncDir(fsys, made)
		}
	}
	if err != nil {
		return fmt.Errorf("state %q: set %s: %w", path, s.what, err)
	}
	return nil
}

// tidy removes what crashes left before a time. What cannot be removed harms nobody.
func tidy(fsys disk, dir string, before time.Time) {
	names, _ := fsys.List(dir)
	for _, name := range names {
		name = fsys.PathJoin(dir, name)
		if info, err := fsys.Stat(name); err == nil && strings.HasPrefix(fsys.PathBase(name), newPart) && info.ModTime().Before(before) {
			_ = fsys.Remove(name)
		}
	}
}

// end removes a file. Where it is not there, it does nothing.
func (s shelf) end(base vfs.FS, path, file string) error {
	fsys := disk{FS: base, fuse: newFuse()}
	err := fsys.Remove(fsys.PathJoin(path, s.name, file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = syncDir(fsys, fsys.PathJoin(path, s.name))
	}
	if err != nil {
		return fmt.Errorf("state %q: end %s: %w", path, s.what, err)
	}
	return nil
}

// read hands on every file with its name and place. What ends while it is read is left out. The error is of the directory.
func (s shelf) read(base vfs.FS, path string, most int64, each func(file, place string, text []byte, err error)) error {
	fsys := readOnlyDisk(base)
	dir := fsys.PathJoin(path, s.name)
	names, err := fsys.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range names {
		if strings.HasPrefix(name, newPart) || strings.HasPrefix(name, removedPart) {
			continue
		}
		text, err := readFile(fsys, fsys.PathJoin(dir, name), most)
		if !errors.Is(err, fs.ErrNotExist) {
			each(name, fsys.PathJoin(dir, name), text, err)
		}
	}
	return err
}

// list reads all that lies on a shelf, by address. decode reads the text of a file; broken is what stands for one that cannot be read, or for the shelf.
func list[T any](s shelf, base vfs.FS, path string, most int64, decode func(file string, text []byte) (T, error), broken func(place, trouble string) T,
	name func(T) (address, file string)) []T {
	var all []T
	err := s.read(base, path, most, func(file, place string, text []byte, err error) {
		var one T
		if err == nil {
			one, err = decode(file, text)
		}
		if err != nil {
			one = broken(place, err.Error())
		}
		all = append(all, one)
	})
	if err != nil {
		return []T{broken(base.PathJoin(path, s.name), err.Error())}
	}
	slices.SortFunc(all, func(a, b T) int {
		addressA, fileA := name(a)
		addressB, fileB := name(b)
		return cmp.Or(cmp.Compare(addressA, addressB), cmp.Compare(fileA, fileB))
	})
	return all
}

func readFile(fsys disk, name string, most int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, most))
	return text, errors.Join(err, f.Close())
}
