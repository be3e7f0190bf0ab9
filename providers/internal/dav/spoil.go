package dav

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Spoil is something that a server takes and destroys. Items that have it are refused, before anything is sent.
type Spoil string

const (
	// LongUIDs: a UID that is longer than the server's column for it makes it fail.
	LongUIDs Spoil = "a UID of more than 255 octets"

	// BackslashUIDs: the UID comes back as another one.
	BackslashUIDs Spoil = "a backslash in the UID of a contact"

	// EscapedUIDs: the server takes these for the characters that they stand for elsewhere, and the UID comes back as another one.
	EscapedUIDs Spoil = "`%2C`, `%3A`, `%3B` or `%5C` in a UID"

	// SplitCharacters: the server folds lines between the halves of a character beyond U+FFFF, and has nothing left of the contact then.
	SplitCharacters Spoil = "a character beyond U+FFFF in a long line of a contact"
)

var escapedUID = regexp.MustCompile(`(?i)%(2C|3A|3B|5C)`)

// spoiled reports why a server would not keep an item.
func (p *Profile) spoiled(it *pim.Item) error {
	i := slices.IndexFunc(p.Spoils, func(s Spoil) bool { return s.in(it) })
	if i < 0 {
		return nil
	}
	return providers.Classed(providers.Refused, fmt.Errorf("%s does not keep %s", p.Doc, p.Spoils[i]))
}

func (s Spoil) in(it *pim.Item) bool {
	contact := it.Kind() == pim.Contacts
	switch s {
	case LongUIDs:
		return len(it.UID()) > 255
	case EscapedUIDs:
		return !contact && escapedUID.MatchString(it.UID())
	case BackslashUIDs:
		return contact && strings.Contains(it.UID(), `\`)
	case SplitCharacters:
		return contact && hasLongAstralLine(it.Bytes())
	}
	return false
}

// hasLongAstralLine reports whether a line that has to be folded holds a character beyond U+FFFF: one of four octets in UTF-8.
func hasLongAstralLine(text []byte) bool {
	const shortest = 70 // octets of a line that may be folded
	octets, astral := 0, false
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) == 0 || line[0] != ' ' && line[0] != '\t' {
			octets, astral = 0, false
		}
		octets += len(line)
		astral = astral || bytes.IndexFunc(line, func(r rune) bool { return r > 0xFFFF }) >= 0
		if astral && octets > shortest {
			return true
		}
	}
	return false
}
