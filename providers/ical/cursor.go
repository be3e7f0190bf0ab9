package ical

import (
	"encoding/json"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

const cursorVersion = 1

// cursor is what is known of a feed since it was last read: what its server said of it, and a digest of refs and versions for servers that say nothing.
type cursor struct {
	Version  int      `json:"v"`
	Kind     pim.Kind `json:"kind"`
	ETag     string   `json:"etag,omitempty"`
	Modified string   `json:"modified,omitempty"`
	Content  string   `json:"content"`
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return string(text)
}

// parseCursor reads a cursor of this folder; "" is that of a folder never read.
func (f *feed) parseCursor(text string) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil || c.Version != cursorVersion || c.Kind != f.kind {
		return cursor{}, fmt.Errorf("ical: get %q: %w", f.address.shown, providers.ErrCursorExpired)
	}
	return c, nil
}
