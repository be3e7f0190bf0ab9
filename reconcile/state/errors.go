package state

import (
	"errors"
	"fmt"
)

// ErrNewer is matched by the error of opening a state that a newer version of Accord wrote.
var ErrNewer = errors.New("the state was written by a newer version of accord")

// CorruptError says that a state cannot be understood. Nothing was written to it.
type CorruptError struct {
	Path string
	What string // the file or record
	Err  error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("state %q is damaged: %s: %v; accord state rebuild -replace makes it anew from the markers on the replicas, and keeps this one beside it",
		e.Path, e.What, e.Err)
}

func (e *CorruptError) Unwrap() error { return e.Err }

// FailedError says that the state could not be written. What was committed before is safe.
type FailedError struct {
	Path string
	Err  error
}

func (e *FailedError) Error() string {
	return fmt.Sprintf("state %q could not be written: %v; what was recorded before is safe: mend the cause and run accord apply again", e.Path, e.Err)
}

func (e *FailedError) Unwrap() error { return e.Err }

// badRecord is why a record cannot be decoded.
type badRecord string

func (b badRecord) Error() string { return string(b) }
