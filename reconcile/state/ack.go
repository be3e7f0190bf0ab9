package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Ack says that somebody knows of problems, so that they do not hide new ones. It ends by itself when its time is over.
type Ack struct {
	Address  string         `json:"address"` // as it was asked for: of a relationship or folder, or a glob over such
	Reason   string         `json:"reason,omitempty"`
	By       string         `json:"by"` // user@host
	Since    time.Time      `json:"since"`
	Until    time.Time      `json:"until"`
	Problems []KnownProblem `json:"problems"` // those that there were

	// Trouble is why File is no Ack that can be understood; "" when it is one. What nobody understands acknowledges nothing.
	Trouble string `json:"-"`
	File    string `json:"-"`
}

// KnownProblem names a problem that somebody knows of.
type KnownProblem struct {
	Fingerprint string      `json:"fingerprint"`
	Kind        ProblemKind `json:"kind"`
	Address     string      `json:"address"`
	Item        string      `json:"item,omitempty"`
}

// Known is a problem as an Ack names it.
func Known(p Problem) KnownProblem {
	return KnownProblem{Fingerprint: p.Fingerprint(), Kind: p.Kind, Address: p.Address, Item: p.Item}
}

// KnownBy is what acknowledges a problem at a time: of several, the one that lasts longest. nil: nobody knows of it.
func KnownBy(acks []Ack, p Problem, now time.Time) *Ack {
	var by *Ack
	print := p.Fingerprint()
	for i, a := range acks {
		covers := a.Until.After(now) && slices.ContainsFunc(a.Problems, func(k KnownProblem) bool { return k.Fingerprint == print })
		if covers && (by == nil || a.Until.After(by.Until)) {
			by = &acks[i]
		}
	}
	return by
}

// acksShelf is where they lie.
func acksShelf() shelf { return shelf{name: "acknowledged", what: "an acknowledgement"} }

const maxAck = 16 << 20 // bytes; nothing longer is one

// SetAck makes an Ack durable in the state at path, in place of one of the same address. It needs no lock.
func SetAck(path string, a Ack) error { return setAck(vfs.Default, path, a) }

func setAck(base vfs.FS, path string, a Ack) error {
	return acksShelf().set(base, path, a.Address, a, a.Since, maxAck)
}

// EndAck ends an Ack of the state at path, also one whose file is damaged. Where it has ended already, it does nothing. A file that accord did not make
// stays, and is an error. It needs no lock.
func EndAck(path string, a Ack) error { return endAck(vfs.Default, path, a) }

func endAck(base vfs.FS, path string, a Ack) error {
	file := besideName(a.Address)
	if a.Trouble != "" {
		if file = base.PathBase(a.File); !isBesideName(file) {
			return fmt.Errorf("%s acknowledges nothing, and accord did not make it: move it away", a.File)
		}
	}
	return acksShelf().end(base, path, file)
}

// ReadAcks lists the acks of the state at path by address, also those whose time is over. What cannot be read has Trouble, and is first.
func ReadAcks(path string) []Ack { return readAcks(vfs.Default, path) }

func readAcks(base vfs.FS, path string) []Ack {
	return list(acksShelf(), base, path, maxAck, decodeAck,
		func(place, trouble string) Ack { return Ack{File: place, Trouble: trouble} },
		func(one Ack) (address, file string) { return one.Address, one.File })
}

func decodeAck(file string, text []byte) (a Ack, err error) {
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("it acknowledges nothing: %w", err)
	}
	if file != besideName(a.Address) || a.Since.IsZero() || a.Until.IsZero() {
		return a, errors.New("it acknowledges nothing: accord did not make it")
	}
	return a, nil
}
