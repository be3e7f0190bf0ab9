// Package pim is what items say: the canonical event, contact, task and journal entry; parse, print, digest, diff and merge.
package pim

// Item is replaced by the real thing.
type Item struct{}

// Digests is replaced by the real thing.
type Digests map[string][]uint64
