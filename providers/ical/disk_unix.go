//go:build unix

package ical

import (
	"io/fs"
	"os"
	"syscall"
)

// giveTo gives a file to the owner and group of another one. Where that is not allowed, the group alone, else it stays as it is.
func giveTo(f *os.File, of fs.FileInfo) {
	if st, ok := of.Sys().(*syscall.Stat_t); ok && f.Chown(int(st.Uid), int(st.Gid)) != nil {
		_ = f.Chown(-1, int(st.Gid))
	}
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
