// Package history reads the recorded histories that the engine is compared with: what users did, and what the executable
// model of the rules made of it, round by round. ../../testdata/model/README.md describes the file and how it is made.
package history

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// History is one workspace from its first apply on. It begins with empty folders and without state.
type History struct {
	Mode    string   `json:"mode"` // how it was generated: any, mesh, or the name of a small topology
	Seed    int64    `json:"seed"`
	Folders []string `json:"folders"`
	Rounds  []Round  `json:"rounds"`
}

// Round is one plan and apply, and what came before it.
type Round struct {
	// Rels are the relationships in force, in no order that means anything: those of the round before when the file names none.
	Rels []Rel `json:"rels"`

	Lost  bool   `json:"lost"`  // the state was lost before this apply
	Edits []Edit `json:"edits"` // what users did since the apply before, in this order

	World map[string][]Item `json:"world"` // every folder after the apply
	Pairs []Pair            `json:"pairs"` // the state after the apply

	// Differs names what this round of the model does otherwise than the design says. Later rounds build on it.
	Differs []Difference `json:"differs"`
}

// Waiting returns the pairs that wait for a person after the apply.
func (r Round) Waiting() []Pair {
	var out []Pair
	for _, p := range r.Pairs {
		if p.Status == "waiting" {
			out = append(out, p)
		}
	}
	return out
}

// Rel is a relationship with all its policies.
type Rel struct {
	Name              string `json:"name"`
	Source            string `json:"src"`
	Destination       string `json:"dst"`
	SourceEdit        string `json:"se"`
	SourceDelete      string `json:"sd"`
	DestinationEdit   string `json:"de"`
	DestinationDelete string `json:"dd"`
	Conflict          string `json:"cf"`
	Existing          string `json:"ex"`
	OnUnmatched       string `json:"leave"`
	OnRemove          string `json:"rm"`   // delete, or leave: on_remove = "retire"
	Filter            bool   `json:"filt"` // only originals of category k
	Template          bool   `json:"tpl"`  // a replica's title begins with "[", the destination's name and "] "
}

// Fields are an item's content.
type Fields struct {
	Title    string `json:"t"`
	Note     string `json:"n"`
	Category string `json:"c"`
}

// Edit is what a user did to one item. Delete removes the item; otherwise the item is there afterwards with these fields. An item
// that was there keeps its marker, a new one has none.
type Edit struct {
	Folder string `json:"f"`
	UID    string `json:"u"`
	Delete bool   `json:"del"`
	Fields
	Modified int `json:"m"` // ticks
}

// Item is an item after an apply.
type Item struct {
	UID string `json:"u"` // symbolic: see [ParseUID]
	Fields
	Modified int     `json:"m"` // ticks
	Marker   *Marker `json:"k"` // nil: none
}

// Marker is what a replica carries. A version set apart carries a released one of no relationship.
type Marker struct {
	Status       string `json:"s"` // live, retired, released
	Relationship string `json:"r"`
	Original     string `json:"o"`
	Generation   int    `json:"g"`
	Adopted      bool   `json:"a"`
}

// Pair is a pair after an apply.
type Pair struct {
	Relationship string `json:"r"`
	Original     string `json:"o"`
	Replica      string `json:"u"` // empty: none
	Status       string `json:"s"` // active, waiting, retired, pruned, ignored
	Generation   int    `json:"g"`
	Adopted      bool   `json:"a"`
}

// Difference names a rule that the model has otherwise than the design.
type Difference string

const (
	UnmatchedDeleted Difference = "unmatched_deleted"
	RetiredKept      Difference = "retired_kept"
	RebuildDeletes   Difference = "rebuild_deletes"
	OrphanLive       Difference = "orphan_live"
	Renamed          Difference = "renamed"
)

// Read yields the histories of a file in order. The first error ends the sequence; it names the file and the history.
func Read(path string) iter.Seq2[History, error] {
	return func(yield func(History, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(History{}, fmt.Errorf("read histories: %w", err))
			return
		}
		defer f.Close()
		z, err := gzip.NewReader(bufio.NewReader(f))
		if err != nil {
			yield(History{}, fmt.Errorf("read histories %s: %w", path, err))
			return
		}
		d := json.NewDecoder(z)
		d.DisallowUnknownFields()
		for n := 1; ; n++ {
			h, err := next(d)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(History{}, fmt.Errorf("read histories %s: history %d: %w", path, n, err))
				return
			}
			if !yield(h, nil) {
				return
			}
		}
	}
}

// next decodes one history, carries unchanged relationships over and checks what a replay relies on.
func next(d *json.Decoder) (History, error) {
	var h History
	if err := d.Decode(&h); err != nil {
		return h, err
	}
	if len(h.Rounds) == 0 {
		return h, errors.New("no rounds")
	}
	for i := range h.Rounds {
		r := &h.Rounds[i]
		if r.Rels == nil && i > 0 {
			r.Rels = h.Rounds[i-1].Rels
		}
		if err := r.check(h.Folders); err != nil {
			return h, fmt.Errorf("round %d: %w", i, err)
		}
	}
	return h, nil
}

func (r Round) check(folders []string) error {
	if len(r.Rels) == 0 {
		return errors.New("no relationships")
	}
	for _, rel := range r.Rels {
		if !slices.Contains(folders, rel.Source) || !slices.Contains(folders, rel.Destination) {
			return fmt.Errorf("relationship %s joins unknown folders %q and %q", rel.Name, rel.Source, rel.Destination)
		}
	}
	for _, e := range r.Edits {
		if !slices.Contains(folders, e.Folder) {
			return fmt.Errorf("edit of %q in unknown folder %q", e.UID, e.Folder)
		}
	}
	if len(r.World) != len(folders) {
		return fmt.Errorf("%d folders after the apply instead of %d", len(r.World), len(folders))
	}
	for f, items := range r.World {
		if !slices.Contains(folders, f) {
			return fmt.Errorf("unknown folder %q after the apply", f)
		}
		for _, it := range items {
			if it.Marker != nil && !slices.Contains([]string{"live", "retired", "released"}, it.Marker.Status) {
				return fmt.Errorf("item %q: unknown marker status %q", it.UID, it.Marker.Status)
			}
		}
	}
	for _, p := range r.Pairs {
		if !slices.Contains([]string{"active", "waiting", "retired", "pruned", "ignored"}, p.Status) {
			return fmt.Errorf("pair (%s, %s): unknown status %q", p.Relationship, p.Original, p.Status)
		}
	}
	for _, x := range r.Differs {
		if !slices.Contains([]Difference{UnmatchedDeleted, RetiredKept, RebuildDeletes, OrphanLive, Renamed}, x) {
			return fmt.Errorf("unknown difference %q", x)
		}
	}
	return nil
}
