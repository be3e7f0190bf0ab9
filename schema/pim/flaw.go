package pim

import "fmt"

// Flaw is what makes an item of a kind one that stores refuse: an event that does not begin, one that is over before it begins, a contact without a
// name (RFC 5545 section 3.6.1, RFC 6350 section 6.2.1). "" when there is none. Overrides are not looked at.
func (f Fields) Flaw(kind Kind) string {
	end := "end"
	switch kind {
	case Contacts:
		if f["name"].IsZero() {
			return "it has no name"
		}
		return ""
	case Notes:
		return ""
	case Tasks:
		end = "due"
	case Calendar:
		if f["start"].IsZero() {
			return "it has no start"
		}
	}
	from, begins := f.time("start")
	to, ends := f.time(end)
	switch {
	case !begins || !ends:
		return ""
	case from.Date != to.Date:
		return fmt.Sprintf("of start (%s) and %s (%s), one is a date and the other a time", from.RFC3339(nil), end, to.RFC3339(nil))
	case to.Instant(nil).Before(from.Instant(nil)):
		return fmt.Sprintf("%s (%s) is before start (%s)", end, to.RFC3339(nil), from.RFC3339(nil))
	}
	return ""
}
