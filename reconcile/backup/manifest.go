// Package backup is folders as they were, in plain files: an .ics or .vcf for each item, byte for byte, and a manifest that says what each of them is.
package backup

import (
	"errors"
	"time"

	"github.com/accord-sync/accord/schema/pim"
)

// FormatVersion is the version of the manifest. Readers tolerate fields that they do not know.
const FormatVersion = "1.0"

// ManifestName is the file that makes a directory a backup. It is written last: without it, a backup is not whole.
const ManifestName = "manifest.json"

// ErrDamaged is matched by the errors of a backup that is not whole, or not what was written.
var ErrDamaged = errors.New("the backup is damaged")

// Head is what a manifest begins with.
type Head struct {
	FormatVersion string    `json:"format_version"`
	Workspace     string    `json:"workspace"`
	Created       time.Time `json:"created"`
}

// Folder is a folder in a manifest. Its items are a list beside it, "items", which is read one by one.
type Folder struct {
	Address   string   `json:"address"`
	Kind      pim.Kind `json:"kind"`
	Location  string   `json:"location"`           // physical place, by its driver
	Identity  string   `json:"identity,omitempty"` // by the provider
	Directory string   `json:"directory"`          // below the manifest's
	Complete  bool     `json:"complete"`           // the folder was read to its end
	Reason    string   `json:"reason,omitempty"`   // why it was not
}

// Item is an item in a manifest: with the file that holds it, or with the reason why it could not be read.
type Item struct {
	Ref        string `json:"ref"`
	Version    string `json:"version,omitempty"`
	UID        string `json:"uid,omitempty"`
	File       string `json:"file,omitempty"` // in its folder's directory
	SHA256     string `json:"sha256,omitempty"`
	Unreadable string `json:"unreadable,omitempty"`
}

// Counts are how many items of a folder a backup holds, and how many could not be read.
type Counts struct {
	Items      int `json:"items"`
	Unreadable int `json:"unreadable"`
}
