package tz

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// observance is one STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 section 3.6.5).
type observance struct {
	from, to int    // seconds east of UTC, before and after the onset
	start    string // DTSTART: local time of the first onset, "20070325T020000"
	rule     string // RRULE, parts sorted; "": only start and dates
	dates    string // RDATE, local times, sorted, with commas
}

type rules []observance

// wall is the form of a local time in iCalendar.
const wall = "20060102T150405"

// epoch takes the place of the first year of a rule that has no end: only that it recurs matters, not since when.
const epoch = 1970

// FromComponent reads the rules of a VTIMEZONE, given as its lines from BEGIN to END. A zone that says in X-LIC-LOCATION which
// IANA zone it is, is that.
func FromComponent(lines []contentline.Line) (*Zone, error) {
	var (
		all  rules
		open *observance
	)
	for i := range lines {
		l := &lines[i]
		if l.Is("X-LIC-LOCATION") {
			if z, ok := Find(string(l.Value())); ok {
				return z, nil
			}
		}
		switch {
		case l.Is("BEGIN"):
			if i > 0 {
				all = append(all, observance{from: noOffset, to: noOffset})
				open = &all[len(all)-1]
			}
			continue
		case l.Is("END"):
			open = nil
		}
		if open == nil {
			continue
		}
		if err := open.read(l); err != nil {
			return nil, err
		}
	}
	if err := all.normalise(); err != nil {
		return nil, err
	}
	return all.zone(), nil
}

const noOffset = -1 << 31

func (o *observance) read(l *contentline.Line) error {
	value := strings.ToUpper(strings.TrimSpace(string(l.Value())))
	var err error
	switch {
	case strings.ContainsAny(value, "@|"):
		err = errors.New("not a value of a time zone") // and it would not survive in an ID
	case l.Is("TZOFFSETFROM"):
		o.from, err = offset(value)
	case l.Is("TZOFFSETTO"):
		o.to, err = offset(value)
	case l.Is("DTSTART"):
		if len(value) == len("20060102") {
			value += "T000000"
		}
		_, err = time.Parse(wall, strings.TrimSuffix(value, "Z"))
		o.start = strings.TrimSuffix(value, "Z")
	case l.Is("RRULE"):
		parts := strings.Split(strings.TrimSuffix(value, ";"), ";")
		slices.Sort(parts)
		o.rule = strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "INTERVAL=1" || strings.HasPrefix(p, "WKST=") }), ";")
	case l.Is("RDATE"):
		dates := strings.Split(value, ",")
		if o.dates != "" {
			dates = append(dates, strings.Split(o.dates, ",")...)
		}
		slices.Sort(dates)
		o.dates = strings.Join(dates, ",")
	}
	if err != nil {
		return fmt.Errorf("%s %q in a VTIMEZONE: %w", strings.ToUpper(l.Name()), l.Value(), err)
	}
	return nil
}

// normalise brings equivalent rules into the same form.
func (r *rules) normalise() error {
	if len(*r) == 0 {
		return errors.New("a VTIMEZONE without STANDARD or DAYLIGHT")
	}
	for i := range *r {
		o := &(*r)[i]
		if o.to == noOffset {
			return errors.New("a VTIMEZONE without TZOFFSETTO")
		}
		if o.from == noOffset {
			o.from = o.to
		}
		if o.start == "" {
			o.start = time.Date(epoch, 1, 1, 0, 0, 0, 0, time.UTC).Format(wall)
		}
		if o.rule != "" && !strings.Contains(o.rule, "UNTIL=") && !strings.Contains(o.rule, "COUNT=") && !strings.Contains(o.rule, "INTERVAL=") {
			day := o.start[4:8]
			if strings.Contains(o.rule, "BYMONTH=") && strings.Contains(o.rule, "DAY=") {
				day = "0101" // the rule says which day it is
			}
			o.start = strconv.Itoa(epoch) + day + o.start[8:]
		}
	}
	slices.SortFunc(*r, func(a, b observance) int { return cmp.Compare(a.String(), b.String()) })
	*r = slices.Compact(*r)
	if len(*r) == 1 {
		only := (*r)[0]
		*r = rules{{from: only.to, to: only.to, start: time.Date(epoch, 1, 1, 0, 0, 0, 0, time.UTC).Format(wall)}}
	}
	return nil
}

func (o observance) String() string {
	return fmt.Sprintf("%d>%d@%s@%s@%s", o.from, o.to, o.start, o.rule, o.dates)
}

// id is the form that parseRules reads back.
func (r rules) id() string {
	parts := make([]string, len(r))
	for i, o := range r {
		parts[i] = o.String()
	}
	return strings.Join(parts, "|")
}

func parseRules(id string) (rules, bool) {
	var r rules
	for part := range strings.SplitSeq(id, "|") {
		fields := strings.Split(part, "@")
		if len(fields) != 4 {
			return nil, false
		}
		from, to, _ := strings.Cut(fields[0], ">")
		o := observance{start: fields[1], rule: fields[2], dates: fields[3]}
		var err1, err2 error
		o.from, err1 = strconv.Atoi(from)
		o.to, err2 = strconv.Atoi(to)
		if _, err := time.Parse(wall, o.start); errors.Join(err, err1, err2) != nil {
			return nil, false
		}
		r = append(r, o)
	}
	return r, len(r) > 0
}

func (r rules) zone() *Zone {
	return &Zone{id: r.id(), load: sync.OnceValue(r.location)}
}

// offset reads a UTC-OFFSET, "+0100" or "-003045" (RFC 5545 section 3.3.14).
func offset(s string) (int, error) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, errors.New("not an offset like +0100")
	}
	n, err := strconv.ParseUint(s[1:], 10, 32)
	if err != nil {
		return 0, errors.New("not an offset like +0100")
	}
	if len(s) == 5 {
		n *= 100
	}
	seconds := int(n/10000*3600 + n/100%100*60 + n%100)
	if seconds > 26*3600 {
		return 0, errors.New("more than 26 hours")
	}
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, nil
}
