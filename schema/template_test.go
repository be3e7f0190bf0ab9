package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

const frame = `
accord { workspace = "test" }
variable "word" {
  type    = string
  default = "W"
}
variable "secret" {
  type      = string
  default   = "hunter2"
  sensitive = true
}
provider "disk" "local" { path = "d" }
folder "a" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "a"
  labels   = { team = "sales" }
}
folder "b" {
  for_each = toset(["x", "y"])
  provider = provider.disk.local
  kind     = "calendar"
  path     = "b/${each.key}"
}
`

// load writes a configuration into a directory of its own and loads it, without mistakes.
func load(t *testing.T, config string) *Workspace {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	w, src, diags := Load(dir, testOptions())
	if diags.HasErrors() {
		var b strings.Builder
		if err := WriteDiagnostics(&b, src, diags); err != nil {
			t.Fatal(err)
		}
		t.Fatal(b.String())
	}
	return w
}

// down is the first relationship from folder a to the folders b with the given attributes.
func down(t *testing.T, attributes, blocks string) *Relationship {
	t.Helper()
	w := load(t, frame+blocks+`
relationship "down" {
  for_each    = folder.b
  source      = folder.a
  destination = each.value
  profile     = "one_way"
  `+attributes+`
}`)
	return w.Relations[0]
}

func event(t *testing.T, lines ...string) *pim.Item {
	t.Helper()
	return parse(t, "BEGIN:VEVENT", "UID:1", "DTSTART:20260301T090000Z", "DTEND:20260301T100000Z", strings.Join(lines, "\n"), "END:VEVENT")
}

