// Package ical reads and writes the values of iCalendar properties (RFC 5545 section 3.3) and says when two mean the same.
package ical

import "strings"

// Unescape decodes a TEXT value (RFC 5545 section 3.3.11). Escapes that the RFC does not know stand for their character.
func Unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			if c = s[i]; c == 'n' || c == 'N' {
				c = '\n'
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`, ",", `\,`, ";", `\;`)

// Escape encodes text as a TEXT value.
func Escape(s string) string {
	if !strings.ContainsAny(s, "\\\r\n,;") {
		return s
	}
	return escaper.Replace(s)
}

// Split cuts an escaped value at every separator that is not escaped; the parts stay escaped.
func Split(s string, sep byte) []string {
	n := 0
	for i := range len(s) {
		if s[i] == sep {
			n++
		}
	}
	parts := make([]string, 0, n+1)
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// List decodes a list of TEXT values, "a,b\,c". Empty ones are left out.
func List(s string) []string {
	parts := Split(s, ',')
	list := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(Unescape(p)); p != "" {
			list = append(list, p)
		}
	}
	return list
}
