package vdir

import (
	"errors"
	"time"
)

// directory is an open directory: the few calls that a vdir needs. No name given to it may hold a separator, no symbolic link is
// followed, and nothing but regular files is opened.
type directory interface {
	// identity marks this directory among all that had or will have its path; "" when the system has no such mark.
	identity() (string, error)

	// changed is a mark that differs when an entry came, went or was renamed.
	changed() (int64, error)

	// names gives the name of every entry that may be a regular file, in no order. The bytes are valid during the call only.
	names(each func(name []byte)) error

	// stat looks at an entry.
	stat(name string) (stat, error)

	// read reads a file of at most limit bytes; errNotRegular, errTooLarge and errBusy are its own errors.
	read(name string, limit int64) ([]byte, stat, error)

	// create makes a new file with this modification time, and with these permissions exactly when they are not 0. It leaves nothing
	// behind when it fails.
	create(name string, data []byte, permissions uint32, modified time.Time) (stat, error)

	// flush makes the content of new files durable and returns how many times it had to wait for the disk.
	flush(names []string) (int, error)

	// place renames a file. Without replace, an entry that is there is left alone, with an error that is fs.ErrExist.
	place(from, to string, replace bool) error

	remove(name string) error

	// sync makes the entries durable.
	sync() error

	// lock takes a lock that other processes see, alone or shared, without waiting; it lasts until close.
	lock(alone bool) bool

	// fine reports whether the file system is one of this machine that keeps times to the nanosecond.
	fine() bool

	// writable reports whether files can be made here.
	writable() bool

	close()
}

var (
	errNotRegular = errors.New("it is not a regular file")
	errTooLarge   = errors.New("it is too large")
	errBusy       = errors.New("it changes while it is being read")
)
