// Package tz tells which time zone an iCalendar TZID means, and which instant a local time is in it.
package tz

import (
	"sort"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zones, on systems that have none
)

// Zone is a time zone: one of the IANA database, or the rules of a VTIMEZONE.
type Zone struct {
	id   string
	name string
	load func() *time.Location
}

// ID is the same for zones that mean the same: an IANA name, followed through links, or rules in a form that ByID reads.
func (z *Zone) ID() string { return z.id }

// Name is the IANA name by which the zone was found, or "" for a zone that is known only by its rules.
func (z *Zone) Name() string { return z.name }

// Location is the zone as package time knows it.
func (z *Zone) Location() *time.Location { return z.load() }

// UTC is the zone of times that end in Z.
func UTC() *Zone {
	z, _ := iana("UTC")
	return z
}

// prefixes come before an IANA name in TZIDs that libical, Mozilla and others write; a version or date may follow them.
var prefixes = []string{
	"/freeassociation.sourceforge.net/", "/citadel.org/", "/mozilla.org/", "/softwarestudio.org/", "/kde.org/", "/example.com/", "/",
}

// Find knows a TZID by name: an IANA name, a Windows name (by CLDR), or an IANA name behind a well-known prefix. Such a name decides, whatever the
// rules of a VTIMEZONE beside it say: they are often those of other years, and other programs go by the name.
func Find(tzid string) (*Zone, bool) {
	tzid = strings.TrimSpace(tzid)
	if z, ok := byName(tzid); ok {
		return z, true
	}
	for _, prefix := range prefixes {
		rest, ok := strings.CutPrefix(tzid, prefix)
		for ok {
			if z, found := byName(rest); found {
				return z, true
			}
			_, rest, ok = strings.Cut(rest, "/")
		}
	}
	return nil, false
}

func byName(name string) (*Zone, bool) {
	if z, ok := iana(name); ok {
		return z, true
	}
	i := sort.Search(len(windows), func(i int) bool { return windows[i].name >= name })
	if i < len(windows) && windows[i].name == name {
		return iana(windows[i].iana)
	}
	for i := range zones {
		if strings.EqualFold(zones[i].name, name) {
			return &zones[i].zone, true
		}
	}
	for _, w := range windows {
		if strings.EqualFold(w.name, name) {
			return iana(w.iana)
		}
	}
	return nil, false
}

func iana(name string) (*Zone, bool) {
	i := sort.Search(len(zones), func(i int) bool { return zones[i].name >= name })
	if i < len(zones) && zones[i].name == name {
		return &zones[i].zone, true
	}
	return nil, false
}

// entry is one name of the IANA database; its rules are loaded when they are first needed.
type entry struct {
	name string
	zone Zone
}

// zones is names with what loads them, in the same order.
var zones = entries()

func entries() []entry {
	list := make([]entry, len(names))
	for i, n := range names {
		id := n.name
		if n.link != "" {
			id = n.link
		}
		list[i] = entry{n.name, Zone{id: id, name: n.name, load: sync.OnceValue(func() *time.Location {
			location, err := time.LoadLocation(n.name)
			if err != nil { // cannot be: the table is made from the embedded database, and a test loads every name
				return time.UTC
			}
			return location
		})}}
	}
	return list
}

// ByID finds the zone that has this ID.
func ByID(id string) (*Zone, bool) {
	if z, ok := iana(id); ok {
		return z, true
	}
	rules, ok := parseRules(id)
	if !ok {
		return nil, false
	}
	return rules.zone(), true
}

// Instant is the instant that a local time is, by the rules of RFC 5545 section 3.3.5: a time that does not exist, in the
// gap when clocks go forward, is read with the offset before the gap; of a time that happens twice the first is meant. The
// local time is given by the date and clock of wall, whatever its own location. (Package time leaves both cases open.)
func Instant(wall time.Time, location *time.Location) time.Time {
	if location == time.UTC {
		return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	}
	const day = 24 * 60 * 60
	seconds := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC).Unix()
	offset := func(at int64) int64 {
		_, o := time.Unix(at, 0).In(location).Zone()
		return int64(o)
	}
	before, after := offset(seconds-day), offset(seconds+day)
	if before != after && offset(seconds-before) != before && offset(seconds-after) == after {
		return time.Unix(seconds-after, 0).In(location)
	}
	return time.Unix(seconds-before, 0).In(location)
}
