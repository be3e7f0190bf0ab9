package form

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// document is a file's text, and where its lines begin.
type document struct {
	name  string
	text  []byte
	lines []int
}

func newDocument(text []byte, name string) *document {
	d := &document{name, text, []int{0}}
	for i, c := range text {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	return d
}

// pos is a byte offset as a position; columns count characters.
func (d *document) pos(offset int) hcl.Pos {
	offset = min(max(offset, 0), len(d.text))
	line := sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > offset }) - 1
	return hcl.Pos{Line: line + 1, Column: utf8.RuneCount(d.text[d.lines[line]:offset]) + 1, Byte: offset}
}

func (d *document) between(from, to int) hcl.Range {
	return hcl.Range{Filename: d.name, Start: d.pos(from), End: d.pos(max(from, to))}
}

// line is the text of a line, from 1, without its indentation.
func (d *document) line(n int) hcl.Range {
	n = min(max(n, 1), len(d.lines))
	from, to := d.lines[n-1], len(d.text)
	if n < len(d.lines) {
		to = d.lines[n] - 1
	}
	whole := bytes.TrimRight(d.text[from:to], " \t\r")
	return d.between(from+len(whole)-len(bytes.TrimLeft(whole, " \t")), from+len(whole))
}

// offset is where a line's column is, both from 1 and in characters.
func (d *document) offset(line, column int) int {
	if line < 1 || line > len(d.lines) {
		return len(d.text)
	}
	at := d.lines[line-1]
	for ; column > 1 && at < len(d.text); column-- {
		_, size := utf8.DecodeRune(d.text[at:])
		at += size
	}
	return at
}

// encoding says what is wrong with a text that is not UTF-8.
func (d *document) encoding() *hcl.Diagnostic {
	const todo = "Save it as UTF-8, without a byte order mark."
	switch {
	case bytes.HasPrefix(d.text, []byte("\xef\xbb\xbf")):
		return diagnose.Mistake(d.between(0, 3), "Byte order mark", "The file begins with a byte order mark.", todo)
	case bytes.HasPrefix(d.text, []byte("\xff\xfe")) || bytes.HasPrefix(d.text, []byte("\xfe\xff")):
		return diagnose.Mistake(d.between(0, 2), "Not UTF-8", "The file is UTF-16.", todo)
	}
	for at := 0; at < len(d.text); {
		r, size := utf8.DecodeRune(d.text[at:])
		if r == utf8.RuneError && size == 1 {
			return diagnose.Mistake(d.between(at, at+1), "Not UTF-8", "A byte here belongs to no character of UTF-8: the file has another encoding, or is damaged.", todo)
		}
		at += size
	}
	return nil
}

// align finds where each byte of a string is written between two offsets; nil when it cannot be told. escapes says that a backslash and
// what follows it stand for one character. White space may be written that is not in the string: indentation, and lines that are folded.
func (d *document) align(s string, from, to int, escapes bool) []int {
	at := make([]int, 0, len(s))
	j := from
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case j >= to && strings.Trim(s[i:], "\n") == "":
			at, i = append(at, j), i+1
		case j >= to:
			return nil
		case escapes && d.text[j] == '\\' && j+1 < to:
			for range size {
				at = append(at, j)
			}
			j += escapeLength(d.text[j:to], s[i:i+size])
			i += size
		case j+size <= to && string(d.text[j:j+size]) == s[i:i+size]:
			for k := range size {
				at = append(at, j+k)
			}
			i, j = i+size, j+size
		case s[i] == ' ' && d.text[j] == '\n':
			at = append(at, j)
			i, j = i+1, j+1
		case bytes.IndexByte([]byte(" \t\r\n"), d.text[j]) >= 0, d.text[j] == '\'':
			j++
		default:
			return nil
		}
	}
	return append(at, j)
}

// escapeLength is how many bytes of text are the escape sequence that it begins with, which stands for a character.
func escapeLength(text []byte, character string) int {
	switch text[1] {
	case 'x':
		return 4
	case 'u':
		if r, _ := utf8.DecodeRuneInString(character); r > 0xFFFF {
			return 12 // a surrogate pair
		}
		return 6
	case 'U':
		return 10
	}
	return 2
}

func itoa(n int) string { return strconv.Itoa(n) }
