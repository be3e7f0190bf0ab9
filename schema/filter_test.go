package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// downOf is a relationship between two folders of a kind.
func downOf(t *testing.T, kind pim.Kind, attributes, blocks string) *Relationship {
	t.Helper()
	w := load(t, `accord { workspace = "test" }
provider "disk" "local" {
  path     = "d"
  timezone = "Europe/Paris"
}
folder "a" {
  provider = provider.disk.local
  kind     = "`+string(kind)+`"
  path     = "a"
}
folder "b" {
  provider = provider.disk.local
  kind     = "`+string(kind)+`"
  path     = "b"
}
`+blocks+`
relationship "down" {
  source      = folder.a
  destination = folder.b
  profile     = "one_way"
  `+attributes+`
}`)
	return w.Relations[0]
}

// itemOf is an item of a kind with these lines.
func itemOf(t *testing.T, kind pim.Kind, lines ...string) *pim.Item {
	t.Helper()
	frame := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:" + kind.Component(), "UID:1", strings.Join(lines, "\n"), "END:" + kind.Component(), "END:VCALENDAR", ""}
	if kind == pim.Contacts {
		frame = []string{"BEGIN:VCARD", "VERSION:3.0", "UID:1", strings.Join(lines, "\n"), "END:VCARD", ""}
	}
	it, err := pim.Parse(kind, []byte(strings.ReplaceAll(strings.Join(frame, "\n"), "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// full is an item of each kind that has everything.
var full = map[pim.Kind]string{
	pim.Calendar: `SUMMARY:Review
DESCRIPTION:Bring slides
X-ALT-DESC;FMTTYPE=text/html:<b>Bring</b> slides
CATEGORIES:Company,Board
CLASS:CONFIDENTIAL
URL:https://example.com/review
ATTACH;FMTTYPE=application/pdf;FILENAME=plan.pdf;SIZE=12:https://example.com/plan.pdf
CREATED:20260101T080000Z
LAST-MODIFIED:20260102T080000Z
X-ROOM:4
DTSTART;TZID=Europe/Paris:20260301T090000
DTEND;TZID=Europe/Paris:20260301T103000
RRULE:FREQ=WEEKLY;COUNT=4
LOCATION:Room 4
STATUS:TENTATIVE
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:OOF
PRIORITY:3
ORGANIZER;CN=Olga:mailto:olga@example.com
ATTENDEE;CN=Anna;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:anna@example.com
ATTENDEE:mailto:ben@example.org
COLOR:red
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM`,
	pim.Tasks: `SUMMARY:Report
DTSTART:20260301T090000Z
DUE:20260305T170000Z
COMPLETED:20260304T120000Z
STATUS:COMPLETED
PERCENT-COMPLETE:100
PRIORITY:1
RELATED-TO:parent-1
LOCATION:Desk
RRULE:FREQ=DAILY
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT1H
END:VALARM`,
	pim.Notes: "SUMMARY:Minutes\nDTSTART;VALUE=DATE:20260301\nSTATUS:FINAL\nDESCRIPTION:We met",
	pim.Contacts: `FN:Dr. Anna Maria Berg Jr.
N:Berg;Anna;Maria;Dr.;Jr.
NICKNAME:Annie
ORG:Acme;Sales
TITLE:Head
EMAIL;TYPE=WORK:anna@example.com
EMAIL;TYPE=HOME:anna@example.org
TEL;TYPE=CELL:+49 30 123
URL:https://example.com/anna
ADR;TYPE=HOME:;;Main St 1;Berlin;;10115;Germany
BDAY:1980-04-15
ANNIVERSARY:2005-06-01
NOTE:Met in Paris
CATEGORIES:Customers,VIP
PHOTO;VALUE=URI:https://example.com/anna.jpg
X-BADGE:7`,
}

// TestFilterByEveryName asks for every name of an item in a filter, of an item that has everything and of one that has nothing.
func TestFilterByEveryName(t *testing.T) {
	empty := map[pim.Kind]string{pim.Calendar: "DTSTART:20260301T090000Z", pim.Tasks: "", pim.Notes: "", pim.Contacts: "FN:x"}
	tests := map[pim.Kind]map[string]string{
		pim.Calendar: {
			"uid": `item.uid == "1"`, "summary": `item.summary == "Review"`, "description": `strcontains(item.description, "slides")`, "description_html": `strcontains(item.description_html, "<b>")`,
			"categories": `contains(item.categories, "Board")`, "class": `item.class == "confidential"`, "private": `item.private`, "url": `startswith(item.url, "https:")`,
			"attachments": `anytrue([for a in item.attachments : a.name == "plan.pdf" && a.type == "application/pdf" && a.size == 12])`,
			"created":     `item.created != null`, "modified": `try(timecmp(item.modified, "2026-01-02T00:00:00Z"), -1) > 0`, "extra": `try(item.extra["X-ROOM"], "") == "4"`,
			"start": `item.start == "2026-03-01T09:00:00+01:00"`, "end": `try(timecmp(item.end, "2026-03-01T09:00:00Z"), -1) > 0`, "zone": `item.zone == "Europe/Paris"`, "all_day": `!item.all_day && item.recurring`,
			"minutes": `item.minutes == 90`, "recurring": `item.recurring`, "recurrence": `strcontains(item.recurrence, "COUNT=4")`, "location": `item.location == "Room 4"`, "status": `item.status == "tentative"`,
			"transparency": `item.transparency == "transparent"`, "busy": `item.busy == "oof"`, "priority": `coalesce(item.priority, 9) < 5`, "organizer": `try(item.organizer.email, "") == "olga@example.com"`,
			"attendees": `anytrue([for a in item.attendees : endswith(a.email, "@example.com") && a.role == "chair" && a.status == "accepted"])`, "alarms": `contains(item.alarms[*].before, "15m")`, "color": `item.color == "red"`,
		},
		pim.Tasks: {
			"start": `item.start != null`, "due": `item.due == "2026-03-05T17:00:00Z"`, "completed": `item.completed != null`, "status": `item.status == "completed"`, "percent": `item.percent == 100`, "priority": `item.priority == 1`,
			"parent": `item.parent == "parent-1"`, "recurring": `item.recurring`, "recurrence": `item.recurrence == "FREQ=DAILY"`, "location": `item.location == "Desk"`, "alarms": `length(item.alarms) == 1`, "summary": `item.summary == "Report"`,
		},
		pim.Notes: {"start": `item.start == "2026-03-01"`, "status": `item.status == "final"`, "description": `item.description != ""`},
		pim.Contacts: {
			"name": `item.name == "Dr. Anna Maria Berg Jr."`, "given": `item.given == "Anna"`, "family": `item.family == "Berg"`, "middle": `item.middle == "Maria"`, "prefix": `item.prefix == "Dr."`, "suffix": `item.suffix == "Jr."`,
			"nickname": `item.nickname == "Annie"`, "org": `item.org == "Acme"`, "department": `item.department == "Sales"`, "title": `item.title == "Head"`, "emails": `contains(item.emails[*].value, "anna@example.com")`,
			"phones": `anytrue([for p in item.phones : strcontains(lower(p.type), "cell")])`, "urls": `length(item.urls) > 0`, "addresses": `anytrue([for a in item.addresses : try(a.city, "") == "Berlin"])`,
			"birthday": `item.birthday == "1980-04-15"`, "anniversary": `item.anniversary != null`, "note": `item.note == item.description && item.note != ""`, "photo": `item.photo`, "members": `length(item.members) == 0 && item.org != ""`,
			"categories": `contains(item.categories, "VIP")`, "extra": `try(item.extra["X-BADGE"], "") == "7" && item.extra.badge == "7"`, "summary": `item.summary == "Dr. Anna Maria Berg Jr."`,
		},
	}
	for kind, filters := range tests {
		for _, n := range pim.Names(kind) {
			if filter, asked := filters[n.Name]; !asked && (kind == pim.Calendar || tests[pim.Calendar][n.Name] == "") {
				t.Errorf("%s: nothing filters by %s", kind, n.Name)
			} else if asked && !strings.Contains(filter, "item."+n.Name) {
				t.Errorf("%s: %s does not ask for %s", kind, filter, n.Name)
			}
		}
		for name, filter := range filters {
			rel := downOf(t, kind, "filter = "+filter, "")
			for lines, want := range map[string]bool{full[kind]: true, empty[kind]: name == "uid"} {
				in, err := rel.Filter.Match(itemOf(t, kind, lines), rel)
				if err != nil {
					t.Errorf("%s: %s: %v", kind, filter, err)
				} else if in != want {
					t.Errorf("%s: %s is %v, want %v", kind, filter, in, want)
				}
			}
		}
	}
}

func TestFilter(t *testing.T) {
	tests := []struct {
		filter, event string
		want          bool
	}{
		{`contains(item.categories, "Company")`, "CATEGORIES:Company,Other", true},
		{`contains(item.categories, "Company")`, "SUMMARY:none", false},
		{`item.minutes >= 60 && !item.all_day`, "SUMMARY:x", true},
		{`item.summary == each.key`, "SUMMARY:x", true},
		{`source.labels.team == "sales" && destination.key == "x"`, "SUMMARY:x", true},
		{`relationship.name == "down" && relationship.key == "x"`, "SUMMARY:x", true},
		{`anytrue([for a in item.attendees : endswith(a.email, "@example.com")])`, "ATTENDEE:mailto:a@example.com", true},
		{`lookup(item.extra, "X-ROOM", "") == "4"`, "X-ROOM:4", true},
		{`lookup(item.extra, "X-ROOM", "") == "4"`, "SUMMARY:x", false},
		{`contains(item.attendees[*].email, "a@example.com")`, "SUMMARY:x", false},
		{`try(tonumber(item.extra["X-FLOOR"]), 0) > 2`, "X-FLOOR:3", true},
		{`try(tonumber(item.extra["X-FLOOR"]), 0) > 2`, "X-FLOOR:cellar", false},
		{`!startswith(item.summary, "*")`, "SUMMARY:*x", false},
		{`item.busy != "free"`, "TRANSP:TRANSPARENT", false},
		{`item.organizer == null || item.organizer.email != "a@example.com"`, "ORGANIZER:mailto:A@example.com", false},
		{`item.priority != null && item.priority <= 3`, "SUMMARY:x", false},
	}
	for _, test := range tests {
		t.Run(test.filter, func(t *testing.T) {
			rel := down(t, "filter = "+test.filter, "")
			got, err := rel.Filter.Match(event(t, test.event), rel)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestFilterFails has filters that cannot tell: the item, the line, what is wrong and what to do are in the error, and nothing of a private item.
func TestFilterFails(t *testing.T) {
	tests := []struct{ filter, event, want string }{
		{`item.priority > 1`, "SUMMARY:x",
			`item "x": main.hcl:31: item.priority is null for it. Write item.priority == null ? … : …, or try(…, OTHERWISE).`},
		{`item.organizer.email == ""`, "SUMMARY:x",
			`item "x": main.hcl:31: item.organizer is null for it. Write item.organizer == null ? … : …, or try(…, OTHERWISE).`},
		{`item.extra["X-ROOM"] == "1"`, "SUMMARY:x",
			`item "x": main.hcl:31: Invalid index: The given key does not identify an element in this collection value. Correct the key; lookup(MAP, KEY, OTHERWISE) and try(…, OTHERWISE) are for one that may be missing.`},
		{`parseint(item.summary, 10) > 1`, "SUMMARY:x", `item "x": main.hcl:31: Invalid function argument: `},
		{`parseint(item.summary, 10) > 1`, "SUMMARY:hidden\nCLASS:PRIVATE", `a private item: main.hcl:31: Invalid function argument: The reason is not shown, as the item is private.`},
		{`item.priority == null ? null : true`, "", `an item without a title: main.hcl:31: the value is null and must be true or false`},
	}
	for _, test := range tests {
		rel := down(t, "filter = "+test.filter, "")
		in, err := rel.Filter.Match(event(t, test.event), rel)
		want := fmt.Sprintf("filter of %s, %s", rel, test.want)
		if in || err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v, %v\nwant %s", test.filter, in, err, want)
		}
	}
}