func parse(t *testing.T, lines ...string) *pim.Item {
	t.Helper()
	text := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + strings.Join(lines, "\n") + "\nEND:VCALENDAR\n"
	it, err := pim.Parse(pim.Calendar, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// said is an item's fields as "name=value", without those that every event here has.
func said(it *pim.Item) string {
	var all []string
	for field, v := range it.Fields() {
		if field != "start" && field != "end" {
			all = append(all, fmt.Sprintf("%s=%v", field, v.Plain()))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func TestRender(t *testing.T) {
	tests := []struct {
		name, template, event, want string
	}{
		{"set", `set { summary = "[${var.word}] ${item.summary}" }`, "SUMMARY:x", "summary=[W] x"},
		{"the uid", `set { summary = "copy of ${item.uid}" }`, "SUMMARY:x", "summary=copy of 1"},
		{"null removes", `set { location = null }`, "SUMMARY:x\nLOCATION:here", "summary=x"},
		{"names of folders", `set { summary = "${source.labels.team} to ${destination.key} by ${relationship.name}" }`, "SUMMARY:x", "summary=sales to x by down"},
		{"prefix and suffix", "prefix = { summary = \"<\" }\nsuffix = { summary = \">\" }", "SUMMARY:x", "summary=<x>"},
		{"prefix of what is absent", `prefix = { summary = "<" }`, "LOCATION:here", "location=here; summary=<"},
		{"swap", `swap = ["summary", "description"]`, "SUMMARY:x\nDESCRIPTION:y", "description=x; summary=y"},
		{"swap with what is absent", `swap = ["summary", "description"]`, "SUMMARY:x", "description=x"},
		{"busy", `privacy = "busy"`, "SUMMARY:x\nLOCATION:here\nX-SECRET:1\nTRANSP:TRANSPARENT\nATTENDEE:mailto:a@example.com\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM", "class=private; summary=Busy; transparency=transparent"},
		{"details", `privacy = "details"`, "SUMMARY:x\nLOCATION:here\nX-SECRET:1\nDESCRIPTION:y\nCATEGORIES:c", "categories=[c]; class=private; location=here; summary=x"},
		{"privacy by item", `privacy = item.private ? "busy" : "full"`, "SUMMARY:x\nCLASS:PRIVATE", "class=private; summary=Busy"},
		{"privacy comes first", "privacy = \"busy\"\nset { summary = \"[${item.summary}]\" }", "SUMMARY:x", "class=private; summary=[Busy]"},
		{"attendees dropped", `attendees = "drop"`, "SUMMARY:x\nORGANIZER:mailto:o@example.com\nATTENDEE:mailto:a@example.com", "summary=x"},
		{"attachments dropped", `attachments = "drop"`, "SUMMARY:x\nATTACH:https://example.com/a", "summary=x"},
		{"attachments linked", `attachments = "link"`, "SUMMARY:x\nATTACH;VALUE=BINARY;ENCODING=BASE64:AAAA", "summary=x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rel := down(t, "template = template.t", "template \"t\" {\nkind = \"calendar\"\n"+test.template+"\n}")
			got, err := rel.Template.Render(event(t, test.event), rel)
			if err != nil {
				t.Fatal(err)
			}
			if said(got) != test.want {
				t.Errorf("says %s\nwant %s", said(got), test.want)
			}
			if got.UID() != "" {
				t.Errorf("carries the UID %q", got.UID())
			}
		})
	}
}

func TestRenderWithoutTemplate(t *testing.T) {
	rel := down(t, "", "")
	if rel.Template != nil {
		t.Fatal("there is a template")
	}
	got, err := rel.Template.Render(event(t, "SUMMARY:x", "ORGANIZER:mailto:o@example.com", "ATTENDEE;CN=Ann:mailto:a@example.com"), rel)
	if err != nil {
		t.Fatal(err)
	}
	f := got.Fields()
	if !f["attendees"].IsZero() || !f["organizer"].IsZero() || f["attendees_described"].IsZero() {
		t.Errorf("says %s", said(got))
	}
	if back := rel.Template.Back(nil, f, nil); !back["attendees_described"].IsZero() || back["summary"].IsZero() {
		t.Errorf("%v would flow back", back)
	}
}

func TestRenderOverrides(t *testing.T) {
	it := parse(t,
		"BEGIN:VEVENT", "UID:1", "DTSTART:20260301T090000Z", "DTEND:20260301T100000Z", "RRULE:FREQ=DAILY", "SUMMARY:daily", "LOCATION:here", "END:VEVENT",
		"BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260302T090000Z", "DTSTART:20260302T110000Z", "DTEND:20260302T120000Z", "SUMMARY:secret talk",
		"CLASS:PRIVATE", "X-HIDDEN:1", "ATTENDEE:mailto:a@example.com", "END:VEVENT")
	rel := down(t, "template = template.t", `template "t" {
  kind    = "calendar"
  privacy = item.private ? "busy" : "details"
  set { location = null }
  prefix = { summary = "[C] " }
}`)
	got, err := rel.Template.Render(it, rel)
	if err != nil {
		t.Fatal(err)
	}
	text := string(got.Bytes())
	for _, want := range []string{"SUMMARY:[C] daily", "SUMMARY:[C] Busy", "RECURRENCE-ID:20260302T090000Z", "DTSTART:20260302T110000Z"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s", want)
		}
	}
	for _, never := range []string{"secret", "X-HIDDEN", "ATTENDEE", "LOCATION", "UID:1"} {
		if strings.Contains(text, never) {
			t.Errorf("says %s", never)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestChoiceOfTemplate(t *testing.T) {
	rel := down(t, `template = item.private ? template.busy : null`, `template "busy" {
  kind    = "calendar"
  privacy = "busy"
}`)
	for event, want := range map[*pim.Item]string{
		event(t, "SUMMARY:x"):                       "summary=x",
		event(t, "SUMMARY:x", "CLASS:CONFIDENTIAL"): "class=private; summary=Busy",
	} {
		got, err := rel.Template.Render(event, rel)
		if err != nil {
			t.Fatal(err)
		}
		if said(got) != want {
			t.Errorf("says %s, want %s", said(got), want)
		}
	}
	if !rel.Template.Sets("location") || !rel.Template.Sets("attendees_described") || rel.Template.Sets("start") {
		t.Error("what busy hides may flow back, or what it shows may not")
	}
}

func TestBack(t *testing.T) {
	rel := down(t, "template = template.t", `template "t" {
  kind   = "calendar"
  prefix = { location = "at " }
  swap   = ["summary", "description"]
  set { color = item.private ? "red" : null }
}`)
	original := event(t, "SUMMARY:x", "DESCRIPTION:y", "LOCATION:here", "CLASS:PRIVATE")
	replica, err := rel.Template.Render(original, rel)
	if err != nil {
		t.Fatal(err)
	}
	if want := "class=private; color=red; description=x; location=at here; summary=y"; said(replica) != want {
		t.Fatalf("says %s, want %s", said(replica), want)
	}
	back := rel.Template.Back(original.Fields(), replica.Fields(), rel.Template.Undo(original, rel))
	if diff := back.Diff(original.Fields()); len(diff) > 0 {
		t.Errorf("there and back differ in %v", diff)
	}
	for field, want := range map[string]string{"color": "class", "summary": "description", "description": "summary", "location": "location", "attendees_described": "attendees organizer"} {
		got := rel.Template.DependsOn(field)
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s depends on %v, want %s", field, got, want)
		}
	}
}
