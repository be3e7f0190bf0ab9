package ical

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// Decode is the value of a line as UTF-8, still escaped: quoted-printable and CHARSET (vCard 2.1, vCalendar 1.0) are undone.
// Octets that are not UTF-8 and come without a charset are read as Windows-1252, which holds all of Latin-1. Control characters
// are left out.
func Decode(l *contentline.Line) string {
	text := decode(l)
	for i := range len(text) {
		if control(rune(text[i])) {
			return strings.Map(func(r rune) rune {
				if control(r) {
					return -1
				}
				return r
			}, text)
		}
	}
	return text
}

// control are the characters that no text may hold (RFC 5545 section 3.1); the canonical form uses some of them.
func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func decode(l *contentline.Line) string {
	value := l.Value()
	charset := ""
	if l.HasParams() {
		if l.QuotedPrintable() {
			value = unquote(value)
		}
		charset = l.Param("CHARSET")
	}
	if charset == "" || strings.EqualFold(charset, "UTF-8") || strings.EqualFold(charset, "US-ASCII") {
		if utf8.Valid(value) {
			return string(value)
		}
		charset = "windows-1252"
	}
	if e, err := htmlindex.Get(strings.ToLower(charset)); err == nil {
		if decoded, err := e.NewDecoder().Bytes(value); err == nil {
			return string(decoded)
		}
	}
	return strings.ToValidUTF8(string(value), "\uFFFD")
}

// unquote decodes quoted-printable; what is no valid escape stays. Line breaks in it become those of an escaped text.
func unquote(value []byte) []byte {
	var b bytes.Buffer
	for i := 0; i < len(value); i++ {
		if value[i] == '=' && i+2 < len(value) {
			hi, lo := hex(value[i+1]), hex(value[i+2])
			if hi >= 0 && lo >= 0 {
				i += 2
				switch c := byte(hi<<4 | lo); c {
				case '\r':
				case '\n':
					b.WriteString(`\n`)
				default:
					b.WriteByte(c)
				}
				continue
			}
		}
		b.WriteByte(value[i])
	}
	return b.Bytes()
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// Quote encodes text as quoted-printable without soft line breaks: the writer of content lines makes those.
func Quote(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= ' ' && c < 0x7f && c != '=' {
			b.WriteByte(c)
		} else {
			const digits = "0123456789ABCDEF"
			b.WriteByte('=')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}
