package ical

import (
	"bytes"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/contentline"
	icaltext "github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

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
	case b.name == s.kind.Component():
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
		s.spans[of.last].next = piece
	}
	of.last = piece
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
