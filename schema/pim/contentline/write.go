package contentline

import "unicode/utf8"

// foldAt is how many octets a printed line has at most, without its line end (RFC 5545 section 3.1).
const foldAt = 75

// Append prints lines: those that were read as the octets they were read from, others folded and with CRLF.
func Append(dst []byte, lines []Line) []byte {
	for i := range lines {
		dst = lines[i].append(dst)
	}
	return dst
}

func (l *Line) append(dst []byte) []byte {
	if l.raw == nil {
		return l.AppendFolded(dst)
	}
	dst = append(dst, l.raw...)
	if n := len(dst); n > 0 && dst[n-1] != '\n' {
		dst = append(dst, '\r', '\n')
	}
	return dst
}

// AppendFolded prints the line anew: folded at 75 octets on character boundaries, with CRLF. A quoted-printable value is
// broken with soft line breaks instead (vCard 2.1 section 2.1.3).
func (l *Line) AppendFolded(dst []byte) []byte {
	if l.soft {
		return l.appendSoft(dst)
	}
	text, room := l.text, foldAt
	for len(text) > room {
		cut := boundary(text, room)
		dst = append(dst, text[:cut]...)
		dst = append(dst, '\r', '\n', ' ')
		text, room = text[cut:], foldAt-1
	}
	dst = append(dst, text...)
	return append(dst, '\r', '\n')
}

// boundary is the last start of a character at or before n; where text is not UTF-8, n. A cut never follows a stray CR, which
// would become part of the line end.
func boundary(text []byte, n int) int {
	for cut := n; cut > n-utf8.UTFMax; cut-- {
		if utf8.RuneStart(text[cut]) && text[cut-1] != '\r' {
			return cut
		}
	}
	for n < len(text) && text[n-1] == '\r' {
		n++
	}
	return n
}

func (l *Line) appendSoft(dst []byte) []byte {
	text, least := l.text, int(l.value)
	for len(text) > foldAt {
		cut := max(foldAt-1, least+1)
		for cut > least && !softBoundary(text, cut) {
			cut--
		}
		if cut <= least {
			break
		}
		dst = append(dst, text[:cut]...)
		dst = append(dst, '=', '\r', '\n')
		text, least = text[cut:], 0
	}
	dst = append(dst, text...)
	return append(dst, '\r', '\n')
}

// softBoundary reports whether a soft line break at cut reads back: it splits no "=XX", and what follows is not taken for a fold.
func softBoundary(text []byte, cut int) bool {
	return cut < len(text) && text[cut-1] != '=' && (cut < 2 || text[cut-2] != '=') &&
		text[cut] != ' ' && text[cut] != '\t' && text[cut-1] != '\r' && utf8.RuneStart(text[cut])
}
