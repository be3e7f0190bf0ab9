package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Pause holds every relationship that its address names, until somebody resumes it.
type Pause struct {
	Address string    `json:"address"` // of a relationship or folder, or a glob over such; "": everything
	Reason  string    `json:"reason,omitempty"`
	By      string    `json:"by"` // user@host
	Since   time.Time `json:"since"`

	// Trouble is why File is no pause that can be understood; "" when it is one. What nobody understands holds everything.
	Trouble string `json:"-"`
	File    string `json:"-"`
}

// pausesShelf is where pauses lie.
func pausesShelf() shelf { return shelf{name: "paused", what: "a pause"} }

const maxPause = 64 << 10 // bytes; nothing longer is a pause

// SetPause makes a pause durable in the state at path, which need not be there yet, in place of one of the same address. It needs no lock:
// whoever reads the pauses meanwhile sees it or does not.
func SetPause(path string, p Pause) error { return setPause(vfs.Default, path, p) }

func setPause(base vfs.FS, path string, p Pause) error {
	return pausesShelf().set(base, path, p.Address, p, p.Since, maxPause)
}

// EndPause ends a pause of the state at path, also one whose file is damaged. Where it has ended already, it does nothing. A file that accord did
// not make stays, and is an error. It needs no lock.
func EndPause(path string, p Pause) error { return endPause(vfs.Default, path, p) }

func endPause(base vfs.FS, path string, p Pause) error {
	file := besideName(p.Address)
	if p.Trouble != "" {
		if file = base.PathBase(p.File); !isBesideName(file) {
			return fmt.Errorf("%s is no pause, and everything is paused while it is there: move it away", p.File)
		}
	}
	return pausesShelf().end(base, path, file)
}

// ReadPauses lists the pauses of the state at path by address, as they are now. What cannot be read is a pause with Trouble, and is first.
func ReadPauses(path string) []Pause { return readPauses(vfs.Default, path) }

func readPauses(base vfs.FS, path string) []Pause {
	return list(pausesShelf(), base, path, maxPause, decodePause,
		func(place, trouble string) Pause { return Pause{File: place, Trouble: trouble} },
		func(one Pause) (address, file string) { return one.Address, one.File })
}

func decodePause(file string, text []byte) (p Pause, err error) {
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("it is no pause: %w", err)
	}
	if file != besideName(p.Address) || p.Since.IsZero() {
		return p, errors.New("it is no pause that accord set")
	}
	return p, nil
}
