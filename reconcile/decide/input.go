// Package decide is the pure heart of the engine: from folders as they are, pairs as they were and relationships as they
// should be, it works out every folder as it will be. It does no I/O and knows no clock.
package decide

import (
	"time"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// Input is everything that Decide looks at. It is not changed. Relationships that none of its items has to do with may be left out.
type Input struct {
	Workspace     string
	Now           time.Time            // when the plan is made
	Relationships []*Relationship      // of the configuration
	Recorded      []state.Relationship // of the state, with what `moved` and `removed` said already applied
	Folders       map[string]*Folder   // by address: of both lists
	Pairs         []state.Pair         // all pairs of which either side is in Folders' Items, or was

	// Frozen relationships are left as they are: blocked, on alert, paused, disabled or unresolved.
	Frozen map[string]bool

	// Resync are relationships whose replicas are deleted and made again.
	Resync map[string]bool

	// Turns are those of all relationships, also of those left out, by address; nil: of Relationships.
	Turns map[string]int

	// Known reports whether a relationship that is left out is known by an address; nil: none is left out.
	Known func(relationship string) bool

	// Choices are what a person decided for pairs that wait.
	Choices map[state.PairKey]Choice

	// Elsewhere reports whether an item is there only because something refers to it, and is decided elsewhere; nil: none is. The decision leaves out
	// what it is about.
	Elsewhere func(folder, key string) bool

	// Taken reports whether a pair that is not in Pairs has this derived UID as its original's key.
	Taken func(uid string) bool
}

// Relationship is a relationship with its template and filter as functions of values.
type Relationship struct {
	Address             string
	Block               string // that it expanded from: relationship.x, mesh.y
	Source, Destination string // folder addresses
	Policies            schema.Policies

	// Match reports whether an original is in the filter.
	Match func(original *pim.Item) (bool, error)

	// Render is what a replica of original says: content without UID and marker.
	Render func(original *pim.Item) (*pim.Item, error)

	// Rendered are the match keys of what Render gives: what another program copied says that too. nil: they are those of the original.
	Rendered func(original *pim.Item) []uint64

	// Undo is the number of what Render does to an original that is undone on the way back; 0: nothing. nil: that is all the same.
	Undo func(original *pim.Item) uint64

	// Back maps a replica's fields to its original's, undoing what was done. original is what that says now, nil when it is gone: an override keeps
	// what a replica does not show of it.
	Back func(original, replica pim.Fields, undo uint64) pim.Fields

	// BackAs is the original's field that a replica's field goes back to. nil: the one of the same name.
	BackAs func(field string, undo uint64) string

	// Flows reports whether a replica's field may flow back to its original.
	Flows func(field string) bool

	// DependsOn lists the original's fields that the replica's field is made from.
	DependsOn func(field string) []string

	// Window reports whether an original is in the window now, and the next instant at which that may change; zero: never. nil: everything is.
	Window func(original *pim.Item) (in bool, until time.Time, err error)

	// Extent is from when to when an original takes place, zero: unlimited; Overlaps whether the window holds some of an extent now, and the next
	// instant at which that may change; zero: never. Both are there when Window is.
	Extent   func(original *pim.Item) (from, to time.Time)
	Overlaps func(from, to time.Time) (some bool, until time.Time)

	// Settle is how long an edit waits.
	Settle time.Duration

	// Owns reports whether a field of a replica is its owner's once it was written; Keep is what a replica should say with these fields as it has
	// them, in overrides too. nil: none is.
	Owns func(field string) bool
	Keep func(want, have pim.Fields) pim.Fields

	// Triggers reports whether changes of these fields of an original are carried over. nil: all are.
	Triggers func(fields []string) bool

	// Late is what marks an original that changes late; nil, or nil of an original: nothing does. Next, which is there when Late is, is the instance of
	// an item that takes place now or comes next; ok is false when it is over, or has no time.
	// Lingers is whether a cancellation of any original is marked: without that, no replica stays for the sake of its mark.
	Late    func(original *pim.Item) *Late
	Lingers bool
	Next    func(content *pim.Item) (start, end time.Time, ok bool)

	// Changed: template, filter or window are not what they were at the last apply.
	Changed bool
}

// Late is how replicas of originals that were changed or cancelled shortly before they take place are marked.
type Late struct {
	Within  time.Duration
	Watches func(field string) bool // whether a change of the original's field counts

	// Marks reports whether there is a mark for how it is late, and which of a replica's fields that writes: they do not flow back while it is there.
	Marks func(how state.Lateness) (fields []string, marks bool)
	Mark  func(content *pim.Item, how state.Lateness, until time.Time) (*pim.Item, error) // until: the end of the instance that it is about
}

// Choice is what a person decided for a pair that waits. The zero Choice is none.
type Choice struct {
	Conflict  schema.Conflict // source, destination or preserve: what becomes of a conflict
	Candidate string          // of an ambiguity: the ref of the item that is the same
	Copy      bool            // of an ambiguity: none of them is, make a copy
}

// Folder is what Decide sees of a folder: the items that may have to do with a change, as they are now.
type Folder struct {
	Items map[string]*Item // by key

	// Held reports whether an item of the folder that is not in Items has this UID.
	Held func(uid string) bool

	Capable Capable

	// Floating is the zone that floating times and dates are read in.
	Floating *time.Location
}

// Capable is what decisions need to know of a folder's abilities.
type Capable struct {
	Markers bool                    // it keeps markers
	UIDs    bool                    // it keeps the UIDs that it is given
	Holds   func(field string) bool // it can hold the field
}

// Item is one item of a folder. It is never changed: what it will be is another Item.
type Item struct {
	Key     string // UID, or "ref:" and the ref
	Ref     string // "" for an item that is yet to be created
	Version string
	Content *pim.Item   // nil when Unknown
	Marker  *pim.Marker // the marker that counts: a person's copy has none
	Unknown bool        // it is there, and that is all that is known
	Since   time.Time   // when it was changed last: by the store, else since when an apply knows it so; zero: nobody knows
}

// fields are the item's canonical fields; none when they are unknown.
func (it *Item) fields() pim.Fields {
	if it == nil || it.Content == nil {
		return nil
	}
	return it.Content.Fields()
}

// retired and released report what the marker of a live pair's replica says when the state is older than it: when it was restored from a backup, or the apply that
// ended the pair was killed. Such a replica is not deleted.
func (it *Item) retired() bool  { return it.Marker != nil && it.Marker.Status == pim.Retired }
func (it *Item) released() bool { return it.Marker != nil && it.Marker.Status == pim.Released }

// replicaByMarker reports whether the item's marker makes it a replica.
func (it *Item) replicaByMarker() bool {
	return it.Marker != nil && it.Marker.Status != pim.Released
}
