package markdown

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
)

// text is a text that came from outside, for the middle or the beginning of a line: a reader sees what it says, and it is nothing but text. Neither
// Markdown (CommonMark 0.31 and GitHub's tables, strikethrough and autolinks) nor HTML finds anything in it, nor does what GitHub and GitLab
// look for in a page afterwards: mentions, references, commits, emoji, mathematics.
//
// What only has a meaning for these is parted by a zero-width space, written as its entity: GitHub looks for it in the text of the finished page,
// where an escape of Markdown is no longer seen.
func text(s string) string {
	s = strings.TrimSpace(words.Safe(s))
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	part := parts(s)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '|': // a backslash would do in GitHub's tables alone
			b.WriteString("&#124;")
		case '$':
			b.WriteString("&#36;")
		case '\\', '`', '*', '_', '[', ']', '{', '}', '~', '#', '!', '^', '=', '@':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '-', '+', '.', ')':
			if opensBlock(s[:i], r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case '\u00a0': // Markdown takes it for white space
			b.WriteString("&nbsp;")
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
		if part[i] {
			b.WriteString(zeroWidthSpace)
		}
	}
	return b.String()
}

const zeroWidthSpace = "&#8203;"

// opensBlock reports whether a character would make a list or a rule of a line that begins with before.
func opensBlock(before string, r rune) bool {
	digits := strings.Trim(before, "0123456789") == ""
	if r == '.' || r == ')' {
		return digits && before != ""
	}
	return before == ""
}

// special finds what is read into the text of a finished page. Each match is parted after its first group.
var special = regexp.MustCompile(`(?i)([@~%])[\w"/]` + // people, labels, milestones
	`|([#!&])\d` + // issues, merge requests, epics
	`|(\$)\S` + // mathematics
	`|\b(gh-)\d` + // issues
	`|(:)(?://|[a-z+_-])` + // addresses and emoji
	`|\b(www\.)` +
	`|\b([0-9a-f]{4})[0-9a-f]{3,60}\b`) // commits

// commits is the group of special that finds them. A word and a number are none.
const commits = 7

// parts are the places in s, by byte, at which it is parted.
func parts(s string) map[int]bool {
	var at map[int]bool
	for from := 0; from < len(s); {
		m := special.FindStringSubmatchIndex(s[from:])
		if m == nil {
			break
		}
		for g := 2; g < len(m); g += 2 {
			if m[g] < 0 {
				continue
			}
			if at == nil {
				at = map[int]bool{}
			}
			if match := s[from+m[0] : from+m[1]]; g < 2*commits || strings.ContainsAny(match, "0123456789") && strings.ContainsAny(match, "abcdefABCDEF") {
				at[from+m[g+1]] = true
			}
			from += m[g+1]
			break
		}
	}
	return at
}

// code is a text as inline code, to be copied as it is. It is not for tables.
func code(s string) string {
	s = strings.TrimSpace(words.Safe(s))
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if s == "" || s[0] == '`' || s[len(s)-1] == '`' {
		s = " " + s + " "
	}
	return fence + s + fence
}

// marker is a text inside of an HTML comment, of letters, digits and few other characters that end none.
func marker(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, s)
}
