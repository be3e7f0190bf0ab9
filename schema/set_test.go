package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim"
)

// setting is an expression under set, and what the replica says then, as expressions see it.
type setting struct {
	value string
	want  any
}

// settings by kind and name: each takes from the item that has everything.
var setTo = map[pim.Kind]map[string]setting{
	pim.Calendar: {
		"summary": {`"[${relationship.name}] ${item.summary}"`, "[down] Review"}, "description": {`"${item.summary}: ${item.description}"`, "Review: Bring slides"}, "description_html": {`"<i>${item.summary}</i>"`, "<i>Review</i>"},
		"categories": {`concat(item.categories, [source.name])`, []any{"Company", "Board", "a"}}, "class": {`item.private ? "private" : "public"`, "private"}, "url": {`"${item.url}/${destination.kind}"`, "https://example.com/review/calendar"},
		"attachments": {`[for a in item.attachments : { url = replace(a.url, ".pdf", ".txt"), name = "t" }]`, []any{map[string]any{"name": "t", "url": "https://example.com/plan.txt", "type": "", "size": nil}}},
		"start":       {`timeadd(item.start, "-30m")`, "2026-03-01T08:30:00+01:00"}, "end": {`"2026-03-01T11:00:00[Europe/Paris]"`, "2026-03-01T11:00:00+01:00"}, "recurrence": {`"FREQ=DAILY;COUNT=2"`, "FREQ=DAILY;COUNT=2"},
		"location": {`coalesce(item.location, "somewhere")`, "Room 4"}, "status": {`"confirmed"`, "confirmed"}, "transparency": {`item.busy == "oof" ? "opaque" : "transparent"`, "opaque"}, "busy": {`"elsewhere"`, "elsewhere"},
		"priority": {`item.priority + 1`, 4.0}, "organizer": {`{ name = "Team", email = "team@example.com" }`, map[string]any{"name": "Team", "email": "team@example.com"}},
		"attendees": {`[for a in item.attendees : a if a.role == "chair"]`, []any{map[string]any{"name": "Anna", "email": "anna@example.com", "role": "chair", "status": "accepted"}}},
		"alarms":    {`["5m", "1d"]`, []any{map[string]any{"before": "5m"}, map[string]any{"before": "1d"}}}, "color": {`{ red = "blue" }[item.color]`, "blue"},
	},
	pim.Tasks: {
		"start": {`timeadd(item.start, "1h")`, "2026-03-01T10:00:00Z"}, "due": {`timeadd(item.due, "24h")`, "2026-03-06T17:00:00Z"}, "completed": {`item.due`, "2026-03-05T17:00:00Z"}, "status": {`"in-process"`, "in-process"},
		"percent": {`item.percent / 2`, 50.0}, "priority": {`5`, 5.0}, "parent": {`"${item.parent}-b"`, "parent-1-b"}, "recurrence": {`"FREQ=WEEKLY"`, "FREQ=WEEKLY"}, "location": {`upper(item.location)`, "DESK"},
		"alarms": {`item.alarms`, []any{map[string]any{"before": "1h"}}},
	},
	pim.Notes: {"start": {`"2026-03-02"`, "2026-03-02"}, "status": {`"draft"`, "draft"}},
	pim.Contacts: {
		"name": {`"${item.family}, ${item.given}"`, "Berg, Anna"}, "given": {`upper(item.given)`, "ANNA"}, "family": {`"B"`, "B"}, "middle": {`"M"`, "M"}, "prefix": {`"Prof."`, "Prof."}, "suffix": {`"Sr."`, "Sr."}, "nickname": {`"A"`, "A"},
		"org": {`"${item.org} Ltd"`, "Acme Ltd"}, "department": {`item.org`, "Acme"}, "title": {`"Boss"`, "Boss"}, "emails": {`[for e in item.emails : e if strcontains(lower(e.type), "work")]`, []any{map[string]any{"type": "work", "value": "anna@example.com"}}},
		"phones": {`["+49 30 9"]`, []any{map[string]any{"type": "", "value": "+49 30 9"}}}, "urls": {`["https://example.org/"]`, []any{map[string]any{"type": "", "value": "https://example.org/"}}},
		"addresses": {`[{ type = "home", city = "Bonn" }]`, nil}, "birthday": {`"1981-04-15"`, "1981-04-15"}, "anniversary": {`item.birthday`, "1980-04-15"}, "note": {`"${item.note}!"`, "Met in Paris!"},
		"photo": {`"https://example.com/b.jpg"`, true}, "members": {`["urn:uuid:x"]`, []any{"x"}},
	},
}

