package state

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// fullFS is a file system with room for a number of writes. What comes after them fails with err.
type fullFS struct {
	vfs.FS
	room *atomic.Int64
	err  error
}

func (f fullFS) full() error {
	if f.room.Add(-1) < 0 {
		return f.err
	}
	return nil
}

func (f fullFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if err := f.full(); err != nil {
		return nil, err
	}
	file, err := f.FS.Create(name, c)
	return fullFile{file, f}, err
}

func (f fullFS) MkdirAll(dir string, perm os.FileMode) error {
	if err := f.full(); err != nil {
		return err
	}
	return f.FS.MkdirAll(dir, perm)
}

func (f fullFS) Rename(old, name string) error {
	if err := f.full(); err != nil {
		return err
	}
	return f.FS.Rename(old, name)
}

type fullFile struct {
	vfs.File
	fs fullFS
}

func (f fullFile) Write(p []byte) (int, error) {
	if err := f.fs.full(); err != nil {
		return 0, err
	}
	return f.File.Write(p)
}

func (f fullFile) Sync() error {
	if err := f.fs.full(); err != nil {
		return err
	}
	return f.File.Sync()
}

// TestFullDisk lets the disk fill up at each of its writes in turn: while the state is made, in a commit, in a flush that Pebble does in
// the background, and at closing. The error says so, nothing hangs or ends the process, and what was committed is there afterwards. Likewise a disk that becomes
// read-only, and one that breaks.
func TestFullDisk(t *testing.T) {
	for _, errno := range []error{syscall.ENOSPC, syscall.EROFS, syscall.EIO} {
		t.Run(errno.Error(), func(t *testing.T) {
			t.Parallel()
			testFullDisk(t, errno)
		})
	}
}

func testFullDisk(t *testing.T, errno error) {
	failures := 0
	for room := int64(0); ; room += 1 + room/8 {
		mem := vfs.NewMem()
		fsys := fullFS{mem, new(atomic.Int64), errno}
		fsys.room.Store(room)
		done, err := fill(fsys)
		if err == nil {
			break
		}
		failures++
		var failed *FailedError
		if !errors.As(err, &failed) || !errors.Is(err, errno) {
			t.Fatalf("with room for %d writes: %v", room, err)
		}

		s, err := openWriter(mem, "/state")
		if err != nil {
			t.Fatalf("with room for %d writes, and room again: %v", room, err)
		}
		var found []string
		if err := s.Items("folder.a", func(it Item) error { found = append(found, it.Ref); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(found) != done && len(found) != done+1 {
			t.Errorf("with room for %d writes: %d commits were done, %d are there", room, done, len(found))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if failures < 20 {
		t.Errorf("the disk was full only %d times: the test does not reach far", failures)
	}
}

// fill makes a state of some megabytes in commits of one item each, and reports how many were done.
func fill(fsys vfs.FS) (done int, err error) {
	s, err := openWriter(fsys, "/state")
	if err != nil {
		return 0, err
	}
	for i := range 12 {
		before := bytes.Repeat([]byte(fmt.Sprintf("%08d", i)), 100<<10)
		err := s.Commit(&Batch{
			Items:   []FolderItem{{"folder.a", Item{Ref: fmt.Sprintf("%d.ics", i)}}},
			Entries: []Entry{{Apply: 1, Seq: uint32(i + 1), Images: before}},
		})
		if err != nil {
			again := s.Commit(&Batch{Workspace: "more"})
			reading := s.Items("folder.a", func(Item) error { return nil })
			for _, later := range []error{again, reading} {
				var failed *FailedError
				if !errors.As(later, &failed) {
					return done, fmt.Errorf("after %w: %v", err, later)
				}
			}
			return done, errors.Join(err, s.Close())
		}
		done++
	}
	return done, s.Close()
}
