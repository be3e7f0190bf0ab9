// Package contentline reads and writes the content lines of iCalendar and vCard (2.1, 3.0 and 4.0) without losing any of them.
//
// It knows lines, groups, parameters and nesting, and nothing of what properties mean. An input is read into one flat slice of
// lines in their order; a component is the lines from its BEGIN to its END. A line keeps the octets that it was read from, so
// that what nobody changed is written back byte for byte.
package contentline

import (
	"bytes"
	"iter"
	"strings"
)

// Line is one content line (RFC 5545 section 3.1, RFC 6350 section 3.3): group, name, parameters and value.
// It is immutable; its slices belong to the input that it was read from.
type Line struct {
	raw    []byte // the octets of the input, with folds, line end and the blank lines after it; nil: made, not read
	text   []byte // the same unfolded
	name   int32  // where the name starts in text (after a group and its dot)
	params int32  // where the name ends
	value  int32  // where the value starts
	number int32  // 1-based line of the input, 0: made
	pair   int32  // of BEGIN: distance to its END; of END: negative distance to its BEGIN; else 0
	soft   bool   // a quoted-printable value: long lines are broken with "=" (vCard 2.1)
}

// New makes a line from its unfolded text, "NAME;PARAM=x:value". Line breaks in it are dropped: a value has to be escaped before.
// A text that is no content line gives a line with an empty name.
func New(text string) Line {
	if strings.ContainsAny(text, "\r\n") {
		text = strings.NewReplacer("\r", "", "\n", "").Replace(text)
	}
	l := Line{text: []byte(text)}
	if !l.split() {
		l.name, l.params = 0, 0
	}
	return l
}

// Fresh is the line without the octets that it was read from: it is printed anew.
func (l *Line) Fresh() Line {
	fresh := *l
	fresh.raw, fresh.number, fresh.pair = nil, 0, 0
	return fresh
}

// Name is the property's name as written, without its group.
func (l *Line) Name() string { return string(l.NameBytes()) }

// NameBytes is Name without a copy; it must not be changed.
func (l *Line) NameBytes() []byte { return l.text[l.name:l.params] }

// Is reports whether the property has this name, whatever the case of either.
func (l *Line) Is(name string) bool { return equalFold(l.NameBytes(), name) }

// Group is what stands before the dot in "item1.TEL", or "".
func (l *Line) Group() string {
	if l.name == 0 {
		return ""
	}
	return string(l.text[:l.name-1])
}

// Value is the value as written, escaped and encoded; it must not be changed.
func (l *Line) Value() []byte { return l.text[l.value:] }

// Text is the whole unfolded line; it must not be changed.
func (l *Line) Text() []byte { return l.text }

// Number is the 1-based number of the input line on which the line starts, 0 for a line that was made.
func (l *Line) Number() int { return int(l.number) }

// Begins reports whether the line opens a component, and how many lines further that is closed.
func (l *Line) Begins() (length int, ok bool) { return int(l.pair), l.pair > 0 }

// Ends reports whether the line closes a component.
func (l *Line) Ends() bool { return l.pair < 0 }

// Component is the name of the component that a BEGIN or END line opens or closes.
func (l *Line) Component() string { return string(bytes.TrimSpace(l.Value())) }

// QuotedPrintable reports whether the parameters say that the value is encoded so (vCard 2.1, vCalendar 1.0).
func (l *Line) QuotedPrintable() bool { return l.soft }

// HasParams reports whether the line has any parameter.
func (l *Line) HasParams() bool { return l.value > l.params+1 }

// Param is one parameter as written. A bare vCard 2.1 parameter ("TEL;HOME:") has no Name and its text in Value.
type Param struct {
	Name  string
	Value string // with its quotes, commas and RFC 6868 carets
}

// Params walks over the parameters in order.
func (l *Line) Params() iter.Seq[Param] {
	return func(yield func(Param) bool) {
		for p := range l.rawParams() {
			param := Param{Value: string(p)}
			if eq := bytes.IndexByte(p, '='); eq >= 0 {
				param = Param{Name: string(p[:eq]), Value: string(p[eq+1:])}
			}
			if !yield(param) {
				return
			}
		}
	}
}

