package recur

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/rule"
)

// read is New for a set that has its start only where a rule names it.
func read(start ical.Time, text string) (*Set, error) {
	s := &Set{start: start, alone: true}
	for line := range strings.SplitSeq(text, "\n") {
		name, value, _ := strings.Cut(line, ":")
		var err error
		switch name {
		case "":
		case "RRULE":
			err = s.rule(&s.rules, value)
		case "EXRULE":
			err = s.rule(&s.except, value)
		case "RDATE", "EXDATE":
			err = s.list(name, value)
		default:
			err = errors.New("not a part of a recurrence set")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
	}
	slices.Sort(s.exdates)
	slices.Sort(s.exdays)
	return s, nil
}

func (s *Set) rule(rules *[]*rule.Rule, value string) error {
	r, err := rule.Parse(value, s.start.Wall, s.start.Date)
	if err == nil {
		*rules = append(*rules, r)
	}
	return err
}

func (s *Set) list(name, value string) error {
	for item := range items(value) {
		text, rest, period := cutPeriod(item)
		at, err := ical.ReadTime(text)
		if err != nil {
			return err
		}
		at = s.like(at)
		if name == "EXDATE" {
			if at.Date {
				s.exdays = append(s.exdays, at.Wall.Unix())
			} else {
				s.exdates = append(s.exdates, at.Wall.Unix())
			}
			continue
		}
		if at.Date && !s.start.Date {
			at = ical.Time{Wall: at.Wall.Add(s.start.Wall.Sub(midnight(s.start.Wall))), Zone: s.start.Zone}
		}
		p := Period{Start: at}
		if period {
			if p.End, err = s.endOf(at, rest); err != nil {
				return err
			}
		}
		s.dates = append(s.dates, p)
	}
	return nil
}

// items are the parts of a list of canonical times: a zone in brackets may hold commas and slashes of its own.
func items(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, inside := 0, false
		for i := range len(value) {
			switch value[i] {
			case '[':
				inside = true
			case ']':
				inside = false
			case ',':
				if inside {
					continue
				}
				if !yield(value[begin:i]) {
					return
				}
				begin = i + 1
			}
		}
		yield(value[begin:])
	}
}

// cutPeriod parts a period into its start and the rest.
func cutPeriod(item string) (start, rest string, period bool) {
	zone := strings.LastIndexByte(item, ']') + 1
	start, rest, period = strings.Cut(item[zone:], "/")
	return item[:zone] + start, rest, period
}

// like is a time as local time of the start's zone, and a date where the start is one.
func (s *Set) like(t ical.Time) ical.Time {
	switch zone := s.start.Zone; {
	case s.start.Date:
		t.Wall, t.Date, t.Zone = midnight(t.Wall), true, nil
	case t.Date || zone == nil:
		t.Zone = zone
	case t.Zone == nil:
		t.Zone = zone
	case t.Zone.ID() != zone.ID():
		t = ical.Time{Wall: wallTime(localWall(t.Instant(nil), zone.Location())), Zone: zone}
	}
	return t
}

// endOf reads the second half of a period (RFC 5545 section 3.3.9).
func (s *Set) endOf(start ical.Time, text string) (ical.Time, error) {
	if strings.HasPrefix(text, "P") {
		length, err := ical.ParseDuration(text)
		return start.Add(length), err
	}
	end, err := ical.ParseTime(text, "", false, nil)
	if err != nil {
		return end, err
	}
	return s.like(end), nil
}

// arrange puts the instances that are named one by one in order, each there once: of those at one time, the last that says when it ends.
func (s *Set) arrange() {
	byStart := func(a, b Period) int { return a.Start.Wall.Compare(b.Start.Wall) }
	slices.SortStableFunc(s.dates, byStart)
	kept := s.dates[:0]
	for _, p := range s.dates {
		switch last := len(kept) - 1; {
		case last < 0 || byStart(kept[last], p) != 0:
			kept = append(kept, p)
		case kept[last].End.Wall.IsZero():
			kept[last] = p
		}
	}
	s.dates = kept
}
