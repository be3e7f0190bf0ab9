package pim

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// Name describes one name of an item as expressions see it.
type Name struct {
	Name, Type, Doc string
	Fields          []string // the canonical fields that it is read from
	Settable        bool     // a template may set it
}

func name(name, typ, doc string, fields ...string) Name {
	if fields == nil {
		fields = []string{name}
	}
	return Name{name, typ, doc, fields, true}
}

func readOnly(name, typ, doc string, fields ...string) Name {
	return Name{name, typ, doc, fields, false}
}

// Names lists what expressions over an item of a kind may name, in the order in which documentation shows it.
func Names(kind Kind) []Name {
	common := []Name{
		readOnly("uid", "string", "what identifies the item"),
		name("summary", "string", "the title"),
		name("description", "string", "the text, without the fenced list of attendees"),
		name("description_html", "string", "the text as HTML, where a client wrote one"),
		name("categories", "list(string)", "the categories"),
		name("class", "string", "public, private or confidential"),
		readOnly("private", "bool", "whether the class is other than public", "class"),
		name("url", "string", "the address of a page about the item"),
		name("attachments", "list(object({name, url, type, size}))", "the attachments; url is empty for one inside the item"),
		readOnly("created", "time", "when the item was made"),
		readOnly("modified", "time", "when the item was last changed"),
		readOnly("extra", "map(string)", "X- properties by name; what a folder over rows has under extra also by that name: group_type for X-GROUP-TYPE"),
	}
	switch kind {
	case Contacts:
		for i := range common {
			switch n := &common[i]; n.Name {
			case "summary":
				n.Doc, n.Fields = "the name as it is shown", []string{"name"}
			case "description":
				n.Doc, n.Fields = "the note", []string{"note"}
			case "url":
				n.Doc, n.Fields, n.Settable = "the first of urls", []string{"urls"}, false
			case "description_html", "attachments":
				n.Doc, n.Fields, n.Settable = "always empty", nil, false
			}
		}
		return append(common, contactNames()...)
	case Tasks:
		return append(common, taskNames()...)
	case Notes:
		return append(common,
			name("start", "time", "the day or time that the entry is about"),
			name("status", "string", "draft, final or cancelled"))
	}
	return append(common, eventNames()...)
}

func eventNames() []Name {
	return []Name{
		name("start", "time", "when it begins"),
		name("end", "time", "when it ends; of an all-day event the day after the last"),
		readOnly("zone", "string", "the IANA name of the zone of start; empty for all-day and floating times", "start"),
		readOnly("all_day", "bool", "whether start is a date", "start"),
		readOnly("minutes", "number", "how long it lasts", "start", "end"),
		readOnly("recurring", "bool", "whether it recurs", "recurrence"),
		name("recurrence", "string", "the rule set, as RRULE text"),
		name("location", "string", "where it takes place"),
		name("status", "string", "tentative, confirmed or cancelled"),
		name("transparency", "string", "opaque or transparent"),
		name("busy", "string", "free, tentative, busy, oof or elsewhere", "busy", "transparency", "status"),
		name("priority", "number", "1 (highest) to 9"),
		name("organizer", "object({name, email})", "who organizes the meeting"),
		name("attendees", "list(object({name, email, role, status}))", "who is invited; role is chair, required, optional or none"),
		name("alarms", "list(object({before}))", `the reminders, before the start: "15m", "1d"`),
		name("color", "string", "a CSS color name"),
	}
}

func taskNames() []Name {
	return []Name{
		name("start", "time", "when work on it begins"),
		name("due", "time", "when it is due"),
		name("completed", "time", "when it was completed"),
		name("status", "string", "needs-action, in-process, completed or cancelled"),
		name("percent", "number", "how much of it is done, 0 to 100"),
		name("priority", "number", "1 (highest) to 9"),
		name("parent", "string", "the UID of the task that it is a part of"),
		readOnly("recurring", "bool", "whether it recurs", "recurrence"),
		name("recurrence", "string", "the rule set, as RRULE text"),
		name("location", "string", "where it takes place"),
		name("alarms", "list(object({before}))", `the reminders: "15m", "1d"`),
	}
}

func contactNames() []Name {
	const typed = "list(object({type, value}))"
	return []Name{
		name("name", "string", "the name as it is shown"),
		name("given", "string", "the given name"),
		name("family", "string", "the family name"),
		name("middle", "string", "further names"),
		name("prefix", "string", "what stands before the name: Dr."),
		name("suffix", "string", "what stands after the name: Jr."),
		name("nickname", "string", "the nickname"),
		name("org", "string", "the organization"),
		name("department", "string", "the unit of the organization"),
		name("title", "string", "the position"),
		name("emails", typed, "the mail addresses"),
		name("phones", typed, "the telephone numbers"),
		name("urls", typed, "the web addresses"),
		name("addresses", "list(object({type, street, city, region, postcode, country}))", "the postal addresses"),
		name("birthday", "time", "the birthday, a date; --04-15 without a year"),
		name("anniversary", "time", "the anniversary, a date"),
		name("note", "string", "the note"),
		name("photo", "bool", "whether there is a photo"),
		name("members", "list(string)", "the UIDs of the members of a distribution list"),
	}
}

// FieldName maps a name that a template writes under set, owned or trigger to its canonical field; false: there is no such
// name. Any X- property is a field as "extra.X-NAME".
func FieldName(kind Kind, name string) (string, bool) {
	if rest, ok := strings.CutPrefix(name, parts.ExtraPrefix); ok {
		rest = strings.ToUpper(rest)
		return parts.ExtraPrefix + rest, strings.HasPrefix(rest, "X-")
	}
	switch name {
	case "attendees_described":
		return name, kind != Contacts
	case "kind", "role":
		return name, kind == Contacts
	case "geo", "contact", "comment", "resources", "related_to":
		return name, kind != Contacts || name == "geo"
	}
	names := Names(kind)
	i := slices.IndexFunc(names, func(n Name) bool { return n.Name == name })
	if i < 0 || len(names[i].Fields) == 0 {
		return "", false
	}
	return names[i].Fields[0], true
}
