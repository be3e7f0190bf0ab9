package contentline

import (
	"bytes"
	"fmt"
)

// Limits bound what Read takes. A zero field means its default.
type Limits struct {
	Size  int // octets of the input; 32 MiB
	Line  int // octets of one unfolded line; 16 MiB
	Lines int // content lines; 1,000,000
	Depth int // components inside each other; 32
}

// Defaults are the limits that Read uses where a field is zero.
func Defaults() Limits {
	return Limits{Size: 32 << 20, Line: 16 << 20, Lines: 1_000_000, Depth: 32}
}

func (l Limits) orDefaults() Limits {
	d := Defaults()
	for _, f := range []struct{ limit, fallback *int }{
		{&l.Size, &d.Size}, {&l.Line, &d.Line}, {&l.Lines, &d.Lines}, {&l.Depth, &d.Depth},
	} {
		if *f.limit == 0 {
			*f.limit = *f.fallback
		}
	}
	return l
}

// Error says why and where an input could not be read.
type Error struct {
	Line   int // 1-based; 0: the input as a whole
	Reason string

	Title   string // of the item, where that can be told though it cannot be understood
	Private bool   // its title is not everybody's
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

// Read splits an input into its content lines and pairs every BEGIN with its END. It takes what is found in the wild: bare
// LF, a byte order mark, blank lines, folds inside of UTF-8 characters, quoted-printable soft line breaks, any charset. An
// error is an *Error. The lines share data, which must not change afterwards. Time and memory are linear in len(data).
func Read(data []byte, limits Limits) ([]Line, error) {
	limits = limits.orDefaults()
	if len(data) > limits.Size {
		return nil, &Error{Line: 0, Reason: fmt.Sprintf("the input has %d octets; at most %d are read", len(data), limits.Size)}
	}
	if end := bytes.IndexByte(data, '\r'); end >= 0 && end < len(data)-1 && bytes.IndexByte(data, '\n') < 0 {
		return nil, &Error{Line: 1, Reason: "its lines end in CR alone, as on old Macs: save it with CRLF or LF"}
	}
	r := reader{data: data, limits: limits}
	r.lines = make([]Line, 0, min(bytes.Count(data, []byte{'\n'})+1, limits.Lines))
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		r.pos = 3
	}
	for r.next() {
		if err := r.line(); err != nil {
			return nil, err
		}
	}
	if n := len(r.open); n > 0 {
		begin := &r.lines[r.open[n-1]]
		return nil, &Error{Line: r.number, Reason: fmt.Sprintf("the input ends inside of %s, which began on line %d: END:%[1]s is missing", show(begin.Value()), begin.number)}
	}
	return r.lines, nil
}

type reader struct {
	data   []byte
	limits Limits
	pos    int // where the next physical line starts
	taken  int // up to where data belongs to a line
	number int // of the physical line last read
	lines  []Line
	open   []int // indices of the BEGIN lines that wait for their END
	joined []byte
}

// next skips blank lines, which belong to the line before them; false: the end.
func (r *reader) next() bool {
	for r.pos < len(r.data) {
		text, end := physical(r.data, r.pos)
		if len(bytes.TrimLeft(text, " \t")) > 0 {
			return true
		}
		r.pos = end
		r.number++
	}
	if n := len(r.lines); n > 0 {
		last := &r.lines[n-1]
		last.raw = r.data[r.taken-len(last.raw) : r.pos]
	}
	return false
}

// line reads one content line with its folds.
func (r *reader) line() error {
	if n := len(r.lines); n > 0 && r.pos > r.taken {
		last := &r.lines[n-1]
		last.raw = r.data[r.taken-len(last.raw) : r.pos]
		r.taken = r.pos
	}
	if len(r.lines) == r.limits.Lines {
		return &Error{Line: r.number + 1, Reason: fmt.Sprintf("more than %d lines", r.limits.Lines)}
	}
	start := r.taken
	text, end := physical(r.data, r.pos)
	r.number++
	l := Line{number: int32(r.number)}
	text, end = r.unfold(text, end)
	if len(text) > r.limits.Line {
		return &Error{Line: int(l.number), Reason: fmt.Sprintf("the line has %d octets; at most %d are read", len(text), r.limits.Line)}
	}
	l.text = text
	if !l.split() {
		return &Error{Line: int(l.number), Reason: fmt.Sprintf("not a content line (NAME:value): %s", show(text))}
	}
	if l.soft {
		if soft, softEnd, ok := r.unbreak(text, end); ok {
			if len(soft) > r.limits.Line {
				return &Error{Line: int(l.number), Reason: fmt.Sprintf("the line has %d octets; at most %d are read", len(soft), r.limits.Line)}
			}
			l.text, end = soft, softEnd
		}
	}
	l.raw = r.data[start:end]
	r.pos, r.taken = end, end
	r.lines = append(r.lines, l)
	return r.nest()
}

