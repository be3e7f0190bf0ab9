package vdir

import (
	"io/fs"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// failing is a directory of which one call goes wrong: it ends the count of calls.
type failing struct {
	directory
	calls *int
	err   error
}

func (f failing) fails() error {
	if *f.calls--; *f.calls == 0 {
		return &fs.PathError{Op: "call", Path: "a file", Err: f.err}
	}
	return nil
}

func (f failing) identity() (string, error) {
	if err := f.fails(); err != nil {
		return "", err
	}
	return f.directory.identity()
}

func (f failing) changed() (int64, error) {
	if err := f.fails(); err != nil {
		return 0, err
	}
	return f.directory.changed()
}

// names that fail have given some already.
func (f failing) names(each func(name []byte)) error {
	if err := f.fails(); err != nil {
		given := false
		_ = f.directory.names(func(name []byte) {
			if !given {
				each(name)
			}
			given = true
		})
		return err
	}
	return f.directory.names(each)
}

func (f failing) stat(name string) (stat, error) {
	if err := f.fails(); err != nil {
		return stat{}, err
	}
	return f.directory.stat(name)
}

func (f failing) read(name string, limit int64) ([]byte, stat, error) {
	if err := f.fails(); err != nil {
		return nil, stat{}, err
	}
	return f.directory.read(name, limit)
}

func (f failing) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	if err := f.fails(); err != nil {
		return stat{}, err
	}
	return f.directory.create(name, data, permissions, modified)
}

func (f failing) flush(names []string) (int, error) {
	if err := f.fails(); err != nil {
		return 1, err
	}
	return f.directory.flush(names)
}

func (f failing) place(from, to string, replace bool) error {
	if err := f.fails(); err != nil {
		return err
	}
	return f.directory.place(from, to, replace)
}

func (f failing) remove(name string) error {
	if err := f.fails(); err != nil {
		return err
	}
	return f.directory.remove(name)
}

func (f failing) sync() error {
	if err := f.fails(); err != nil {
		return err
	}
	return f.directory.sync()
}

// Whatever a disk says to any one call, no item looks deleted that is there, what is told to be done is, what is told not to be is not, and each item is as it
// was or as it was to be.
func TestADiskThatFailsAtAnyCall(t *testing.T) {
	for _, errno := range []error{syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EACCES, syscall.ESTALE, syscall.ETIMEDOUT, syscall.ENOMEM, syscall.EMFILE} {
		for n := 1; ; n++ {
			calls := n
			failsAt(t, errno, &calls)
			if calls > 0 {
				if n < 20 {
					t.Errorf("%v: there were only %d calls", errno, n-calls)
				}
				break
			}
		}
	}
}

func failsAt(t *testing.T, errno error, calls *int) {
	n := *calls
	x := newFixture(t)
	for _, uid := range []string{"edited", "deleted", "kept"} {
		x.file(uid+".ics", eventText(uid, "Before"))
	}
	versions := x.list()
	x.wrap = func(d directory) directory { return failing{d, calls, errno} }
	listed := 0
	read, err := x.Changes(t.Context(), "", func(providers.Change) error { listed++; return nil })
	if err == nil && read.Complete && listed != 3 {
		t.Errorf("%v at call %d: a complete listing has %d items of 3", errno, n, listed)
	}
	if class := providers.ClassOf(err); class == providers.Missing {
		t.Errorf("%v at call %d: the folder looks gone: %v", errno, n, err)
	}
	for _, ref := range []string{"edited.ics", "kept.ics"} {
		err := x.Fetch(t.Context(), []string{ref}, func(got providers.Fetched) error {
			if providers.ClassOf(got.Err) == providers.Missing || got.Err == nil && got.Item.Title() != "Before" {
				t.Errorf("%v at call %d: %s is %v", errno, n, ref, got.Err)
			}
			return nil
		})
		if providers.ClassOf(err) == providers.Missing {
			t.Errorf("%v at call %d: the folder looks gone: %v", errno, n, err)
		}
	}
	outcomes := x.write(
		providers.Write{Kind: providers.Create, Item: event(t, "new", "After")},
		providers.Write{Kind: providers.Update, Ref: "edited.ics", Version: versions["edited.ics"], Item: event(t, "edited", "After")},
		providers.Write{Kind: providers.Delete, Ref: "deleted.ics", Version: versions["deleted.ics"]},
	)
	x.wrap = nil
	titles := map[string]string{}
	for ref := range x.list() {
		titles[ref] = x.fetchOne(ref).Item.Title()
	}
	for i, want := range []struct{ ref, before, after string }{
		{"new.ics", "", "After"}, {"edited.ics", "Before", "After"}, {"deleted.ics", "Before", ""},
	} {
		allowed := []string{want.before}
		switch outcomes[i].Class {
		case providers.Done:
			allowed = []string{want.after}
		case providers.Unknown:
			allowed = []string{want.before, want.after}
		case providers.Missing, providers.Stale:
			t.Errorf("%v at call %d: %s was there and as before: %v", errno, n, want.ref, outcomes[i].Err)
		}
		if !slices.Contains(allowed, titles[want.ref]) {
			t.Errorf("%v at call %d: %s holds %q, and the outcome is %s: %v", errno, n, want.ref, titles[want.ref], outcomes[i].Class, outcomes[i].Err)
		}
	}
	if titles["kept.ics"] != "Before" {
		t.Errorf("%v at call %d: kept.ics holds %q", errno, n, titles["kept.ics"])
	}
}
