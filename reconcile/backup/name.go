package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/accord-sync/accord/schema/pim"
)

// longest is how much of a name is kept for people: with the hash and the extension behind it, it fits every file system.
const longest = 60

// fileName is where an item lies: what of its UID every file system can hold, for people, and a hash of its ref, which makes it the folder's only one
// of that name, also where case makes no difference. It has one dot: to Windows, "nul.a.ics" is the device.
func fileName(kind pim.Kind, it Item) string {
	return strings.ReplaceAll(plain(it.UID, "item"), ".", "-") + "-" + hashOf(it.Ref) + kind.Extension()
}

// directoryName is where the items of a folder lie.
func directoryName(address string) string {
	name := plain(address, "folder")
	if name != address {
		name += "-" + hashOf(address)
	}
	return name
}

// plain is text in small letters, digits, dots and lines, which begins and ends with a letter or a digit.
func plain(text, without string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case b.Len() == longest:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '.', r == '-':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if name := strings.Trim(b.String(), "-._"); name != "" {
		return name
	}
	return without
}

// hashOf tells names apart.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
