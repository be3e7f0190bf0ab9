package plan

import (
	"encoding/json"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// Change is a change that operations of several relationships of one block have in common.
type Change struct {
	Block         string   `json:"block"` // relationship.NAME or mesh.NAME
	Action        Action   `json:"action"`
	Side          Side     `json:"side"`
	Reason        string   `json:"reason"`
	UID           string   `json:"uid,omitempty"`   // of the original, where it is one and the same
	Title         string   `json:"title,omitempty"` // likewise
	Start         string   `json:"start,omitempty"` // likewise
	Fields        []Field  `json:"fields"`          // what changes; of an item that comes or goes, when it is
	Operations    int      `json:"operations"`
	Of            int      `json:"of"`            // operations of this action on this side in the block, but for those of people who join or leave
	Relationships int      `json:"relationships"` // in which they are
	Such          []string `json:"such"`          // the addresses of the first of these

	likeness *likeness // as an operation has it
}

// Operation is the change as an operation, which stands for all that say it.
func (c Change) Operation() Operation {
	return Operation{Action: c.Action, Side: c.Side, Reason: c.Reason, UID: c.UID, Title: c.Title, Start: c.Start, Originals: []string{}, Fields: c.Fields, likeness: c.likeness}
}

// What operations may have of fields to be looked at for what they have in common.
const (
	alikeFields = 8
	alikeBytes  = 4 << 10
)

// Signature is equal for operations that say the same: the same change of fields of whatever items, or the same item that comes, goes or is let go. ok is
// false for one that stands for itself.
func (op Operation) Signature() (signature uint64, ok bool) {
	if op.likeness != nil {
		return op.likeness.signature, op.likeness.ok
	}
	if op.Detail != "" || len(op.Originals) > 1 {
		return 0, false
	}
	h := hashing{Digest: xxhash.New()}
	h.text(string(op.Action), string(op.Side), op.Reason)
	switch op.Action {
	case Edit, Adopt:
		if len(op.Fields) > alikeFields || op.Action == Edit && len(op.Fields) == 0 {
			return 0, false
		}
		for _, f := range op.Fields {
			h.text(f.Name, f.Occurrence)
			h.value(f.Before)
			h.value(f.After)
		}
		if len(op.Fields) > 0 {
			return h.Sum64(), h.n <= alikeBytes
		}
	case Add, Delete, Mark, Retire, Release:
	default:
		return 0, false
	}
	h.text(op.UID, op.Title)
	return h.Sum64(), op.UID != "" && h.n <= alikeBytes
}

// hashing tells values apart, and counts what they take.
type hashing struct {
	*xxhash.Digest
	n int
}

func (h *hashing) text(parts ...string) {
	for _, s := range parts {
		h.n += len(s)
		_, _ = h.WriteString(s)
		_, _ = h.Write([]byte{0})
	}
}

func (h *hashing) value(v any) {
	switch v := v.(type) {
	case nil:
		h.text("nil")
	case string:
		h.text("text", v)
	default:
		raw, _ := json.Marshal(v) // of a plan, which is written as JSON
		h.text("value", string(raw))
	}
}

// whenFields are what the fields of an item that comes or goes say of when it is.
var whenFields = []string{"start", "end", "due", "recurrence"}

// ChangeOf is the change that an operation is the first of.
func ChangeOf(block string, op Operation) Change {
	c := Change{Block: block, Action: op.Action, Side: op.Side, Reason: op.Reason, UID: op.UID, Title: op.Title, Start: op.Start, Fields: []Field{}, Such: []string{},
		likeness: op.likeness}
	for _, f := range op.Fields {
		if op.Action != Add && op.Action != Delete || f.Occurrence == "" && slices.Contains(whenFields, f.Name) {
			c.Fields = append(c.Fields, f)
		}
	}
	return c
}
