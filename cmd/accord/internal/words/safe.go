package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	titleLength    = 80
	valueLength    = 120
	sentenceLength = 1000
)

// Quote is a text that came from outside, in quotes, on one line, of at most max characters. What could move a cursor, start an escape
// sequence, turn the direction of writing or hide is written as an escape, and so are quotes and backslashes: different texts look different.
func Quote(s string, max int) string {
	return `"` + escape(Cut(s, max), true) + `"`
}

// Title is a title, UID or ref in quotes.
func Title(s string) string { return Quote(s, titleLength) }

// Sentence makes a sentence that may quote something from outside safe to show, line breaks as blanks.
func Sentence(s string) string {
	return Safe(strings.ReplaceAll(Cut(s, sentenceLength), "\n", " "))
}

// Safe is a text on one line with every character that is not harmless written as an escape.
func Safe(s string) string { return escape(s, false) }

func escape(s string, quoted bool) string {
	plain := true
	for _, r := range s {
		if r == utf8.RuneError || !Harmless(r) || quoted && (r == '"' || r == '\\') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
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
		case Harmless(r):
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

// Harmless reports whether a terminal only draws r. The joiners are: emoji and several scripts need them.
func Harmless(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == zeroWidthNonJoiner || r == zeroWidthJoiner
}

// Cut leaves the first max characters of s, and a mark where it cut.
func Cut(s string, max int) string {
	for i := range s {
		if max == 0 {
			return s[:i] + "…"
		}
		max--
	}
	return s
}

// contrast cuts two long texts so that what differs is in sight: what they begin with alike gives way.
func contrast(before, after string, max int) (string, string) {
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
