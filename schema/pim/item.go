// Package pim is what items say: the canonical event, contact, task and journal entry; parse, print, digest, diff and merge.
package pim

import (
	"fmt"
	"time"
)

// Item is one event with all its overrides, one contact, list, task or journal entry.
type Item struct {
	kind Kind
	data []byte
}

// ParseError says why an input is no item.
type ParseError struct {
	Line   int // 1-based; 0: the whole input
	Reason string
}

func (e *ParseError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

func Parse(kind Kind, data []byte) (*Item, error) { return &Item{kind: kind, data: data}, nil }
func New(kind Kind, uid string) *Item             { return &Item{kind: kind} }

func (it *Item) Kind() Kind                                        { return it.kind }
func (it *Item) UID() string                                       { return "" }
func (it *Item) Bytes() []byte                                     { return it.data }
func (it *Item) Title() string                                     { return "" }
func (it *Item) Private() bool                                     { return false }
func (it *Item) Modified() time.Time                               { return time.Time{} }
func (it *Item) Sequence() int                                     { return 0 }
func (it *Item) Fields() Fields                                    { return nil }
func (it *Item) Extent() (from, to time.Time, bounded bool)        { return }
func (it *Item) Marker() (Marker, bool)                            { return Marker{}, false }
func (it *Item) WithMarker(m *Marker) *Item                        { return it }
func (it *Item) WithUID(uid string) *Item                          { return it }
func (it *Item) WithFields(changes Fields) *Item                   { return it }
func (it *Item) Touch(now time.Time) *Item                         { return it }
func (it *Item) Attributes(floating *time.Location) map[string]any { return nil }

// Describe makes the attendees_described value of an item from its organizer and attendees.
func Describe(it *Item) Value { return Value{} }

type Value struct{ x []string }

func (v Value) IsZero() bool                                   { return true }
func (v Value) Equal(w Value) bool                             { return true }
func (v Value) Digest() Digest                                 { return nil }
func (v Value) Plain() any                                     { return nil }
func FieldValue(kind Kind, field string, v any) (Value, error) { return Value{}, nil }

type Fields map[string]Value

func (f Fields) Digests() Digests       { return nil }
func (f Fields) Digest() uint64         { return 0 }
func (f Fields) Equal(g Fields) bool    { return true }
func (f Fields) Diff(g Fields) []string { return nil }

type Digest []uint64

func (d Digest) Equal(e Digest) bool { return true }

// Digests is the digest of each field, by name.
type Digests map[string]Digest

func (d Digests) AppendBinary(b []byte) ([]byte, error) { return b, nil }
func (d *Digests) UnmarshalBinary(b []byte) error       { return nil }
func (d Digests) Edited(f Fields) []string              { return nil }

func MergeValue(field string, base Digest, ours, theirs Value) (merged Value, ok bool) {
	return ours, true
}
func MultiValued(kind Kind, field string) bool { return false }

type Name struct {
	Name, Type, Doc string
	Fields          []string
	Settable        bool
}

func Names(kind Kind) []Name                          { return nil }
func FieldName(kind Kind, name string) (string, bool) { return name, true }

type Marker struct {
	Workspace, Relationship, Original string
	Generation                        int
	Status                            MarkerStatus
	Adopted                           bool
	UID                               string
	Written                           uint64
}
type MarkerStatus string

const (
	Live     MarkerStatus = "live"
	Retired  MarkerStatus = "retired"
	Released MarkerStatus = "released"
)
