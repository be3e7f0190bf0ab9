// Package providers is the contract between the engine and the stores that hold folders.
//
// A driver is the code behind a kind of store (vdir, caldav, graph, …); a provider is one configured account or
// store; a folder is a flat collection of items of one kind in it. A driver reports what it can do as data
// ([Capabilities], [Schema]) and what happened as a [Class]; the engine acts on these alone. A driver never sleeps and never
// retries: pacing, retry and back-off are decorators of the engine's. Every method obeys its context and returns soon after it ends.
//
// Package providertest holds the conformance suite that every driver passes; package faults makes any provider fail by plan.
package providers

import (
	"context"
	"time"

	"github.com/accord-sync/accord/schema/pim"
)

// Driver is the code behind one kind of store. It has no state: everything is in the providers that it opens.
type Driver interface {
	// Schema describes what administrators may write in provider and folder blocks of this driver.
	Schema() Schema

	// Locate names the physical folder that attributes stand for, normalised, so that two folder blocks on one
	// physical folder have equal locations. It is pure: no network, no disk. The result is stored in the state and shown to
	// people; it must hold nothing sensitive.
	Locate(provider Config, folder FolderConfig) (string, error)

	// Open makes a provider. It checks the configuration but need not connect; errors are of a [Class].
	Open(ctx context.Context, cfg Config) (Provider, error)
}

// Config is a provider block after evaluation.
type Config struct {
	Address    string     // provider.vdir.local
	Dir        string     // the workspace's directory: relative paths start here
	Attributes Attributes // by the driver's Schema
	Gate       Gate       // passed by every request that goes over a network; nil: it is open
	Secrets    *Secrets   // the sensitive attributes; a driver adds what it learns, and hides them in what others say; nil: none
	Ask        Ask        // asks any provider of the workspace for rows, also this one; nil: there is none
}

// Gate paces the requests of a provider. A driver passes it once for each request, before it is sent; waiting is the gate's.
type Gate interface {
	// Pass waits until a request to a host (host:port) may be sent. done is called once, when the answer was read or given up. An error says
	// that nothing is to be sent: it is that of the context, or of class Throttled when the store asked for a longer wait than anybody has patience for.
	Pass(ctx context.Context, host string) (done func(), err error)

	// Hold says, as soon as it is known, that the store asked to be left alone for a time; 0: it did not say for how long. No request passes before.
	Hold(asked time.Duration)
}

// FolderConfig is a folder block after evaluation.
type FolderConfig struct {
	Address    string // folder.company, folder.staff["alice"]
	Kind       pim.Kind
	ReadOnly   bool           // access = "read": Write must refuse everything
	Attributes Attributes     // by the driver's Schema
	Zone       *time.Location // of times that have none; nil: they float

	// Partition is which part of the store's folder this is, by the value of the column that its attribute partition names; nil: it is all of it. A part that
	// nothing is in is an empty folder.
	Partition *string

	// Cursor is where the last read of the folder ended; empty: it is to be got to know anew. A driver may keep in its cursors what it learnt of the folder, and then
	// opens it without asking: that it is gone shows when it is read.
	Cursor string
}

// Provider is one configured account or store. It is safe for concurrent use.
type Provider interface {
	// Check connects and authenticates. It writes nothing.
	Check(ctx context.Context) error

	// Discover lists the folders that are there. A driver that cannot returns an error of class Refused that says so, and what to do instead.
	Discover(ctx context.Context) ([]Discovered, error)

	// Folder opens one folder. A folder that does not exist is an error of class Missing.
	Folder(ctx context.Context, cfg FolderConfig) (Folder, error)

	// CreateFolder makes a folder that Folder said is Missing. It is idempotent: an existing folder is no error.
	CreateFolder(ctx context.Context, cfg FolderConfig) error

	// Close gives back what the provider holds. Its folders must not be used afterwards.
	Close() error
}

// Discovered is a folder found at a provider.
type Discovered struct {
	Name       string     // what people call it
	Kind       pim.Kind   // "": it cannot be told
	Attributes Attributes // what a folder block for it would say
	ReadOnly   bool
	Items      int // -1: unknown
	Color      string
}

