package dav

import (
	"encoding/json"
	"fmt"

	"github.com/accord-sync/accord/providers"
)

// cursorVersion is that of what cursors hold. One of another version is expired.
const cursorVersion = 1

// known is what has been learnt of a folder. It is kept in the folder's cursors, so that a folder can be opened without asking for it again.
type known struct {
	Version  int    `json:"v"`
	Folder   string `json:"f"`           // location and kind: a cursor of another folder is expired
	Server   string `json:"s"`           // name of the profile
	Path     string `json:"p,omitempty"` // the collection's, where the server calls it by another than is asked for
	ReadOnly bool   `json:"r,omitempty"`
	Identity string `json:"i,omitempty"`

	// Token is the sync token of a server whose tokens prove by themselves what they are of. Tag is what others say of the whole collection: while it is the same,
	// nothing changed.
	Token string `json:"t,omitempty"`
	Tag   string `json:"g,omitempty"`
}

func (k known) String() string {
	text, err := json.Marshal(k)
	if err != nil {
		return "" // strings and a bool do not fail
	}
	return string(text)
}

// parseCursor reads a cursor of a folder.
func parseCursor(folder, cursor string) (known, error) {
	var k known
	if err := json.Unmarshal([]byte(cursor), &k); err != nil || k.Version != cursorVersion || k.Folder != folder || profileNamed(k.Server) == nil {
		return known{}, fmt.Errorf("dav: %w", providers.ErrCursorExpired)
	}
	return k, nil
}
