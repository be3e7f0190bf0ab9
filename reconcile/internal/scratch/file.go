package scratch

import (
	"errors"
	"fmt"
	"os"
)

// File is a temporary file of its owner's, which is gone when it is closed.
type File struct{ *os.File }

// CreateFile makes one below os.TempDir.
func CreateFile() (*File, error) {
	f, err := os.CreateTemp("", "accord-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where the system lets go of the name of an open file, nobody else can read it
	return &File{f}, nil
}

// Close gives the file back.
func (f *File) Close() error {
	err := f.File.Close()
	if gone := os.Remove(f.Name()); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// NoRoom says of an error of a temporary file what can be done about it.
func NoRoom(err error) error {
	return fmt.Errorf("temporary files below %s: %w; give them room, or another directory in TMPDIR", os.TempDir(), err)
}