// TestSetEveryName sets every name that can be set, and takes each away.
func TestSetEveryName(t *testing.T) {
	for _, kind := range pim.Kinds() {
		for _, n := range pim.Names(kind) {
			if !n.Settable {
				continue
			}
			s, there := setTo[kind][n.Name]
			if !there {
				if s, there = setTo[pim.Calendar][n.Name]; !there {
					t.Errorf("%s: nothing sets %s", kind, n.Name)
				}
				if kind != pim.Calendar {
					continue // the same in all kinds
				}
			}
			original := itemOf(t, kind, full[kind])
			got, err := setIn(t, kind, n.Name, s.value, original)
			if err != nil {
				t.Errorf("%s: %s = %s: %v", kind, n.Name, s.value, err)
			} else if said := got.Attribute(n.Name, nil); s.want != nil && !reflect.DeepEqual(said, s.want) {
				t.Errorf("%s: %s = %s says %#v, want %#v", kind, n.Name, s.value, said, s.want)
			}
			needed := n.Name == "start" && kind == pim.Calendar || n.Fields[0] == "name"
			got, err = setIn(t, kind, n.Name, "null", original)
			if needed != (err != nil) {
				t.Errorf("%s: %s = null: %v", kind, n.Name, err)
			}
			if field, _ := pim.FieldName(kind, n.Name); err == nil && !got.Fields()[field].IsZero() && (field != "end" || kind != pim.Calendar) {
				t.Errorf("%s: %s = null leaves %v", kind, n.Name, got.Fields()[field].Plain())
			}
		}
	}
}

func setIn(t *testing.T, kind pim.Kind, name, value string, it *pim.Item) (*pim.Item, error) {
	t.Helper()
	rel := downOf(t, kind, "template = template.t", fmt.Sprintf("template \"t\" {\nkind = %q\nset { %s = %s }\n}", kind, name, value))
	return rel.Template.Render(it, rel)
}

// TestSetKeepsTheZone: a series that begins earlier keeps its hour when clocks change.
func TestSetKeepsTheZone(t *testing.T) {
	rel := down(t, "template = template.t", "template \"t\" {\nkind = \"calendar\"\nset { start = timeadd(item.start, \"-1h\") }\n}")
	got, err := rel.Template.Render(itemOf(t, pim.Calendar, "SUMMARY:x\nDTSTART;TZID=Europe/Paris:20261024T090000\nDTEND;TZID=Europe/Paris:20261024T100000\nRRULE:FREQ=WEEKLY"), rel)
	if err != nil {
		t.Fatal(err)
	}
	var starts []string
	for span, err := range got.Spans(time.Time{}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if starts = append(starts, span.Start.UTC().Format(time.RFC3339)); len(starts) == 2 {
			break
		}
	}
	if want := []string{"2026-10-24T06:00:00Z", "2026-10-31T07:00:00Z"}; !slices.Equal(starts, want) {
		t.Errorf("it takes place at %v, want %v", starts, want)
	}
}

// TestSetExtra sets X- properties, and takes one away.
func TestSetExtra(t *testing.T) {
	rel := down(t, "template = template.t", `template "t" {
  kind = "calendar"
  set {
    extra = {
      X-TEAM   = upper(source.labels.team)
      "X-Room" = null
    }
  }
}`)
	got, err := rel.Template.Render(event(t, "SUMMARY:x", "X-ROOM:4", "X-OTHER:5"), rel)
	if err != nil {
		t.Fatal(err)
	}
	if want := "extra.X-OTHER=5; extra.X-TEAM=SALES; summary=x"; said(got) != want {
		t.Errorf("says %s, want %s", said(got), want)
	}
	if !rel.Template.Sets("extra.X-ROOM") || rel.Template.Sets("extra.X-OTHER") {
		t.Error("what is set may flow back, or what is not may not")
	}
}

