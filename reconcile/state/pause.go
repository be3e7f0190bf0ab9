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

// Pause holds every relationship that its address names, until somebody resumes it.
type Pause struct {
	Address string    `json:"address"` // of a relationship or folder, or a glob over such; "": everything
	Reason  string    `json:"reason,omitempty"`
	By      string    `json:"by"` // user@host
	Since   time.Time `json:"since"`

	// Trouble is why File is no pause that can be understood; "" when it is one. What nobody understands holds everything.
	Trouble string `json:"-"`
	File    string `json:"-"`
}

// Pauses lie beside the database, a file each, so that they can be set and seen while somebody holds the state:
//
//	paused/HASH.json       a pause, by the SHA-256 of its address
//	paused/new-RANDOM      one that was being set
const (
	pausedName    = "paused"
	pauseEnding   = ".json"
	newPausePart  = "new-"
	leftOverAfter = time.Hour // a file that was being written is one that a crash left

	// A file that is removed from a network file system while it is read has this name for that long.
	removedPart = ".nfs"

	maxPause = 64 << 10 // bytes; nothing longer is a pause
)

func pauseName(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:]) + pauseEnding
}

// SetPause makes a pause durable in the state at path, which need not be there yet, in place of one of the same address. It needs no lock:
// whoever reads the pauses meanwhile sees it or does not.
func SetPause(path string, p Pause) error { return setPause(vfs.Default, path, p) }

func setPause(base vfs.FS, path string, p Pause) error {
	fsys := disk{FS: base, fuse: newFuse()}
	dir := fsys.PathJoin(path, pausedName)
	text, err := json.Marshal(p)
	if err == nil && len(text) >= maxPause {
		err = errors.New("its reason is too long")
	}
	if err == nil {
		err = fsys.MkdirAll(dir, dirPermissions)
	}
	if err == nil {
		tidyPauses(fsys, dir, p.Since.Add(-leftOverAfter))
		temporary := newPausePart + rand.Text()
		err = writeText(fsys, dir, temporary, string(text)+"\n")
		if err == nil {
			err = fsys.Rename(fsys.PathJoin(dir, temporary), fsys.PathJoin(dir, pauseName(p.Address)))
		}
	}
	for _, made := range []string{dir, path, fsys.PathDir(path)} {
		if err == nil {
			err = syncDir(fsys, made)
		}
	}
	if err != nil {
		return fmt.Errorf("state %q: set a pause: %w", path, err)
	}
	return nil
}

// tidyPauses removes what crashes left before a time. What cannot be removed harms nobody.
func tidyPauses(fsys disk, dir string, before time.Time) {
	names, _ := fsys.List(dir)
	for _, name := range names {
		name = fsys.PathJoin(dir, name)
		if info, err := fsys.Stat(name); err == nil && strings.HasPrefix(fsys.PathBase(name), newPausePart) && info.ModTime().Before(before) {
			_ = fsys.Remove(name)
		}
	}
}

// EndPause ends a pause of the state at path, also one whose file is damaged. Where it has ended already, it does nothing. A file that accord did
// not make stays, and is an error. It needs no lock.
func EndPause(path string, p Pause) error { return endPause(vfs.Default, path, p) }

func endPause(base vfs.FS, path string, p Pause) error {
	fsys := disk{FS: base, fuse: newFuse()}
	dir := fsys.PathJoin(path, pausedName)
	name := fsys.PathJoin(dir, pauseName(p.Address))
	if p.Trouble != "" {
		if name = p.File; !isPauseName(fsys.PathBase(name)) {
			return fmt.Errorf("%s is no pause, and everything is paused while it is there: move it away", name)
		}
	}
	err := fsys.Remove(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = syncDir(fsys, dir)
	}
	if err != nil {
		return fmt.Errorf("state %q: end a pause: %w", path, err)
	}
	return nil
}

func isPauseName(name string) bool {
	hash, ok := strings.CutSuffix(name, pauseEnding)
	sum, err := hex.DecodeString(hash)
	return ok && err == nil && len(sum) == sha256.Size
}

// ReadPauses lists the pauses of the state at path by address, as they are now. What cannot be read is a pause with Trouble, and is first.
func ReadPauses(path string) []Pause { return readPauses(vfs.Default, path) }

func readPauses(base vfs.FS, path string) []Pause {
	fsys := readOnlyDisk(base)
	dir := fsys.PathJoin(path, pausedName)
	names, err := fsys.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []Pause{{File: dir, Trouble: err.Error()}}
	}
	var pauses []Pause
	for _, name := range names {
		if strings.HasPrefix(name, newPausePart) || strings.HasPrefix(name, removedPart) {
			continue
		}
		p, err := readPause(fsys, dir, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // it ended just now
		case err != nil:
			p = Pause{File: fsys.PathJoin(dir, name), Trouble: err.Error()}
		}
		pauses = append(pauses, p)
	}
	slices.SortFunc(pauses, func(a, b Pause) int { return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.File, b.File)) })
	return pauses
}

func readPause(fsys disk, dir, name string) (p Pause, err error) {
	f, err := fsys.Open(fsys.PathJoin(dir, name))
	if err != nil {
		return p, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxPause))
	if err = errors.Join(err, f.Close()); err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("it is no pause: %w", err)
	}
	if name != pauseName(p.Address) || p.Since.IsZero() {
		return p, errors.New("it is no pause that accord set")
	}
	return p, nil
}
