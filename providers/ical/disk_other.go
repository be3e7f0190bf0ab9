//go:build !unix

package ical

import (
	"io/fs"
	"os"
)

// giveTo does nothing: owners are kept otherwise here.
func giveTo(*os.File, fs.FileInfo) {}

// syncDirectory does nothing: a directory cannot be synced here.
func syncDirectory(string) error { return nil }
