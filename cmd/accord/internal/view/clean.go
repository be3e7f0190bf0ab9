package view

import (
	"bytes"
	"fmt"
	"io"
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

// Lines is w for lines of JSON that come in pieces: what a terminal would not only draw is written as escapes. The last line has to end.
func Lines(w io.Writer) io.Writer { return &lines{w: w} }

type lines struct {
	w    io.Writer
	rest []byte // of a line that has not ended
}

func (l *lines) Write(text []byte) (int, error) {
	l.rest = append(l.rest, text...)
	end := bytes.LastIndexByte(l.rest, '\n') + 1
	if _, err := l.w.Write(plainJSON(l.rest[:end])); err != nil {
		return 0, err
	}
	l.rest = append(l.rest[:0], l.rest[end:]...)
	return len(text), nil
}
