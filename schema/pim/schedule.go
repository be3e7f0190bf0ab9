package pim

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/parts"
)

// WithScheduleAgent returns a copy that says who tells organizer and attendees of changes (RFC 6638 section 7.1): "CLIENT" keeps a server from doing so, ""
// leaves it to the server. No field of Fields changes. An item that nobody is invited to is returned as it is.
func (it *Item) WithScheduleAgent(agent string) *Item {
	if it.kind == Contacts {
		return it
	}
	d := it.document()
	e := parts.NewEdit(d)
	changed := false
	for i := range d.Lines {
		l := &d.Lines[i]
		if !l.Is("ORGANIZER") && !l.Is("ATTENDEE") || l.Param("SCHEDULE-AGENT") == agent {
			continue
		}
		text := l.Name()
		for p := range l.Params() {
			if !strings.EqualFold(p.Name, "SCHEDULE-AGENT") {
				text += ";" + p.Name + "=" + p.Value
			}
		}
		if agent != "" {
			text += ";SCHEDULE-AGENT=" + agent
		}
		e.Remove(i, i+1)
		e.Insert(i, []contentline.Line{contentline.New(text + ":" + string(l.Value()))})
		changed = true
	}
	if !changed {
		return it
	}
	return it.keepFields(printed(it.kind, it.uid, e))
}
