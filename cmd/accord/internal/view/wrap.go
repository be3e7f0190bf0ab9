package view

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrap breaks a line at blanks so that no part is wider than width columns, where blanks allow it; what follows the first is indented. It
// counts ANSI colours as nothing. A width of 0 is no limit.
func wrap(line string, width, indent int) string {
	const least = 20 // columns beside the indent; on less, lines stay as they are
	if width < indent+least || columns(line) <= width {
		return line
	}
	var b strings.Builder
	at, first := 0, true
	for word := range strings.SplitSeq(line, " ") {
		n := columns(word)
		switch {
		case first:
		case at+1+n > width && at > indent:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at, first = at+n, false
	}
	return b.String()
}

// clip cuts a line that has no colours to a width of columns; 0 is no limit.
func clip(line string, width int) string {
	if width < 2 || columns(line) <= width {
		return line
	}
	at := 0
	for i, r := range line {
		if at += wide(r); at > width-1 {
			return line[:i] + "…"
		}
	}
	return line
}

// columns is how wide a terminal draws a text that holds no controls but colours.
func columns(s string) int {
	n := 0
	for s != "" {
		if strings.HasPrefix(s, "\x1b[") {
			_, s, _ = strings.Cut(s, "m")
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		n += wide(r)
		s = s[size:]
	}
	return n
}

// wide is the number of columns of a character: marks are drawn on the one before, and ideographs, Hangul and pictures are two wide
// (Unicode Standard Annex 11).
func wide(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd):
		return 2
	}
	return 1
}