// rawParams walks over the parameters as they stand in the text.
func (l *Line) rawParams() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !l.HasParams() {
			return
		}
		rest := l.text[l.params+1 : l.value-1]
		for {
			end := scan(rest, ';')
			p := rest
			if end >= 0 {
				p = rest[:end]
			}
			if len(p) > 0 && !yield(p) || end < 0 {
				return
			}
			rest = rest[end+1:]
		}
	}
}

// Param is the value of the first parameter of that name, whatever its case, without the quotes around it.
func (l *Line) Param(name string) string {
	for p := range l.rawParams() {
		if len(p) > len(name) && p[len(name)] == '=' && equalFold(p[:len(name)], name) {
			return Unquote(string(p[len(name)+1:]))
		}
	}
	return ""
}

// Values are the comma-separated values of the parameter, without quotes; a comma inside quotes separates nothing.
func (p Param) Values() []string {
	rest := []byte(p.Value)
	var values []string
	for {
		end := scan(rest, ',')
		if end < 0 {
			return append(values, Unquote(string(rest)))
		}
		values = append(values, Unquote(string(rest[:end])))
		rest = rest[end+1:]
	}
}

// Unquote takes the double quotes off a parameter value.
func Unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// Quote makes text fit to be a parameter value: line breaks and quotes become RFC 6868 carets, and what needs quotes gets them.
func Quote(s string) string {
	if strings.ContainsAny(s, "^\n\"\r") {
		s = strings.NewReplacer("^", "^^", "\r\n", "^n", "\n", "^n", "\"", "^'", "\r", "").Replace(s)
	}
	if strings.ContainsAny(s, ":;,") {
		return `"` + s + `"`
	}
	return s
}

// Uncaret decodes RFC 6868 carets in a parameter value.
func Uncaret(s string) string {
	if strings.IndexByte(s, '^') < 0 {
		return s
	}
	return strings.NewReplacer("^^", "^", "^n", "\n", "^'", `"`).Replace(s)
}

// scan finds sep outside of double quotes, or -1. A quote that is never closed counts as an ordinary character.
func scan(b []byte, sep byte) int {
	end := bytes.IndexByte(b, sep)
	if end < 0 || bytes.IndexByte(b[:end], '"') < 0 {
		return end
	}
	first, quoted := end, false
	for i, c := range b {
		switch {
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return i
		}
	}
	if quoted {
		return first
	}
	return -1
}

// split finds the parts of the text; false: it is no content line.
func (l *Line) split() bool {
	colon := scan(l.text, ':')
	if colon < 0 {
		l.name, l.params, l.value = 0, 0, 0
		return false
	}
	l.value = int32(colon + 1)
	l.params = int32(colon)
	if semi := bytes.IndexByte(l.text[:colon], ';'); semi >= 0 {
		l.params = int32(semi)
		l.soft = isQuotedPrintable(l.text[semi:colon])
	}
	if dot := bytes.IndexByte(l.text[:l.params], '.'); dot > 0 {
		l.name = int32(dot + 1)
	}
	return validName(l.text[:l.params]) && l.name < l.params
}

// validName is lenient: it takes whatever cannot be the start of a line of text that lost its fold.
func validName(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c == 0x7f || c == '"' || c == ',' || c == '=' {
			return false
		}
	}
	return len(b) > 0
}

// isQuotedPrintable finds the encoding among parameters, named or bare.
func isQuotedPrintable(params []byte) bool {
	const encoding = "QUOTED-PRINTABLE"
	for len(params) >= len(encoding) {
		i := bytes.IndexAny(params, "Qq")
		if i < 0 || len(params)-i < len(encoding) {
			return false
		}
		if equalFold(params[i:i+len(encoding)], encoding) {
			return true
		}
		params = params[i+1:]
	}
	return false
}

// equalFold compares ASCII letters without regard to case, without allocating.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		d := s[i]
		if c != d && (c|0x20 != d|0x20 || c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}
