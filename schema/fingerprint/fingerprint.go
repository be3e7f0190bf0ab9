// Package fingerprint tells configurations apart by what they mean: it hashes values and source text, and nothing that is secret.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
)

// Hash hashes parts, each with its length, so that no two lists of parts are alike.
type Hash struct {
	hash hash.Hash
	part []byte
}

// New is a hash of nothing yet.
func New() *Hash { return &Hash{hash: sha256.New()} }

// Add hashes parts.
func (h *Hash) Add(parts ...string) {
	for _, p := range parts {
		h.part = append(strconv.AppendInt(h.part[:0], int64(len(p)), 10), ':')
		h.part = append(h.part, p...)
		h.hash.Write(h.part)
	}
}

// Sum is the first 128 bits: enough to tell configurations apart.
func (h *Hash) Sum() string { return hex.EncodeToString(h.hash.Sum(nil)[:16]) }

// Value hashes a value. What is sensitive or ephemeral counts as absent.
func (h *Hash) Value(v cty.Value) {
	if v == cty.NilVal || v.HasMark(functions.Sensitive) || v.HasMark(functions.Ephemeral) {
		h.Add("-")
		return
	}
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case !v.IsKnown() || v.IsNull():
		h.Add("null")
	case t == cty.String:
		h.Add("s", v.AsString())
	case t == cty.Number:
		h.Add("n", v.AsBigFloat().Text('g', -1))
	case t == cty.Bool:
		h.Add("b", strconv.FormatBool(v.True()))
	case t.IsCapsuleType():
		if v, ok := v.EncapsulatedValue().(Identified); ok {
			h.Add(t.FriendlyName(), v.Identity())
		}
	case t.IsObjectType():
		for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes())) {
			h.Add("k", name)
			h.Value(v.GetAttr(name))
		}
		h.Add("end")
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			if !t.IsSetType() {
				h.Value(key)
			}
			h.Value(element)
		}
		h.Add("end")
	}
}

// Identified is a block that values stand for: what is hashed of it.
type Identified interface{ Identity() string }