// Folder is one open folder. Reads may run beside reads; the engine never runs two Writes of one folder at a time.
type Folder interface {
	// Capabilities is constant for the life of the Folder.
	Capabilities() Capabilities

	// Identity is an opaque mark of this physical folder that changes when the folder is replaced by another one of the same
	// name (a restored mailbox, a directory made anew). Empty: the store has no such mark.
	Identity() string

	// Changes streams what changed since cursor to each, in any order; an empty cursor means everything. Repeats are
	// allowed: the last one counts. When each returns an error, Changes stops and returns it.
	//
	// An error before the stream ended means that the read failed: the engine forgets what it was given, unless the error comes with a Read whose
	// Cursor is where the next call goes on. A stream that is known to lack something ends with Complete false. An expired or foreign
	// cursor is an error that matches [ErrCursorExpired], best given before the first change; the engine then opens the folder anew and asks with an empty
	// cursor. A folder that is not there is an error of class Missing.
	Changes(ctx context.Context, cursor string, each func(Change) error) (Read, error)

	// Fetch reads items. each is called exactly once for every ref, in any order: with the item, or with an error
	// (Missing: it is not there, or is no item of the folder's kind; Refused: it is there and cannot be understood; others: not known).
	// The error returned is of the whole call; refs not answered by then are unknown.
	Fetch(ctx context.Context, refs []string, each func(Fetched) error) error

	// Write carries out writes and returns one outcome for each, in order. It stops early only when the context ends: the outcome of
	// a write that was not begun is then Transient, of one that was sent without an answer, Unknown.
	Write(ctx context.Context, writes []Write) []Outcome
}

// Settle ends the instant that a folder shows ([Schema].Snapshot), where it shows one: what is read from now on is as it is then. The engine asks for it where it looks at items
// before it writes them; a Write does so by itself. A driver's folder, and what wraps one, has it as a method Settle(ctx).
func Settle(ctx context.Context, f Folder) error {
	if s, shows := f.(interface{ Settle(context.Context) error }); shows {
		return s.Settle(ctx)
	}
	return nil
}

// Change is one line of a listing or change feed.
type Change struct {
	Ref     string
	Version string // the version as of now; empty for a removal, or when the store has none
	Removed Removal
}

// Removal says what the absence of an item in a feed means.
type Removal int

const (
	NotRemoved   Removal = iota
	Removed              // the item is gone
	MaybeRemoved         // gone, or merely out of the feed's sight (Graph: out of the window): Fetch tells
)

// Read is how a stream of changes ended.
type Read struct {
	Cursor   string // where the next call goes on; empty: this folder has no feed
	Complete bool   // false: something is missing, for the reason given
	Reason   string // why it is partial, in words for a person
	Full     bool   // the stream was a listing of everything: what was not in it is gone (if Complete)
}

// Fetched is the answer for one ref.
type Fetched struct {
	Ref     string
	Version string
	Item    *pim.Item // nil when Err is set
	Err     error

	// Modified is when the store says that the item was changed last; zero: it does not say. It is the store's own word, not the item's.
	Modified time.Time
}

// WriteKind is what a Write does.
type WriteKind int

const (
	Create WriteKind = iota
	Update
	Delete
)

func (k WriteKind) String() string { return [...]string{"create", "update", "delete"}[k] }

// Write is one change of one item.
type Write struct {
	Kind WriteKind

	// Ref and Version name the item and are the precondition of Update and Delete: an item with another version is left
	// alone, with outcome Stale. A folder that cannot honour this says so (Capabilities.Conditional) and the engine looks
	// first. A Create has neither; it never replaces an item that is there.
	Ref, Version string

	// Item is what to store, for Create and Update: the whole item.
	Item *pim.Item

	// Token makes a Create idempotent where the store offers that (ByToken): the same create has the same token in every run.
	Token string
}

// Outcome is what became of a Write.
type Outcome struct {
	Class Class

	// Ref and Version are those of the item as stored, after Create and Update with class Done.
	Ref, Version string

	// Changed is set when the store may hold something else than Item (it rewrote it, dropped fields, or does not say):
	// the engine fetches it to learn what was stored.
	Changed bool

	Err        error         // why, for every class but Done
	RetryAfter time.Duration // with Throttled: 0 means that the store did not say
}
