package view

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	titleLength = 80
	valueLength = 120

	sentenceLength = 1000
)

// quote is a text that came from outside, in quotes, on one line, of at most max characters. What could move a cursor, start an escape
// sequence, turn the direction of writing or hide is written as an escape, and so are quotes and backslashes: different texts look different.
func quote(s string, max int) string {
	return `"` + escape(cut(s, max), true) + `"`
}

// Clean makes a sentence that may quote something from outside safe to show, line breaks as blanks.
func Clean(s string) string {
	return escape(strings.ReplaceAll(cut(s, sentenceLength), "\n", " "), false)
}

// plainJSON writes what a terminal would not only draw as escapes of JSON, inside of whose strings alone it can be. Its value stays.
func plainJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && !harmless(r) }) {
		return text
	}
	var b []byte
	for _, r := range string(text) {
		switch {
		case r == '\n' || harmless(r):
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

func escape(s string, quoted bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case quoted && (r == '"' || r == '\\'):
			b.WriteByte('\\')
			b.WriteRune(r)
		case harmless(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// harmless reports whether a terminal only draws r. The joiners are: emoji and several scripts need them.
func harmless(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == zeroWidthNonJoiner || r == zeroWidthJoiner
}

// cut leaves the first max characters of s, and a mark where it cut.
func cut(s string, max int) string {
	for i := range s {
		if max == 0 {
			return s[:i] + "…"
		}
		max--
	}
	return s
}

// difference cuts two long texts so that what differs is in sight: what they begin with alike gives way.
func difference(before, after string, max int) (string, string) {
	if utf8.RuneCountInString(before) <= max && utf8.RuneCountInString(after) <= max {
		return before, after
	}
	const lead = 20 // characters before the difference that stay
	a, b := []rune(before), []rune(after)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	from := same - lead
	if from <= 0 {
		return before, after
	}
	return "…" + string(a[from:]), "…" + string(b[from:])
}
