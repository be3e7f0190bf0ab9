package state

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockedByte is the byte that is locked, far behind the text: on this system nobody else can read what is locked.
const lockedByte = 1 << 30

// noFollow: on this system, who may make a link may do anything.
const noFollow = 0

// lockFile takes the lock of an open file, without waiting, and reports whether it was free.
func lockFile(f *os.File, exclusive bool) (free bool, err error) {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if exclusive {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: lockedByte})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// alive reports whether there is a process of this host with that number.
func alive(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return errors.Is(err, windows.ERROR_ACCESS_DENIED)
	}
	defer windows.CloseHandle(h)
	var code uint32
	const stillActive = 259
	return windows.GetExitCodeProcess(h, &code) == nil && code == stillActive
}
