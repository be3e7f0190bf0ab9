package davtest

import (
	"strings"
)

// schedule sends the messages that a change of an event causes (RFC 6638 section 3.2): its organizer's invitations and cancellations, and an attendee's reply when it goes.
// text is what the event is to be; "": it goes.
func (x *exchange) schedule(c *collection, old item, text string) {
	if !x.b.Scheduling || c.cards {
		return
	}
	method, about := "REQUEST", text
	if text == "" {
		method, about = "CANCEL", c.content(old)
	}
	from := strings.TrimPrefix(strings.ToLower(lineValue(about, "ORGANIZER")), "mailto:")
	if from == "" {
		return
	}
	uid := lineValue(about, "UID")
	for _, line := range unfolded(about) {
		if !strings.EqualFold(property(line), "ATTENDEE") {
			continue
		}
		to := strings.ToLower(line[strings.LastIndex(strings.ToLower(line), "mailto:")+len("mailto:"):])
		switch quiet := strings.Contains(strings.ToUpper(line), "SCHEDULE-AGENT=CLIENT") || strings.Contains(strings.ToUpper(line), "SCHEDULE-AGENT=NONE"); {
		case quiet || to == from:
		case from == address(c.owner):
			x.messages = append(x.messages, Message{method, from, to, uid})
		case to == address(c.owner) && method == "CANCEL" && x.r.Header.Get("Schedule-Reply") != "F" && !organizerQuiet(about):
			x.messages = append(x.messages, Message{"REPLY", to, from, uid})
		}
	}
}

// organizerQuiet reports whether an attendee's event says that the server sends no replies.
func organizerQuiet(text string) bool {
	for _, line := range unfolded(text) {
		if upper := strings.ToUpper(line); strings.HasPrefix(upper, "ORGANIZER;") {
			return strings.Contains(upper, "SCHEDULE-AGENT=CLIENT") || strings.Contains(upper, "SCHEDULE-AGENT=NONE")
		}
	}
	return false
}
