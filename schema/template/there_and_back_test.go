package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// value is a field's value, which is known to be one.
func value(t *testing.T, field string, plain any) pim.Value {
	t.Helper()
	v, err := pim.FieldValue(pim.Calendar, field, plain)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestThereAndBackOverTheCorpus copies every event of the corpus with a template that can be undone, marks it as late and as the owner likes it, and brings it back: every
// field that may flow back says what it said.
func TestThereAndBackOverTheCorpus(t *testing.T) {
	late := &Late{kind: pim.Calendar, fields: []string{"start"}, marks: [2]*mark{
		{prefix: "[Changed] ", category: value(t, "categories", []any{"Changed"}), color: value(t, "color", "orange"), reminder: value(t, "alarms", []any{"47m"})},
		{prefix: "[Cancelled] "},
	}}
	undone := &Template{name: "t", kind: pim.Calendar, prefix: map[string]string{"summary": "<", "location": "at "}, suffix: map[string]string{"summary": ">"},
		owned: []string{"alarms", "priority"}, attendees: describeAttendees, attachments: keepAttachments, late: late}
	events := 0
	corpusEvents(t, func(path string, it *pim.Item) {
		if data := string(it.Bytes()); strings.Count(data, "\nSUMMARY") > strings.Count(data, "BEGIN:VEVENT") {
			return // of an event with two titles, the two become one
		}
		made, err := undone.Render(it, nowhere{})
		if err != nil {
			t.Logf("%s: %v", path, err)
			return
		}
		events++
		for _, how := range []Lateness{NotLate, Changed, Cancelled} {
			marked, err := late.Mark(made, how)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if again, err := late.Mark(marked, how); err != nil || len(again.Fields().Diff(marked.Fields())) > 0 {
				t.Errorf("%s: marked twice, it differs in %v: %v", path, again.Fields().Diff(marked.Fields()), err)
			}
			back := undone.Back(it.Fields(), marked.Fields(), undone.undo())
			for _, field := range back.Diff(it.Fields()) {
				if !undone.Sets(field) {
					t.Errorf("%s: %d: %s comes back as %v, and was %v", path, how, field, back[field].Plain(), it.Fields()[field].Plain())
				}
			}
			checkKept(t, path, undone, made.Fields(), marked.Fields())
		}
	})
	if t.Logf("%d events", events); events == 0 {
		t.Error("no event was copied")
	}
}

// checkKept has what a template says, and what a replica says, and what is kept of both.
func checkKept(t *testing.T, path string, tmpl *Template, want, have pim.Fields) {
	t.Helper()
	kept := tmpl.Keep(want, have)
	for _, field := range kept.Diff(want) {
		if !slices.Contains(tmpl.owned, field) && !pim.IsOverride(field) {
			t.Errorf("%s: %s is nobody's, and kept as %v", path, field, kept[field].Plain())
		}
	}
	for _, field := range tmpl.owned {
		if !kept[field].Equal(have[field]) {
			t.Errorf("%s: %s is not as its owner has it", path, field)
		}
	}
	if diff := tmpl.Keep(kept, have).Diff(kept); len(diff) > 0 {
		t.Errorf("%s: kept twice, it differs in %v", path, diff)
	}
	if diff := tmpl.Keep(want, want).Diff(want); len(diff) > 0 {
		t.Errorf("%s: kept as it should be, it differs in %v", path, diff)
	}
}
