// Package state holds what was true after the last apply: folders, items, pairs and the journal of every write.
//
// It holds no item content outside the journal's before-images: refs, versions, digests, and what the configuration was.
package state

import (
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Reader is what a plan may see of the state. It has no way to write.
type Reader interface {
	// Header is the state's own record.
	Header() Header

	// Addresses lists the addresses that records have or had, of folders and of relationships: what is left of one that is not recorded itself is found by them.
	Addresses() []string

	// Folders lists the recorded folders by address.
	Folders() ([]Folder, error)

	// Folder is one recorded folder; nil: it is not recorded.
	Folder(address string) (*Folder, error)

	// Relationships lists the recorded relationships by address.
	Relationships() ([]Relationship, error)

	// Data lists the recorded data blocks by address.
	Data() ([]Data, error)

	// Health lists how relationships and folders were after the last apply, by address.
	Health() ([]Health, error)

	// Items streams the recorded items of a folder, in order of their refs' short forms: see [Short].
	Items(folder string, each func(Item) error) error

	// Pairs streams the pairs of a relationship, in no order that callers may rely on.
	Pairs(relationship string, each func(Pair) error) error

	// Pair is one pair; nil: it is not recorded.
	Pair(key PairKey) (*Pair, error)

	// Applies lists the applies that the journal holds, oldest first.
	Applies() ([]Apply, error)

	// Entries streams the journal entries of one apply in the order of their numbers.
	Entries(apply uint64, each func(Entry) error) error

	// Pauses lists what is paused now, by address. It is asked anew each time: others set and end pauses while the state is held.
	Pauses() ([]Pause, error)

	// Open lists the entries of all applies whose outcome is not recorded: a crash left them.
	Open() ([]Entry, error)
}

// ReadCloser is a Reader that holds the state against writers until it is closed.
type ReadCloser interface {
	Reader
	Close() error
}

// Store is a state that can be written. One process at a time holds it.
type Store interface {
	Reader

	// Commit makes all of b true at once and durably, or none of it. After an error of the disk (it is full, say) the Store is of no more
	// use: every later call returns a *FailedError. What was committed before is safe; whether b is, when the disk took it and only failed
	// to confirm it, is seen when the state is opened again.
	Commit(b *Batch) error

	// Enqueue makes all of b true at once, or none of it, before what is enqueued or committed after it, and does not wait for the disk: durable does, and nothing may
	// be done that builds on b before it returned. It is called once. Errors are those of Commit.
	Enqueue(b *Batch) (durable func() error, err error)

	// Close releases the state. A Store that is not closed loses nothing that was committed.
	Close() error
}

// Header is the state's own record.
type Header struct {
	Format    int    // version of the format; an unknown one is refused at opening
	Workspace string // name of the workspace that the state belongs to; "" before the first apply
	LastApply uint64 // number of the newest apply; 0: none
}

// Folder is a folder as it was at the last apply.
type Folder struct {
	Address  string
	Location string // physical place, by the driver's Locate
	Identity string // by the provider; "" when it has none
	Cursor   string // where the change feed goes on; "" when there is none
	Kind     pim.Kind

	// Read is when it was read for the last apply that recorded something of it; zero: nobody knows.
	Read time.Time

	// Block is the configuration that the folder was reached by, so that replicas of a relationship that left can still
	// be removed: the provider's address and the folder's attributes that are not sensitive, as JSON.
	Block []byte
}

// Item is an item as the folder held it when it was last settled.
type Item struct {
	Ref string

	// Version is the provider's change mark; "" means that the item has to be looked at again, whatever its version.
	Version string

	UID string

	// Key identifies the item in its folder: its UID, or "ref:" and its ref for an item without UID or with a UID used twice.
	Key string

	Unreadable string // why it cannot be understood; "" when it can

	// Due is the instant from which the item is looked at again, whatever its version: a window or a mark of a late change may end then. Zero: never.
	Due time.Time

	// Seen is when an apply first saw this version, while some relationship waits for it to settle; else zero.
	Seen time.Time

	// Out are the relationships that would copy the item but for their windows, by address.
	Out []string

	// Match are the item's match keys, and Names the hashes of the UIDs that it refers to.
	Match, Names []uint64
}

// Relationship is a relationship as it was at the last apply, with what its removal needs.
type Relationship struct {
	Address             string
	Source, Destination string // folder addresses
	OnRemove            string // delete, retire or release
	OnLeaver            string // of an edge of a mesh: rehome, delete, release or "", when on_remove decides
	Existing            string // adopt, copy or ignore; when it or one of the next two changes, every pair is looked at again
	Coalesce            bool
	Fingerprint         string // of template, filter and window
	Since               time.Time
	Block               string // the block that it expanded from: relationship.x, mesh.y
	Key                 string // its for_each key, "" without one
	Undone              string // what its templates did to replicas that is undone on the way back, as package template writes it
	Unwritten           bool   // nothing was written for it yet: before the first write, what its folders hold is backed up
	Rebuilt             bool   // from markers, and not applied since: what left no marker is not known
}

// Data is a data block as it was at the last apply.
type Data struct {
	Address string
	Rows    int
}

// Status is the state of a pair.
type Status string

const (
	Active  Status = "active"
	Waiting Status = "waiting" // a conflict or ambiguity for a person
	Retired Status = "retired"
	Pruned  Status = "pruned"
	Ignored Status = "ignored"
)

// Pair is what a relationship tracks.
type Pair struct {
	Relationship string
	Original     string // the original's key
	OriginalRef  string
	ReplicaRef   string // "" when there is no replica (pruned, ignored)
	Replica      string // the replica's key
	Status       Status
	Generation   int
	Adopted      bool

	// BaseOriginal and BaseReplica are the digests of each field that either side held when the pair was last settled.
	// They may be one and the same map: not to be modified.
	BaseOriginal, BaseReplica pim.Digests

	// Refused is the digest of the content that the provider would not take; 0: none.
	Refused uint64

	// Undo is what was done to the replica that is undone on the way back: a number that the relationship's Undone knows; 0: nothing.
	Undo uint64

	// From and To are the extent of the item as the pair last agreed; zero: unlimited or not needed.
	From, To time.Time

	Rest Rest

	// Late is the mark of a late change that the replica carries, until Until.
	Late  Lateness
	Until time.Time

	// Remade says that an apply set out to delete the replica in order to make it again: when it is gone, no person deleted it.
	Remade bool
}

// Rest is why nothing flows through a pair, for as long as time alone decides.
type Rest byte

const (
	Flowing  Rest = iota
	Out           // its original is out of the window
	Settling      // it changed too recently
)

// Lateness is what happened to an item shortly before it takes place.
type Lateness byte

const (
	InTime Lateness = iota
	LateChanged
	LateCancelled
)

// Apply is one run of apply.
type Apply struct {
	Number            uint64         // from 1
	Plan              string         // id of the plan that was carried out: a plan is carried out once
	Started, Finished time.Time      // Finished is zero while it runs, or when it was killed
	By                string         // user@host
	Counts            map[string]int // done operations by action

	// Wrote is how many writes were done, by relationship and by what they did to the item: see [Entry.Did]. It is recorded at the end: one that was killed has none.
	Wrote map[string]map[string]int

	// Task is what a person asked for, item by item: "undo 12", "restore …". "" when it was what the configuration says.
	Task string

	// Key is what the images of its entries are sealed with, itself sealed to those who may read them; nil: they are not sealed.
	Key []byte

	// Size is how many bytes the images of its entries take.
	Size int64

	// Forgot is what it dropped from the state, as that was.
	Forgot Forgotten
}

// Forgotten are folders and relationships that left: undoing needs them again.
type Forgotten struct {
	Folders       []Folder
	Relationships []Relationship
}

// Entry is the journal's record of one write: intent, before-image and outcome.
type Entry struct {
	Apply        uint64
	Seq          uint32 // from 1 within its apply
	Relationship string
	Folder       string
	Kind         providers.WriteKind
	Ref          string // of Update and Delete
	Original     string // key of the pair's original
	Generation   int
	Token        string // of Create
	UID          string // of Create: the UID that was sent
	Digest       uint64 // of the content sent; once it is done, of the content as the folder holds it
	Images       []byte // the item before and after, as the engine packs them; sealed when the apply has a Key
	Reason       string

	Outcome    providers.Class // "" until it is known
	NewRef     string          // after a Create
	NewVersion string

	// Formerly are the pairs that were recorded when this write, the last that they needed, was done.
	Formerly []Former
}

// Former is a pair as it was before an apply: undoing the apply's writes goes back to it.
type Former struct {
	PairKey          // what the apply recorded it under
	Pair    *Pair    // nil: there was none
	Writes  []uint32 // numbers of the apply's entries that it needed, in order
}

// Batch is a set of changes that become true together. The zero Batch is empty. What is dropped is dropped before anything is put, so a
// folder can be dropped with all its items and begun anew in one Batch.
type Batch struct {
	Workspace     string // set when not empty
	Folders       []Folder
	DropFolders   []string // with all their items
	Relationships []Relationship
	DropRelations []string // with all their pairs
	Data          []Data
	DropData      []string
	Health        []Health
	DropHealth    []string
	Items         []FolderItem
	DropItems     []FolderRef
	Pairs         []Pair
	DropPairs     []PairKey
	Applies       []Apply
	DropApplies   []uint64 // with all their entries: their retention is over
	Entries       []Entry
}

// FolderItem is an item with the address of its folder.
type FolderItem struct {
	Folder string
	Item
}

// FolderRef names an item.
type FolderRef struct{ Folder, Ref string }

// PairKey names a pair by its relationship and its original's key.
type PairKey struct{ Relationship, Original string }
