package ical

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// A ref is the item's UID. What comes after a "#" tells items apart that have none, or the same: a hash of their content, which does not change
// when others put the file in another order. Of several items with one UID the first in the file has the UID alone as its ref; whoever takes it
// out gives its ref to the next one.
//
// So that no UID looks like another item's ref, "%", "#" and control characters in it are written as %XX.

// refOf is the ref of the only item with this UID; "" when it has none.
func refOf(uid string) string {
	const special = "%#"
	if strings.IndexFunc(uid, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(special, r) }) < 0 {
		return uid
	}
	var b strings.Builder
	for i := range len(uid) {
		if c := uid[i]; c < ' ' || c == 0x7f || strings.IndexByte(special, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// hashText is a version as people and the state see it.
func hashText(sum uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], sum)
	var t [11]byte
	base64.RawURLEncoding.Encode(t[:], b[:])
	return string(t[:])
}

// mix makes one hash of two; the order counts.
func mix(a, b uint64) uint64 {
	var octets [16]byte
	binary.BigEndian.PutUint64(octets[:8], a)
	binary.BigEndian.PutUint64(octets[8:], b)
	return xxhash.Sum64(octets[:])
}
