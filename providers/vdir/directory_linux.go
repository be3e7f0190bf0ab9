//go:build !portable

package vdir

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// few is the number of files up to which syncing each is taken to be cheaper than syncing the whole file system.
const few = 4

type openDir struct{ fd int }

func openDirectory(path string) (directory, error) {
	fd, err := again(func() (int, error) {
		return unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, err
	}
	return openDir{fd}, nil
}

func (d openDir) close() { unix.Close(d.fd) }

// identity is the inode with its time of birth: an inode number alone is given again to the next directory, and device numbers may
// change when the machine starts anew. File systems that keep no time of birth often make up inode numbers as well, and in
// overlayfs both change when a directory is first written to: no mark is better there than one that changes by itself.
func (d openDir) identity() (string, error) {
	var fs unix.Statfs_t
	if err := unix.Fstatfs(d.fd, &fs); err != nil || fs.Type == unix.OVERLAYFS_SUPER_MAGIC {
		return "", err
	}
	var x unix.Statx_t
	err := unix.Statx(d.fd, "", unix.AT_EMPTY_PATH, unix.STATX_INO|unix.STATX_BTIME, &x)
	switch {
	case errors.Is(err, unix.ENOSYS):
		return "", nil
	case err != nil || x.Mask&unix.STATX_BTIME == 0:
		return "", err
	}
	return fmt.Sprintf("%d@%d.%09d", x.Ino, x.Btime.Sec, x.Btime.Nsec), nil
}

// fine is so for file systems whose times come from this machine's clock; those of a network come from another one's.
func (d openDir) fine() bool {
	var fs unix.Statfs_t
	if err := unix.Fstatfs(d.fd, &fs); err != nil {
		return false
	}
	switch fs.Type {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC:
		return true
	}
	return false
}

func (d openDir) changed() (int64, error) {
	var st unix.Stat_t
	err := unix.Fstat(d.fd, &st)
	return st.Ctim.Nano(), err
}

// names reads the directory by getdents64(2), whose records are: inode 8, offset 8, length 2, type 1, name up to a zero byte.
func (d openDir) names(each func(name []byte)) error {
	if _, err := unix.Seek(d.fd, 0, 0); err != nil {
		return err
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := again(func() (int, error) { return unix.Getdents(d.fd, buf) })
		if err != nil || n == 0 {
			return err
		}
		for b := buf[:n]; len(b) > 19; {
			length := int(binary.NativeEndian.Uint16(b[16:]))
			if length <= 19 || length > len(b) {
				return errors.New("the directory cannot be read")
			}
			if kind := b[18]; kind == unix.DT_REG || kind == unix.DT_UNKNOWN {
				name := b[19:length]
				if end := bytes.IndexByte(name, 0); end >= 0 {
					name = name[:end]
				}
				each(name)
			}
			b = b[length:]
		}
	}
}

func (d openDir) stat(name string) (stat, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return stat{}, err
	}
	return statOf(&st), nil
}

func (d openDir) read(name string, limit int64) ([]byte, stat, error) {
	fd, err := again(func() (int, error) {
		return unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	})
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO):
		return nil, stat{}, errNotRegular
	case err != nil:
		return nil, stat{}, err
	}
	defer unix.Close(fd)
	var before, after unix.Stat_t
	if err := unix.Fstat(fd, &before); err != nil {
		return nil, stat{}, err
	}
	for range 3 {
		seen := statOf(&before)
		switch {
		case !seen.regular:
			return nil, stat{}, errNotRegular
		case seen.size > limit:
			return nil, seen, errTooLarge
		}
		data := make([]byte, seen.size+1) // one more, to notice a file that grew
		n := 0
		for n < len(data) {
			m, err := again(func() (int, error) { return unix.Pread(fd, data[n:], int64(n)) })
			if err != nil {
				return nil, seen, err
			}
			n += m
			if m == 0 || n == int(seen.size) {
				break
			}
		}
		if err := unix.Fstat(fd, &after); err != nil {
			return nil, seen, err
		}
		if n == int(seen.size) && statOf(&after) == seen {
			return data[:n:n], seen, nil
		}
		before = after
	}
	return nil, statOf(&after), errBusy
}

func (d openDir) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	fd, err := again(func() (int, error) {
		return unix.Openat(d.fd, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o666)
	})
	if err != nil {
		return stat{}, err
	}
	var st unix.Stat_t
	err = fill(fd, data, permissions)
	if err == nil {
		times := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(modified.UnixNano())}
		err = unix.UtimesNanoAt(d.fd, name, times, unix.AT_SYMLINK_NOFOLLOW)
	}
	if err == nil {
		err = unix.Fstat(fd, &st)
	}
	if e := unix.Close(fd); err == nil {
		err = e // NFS and quotas may only tell now that there is no room
	}
	if err != nil {
		unix.Unlinkat(d.fd, name, 0)
		return stat{}, err
	}
	return statOf(&st), nil
}

func fill(fd int, data []byte, permissions uint32) error {
	for len(data) > 0 {
		n, err := again(func() (int, error) { return unix.Write(fd, data) })
		if err != nil {
			return err
		}
		data = data[n:]
	}
	if permissions != 0 {
		if err := unix.Fchmod(fd, permissions); err != nil {
			return err
		}
	}
	return nil
}

// flush waits once for the whole file system by syncfs(2), which is how ten thousand files are made durable without waiting ten
// thousand times.
func (d openDir) flush(names []string) (int, error) {
	if len(names) > few {
		if _, err := again(func() (int, error) { return 0, unix.Syncfs(d.fd) }); !errors.Is(err, unix.ENOSYS) {
			return 1, err
		}
	}
	for i, name := range names {
		fd, err := again(func() (int, error) { return unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0) })
		if err != nil {
			return i, err
		}
		_, err = again(func() (int, error) { return 0, unix.Fsync(fd) })
		unix.Close(fd)
		if err != nil {
			return i + 1, err
		}
	}
	return len(names), nil
}

// place renames without replacing by renameat2(2); where the file system has no such call, by a second link, which never replaces.
func (d openDir) place(from, to string, replace bool) error {
	if replace {
		return unix.Renameat(d.fd, from, d.fd, to)
	}
	err := unix.Renameat2(d.fd, from, d.fd, to, unix.RENAME_NOREPLACE)
	if !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	if err := unix.Linkat(d.fd, from, d.fd, to, 0); err != nil {
		return err
	}
	return unix.Unlinkat(d.fd, from, 0)
}

func (d openDir) remove(name string) error { return unix.Unlinkat(d.fd, name, 0) }

func (d openDir) sync() error {
	_, err := again(func() (int, error) { return 0, unix.Fsync(d.fd) })
	return err
}

func (d openDir) lock(alone bool) bool {
	how := unix.LOCK_SH
	if alone {
		how = unix.LOCK_EX
	}
	return unix.Flock(d.fd, how|unix.LOCK_NB) == nil
}

func (d openDir) writable() bool {
	return unix.Faccessat(d.fd, ".", unix.W_OK|unix.X_OK, unix.AT_EACCESS) == nil
}

func statOf(st *unix.Stat_t) stat {
	return stat{
		mtime: st.Mtim.Nano(), ctime: st.Ctim.Nano(), size: st.Size, inode: st.Ino,
		permissions: st.Mode & 0o7777, regular: st.Mode&unix.S_IFMT == unix.S_IFREG,
	}
}

// again repeats a call that a signal interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
