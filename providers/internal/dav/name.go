package dav

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/accord-sync/accord/schema/pim"
)

// nameOf is the name that an item with this UID is created under: the UID itself where every server takes that for a name, else a hash of it.
func nameOf(uid string, kind pim.Kind) string {
	const longest = 120
	fits := uid != "" && len(uid) <= longest && uid[0] != '.' && strings.IndexFunc(uid, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.@", r)
	}) < 0
	if !fits {
		sum := sha256.Sum256([]byte(uid))
		uid = hex.EncodeToString(sum[:16])
	}
	return uid + kind.Extension()
}

// freshName is a name that no item ever had.
func freshName(kind pim.Kind) string { return strings.ToLower(rand.Text()) + kind.Extension() }
