package ical

import (
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// index says where in a file the items of one kind are. It holds no content but refs: about 100 bytes per item, whatever the items' size.
type index struct {
	entries   []entry // in the order in which they begin in the file
	spans     []span
	byRef     map[string]int32
	calendars []calendar
	custom    map[int32][]string // TZIDs of an entry that only a VTIMEZONE explains

	size   int64
	digest uint64 // of every octet
	lf     bool   // its lines end in LF alone
	cut    bool   // it ends early
	damage string // why items may be missing; "": they are all there
}

// entry is an item.
type entry struct {
	ref      string
	version  uint64 // hash of its components, and of the time zones that only its VTIMEZONEs explain
	first    int32  // of its spans
	calendar int32
}

// span is one component: from its BEGIN to behind its END and the blank lines that follow.
type span struct {
	from   int64
	length int64
	line   int32 // of the file, 1-based, on which it begins
	next   int32 // the item's next component; -1: none
}

func (s span) to() int64 { return s.from + s.length }

// calendar is one VCALENDAR; a file may hold several (RFC 5545 section 3.4).
type calendar struct {
	head  []byte // VERSION, PRODID and CALSCALE as they stand
	body  int64  // where its first component begins, or its END
	end   int64  // where its END begins; -1: there is none
	zones map[string]zone
}

// zone is a VTIMEZONE.
type zone struct {
	span
	tzid string
	hash uint64
}

// components are the spans of an entry.
func (x *index) components(e entry) (list []span) {
	for at := e.first; at >= 0; at = x.spans[at].next {
		list = append(list, x.spans[at])
	}
	return list
}

func (x *index) find(ref string) (entry, bool) {
	at, ok := x.byRef[ref]
	if !ok {
		return entry{}, false
	}
	return x.entries[at], true
}

// finish gives every item its final version and ref.
func (x *index) finish() {
	for at, tzids := range x.custom {
		e := &x.entries[at]
		for _, tzid := range tzids {
			e.version = mix(e.version, x.calendars[e.calendar].zones[tzid].hash)
		}
	}
	x.byRef = make(map[string]int32, len(x.entries))
	for i := range x.entries {
		e := &x.entries[i]
		_, taken := x.byRef[e.ref]
		if taken || e.ref == "" {
			e.ref += "#" + hashText(e.version)
			base := e.ref
			for n := 2; ; n++ {
				if _, taken = x.byRef[e.ref]; !taken {
					break
				}
				e.ref = base + "." + strconv.Itoa(n)
			}
		}
		x.byRef[e.ref] = int32(i)
	}
}

// content is a digest of refs and versions: two files that hold the same items have the same, whatever stands around them and in whatever order.
func (x *index) content() uint64 {
	var sum uint64
	for _, e := range x.entries {
		sum += mix(xxhash.Sum64String(e.ref), e.version)
	}
	return sum
}

// sameZone compares two VTIMEZONEs but for line ends and folds.
func sameZone(a, b []byte) bool {
	plain := strings.NewReplacer("\r", "", "\n ", "", "\n\t", "")
	return strings.TrimSpace(plain.Replace(string(a))) == strings.TrimSpace(plain.Replace(string(b)))
}
