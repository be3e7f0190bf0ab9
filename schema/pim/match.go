package pim

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// MatchKeys are hashes by which items that are the same thing under different UIDs are found: two items match when they share one. floating is the zone that
// floating times are read in, nil: UTC. They are sorted; an item that says too little to be told from others has none.
//
//	event              title, start, end and rules (exceptions and overrides do not count): instants, or dates when all-day
//	task               title and due
//	note               title and the day of its start
//	contact            name, with each mail address and each telephone number
//	distribution list  name
//
// Titles and names are compared without regard to case, width and white space; names also to the order of their words and punctuation, so that "Doe, John" is
// "John Doe". A title may be missing where there is a time, and a time where there is a title; an event needs a start (RFC 5545 section 3.6.1).
//
// The result is not to be changed.
func (it *Item) MatchKeys(floating *time.Location) []uint64 {
	m := it.match.Load()
	if m == nil || m.floating != floating {
		m = &matching{floating, slices.Clip(it.matchKeys(floating))}
		it.match.Store(m)
	}
	return m.keys
}

// matching are the match keys of an item as one zone has them.
type matching struct {
	floating *time.Location
	keys     []uint64
}

func (it *Item) matchKeys(floating *time.Location) []uint64 {
	f := it.Fields()
	if it.kind == Contacts {
		return f.contactKeys()
	}
	title := foldText(f.text("summary"))
	when := []string{}
	switch it.kind {
	case Calendar:
		if when = append(when, f.moment("start", floating), f.moment("end", floating)); when[0] == "" {
			return nil
		}
		when = append(when, f.rules()...)
	case Tasks:
		when = append(when, f.moment("due", floating))
	case Notes:
		when = append(when, f.day())
	}
	if title == "" && strings.Join(when, "") == "" {
		return nil
	}
	return []uint64{matchKey(append([]string{string(it.kind), title}, when...)...)}
}

func matchKey(parts ...string) uint64 { return xxhash.Sum64String(strings.Join(parts, "\x1f")) }

// moment is a time as an instant, or a date; "" when there is none.
func (f Fields) moment(field string, floating *time.Location) string {
	t, ok := f.time(field)
	switch {
	case !ok:
		return ""
	case t.Date:
		return t.String()
	}
	return t.Instant(floating).UTC().Format(time.RFC3339)
}

// rules are the RRULEs of a series.
func (f Fields) rules() []string {
	var rules []string
	for line := range strings.SplitSeq(f.text("recurrence"), "\n") {
		if strings.HasPrefix(line, "RRULE:") {
			rules = append(rules, line)
		}
	}
	return rules
}

// day is the day of the start; "" when there is none.
func (f Fields) day() string {
	start, ok := f.time("start")
	if !ok {
		return ""
	}
	return start.Wall.Format("2006-01-02")
}

// contactKeys are the keys of a contact or a distribution list.
func (f Fields) contactKeys() []uint64 {
	name := f.matchName()
	if name == "" {
		return nil
	}
	if f.isGroup() {
		return []uint64{matchKey("group", name)}
	}
	var keys []uint64
	for _, way := range f.reached() {
		keys = append(keys, matchKey("contact", name, way))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// isGroup reports whether a contact is a distribution list.
func (f Fields) isGroup() bool { return f.text("kind") == "group" || !f["members"].IsZero() }

// reached are the mail addresses and telephone numbers by which a contact is reached, as they are compared.
func (f Fields) reached() []string {
	var ways []string
	for _, e := range f["emails"].elements {
		if address := ical.Address(ical.Main(e.canon)); address != "" {
			ways = append(ways, "mail "+foldText(address))
		}
	}
	for _, e := range f["phones"].elements {
		if number := matchNumber(ical.Main(e.canon)); number != "" {
			ways = append(ways, "phone "+number)
		}
	}
	return ways
}

// matchName is the words of a contact's name, sorted: of the name as it is shown, else of its parts.
func (f Fields) matchName() string {
	name := f.text("name")
	if name == "" {
		name = f.text("given") + " " + f.text("middle") + " " + f.text("family")
	}
	words := strings.FieldsFunc(foldText(name), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r)
	})
	slices.Sort(words)
	return strings.Join(words, " ")
}

// matchedDigits is how many digits of a number are compared, from its end. What comes before is written in too many ways (+44 20, 0044 20, 020, +44 (0)20),
// and hardly any country's numbers are shorter; that two numbers of the same name end alike by chance is no danger.
const matchedDigits = 7

// leastDigits is how many digits make a telephone number.
const leastDigits = 3

// matchNumber is what counts of a telephone number: its last digits, without an extension, which is written in too many ways and mostly left out.
func matchNumber(text string) string { return lastDigits(text, matchedDigits) }

// lastDigits are up to n digits from the end of a telephone number, without its extension; "" of what is none.
func lastDigits(text string, n int) string {
	var digits []byte
	for _, r := range norm.NFKC.String(text) {
		if r >= '0' && r <= '9' {
			digits = append(digits, byte(r))
		} else if len(digits) >= leastDigits && (unicode.IsLetter(r) || strings.ContainsRune(";,#", r)) {
			break
		}
	}
	if len(digits) < leastDigits {
		return ""
	}
	return string(digits[max(0, len(digits)-n):])
}

// foldText is a text without regard to case, compatibility forms (NFKC, Unicode Standard Annex 15) and white space.
func foldText(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			fold := cases.Fold()
			s = norm.NFKC.String(fold.String(norm.NFKC.String(s)))
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// Likeness says in which of the things that match keys are made of two items agree, and in which they differ, in words; what neither of them has is in neither.
func (it *Item) Likeness(other *Item, floating, otherFloating *time.Location) (same, differ []string) {
	f, g := it.Fields(), other.Fields()
	compare := func(what, a, b string) {
		switch {
		case a == "" && b == "":
		case a == b:
			same = append(same, what)
		default:
			differ = append(differ, what)
		}
	}
	if it.kind == Contacts {
		compare("name", f.matchName(), g.matchName())
		mine, theirs := f.reached(), g.reached()
		switch {
		case f.isGroup() || g.isGroup():
			compare("kind", strconv.FormatBool(f.isGroup()), strconv.FormatBool(g.isGroup()))
		case slices.ContainsFunc(mine, func(way string) bool { return slices.Contains(theirs, way) }):
			same = append(same, "a mail address or number")
		default:
			differ = append(differ, "mail addresses and numbers")
		}
		return same, differ
	}
	compare("title", foldText(f.text("summary")), foldText(g.text("summary")))
	switch it.kind {
	case Calendar:
		compare("start", f.moment("start", floating), g.moment("start", otherFloating))
		compare("end", f.moment("end", floating), g.moment("end", otherFloating))
		compare("rule", strings.Join(f.rules(), "\n"), strings.Join(g.rules(), "\n"))
	case Tasks:
		compare("due", f.moment("due", floating), g.moment("due", otherFloating))
	case Notes:
		compare("day", f.day(), g.day())
	}
	return same, differ
}
