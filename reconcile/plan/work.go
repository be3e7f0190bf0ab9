package plan

import (
	"iter"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// Plan is a document and the work behind it. Most of both may lie in a file: a plan is closed when it is of no more use.
type Plan struct {
	Document Document
	Work     Work
	Saved    bool // it was read from a file: applying it uses it up, also when it has nothing to do

	parts iter.Seq2[*Part, error]
	close func() error
}

// Parts reads what apply carries out, part by part. No part needs another one.
func (p *Plan) Parts() iter.Seq2[*Part, error] {
	if p.parts == nil {
		return func(func(*Part, error) bool) {}
	}
	return p.parts
}

// Close gives back what the plan holds of files.
func (p *Plan) Close() error {
	if p.close == nil {
		return nil
	}
	err := p.close()
	p.close = nil
	return err
}

// Work is what apply carries out beside the parts.
type Work struct {
	// StateApply is the number of the last apply when the plan was made: a plan of another state is refused.
	StateApply uint64

	Asked         Asked                // what the plan was asked for
	CreateFolders []string             // addresses
	Folders       []state.Folder       // as they shall be recorded once what follows from their reading is settled
	Relationships []state.Relationship // all that shall be recorded
	Forget        []string             // relationships to forget, with all their pairs
	Renames       []Rename             // addresses that `moved` blocks changed
	Given         schema.Given         // variables of the configuration that the plan was made from
	Data          []state.Data         // data blocks as they shall be recorded
	Writes        map[string]int       // writes in all parts, by folder
	Parts         map[string]int       // writes and pairs in all parts, by relationship
	Records       int                  // pairs and items in all parts
	Backup        []Backup             // what folders hold that is backed up before anything is written
}

// Backup is a folder to which something is written for relationships for the first time, and which holds something.
type Backup struct {
	Folder        string
	Relationships []string
	Lacks         string // what the plan could not see of the folder; "": it saw everything
}

// Asked is what of a workspace a plan is about.
type Asked struct {
	Only, Except []string // globs over addresses
	Destroy      bool     // the removal of all replicas
	Resync       []string // globs over addresses: replicas there are made again
}

// Rename is a recorded address that has another name now.
type Rename struct{ From, To string }

// Part is a piece of a plan's work that needs no other piece: writes in an order in which each comes after those that it needs, and what to record when they
// are done.
type Part struct {
	Writes []Write
	Pairs  []Pair
	Items  []state.FolderItem // what the reads brought: new, or not what they were; those without version are looked at again next time
	Gone   []state.FolderRef  // recorded, and not there any more
}

// Rounds are the part's writes in the order in which they can be carried out: each round has by folder, in order, what needs nothing but the rounds before.
func (p *Part) Rounds() []map[string][]int {
	level := make([]int, len(p.Writes))
	var rounds []map[string][]int
	for i, w := range p.Writes {
		for _, need := range w.Needs {
			level[i] = max(level[i], level[need]+1)
		}
		for len(rounds) <= level[i] {
			rounds = append(rounds, map[string][]int{})
		}
		rounds[level[i]][w.Folder] = append(rounds[level[i]][w.Folder], i)
	}
	return rounds
}

// Count adds the writes and pairs of the part to counts by relationship; by is -1 to take them off.
func (p *Part) Count(counts map[string]int, by int) {
	for i := range p.Writes {
		counts[p.Writes[i].Relationship] += by
	}
	for i := range p.Pairs {
		counts[p.Pairs[i].Key.Relationship] += by
	}
}

// join adds another part behind this one.
func (p *Part) join(other *Part) {
	base := len(p.Writes)
	moved := func(needs []int) []int {
		out := make([]int, len(needs))
		for i, n := range needs {
			out[i] = base + n
		}
		return out
	}
	for _, w := range other.Writes {
		w.Needs = moved(w.Needs)
		p.Writes = append(p.Writes, w)
	}
	for _, pair := range other.Pairs {
		pair.Needs = moved(pair.Needs)
		if pair.Original >= 0 {
			pair.Original += base
		}
		if pair.Replica >= 0 {
			pair.Replica += base
		}
		p.Pairs = append(p.Pairs, pair)
	}
	p.Items = append(p.Items, other.Items...)
	p.Gone = append(p.Gone, other.Gone...)
}

// size is about what a part takes of memory, in bytes.
func (p *Part) size() int {
	n := 1000*len(p.Pairs) + 200*len(p.Items) + 100*len(p.Gone)
	for i := range p.Writes {
		n += 500 + len(p.Writes[i].Before) + len(p.Writes[i].Item)
	}
	return n
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
	Before       []byte // Update and Delete
	Item         []byte // Create and Update
	ItemKind     pim.Kind
	Needs        []int      // writes of the part, by index, that must be done before
	Record       state.Item // what is to be recorded of the item besides what its store says of it
	Again        bool       // a relationship that waits has to do with it: it is looked at again next time
}

// LooksFirst reports whether an item is read just before it is written: its folder honours no preconditions, or it has no version that could be one.
func LooksFirst(kind providers.WriteKind, version string, can providers.Capabilities) bool {
	return kind != providers.Create && (!can.Conditional || version == "")
}

// Pair is a pair as it shall be recorded once its writes are done.
type Pair struct {
	Key   state.PairKey
	Old   *state.Pair // nil: it is new
	New   *state.Pair // nil: it ends
	Needs []int       // writes of the part, by index

	// Original and Replica are the writes of its items, -1: none. The base is taken from what these stored.
	Original, Replica int
}
