package plan

import (
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// Plan is a document and the work behind it.
type Plan struct {
	Document Document
	Work     Work
	Saved    bool `json:"-"` // it was read from a file: applying it uses it up, also when it has nothing to do
}

// Work is what apply carries out: writes in an order in which each comes after those that it needs, and what to record when they are done.
type Work struct {
	// StateApply is the number of the last apply when the plan was made: a plan of another state is refused.
	StateApply uint64

	CreateFolders []string // addresses
	Folders       []Folder
	Writes        []Write
	Pairs         []Pair
	Relationships []state.Relationship // all that shall be recorded
	Forget        []string             // relationships to forget, with all their pairs
	Renames       []Rename             // addresses that `moved` blocks changed
	Given         schema.Given         // variables of the configuration that the plan was made from
}

// Rename is a recorded address that has another name now.
type Rename struct{ From, To string }

// Folder is what a read of a folder brought, to be recorded once what follows from it is settled.
type Folder struct {
	Record state.Folder
	Items  []state.Item // new, or not what they were; those without version are looked at again next time
	Gone   []string     // refs that are recorded and are not there any more
}

// Write is one write of one item.
type Write struct {
	Folder       string
	Kind         providers.WriteKind
	Action       Action
	Relationship string
	Original     string // key of the pair's original
	Generation   int
	Reason       string
	Ref, Version string // of Update and Delete
	Key          string // of the item in its folder
	UID          string
	Before       []byte    // Update and Delete
	Item         []byte    // Create and Update
	Content      *pim.Item `json:"-"` // Item as it was planned; nil in a plan that was read from a file
	ItemKind     pim.Kind
	Needs        []int // writes, by index, that must be done before
	Again        bool  // a relationship that waits has to do with it: it is looked at again next time
}

// Pair is a pair as it shall be recorded once its writes are done.
type Pair struct {
	Key   state.PairKey
	Old   *state.Pair // nil: it is new
	New   *state.Pair // nil: it ends
	Needs []int

	// Original and Replica are the writes of its items, -1: none. The base is taken from what these stored.
	Original, Replica int
}
