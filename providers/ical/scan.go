package ical

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/contentline"
)

// breath is how many lines are read between two looks at the context.
const breath = 4096

// deepest is how far components stand inside of each other.
const deepest = 32

// neighbours are the components that stand side by side and never inside of each other: where one begins before another's END, that END is missing.
var neighbours = []string{"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VCALENDAR"}

// unfit is why a file is not read at all: it is none of the kind, or nothing of one.
type unfit string

func (u unfit) Error() string { return string(u) }

const (
	errEmpty      unfit = "it is empty, which no calendar is: put it back, or remove it and write create = true in the folder's block"
	errOther      unfit = "it holds no calendar: the first line is not BEGIN:VCALENDAR"
	errNoVCF      unfit = "it holds no contacts: the first line is not BEGIN:VCARD"
	errNotRegular unfit = "it is not a regular file: a directory of files with one item each is read by the driver vdir"
	errNowhere    unfit = "it is a symbolic link that leads nowhere: correct it, or take it away"
	errNothing    unfit = "the answer is empty, which no feed is"
	errPage       unfit = "the answer is a web page, not a feed: the address may want a login, or is that of a page about the feed"
)

// scanning reads a file once, from its begin to its end, and notes where the items are. What is damaged in one place does not hide the rest.
type scanning struct {
	*index
	kind    pim.Kind
	started bool // there is a first line
	feed    bool // DTSTAMP is left out of versions: many servers make a new one for every answer
	lines   *contentline.Scanner
	inside  bool             // of a VCALENDAR
	current map[string]begun // entries of this VCALENDAR by UID
	block   *block           // the component being read
	spare   block
	known   map[string]bool // TZIDs that need no VTIMEZONE
}

// begun is the entry that a further component with its UID belongs to.
type begun struct {
	at     int32
	last   int32 // of its spans
	master bool  // it has the component that is no override
}

// block is a component being read.
type block struct {
	name     string
	from     int64
	line     int32
	inner    []string // components open inside of it
	hash     xxhash.Digest
	uid      string
	tzid     string   // of a VTIMEZONE
	custom   []string // TZIDs that it uses and only a VTIMEZONE explains
	override bool
	agent    bool // the line before was AGENT, which a whole vCard may follow (vCard 2.1)
}

// scan reads r to its end. The error is one of reading, or says that this is no file of the kind at all.
func scan(ctx context.Context, r io.Reader, kind pim.Kind, feed bool) (*index, error) {
	whole := newTally(r)
	s := &scanning{
		index: &index{custom: map[int32][]string{}}, kind: kind, feed: feed,
		lines: contentline.NewScanner(whole, contentline.Limits{}), known: map[string]bool{},
		current: map[string]begun{},
	}
	for n := 0; s.lines.Scan(); n++ {
		if n%breath == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !s.started {
			s.started = true
			if err := s.begins(); err != nil {
				return nil, err
			}
		}
		s.line()
	}
	if err := s.lines.Err(); err != nil {
		return nil, err
	}
	if !s.started && kind != pim.Contacts {
		return nil, errEmpty
	}
	s.end(whole.size)
	s.size, s.digest = whole.size, whole.digest.Sum64()
	s.finish()
	return s.index, nil
}

// tally counts and digests what is read through it.
type tally struct {
	io.Reader
	size   int64
	digest *xxhash.Digest
}

func newTally(r io.Reader) *tally { return &tally{Reader: r, digest: xxhash.New()} }

func (t *tally) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.size += int64(n)
	t.digest.Write(p[:n])
	return n, err
}

// Len is how much is left, where that is known: a small input needs a small buffer only.
func (t *tally) Len() int {
	if r, ok := t.Reader.(interface{ Len() int }); ok {
		return r.Len()
	}
	return math.MaxInt
}

// begins looks whether this is a file of the kind at all.
func (s *scanning) begins() error {
	raw := s.lines.Raw()
	s.lf = bytes.HasSuffix(raw, []byte{'\n'}) && !bytes.Contains(raw, []byte{'\r'})
	l := s.lines.Line()
	name := strings.ToUpper(l.Component())
	switch {
	case l.Is("BEGIN") && (s.kind == pim.Contacts) == (name == "VCARD") && (name == "VCARD" || name == "VCALENDAR"):
		return nil
	case s.kind == pim.Contacts:
		return errNoVCF
	}
	return errOther
}

func (s *scanning) hurt(format string, args ...any) {
	if s.damage == "" {
		s.damage = fmt.Sprintf(format, args...)
	}
}
