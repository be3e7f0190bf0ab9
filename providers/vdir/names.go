package vdir

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// temporary begins the names of files that are being written. They are hidden, so that no reader of a vdir takes them for items.
const temporary = ".accord-"

// longest is the length from which a name is shortened; file systems allow 255 bytes.
const longest = 180

// isItem reports whether a file of this name is an item: visible, with the folder's extension in upper or lower case, and a name only.
func isItem(name, extension string) bool {
	return len(name) > len(extension) && name[0] != '.' &&
		strings.EqualFold(name[len(name)-len(extension):], extension) &&
		strings.IndexFunc(name, isSeparator) < 0
}

func isSeparator(r rune) bool { return r == '/' || r == '\\' || r == 0 }

// fileName is the name that an item with this UID is created under: different UIDs have different names, whatever they hold. Only
// letters, digits and a few signs stand for themselves; every other byte is %XX, and so is a dot in front, which would hide
// the file. A long name is cut and ends in a hash of the UID.
func fileName(uid, extension string) string {
	const signs = "-_.@+=,{}"
	var b strings.Builder
	for i := range len(uid) {
		switch c := uid[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte(signs, c) >= 0 && (i > 0 || c != '.'):
			b.WriteByte(c)
		default:
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	name := b.String()
	if len(name) > longest {
		name = name[:longest] + "%-" + hashOf(uid)
	}
	return name + extension
}

// otherName is the name for an item whose fileName another item has.
func otherName(uid, extension string) string {
	return strings.TrimSuffix(fileName(uid, extension), extension) + "%-" + hashOf(uid) + extension
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}
