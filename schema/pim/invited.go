package pim

import (
	"slices"
	"strings"
)

// Invited are the addresses of those whom a server that does scheduling would tell of a change of the item (RFC 6638 section 3.2): the attendees of all its
// instances but its organizer, and but those whom a client tells (section 7.1). They are in lower case, sorted, and without "mailto:".
func (it *Item) Invited() []string {
	if it.kind == Contacts {
		return nil
	}
	var all, organizers []string
	lines := it.document().Lines
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		if length, begins := l.Begins(); begins && strings.EqualFold(l.Component(), "VALARM") {
			i += length // whom an alarm sends mail to
			continue
		}
		address := strings.TrimPrefix(strings.ToLower(string(l.Value())), "mailto:")
		switch {
		case l.Is("ORGANIZER"):
			organizers = append(organizers, address)
		case l.Is("ATTENDEE") && (l.Param("SCHEDULE-AGENT") == "" || strings.EqualFold(l.Param("SCHEDULE-AGENT"), "SERVER")):
			all = append(all, address)
		}
	}
	all = slices.DeleteFunc(all, func(a string) bool { return slices.Contains(organizers, a) })
	slices.Sort(all)
	return slices.Compact(all)
}