// unfold joins the continuation lines that follow (RFC 5545 section 3.1).
func (r *reader) unfold(text []byte, end int) ([]byte, int) {
	if !r.folded(end) {
		return text, end
	}
	start := r.join(text, end)
	for r.folded(end) {
		text, end = physical(r.data, end)
		r.number++
		r.joined = append(r.joined, text[1:]...)
	}
	return r.joined[start:len(r.joined):len(r.joined)], end
}

func (r *reader) folded(end int) bool {
	return end < len(r.data) && (r.data[end] == ' ' || r.data[end] == '\t')
}

// unbreak joins the lines after quoted-printable soft line breaks ("=" at the end of a line, RFC 2045 section 6.7).
func (r *reader) unbreak(text []byte, end int) ([]byte, int, bool) {
	if !bytes.HasSuffix(text, []byte("=")) || end >= len(r.data) {
		return nil, 0, false
	}
	start := r.join(text, end)
	for end < len(r.data) && r.joined[len(r.joined)-1] == '=' && len(r.joined) > start {
		r.joined = r.joined[:len(r.joined)-1]
		text, end = physical(r.data, end)
		r.number++
		r.joined = append(r.joined, text...)
		if len(r.joined) == start {
			break
		}
	}
	return r.joined[start:len(r.joined):len(r.joined)], end, true
}

// join starts a joined line, which goes on at end. One buffer serves them all: it has room for what is left of the input.
func (r *reader) join(text []byte, end int) int {
	if n := len(r.joined) - len(text); n >= 0 && len(text) > 0 && &r.joined[n:][0] == &text[0] {
		return n
	}
	if cap(r.joined)-len(r.joined) < len(text)+len(r.data)-end {
		r.joined = make([]byte, 0, len(text)+len(r.data)-end)
	}
	start := len(r.joined)
	r.joined = append(r.joined, text...)
	return start
}

// nest pairs BEGIN and END.
func (r *reader) nest() error {
	i := len(r.lines) - 1
	l := &r.lines[i]
	switch {
	case l.Is("BEGIN"):
		if len(r.open) == r.limits.Depth {
			return &Error{Line: int(l.number), Reason: fmt.Sprintf("components are nested deeper than %d", r.limits.Depth)}
		}
		if len(bytes.TrimSpace(l.Value())) == 0 {
			return &Error{Line: int(l.number), Reason: "BEGIN names no component"}
		}
		r.open = append(r.open, i)
	case l.Is("END"):
		if len(r.open) == 0 {
			return &Error{Line: int(l.number), Reason: fmt.Sprintf("END:%s without its BEGIN", show(l.Value()))}
		}
		at := r.open[len(r.open)-1]
		begin := &r.lines[at]
		if !bytes.EqualFold(bytes.TrimSpace(begin.Value()), bytes.TrimSpace(l.Value())) {
			return &Error{Line: int(l.number), Reason: fmt.Sprintf("END:%s inside of %s, which began on line %d", show(l.Value()), show(begin.Value()), begin.number)}
		}
		begin.pair, l.pair = int32(i-at), int32(at-i)
		r.open = r.open[:len(r.open)-1]
	case len(r.open) == 0:
		return &Error{Line: int(l.number), Reason: fmt.Sprintf("%s stands outside of any BEGIN and END", show(l.NameBytes()))}
	}
	return nil
}

// physical is the line of the input at pos without its line end, and where the next one starts.
func physical(data []byte, pos int) (text []byte, end int) {
	text = data[pos:]
	end = len(data)
	if n := bytes.IndexByte(text, '\n'); n >= 0 {
		text, end = text[:n], pos+n+1
	}
	for len(text) > 0 && text[len(text)-1] == '\r' {
		text = text[:len(text)-1]
	}
	return text, end
}

// show makes a piece of input short and printable for a message.
func show(b []byte) string {
	const most = 40
	b = bytes.TrimSpace(b)
	if len(b) > most {
		return fmt.Sprintf("%q…", b[:most])
	}
	if len(b) > 0 && bytes.IndexFunc(b, func(r rune) bool { return r <= ' ' || r > '~' }) < 0 {
		return string(b)
	}
	return fmt.Sprintf("%q", b)
}