// TestSetFails has expressions that fail, or make something of the item that no store takes. The error names line and item.
func TestSetFails(t *testing.T) {
	tests := []struct {
		kind           pim.Kind
		set, item, why string
	}{
		{pim.Calendar, `end = timeadd(item.start, "-1h")`, "SUMMARY:x", `template "t" of relationship.down, item "x": main.hcl:18: set.end makes the item invalid: end (2026-03-01T08:00:00Z) is before start (2026-03-01T09:00:00Z)`},
		{pim.Calendar, `end = timeadd(item.start, "-1h")`, "SUMMARY:hidden\nCLASS:PRIVATE", `a private item: main.hcl:18: set.end makes the item invalid: its times do not fit each other; they are not shown, as the item is private`},
		{pim.Calendar, `start = "2026-03-01"`, "SUMMARY:x", `main.hcl:18: set.start makes the item invalid: of start (2026-03-01) and end (2026-03-01T10:00:00Z), one is a date and the other a time`},
		{pim.Calendar, `summary = trimprefix(item.summary, "x")`, "SUMMARY:x", `item "x": main.hcl:18: set.summary makes the item invalid: its title is empty; null leaves it out on purpose`},
		{pim.Calendar, `summary = item.location == "" ? null : item.summary`, "SUMMARY:x", ""},
		{pim.Calendar, `summary = upper(item.location)`, "LOCATION:", ""},
		{pim.Calendar, `priority = item.priority + 1`, "SUMMARY:x", `item "x": main.hcl:18: item.priority is null for it. Write item.priority == null ? … : …, or try(…, OTHERWISE).`},
		{pim.Calendar, `priority = item.minutes`, "SUMMARY:x", `main.hcl:18: set.priority: priority: "60" is not a whole number from 0 to 9`},
		{pim.Calendar, `status = item.summary`, "SUMMARY:hidden\nCLASS:PRIVATE", `a private item: main.hcl:18: set.status: the field cannot hold the value, which is not shown, as the item is private`},
		{pim.Calendar, `end = item.end`, "SUMMARY:odd", ""},
		{pim.Calendar, `start = timeadd(item.start, "-1h")`, "SUMMARY:x\nRRULE:FREQ=DAILY\nEXDATE:20260302T090000Z", `set.start makes the item invalid: the series has exceptions, which are known by the times that they have`},
		{pim.Calendar, `start = item.start`, "SUMMARY:x\nRRULE:FREQ=DAILY\nEXDATE:20260302T090000Z", ""},
		{pim.Tasks, `due = "2026-02-01T00:00:00Z"`, "SUMMARY:x\nDTSTART:20260301T090000Z", `item "x": main.hcl:18: set.due makes the item invalid: due (2026-02-01T00:00:00Z) is before start (2026-03-01T09:00:00Z)`},
		{pim.Contacts, `name = item.nickname`, "FN:x", `item "x": main.hcl:18: set.name makes the item invalid: it has no name`},
		{pim.Contacts, `summary = null`, "FN:x", `it has no name`},
	}
	for _, test := range tests {
		item := test.item
		switch {
		case test.item == "SUMMARY:odd": // over before it begins by itself
			item += "\nDTSTART:20260301T090000Z\nDTEND:20260301T080000Z"
		case test.kind == pim.Calendar:
			item += "\nDTSTART:20260301T090000Z\nDTEND:20260301T100000Z"
		}
		rel := downOf(t, test.kind, "template = template.t", fmt.Sprintf("template \"t\" {\nkind = %q\nset { %s }\n}", test.kind, test.set))
		_, err := rel.Template.Render(itemOf(t, test.kind, strings.TrimSpace(item)), rel)
		switch {
		case test.why == "" && err != nil:
			t.Errorf("%s of %q: %v", test.set, test.item, err)
		case test.why != "" && (err == nil || !strings.Contains(err.Error(), test.why) || strings.Contains(err.Error(), "hidden")):
			t.Errorf("%s of %q: %v\nwant %s", test.set, test.item, err, test.why)
		}
	}
}

// TestTemplateByItem chooses by category, by sensitivity, and by a character that the title begins with, which is taken off.
func TestTemplateByItem(t *testing.T) {
	blocks := `
template "plain" { kind = "calendar" }
template "board" {
  kind   = "calendar"
  prefix = { summary = "[Board] " }
}
template "busy" {
  kind    = "calendar"
  privacy = "busy"
}
template "starred" {
  kind = "calendar"
  set {
    summary = trimspace(trimprefix(item.summary, "*"))
    class   = "private"
  }
}
template "sensitive" {
  kind    = "calendar"
  privacy = { public = "full", private = "details", confidential = "busy" }[item.class]
}`
	tests := []struct{ choice, event, want string }{
		{`contains(item.categories, "Board") ? template.board : template.plain`, "SUMMARY:x\nCATEGORIES:Board", "categories=[Board]; summary=[Board] x"},
		{`contains(item.categories, "Board") ? template.board : template.plain`, "SUMMARY:x\nCATEGORIES:Other", "categories=[Other]; summary=x"},
		{`{ public = template.plain, private = template.board, confidential = template.busy }[item.class]`, "SUMMARY:x\nCLASS:PRIVATE", "class=private; summary=[Board] x"},
		{`{ public = template.plain, private = template.board, confidential = template.busy }[item.class]`, "SUMMARY:x\nCLASS:CONFIDENTIAL", "class=private; summary=Busy"},
		{`startswith(item.summary, "*") ? template.starred : template.plain`, "SUMMARY:* x", "class=private; summary=x"},
		{`startswith(item.summary, "*") ? template.starred : template.plain`, "SUMMARY:x", "summary=x"},
		{`template.sensitive`, "SUMMARY:x\nDESCRIPTION:y\nCLASS:PRIVATE", "class=private; summary=x"},
		{`template.sensitive`, "SUMMARY:x\nDESCRIPTION:y\nCLASS:CONFIDENTIAL", "class=private; summary=Busy"},
		{`template.sensitive`, "SUMMARY:x\nDESCRIPTION:y", "description=y; summary=x"},
	}
	for _, test := range tests {
		rel := down(t, "template = "+test.choice, blocks)
		got, err := rel.Template.Render(event(t, test.event), rel)
		if err != nil {
			t.Errorf("%s of %q: %v", test.choice, test.event, err)
		} else if said(got) != test.want {
			t.Errorf("%s of %q says %s\nwant %s", test.choice, test.event, said(got), test.want)
		}
	}
}
