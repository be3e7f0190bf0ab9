package named

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner goes through a statement from one piece to the next: a text, a name, a comment, a parameter, or a character between them.
type scanner struct {
	*Syntax
	text    string
	at      int
	params  []param
	depth   int  // of square brackets that hold a slice or an index
	gives   bool // the word returning, or output, was there
	operand bool // what was last, spaces aside, is a value: a colon after it parts a slice
}

func (c *scanner) next() error {
	rest := c.text[c.at:]
	switch ch := rest[0]; {
	case ch == '\'', ch == '"':
		return c.quoted(1, ch, c.escapes)
	case ch == '`' && c.backticks:
		return c.quoted(1, ch, false)
	case ch == '[' && c.brackets:
		return c.quoted(1, ']', false)
	case strings.HasPrefix(rest, "/*"):
		return c.comment()
	case strings.HasPrefix(rest, "--") && c.dashes(rest), ch == '#' && c.hashes:
		c.at += len(rest)
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			c.at += end - len(rest)
		}
		return nil
	case ch == '$' && c.dollars && c.dollar(rest) > 0:
		return c.until(c.dollar(rest), rest[:c.dollar(rest)])
	case strings.IndexByte(c.marks, ch) >= 0 && c.foreign(rest):
		return fmt.Errorf("%s: %q is no parameter here; write :name, and give it a value by that name", place(c.text, c.at), ch)
	case strings.HasPrefix(rest, "::"), strings.HasPrefix(rest, ":="):
		c.step(2, false)
	case ch == ':':
		c.colon(rest)
	case c.wordLength(rest) > 0:
		return c.word(rest)
	case ch == ' ', ch == '\t', ch == '\n', ch == '\r':
		c.at++
	default:
		c.bracket(ch)
		c.step(1, ch == ')' || ch == ']')
	}
	return nil
}

func (c *scanner) step(n int, operand bool) { c.at, c.operand = c.at+n, operand }

// bracket counts the brackets in which a colon may part a slice.
func (c *scanner) bracket(ch byte) {
	switch {
	case !c.slices:
	case ch == '[':
		c.depth++
	case ch == ']':
		c.depth = max(0, c.depth-1)
	}
}

// quoted goes behind a text or name that begins n characters on and ends with a quote; twice the quote is one in it.
func (c *scanner) quoted(n int, quote byte, escapes bool) error {
	for i := c.at + n; i < len(c.text); i++ {
		switch {
		case escapes && c.text[i] == '\\':
			i++
		case c.text[i] != quote:
		case i+1 < len(c.text) && c.text[i+1] == quote:
			i++
		default:
			c.step(i+1-c.at, true)
			return nil
		}
	}
	return c.endless("what begins with a quote")
}

// until goes behind a text that begins n characters on and ends with some characters.
func (c *scanner) until(n int, closing string) error {
	end := strings.Index(c.text[c.at+n:], closing)
	if end < 0 {
		return c.endless("what begins with a quote")
	}
	c.step(n+end+len(closing), true)
	return nil
}

func (c *scanner) endless(what string) error {
	return fmt.Errorf("%s: %s here has no end", place(c.text, c.at), what)
}

func (c *scanner) comment() error {
	depth := 0
	for i := c.at; i+1 < len(c.text); i++ {
		switch pair := c.text[i : i+2]; {
		case pair == "/*" && (depth == 0 || c.nested):
			depth++
			i++
		case pair == "*/":
			if i++; depth == 1 {
				c.at = i + 1
				return nil
			}
			depth--
		}
	}
	return c.endless("the comment that begins")
}

// dashes reports whether two dashes begin a comment.
func (c *scanner) dashes(rest string) bool {
	return !c.hashes || len(rest) == 2 || rest[2] <= ' '
}

// dollar is the length of a dollar quote's opening; 0: there is none.
func (c *scanner) dollar(rest string) int {
	n := 1
	if len(rest) > 1 && !isDigit(rest[1]) {
		n += len(rest[1:]) - len(strings.TrimLeftFunc(rest[1:], isWord))
	}
	if n >= len(rest) || rest[n] != '$' {
		return 0
	}
	return n + 1
}

// foreign reports whether a character begins a parameter in the database's own form.
func (c *scanner) foreign(rest string) bool {
	return rest[0] == '?' || len(rest) > 1 && (isDigit(rest[1]) || !c.dollars && c.wordLength(rest[1:]) > 0)
}

// colon goes behind a colon, and the parameter that it may begin.
func (c *scanner) colon(rest string) {
	n := c.wordLength(rest[1:])
	if n == 0 || isDigit(rest[1]) || c.depth > 0 && c.operand {
		c.step(1, false)
		return
	}
	c.params = append(c.params, param{rest[1 : 1+n], c.at, c.at + 1 + n})
	c.step(1+n, true)
}

// wordLength is the length of the name or number that a text begins with.
func (c *scanner) wordLength(rest string) int {
	return len(rest) - len(strings.TrimLeftFunc(rest, isWord))
}

// word goes behind a name or number, and the text whose prefix it may be.
func (c *scanner) word(rest string) error {
	n := c.wordLength(rest)
	for n < len(rest) && (rest[n] == '$' || rest[n] == '#' && !c.hashes) {
		n++
		n += c.wordLength(rest[n:])
	}
	if n < len(rest) && rest[n] == '\'' {
		prefix := strings.ToLower(rest[:n])
		switch {
		case c.eTexts && prefix == "e":
			return c.quoted(n+1, '\'', true)
		case c.qTexts && (prefix == "q" || prefix == "nq") && n+1 < len(rest):
			opening, size := utf8.DecodeRuneInString(rest[n+1:])
			closing := string(opening)
			if i := strings.IndexRune("([{<", opening); i >= 0 {
				closing = ")]}>"[i : i+1]
			}
			return c.until(n+1+size, closing+"'")
		}
	}
	c.gives = c.gives || strings.EqualFold(rest[:n], c.Giving)
	c.step(n, !beforeValue(rest[:n]))
	return nil
}

// beforeValue reports whether a word is one after which a value begins, and so none itself.
func beforeValue(word string) bool {
	switch strings.ToLower(word) {
	case "and", "between", "by", "case", "distinct", "else", "escape", "for", "from", "having", "ilike", "in", "is", "like", "limit", "not", "offset", "on", "or", "select", "then", "to", "when", "where":
		return true
	}
	return false
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
