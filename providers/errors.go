package providers

import (
	"context"
	"errors"
	"time"
)

// Class is the kind of outcome that the engine acts on.
type Class string

const (
	Done         Class = "done"
	Stale        Class = "stale"        // the item is not what the precondition says: left alone
	Missing      Class = "missing"      // the item, or the folder, is not there
	Throttled    Class = "throttled"    // too much: later, after RetryAfter
	Transient    Class = "transient"    // did not happen, may work when tried again
	Refused      Class = "refused"      // this item or call will not be taken, for the reason given
	Unauthorized Class = "unauthorized" // not allowed: concerns the whole provider or folder
	Unreachable  Class = "unreachable"  // no connection to the store
	Unknown      Class = "unknown"      // sent, but no answer: it may or may not have happened
)

// Error is an error with a class. Its text is the operation's own words: `vdir: read "a.ics": permission denied`.
type Error struct {
	Class      Class
	RetryAfter time.Duration // with Throttled
	Err        error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Classed gives err a class; nil stays nil.
func Classed(c Class, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Class: c, Err: err}
}

// ClassOf is the class of err: Done for nil, Transient for an ended context, Unknown for an error without one.
func ClassOf(err error) Class {
	var e *Error
	switch {
	case err == nil:
		return Done
	case errors.As(err, &e):
		return e.Class
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Transient
	}
	return Unknown
}

// ErrCursorExpired is matched by the error of a Changes whose cursor is expired or from elsewhere.
var ErrCursorExpired = errors.New("the change cursor is no longer valid")
