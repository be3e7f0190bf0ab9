package ical

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/contentline"
	icaltext "github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// breath is how many lines are read between two looks at the context.
const breath = 4096

// deepest is how far components stand inside of each other.
const deepest = 32

// components names what an item of a kind is.
var components = map[pim.Kind]string{
	pim.Calendar: "VEVENT", pim.Tasks: "VTODO", pim.Notes: "VJOURNAL", pim.Contacts: "VCARD",
}

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
	master bool // it has the component that is no override
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
	whole := &tally{Digest: newDigest()}
	s := &scanning{
		index: &index{custom: map[int32][]string{}}, kind: kind, feed: feed,
		lines: contentline.NewScanner(io.TeeReader(r, whole), contentline.Limits{}), known: map[string]bool{},
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
	s.size, s.digest = whole.size, whole.Sum64()
	s.finish()
	return s.index, nil
}

// tally counts and digests what is read.
type tally struct {
	*xxhash.Digest
	size int64
}

func newDigest() *xxhash.Digest { return xxhash.New() }

func (t *tally) Write(p []byte) (int, error) {
	t.size += int64(len(p))
	return t.Digest.Write(p)
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

// line takes in one content line.
func (s *scanning) line() {
	l := s.lines.Line()
	begin, end := l.Is("BEGIN"), l.Is("END")
	if !begin && !end {
		s.property(l)
		return
	}
	name := strings.ToUpper(l.Component())
	if b := s.block; b != nil {
		missing := begin && (slices.Contains(neighbours, name) || name == "VCARD" && s.kind == pim.Contacts && !b.agent)
		if !missing && !(end && name == "VCALENDAR" && s.inside) {
			s.nest(b, begin, name)
			return
		}
		s.hurt("line %d: %s:%s inside of %s, which began on line %d and has no END", l.Number(), l.Name(), name, b.name, b.line)
		s.close(s.lines.Offset())
	}
	if begin {
		s.open(l, name)
	} else {
		s.leave(l, name)
	}
}

// nest follows what begins and ends inside of the block, up to the END of the block itself.
func (s *scanning) nest(b *block, begin bool, name string) {
	b.agent = false
	b.hash.Write(s.lines.Raw())
	switch top := len(b.inner) - 1; {
	case begin && len(b.inner) == deepest:
		s.hurt("line %d: components are nested deeper than %d", s.lines.Line().Number(), deepest)
	case begin:
		b.inner = append(b.inner, name)
	case top >= 0 && b.inner[top] == name:
		b.inner = b.inner[:top]
	case name == b.name:
		if top >= 0 {
			s.hurt("line %d: END:%s, and %s inside of it has no END", s.lines.Line().Number(), name, b.inner[top])
		}
		s.close(s.lines.Offset() + int64(len(s.lines.Raw())))
	default:
		s.hurt("line %d: END:%s without its BEGIN", s.lines.Line().Number(), name)
	}
}

// open begins a VCALENDAR or a block.
func (s *scanning) open(l *contentline.Line, name string) {
	at := s.lines.Offset()
	switch {
	case name == "VCALENDAR" && s.kind != pim.Contacts:
		if s.inside {
			s.hurt("line %d: a VCALENDAR inside of another one, whose END is missing", l.Number())
		}
		s.inside = true
		s.calendars = append(s.calendars, calendar{body: -1, end: -1, zones: map[string]zone{}})
		clear(s.current)
		return
	case s.inside:
		if c := &s.calendars[len(s.calendars)-1]; c.body < 0 {
			c.body = at
		}
	case name != "VCARD" || s.kind != pim.Contacts:
		s.hurt("line %d: a %s outside of any VCALENDAR", l.Number(), name)
	}
	b := &s.spare
	*b = block{name: name, from: at, line: int32(l.Number()), inner: b.inner[:0]}
	b.hash.Reset()
	b.hash.Write(s.lines.Raw())
	s.block = b
}

// leave ends a VCALENDAR.
func (s *scanning) leave(l *contentline.Line, name string) {
	if name != "VCALENDAR" || !s.inside {
		s.hurt("line %d: END:%s without its BEGIN", l.Number(), name)
		return
	}
	c := &s.calendars[len(s.calendars)-1]
	c.end = s.lines.Offset()
	if c.body < 0 {
		c.body = c.end
	}
	s.inside = false
}

// property takes in a line that is neither BEGIN nor END.
func (s *scanning) property(l *contentline.Line) {
	b := s.block
	switch {
	case b != nil:
		s.noted(b, l)
	case s.inside:
		if l.Is("VERSION") || l.Is("PRODID") || l.Is("CALSCALE") {
			c := &s.calendars[len(s.calendars)-1]
			c.head = append(c.head, s.lines.Raw()...)
		}
	default:
		s.hurt("line %d stands outside of any BEGIN and END", l.Number())
	}
}

// noted keeps of a component's line what tells items apart.
func (s *scanning) noted(b *block, l *contentline.Line) {
	b.agent = l.Is("AGENT") && len(bytes.TrimSpace(l.Value())) == 0
	if s.feed && l.Is("DTSTAMP") {
		return
	}
	b.hash.Write(s.lines.Raw())
	if l.HasParams() {
		if tzid := l.Param("TZID"); tzid != "" && !s.knows(tzid) && !slices.Contains(b.custom, tzid) {
			b.custom = append(b.custom, tzid)
		}
	}
	if len(b.inner) > 0 {
		return
	}
	switch {
	case l.Is("UID") && b.uid == "":
		b.uid = strings.TrimSpace(icaltext.Unescape(string(l.Value())))
	case l.Is("RECURRENCE-ID"):
		b.override = true
	case l.Is("TZID") && b.tzid == "":
		b.tzid = strings.TrimSpace(string(l.Value()))
	}
}

func (s *scanning) knows(tzid string) bool {
	known, asked := s.known[tzid]
	if !asked {
		_, known = tz.Find(tzid)
		s.known[tzid] = known
	}
	return known
}

// close ends the block, at an offset, and adds it to the index.
func (s *scanning) close(at int64) {
	b := s.block
	s.block = nil
	where := span{from: b.from, length: at - b.from, line: b.line, next: -1}
	switch {
	case s.kind != pim.Contacts && !s.inside:
	case b.name == "VTIMEZONE" && s.inside:
		s.calendars[len(s.calendars)-1].zones[b.tzid] = zone{where, b.tzid, b.hash.Sum64()}
	case b.name == components[s.kind]:
		s.add(b, where)
	}
}

// add puts a component to the item that it is of: the last one begun with its UID, unless both are masters.
func (s *scanning) add(b *block, where span) {
	if s.kind == pim.Contacts {
		b.uid, b.override = vcard.PlainUID(b.uid), false
	}
	piece := int32(len(s.spans))
	s.spans = append(s.spans, where)
	of, known := s.current[b.uid]
	if !known || b.uid == "" || !b.override && of.master {
		of = begun{at: int32(len(s.entries))}
		s.entries = append(s.entries, entry{ref: refOf(b.uid), version: b.hash.Sum64(), first: piece, calendar: int32(len(s.calendars) - 1)})
	} else {
		e := &s.entries[of.at]
		e.version = mix(e.version, b.hash.Sum64())
		last := e.first
		for s.spans[last].next >= 0 {
			last = s.spans[last].next
		}
		s.spans[last].next = piece
	}
	of.master = of.master || !b.override
	if s.kind != pim.Contacts {
		s.current[b.uid] = of
	}
	for _, tzid := range b.custom {
		if !slices.Contains(s.custom[of.at], tzid) {
			s.custom[of.at] = append(s.custom[of.at], tzid)
		}
	}
}

// end closes what the file leaves open at its end.
func (s *scanning) end(at int64) {
	switch b := s.block; {
	case b != nil:
		s.hurt("it ends inside of %s, which began on line %d: END:%s is missing", b.name, b.line, b.name)
		s.cut = true
		s.close(at)
	case s.inside:
		s.hurt("it ends early: END:VCALENDAR is missing")
		s.cut = true
	}
}
