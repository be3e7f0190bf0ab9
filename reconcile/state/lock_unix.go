//go:build unix

package state

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// noFollow has a lock file that is a link refused, and what it leads to left alone.
const noFollow = unix.O_NOFOLLOW

// lockFile takes the lock of an open file, without waiting, and reports whether it was free.
func lockFile(f *os.File, exclusive bool) (free bool, err error) {
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	for {
		err = unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		}
		return err == nil, err
	}
}

// alive reports whether there is a process of this host with that number.
func alive(pid int) bool {
	err := unix.Kill(pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}
