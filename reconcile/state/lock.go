package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Owner is who holds a state.
type Owner struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	User    string    `json:"user"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// ErrLocked is matched by every *LockedError.
var ErrLocked = errors.New("the state is locked")

// LockedError says who holds a state. The zero Owner is one who did not say: a plan that reads it, or a process that has only just begun.
type LockedError struct {
	Path  string
	Owner Owner
}

func (e *LockedError) Error() string {
	const wait = "wait for it with -lock-timeout=5m"
	o := e.Owner
	if o == (Owner{}) {
		return fmt.Sprintf("state %q is locked: another process is reading it, or has just begun to use it; %s", e.Path, wait)
	}
	return fmt.Sprintf("state %q is locked: %s@%s holds it (%s, process %d) since %s; %s, or, if that process is gone for good, run accord state unlock",
		e.Path, o.User, o.Host, o.Command, o.PID, o.Since.Format(time.RFC3339), wait)
}

func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// pollEvery is how often a wait looks whether the state is free.
const pollEvery = 200 * time.Millisecond

// Lock holds the state in a directory, which it makes if need be, against every other process until unlock is called or this process
// ends, however it ends: the lock is the operating system's (flock(2), LockFileEx), and the file only says whose it is. The error is a
// *LockedError when o.Wait is over, and the context's when that ends first.
func Lock(ctx context.Context, path string, o Options) (unlock func() error, err error) {
	if err := os.MkdirAll(path, dirPermissions); err != nil {
		return nil, fmt.Errorf("state %q: lock it: %w", path, err)
	}
	f, err := acquire(ctx, path, o, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(o.Owner)
	if err == nil {
		err = rewrite(f, append(text, '\n'))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("state %q: lock it: %w", path, err), f.Close())
	}
	return func() error { return errors.Join(rewrite(f, nil), f.Close()) }, nil
}

// lockShared keeps writers away. It writes nothing: where nobody ever locked the state, there is nothing to hold.
func lockShared(ctx context.Context, path string, o Options) (unlock func() error, err error) {
	f, err := acquire(ctx, path, o, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	return f.Close, nil
}

func rewrite(f *os.File, text []byte) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(text, 0)
	return err
}

// acquire opens the lock file and locks it, exclusively when it is opened for writing, waiting as o says.
func acquire(ctx context.Context, path string, o Options, flag int) (*os.File, error) {
	after := o.After
	if after == nil {
		after = time.After
	}
	var over <-chan time.Time
	for {
		f, err := try(path, flag)
		var locked *LockedError
		if !errors.As(err, &locked) {
			return f, err
		}
		if o.Wait <= 0 {
			return nil, locked
		}
		if over == nil {
			over = after(o.Wait)
			if o.Waiting != nil {
				o.Waiting(locked)
			}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the state: %w (%w)", context.Cause(ctx), locked)
		case <-over:
			return nil, locked
		case <-after(pollEvery):
		}
	}
}

// try locks the lock file once. A file that was removed meanwhile, by [Unlock], is no lock.
func try(path string, flag int) (*os.File, error) {
	name := filepath.Join(path, lockName)
	for {
		f, err := os.OpenFile(name, flag|noFollow, filePermissions)
		if err != nil {
			return nil, fmt.Errorf("state %q: lock it: %w", path, err)
		}
		free, err := lockFile(f, flag != os.O_RDONLY)
		if err == nil && free {
			var mine, there os.FileInfo
			if mine, err = f.Stat(); err == nil {
				there, err = os.Stat(name)
			}
			if err == nil && os.SameFile(mine, there) {
				return f, nil
			}
			if err == nil || errors.Is(err, fs.ErrNotExist) && flag != os.O_RDONLY {
				_ = f.Close()
				continue
			}
		}
		if err == nil {
			err = &LockedError{Path: path, Owner: readOwner(f)}
		} else {
			err = fmt.Errorf("state %q: lock it: %w", path, err)
		}
		_ = f.Close()
		return nil, err
	}
}

// readOwner reads who says to hold the lock; the zero Owner when nobody does.
func readOwner(f *os.File) Owner {
	var o Owner
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<16))
	if err != nil || json.Unmarshal(text, &o) != nil {
		return Owner{}
	}
	return o
}

// Unlock frees a state whose owner is no more, though the lock is still there: a host that vanished from a network file system, say.
// It gives back who held it; the zero Owner: nobody did. While the owner is alive on this host, it refuses.
func Unlock(path, host string) (Owner, error) {
	name := filepath.Join(path, lockName)
	f, err := try(path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return Owner{}, nil
	}
	var locked *LockedError
	if errors.As(err, &locked) {
		switch o := locked.Owner; {
		case o == (Owner{}):
			return Owner{}, fmt.Errorf("state %q is in use by a process of this host or file system that did not say its name: wait until it is done: %w", path, locked)
		case o.Host == host && alive(o.PID):
			return o, fmt.Errorf("process %d of %s is alive: let it finish, or end it, and the lock is gone with it: %w", o.PID, o.Host, locked)
		default:
			if err := os.Remove(name); err != nil {
				return o, fmt.Errorf("state %q: unlock it: %w", path, err)
			}
			return o, nil
		}
	}
	if err != nil {
		return Owner{}, err
	}
	o := readOwner(f)
	return o, errors.Join(rewrite(f, nil), f.Close())
}
