package state

import (
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestRenewalThatCrashes ends a renewal at each of its writes in turn, as a crash of the machine does: what was not synced is lost. Whoever opens the state next finds
// the old one or the new one, whole, and applies are numbered on from either.
func TestRenewalThatCrashes(t *testing.T) {
	counted := map[string]int{}
	for room, kept := int64(0), false; !kept; room++ {
		mem := vfs.NewCrashableMem()
		keepIn(t, mem, "old", 7)
		fsys := fullFS{mem, new(atomic.Int64), syscall.EIO}
		fsys.room.Store(room)
		err := renewIn(fsys)
		kept = err == nil
		if failed := new(FailedError); !kept && !errors.As(err, &failed) {
			t.Fatalf("crash at write %d: %v", room, err)
		}
		for _, crash := range []struct {
			name string
			disk func() *vfs.MemFS
		}{
			{"of the process", func() *vfs.MemFS {
				return mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 2))})
			}},
			{"of the machine", func() *vfs.MemFS { return mem.CrashClone(vfs.CrashCloneCfg{}) }},
		} {
			left := crash.disk()
			read := opened(t, left, openReader)
			if read.Workspace != "old" && read.Workspace != "new" || read.LastApply != 7 || kept && read.Workspace != "new" {
				t.Errorf("crash %s at write %d: a reader finds %+v", crash.name, room, read)
			}
			if wrote := opened(t, left, openWriter); wrote != read {
				t.Errorf("crash %s at write %d: a reader finds %+v, and a writer %+v", crash.name, room, read, wrote)
			}
			if there, err := exists(left, "/state/"+readyName); there || err != nil {
				t.Errorf("crash %s at write %d: the writer leaves %s behind: %v", crash.name, room, readyName, err)
			}
			counted[read.Workspace]++

			again := crash.disk()
			if err := renewIn(again); err != nil {
				t.Errorf("crash %s at write %d: it cannot be renewed: %v", crash.name, room, err)
			}
			if now := opened(t, again, openReader); now.Workspace != "new" || now.LastApply != 7 {
				t.Errorf("crash %s at write %d: renewed, it is %+v", crash.name, room, now)
			}
		}
	}
	if counted["old"] < 10 || counted["new"] < 4 {
		t.Errorf("the old state was found %d times, and the new one %d times: the test does not reach far", counted["old"], counted["new"])
	}
}

// keepIn makes a state of a workspace whose last apply has a number.
func keepIn(t *testing.T, fsys vfs.FS, workspace string, last uint64) {
	t.Helper()
	s, err := openWriter(fsys, "/state")
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, &Batch{Workspace: workspace, Applies: []Apply{{Number: last}}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// renewIn puts a state of the workspace "new" in the place of the one there.
func renewIn(fsys vfs.FS) error {
	r, err := renew(fsys, "/state")
	if err != nil {
		return err
	}
	if err := r.Commit(&Batch{Workspace: "new"}); err != nil {
		return errors.Join(err, r.Close())
	}
	_, err = r.Keep(renewedAt)
	return err
}

// opened is the header of a state, opened in one way or the other.
func opened(t *testing.T, fsys vfs.FS, open func(vfs.FS, string) (*db, error)) Header {
	t.Helper()
	s, err := open(fsys, "/state")
	if err != nil {
		t.Fatal(err)
	}
	h := s.Header()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return h
}
