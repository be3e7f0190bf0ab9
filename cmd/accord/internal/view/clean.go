package view

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
)

// Clean makes a sentence that may quote something from outside safe to show, line breaks as blanks.
func Clean(s string) string { return words.Sentence(s) }

// plainJSON writes what a terminal would not only draw as escapes of JSON, inside of whose strings alone it can be. Its value stays.
func plainJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && !words.Harmless(r) }) {
		return text
	}
	var b []byte
	for _, r := range string(text) {
		switch {
		case r == '\n' || words.Harmless(r):
			b = utf8.AppendRune(b, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return b
}
