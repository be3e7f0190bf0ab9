package contentline

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Scanner reads content lines from a stream of any length and holds one at a time: for files of very many items. It takes what
// [Read] takes and gives the same lines; it does not pair BEGIN with END, and a line that is no content line is given as well, so
// that one bad line does not hide what follows it.
type Scanner struct {
	in     *bufio.Reader
	most   int // octets of one line
	line   Line
	raw    []byte // of the line, in a buffer that the next line takes over
	joined []byte // its text, where that is not a piece of raw
	from   int64
	next   int64 // octets read so far
	number int   // physical lines read so far
	err    error
}

// NewScanner reads from r. Of the limits, only Size counts: no line may be longer. The buffer is as small as a reader that has Len allows.
func NewScanner(r io.Reader, limits Limits) *Scanner {
	room := 64 << 10
	if short, ok := r.(interface{ Len() int }); ok {
		room = min(room, short.Len()) + 1
	}
	s := &Scanner{in: bufio.NewReaderSize(r, room), most: limits.orDefaults().Size}
	if start, _ := s.in.Peek(3); bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		s.skip(3)
	}
	return s
}

// Scan reads the next line; false: the end, or an error.
func (s *Scanner) Scan() bool {
	s.raw, s.joined = s.raw[:0], s.joined[:0]
	s.blanks()
	s.raw = s.raw[:0]
	s.from, s.line = s.next, Line{number: int32(s.number + 1)}
	text, ok := s.physical()
	if !ok {
		return false
	}
	if s.folded() {
		s.joined = append(s.joined, text...)
		for s.folded() {
			if text, ok = s.physical(); !ok {
				return false
			}
			s.joined = append(s.joined, text[1:]...)
		}
		text = s.joined
	}
	s.line.text = text
	valid := s.line.split()
	if valid && s.line.soft && !s.unbreak() {
		return false
	}
	if !valid {
		s.line.name, s.line.params, s.line.value = 0, 0, 0
	}
	held := len(s.raw)
	s.blanks()
	if len(s.joined) == 0 { // raw may have moved
		s.line.text = s.raw[:len(s.line.text)]
	}
	s.line.raw = s.raw
	return s.err == nil || held > 0 && errors.Is(s.err, io.EOF)
}

// Line is the line last read; its name is empty when it is no content line. It is good until the next Scan.
func (s *Scanner) Line() *Line { return &s.line }

// Raw are the octets of the line last read, with folds, line end and the blank lines after it. They are good until the next Scan.
func (s *Scanner) Raw() []byte { return s.raw }

// Offset is where in the stream Raw begins.
func (s *Scanner) Offset() int64 { return s.from }

// Err is what ended the stream: nil for its end. A line that is too long is an *Error.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// physical adds one line of the input to raw and gives its text, without the line end.
func (s *Scanner) physical() ([]byte, bool) {
	start := len(s.raw)
	for {
		piece, err := s.in.ReadSlice('\n')
		s.raw = append(s.raw, piece...)
		s.next += int64(len(piece))
		if len(s.raw) > s.most {
			s.err = &Error{Line: int(s.line.number), Reason: fmt.Sprintf("the line is longer than %d octets", s.most)}
			return nil, false
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			s.err = err
			if len(s.raw) == start || !errors.Is(err, io.EOF) {
				return nil, false
			}
		}
		s.number++
		return bytes.TrimRight(bytes.TrimSuffix(s.raw[start:], []byte{'\n'}), "\r"), true
	}
}

// folded reports whether the line goes on in the next one (RFC 5545 section 3.1).
func (s *Scanner) folded() bool {
	next, _ := s.in.Peek(1)
	return len(next) > 0 && (next[0] == ' ' || next[0] == '\t')
}

// unbreak joins the lines after quoted-printable soft line breaks ("=" at the end of a line, RFC 2045 section 6.7).
func (s *Scanner) unbreak() bool {
	if !bytes.HasSuffix(s.line.text, []byte("=")) {
		return true
	}
	if len(s.joined) == 0 {
		s.joined = append(s.joined, s.line.text...)
	}
	for len(s.joined) > 0 && s.joined[len(s.joined)-1] == '=' {
		if next, _ := s.in.Peek(1); len(next) == 0 {
			break
		}
		text, ok := s.physical()
		if !ok {
			return false
		}
		s.joined = append(s.joined[:len(s.joined)-1], text...)
	}
	s.line.text = s.joined
	return true
}

// blanks adds blank lines to raw.
func (s *Scanner) blanks() {
	for {
		next, _ := s.in.Peek(1)
		if len(next) == 0 || next[0] != '\r' && next[0] != '\n' && next[0] != ' ' && next[0] != '\t' {
			return
		}
		ahead, _ := s.in.Peek(s.in.Size())
		end := bytes.IndexByte(ahead, '\n')
		if end < 0 {
			if end = len(ahead) - 1; len(ahead) == s.in.Size() {
				return
			}
		}
		text := bytes.TrimRight(bytes.TrimSuffix(ahead[:end+1], []byte{'\n'}), "\r")
		if len(bytes.TrimLeft(text, " \t")) > 0 {
			return
		}
		s.raw = append(s.raw, ahead[:end+1]...)
		s.number++
		s.skip(end + 1)
	}
}

func (s *Scanner) skip(n int) {
	n, s.err = s.in.Discard(n)
	s.next += int64(n)
}
