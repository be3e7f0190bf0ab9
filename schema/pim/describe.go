package pim

import (
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
)

// The lines between which the description of an event tells its attendees. A description that has both holds the field
// attendees_described between them, and the field description is what stands around.
const (
	AttendeesBegin = parts.AttendeesBegin
	AttendeesEnd   = parts.AttendeesEnd
)

// Describe makes the value of attendees_described: the organizer and the attendees of an event, a line each. It is absent when
// the item has neither.
func Describe(it *Item) Value {
	if it.kind != Calendar {
		return Value{}
	}
	var lines []string
	if organizer, ok := it.Attribute("organizer", nil).(map[string]any); ok {
		lines = append(lines, "Organizer: "+person(organizer))
	}
	attendees, _ := it.Attribute("attendees", nil).([]any)
	for _, a := range attendees {
		attendee, ok := a.(map[string]any)
		if !ok {
			continue
		}
		lines = append(lines, invited(attendee))
	}
	if lines == nil {
		return Value{}
	}
	return textValue("attendees_described", strings.Join(lines, "\n"))
}

// invited is an attendee with what is not the rule: another role than required, an answer.
func invited(attendee map[string]any) string {
	var notes []string
	if role, _ := attendee["role"].(string); role != "" && role != "required" {
		notes = append(notes, role)
	}
	if status, _ := attendee["status"].(string); status != "" && status != "needs-action" {
		notes = append(notes, status)
	}
	if notes == nil {
		return person(attendee)
	}
	return person(attendee) + " (" + strings.Join(notes, ", ") + ")"
}

func person(p map[string]any) string {
	name, _ := p["name"].(string)
	email, _ := p["email"].(string)
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || strings.EqualFold(name, email):
		return email
	case email == "":
		return name
	}
	return name + " <" + email + ">"
}

// textValue is a value without lines of its own.
func textValue(field, text string) Value {
	if text = ical.Main(text); text == "" {
		return Value{}
	}
	return Value{field: field, elements: []element{{canon: text}}}
}
