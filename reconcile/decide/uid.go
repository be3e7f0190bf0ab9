package decide

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// The forms of the UIDs that Accord makes. Any Accord knows a replica by its UID, even without marker or original.
const (
	replicaPrefix = "accord-r-"
	apartPrefix   = "accord-s-"
	uidDigits     = 26 // base32 digits: 128 bits and two bits of padding
)

var uidEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ReplicaUID is the UID of the replica that a relationship makes of an original in a generation. It depends on nothing else, so that a create
// that was sent twice is seen to be the same.
func ReplicaUID(workspace, relationship, original string, generation int) string {
	var g [8]byte
	binary.BigEndian.PutUint64(g[:], uint64(generation))
	return replicaPrefix + hashed(workspace, relationship, original, string(g[:]))
}

// ApartUID is the UID of a version that was set apart: an ordinary item.
func ApartUID(workspace, relationship, original string, version uint64) string {
	var v [8]byte
	binary.BigEndian.PutUint64(v[:], version)
	return apartPrefix + hashed(workspace, relationship, original, string(v[:]))
}

// IsReplicaUID reports whether uid has the form of a replica's.
func IsReplicaUID(uid string) bool {
	digits, ok := strings.CutPrefix(uid, replicaPrefix)
	if !ok || len(digits) != uidDigits {
		return false
	}
	_, err := uidEncoding.DecodeString(digits)
	return err == nil
}

// hashed is a 128-bit hash of parts, each preceded by its length so that no two lists of parts run together.
func hashed(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return uidEncoding.EncodeToString(h.Sum(nil)[:16])
}
