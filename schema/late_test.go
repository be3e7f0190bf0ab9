package schema

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
)

const lateTemplate = `template "t" {
  kind = "calendar"
  late {
    within = "2d"
    changed {
      prefix   = "[Changed] "
      category = "Changed"
      color    = "orange"
      reminder = "1h"
    }
    cancelled { prefix = "[Cancelled] " }
  }
  prefix = { summary = "C: " }
}`

func lateOf(t *testing.T, rel *Relationship, original *pim.Item) *template.Late {
	t.Helper()
	late, err := rel.Template.LateFor(original, rel)
	if err != nil {
		t.Fatal(err)
	}
	return late
}

func TestLate(t *testing.T) {
	rel := down(t, "template = template.t", lateTemplate)
	late := lateOf(t, rel, event(t))
	if late == nil || late.Within != 48*time.Hour || !late.Shows(template.Changed) || !late.Shows(template.Cancelled) || late.Shows(template.NotLate) {
		t.Fatalf("late is %+v", late)
	}
	for field, want := range map[string]bool{"start": true, "end": true, "location": true, "status": true, "summary": false, "override:20260309T080000Z": true} {
		if late.Watches(field) != want {
			t.Errorf("%s is watched: %v", field, !want)
		}
	}
	if got, want := late.Marks(template.Changed), []string{"alarms", "categories", "color", "summary"}; !slices.Equal(got, want) {
		t.Errorf("a change writes %v, want %v", got, want)
	}
	tests := []struct {
		name  string
		lines string
		how   template.Lateness
		want  string
	}{
		{"not late", "SUMMARY:x", template.NotLate, "summary=x"},
		{"changed", "SUMMARY:x\nCATEGORIES:Team", template.Changed, "alarms=[1h]; categories=[Team Changed]; color=orange; summary=[Changed] x"},
		{"once", "SUMMARY:[Changed] x\nCATEGORIES:Changed\nCOLOR:orange\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1H\nEND:VALARM", template.Changed, "alarms=[1h]; categories=[Changed]; color=orange; summary=[Changed] x"},
		{"cancelled after it was changed", "SUMMARY:[Changed] x\nCATEGORIES:Team,Changed\nCOLOR:orange", template.Cancelled, "categories=[Team]; color=orange; summary=[Cancelled] x"},
		{"without a title", "LOCATION:here", template.Cancelled, "location=here; summary=[Cancelled] "},
	}
	for _, test := range tests {
		got, err := late.Mark(event(t, test.lines), test.how)
		if err != nil {
			t.Fatal(err)
		}
		if said(got) != test.want {
			t.Errorf("%s: says %s\nwant %s", test.name, said(got), test.want)
		}
	}
}

// TestLateOccurrence marks a whole series, and one occurrence of it.
func TestLateOccurrence(t *testing.T) {
	rel := down(t, "template = template.t", lateTemplate)
	series := weekly(t, occurrence("09", "11", "SUMMARY:moved"), occurrence("16", "11", "SUMMARY:moved again"))
	late := lateOf(t, rel, series)
	first := ""
	for field := range series.Fields() {
		if pim.IsOverride(field) && (first == "" || field < first) {
			first = field
		}
	}
	for name, test := range map[string]struct {
		overrides []string
		marked    int
	}{"all": {nil, 3}, "one": {[]string{first}, 1}} {
		got, err := late.Mark(series, template.Changed, test.overrides...)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(got.Bytes()), "SUMMARY:[Changed] "); n != test.marked {
			t.Errorf("%s: %d components are marked, want %d\n%s", name, n, test.marked, got.Bytes())
		}
	}
}

// TestLateIsTakenBack marks a replica and has it flow back: the original is as it was, be it marked by a person or not.
func TestLateIsTakenBack(t *testing.T) {
	rel := down(t, "template = template.t", lateTemplate)
	both := []template.Lateness{template.Changed, template.Cancelled}
	for lines, lateness := range map[string][]template.Lateness{
		"SUMMARY:x": both, "SUMMARY:x\nCATEGORIES:Team\n" + alarm5: both, "SUMMARY:[Changed] x\nCATEGORIES:Changed\nCOLOR:red": both[:1],
	} {
		for _, how := range lateness {
			original := event(t, lines)
			replica, err := rel.Template.Render(original, rel)
			if err == nil {
				replica, err = lateOf(t, rel, original).Mark(replica, how)
			}
			if err != nil {
				t.Fatal(err)
			}
			back := rel.Template.Back(original.Fields(), replica.Fields(), rel.Template.Undo(original, rel))
			if diff := back.Diff(original.Fields()); len(diff) > 0 {
				t.Errorf("%q: there and back differ in %v", lines, diff)
			}
		}
	}
}

func TestCategoryColors(t *testing.T) {
	blocks := `template "t" {
  kind = "calendar"
  category "Team" { color = "blue" }
  category "Board" { color = "red" }
  category "Panel" { color = "red" }
  set { color = item.summary == "none" ? null : item.color }
  late {
    within = "1d"
    changed { color = "red" }
  }
}`
	rel := down(t, "template = template.t", blocks)
	for _, test := range []struct{ lines, want string }{
		{"SUMMARY:x", "summary=x"},
		{"SUMMARY:x\nCATEGORIES:Other,Board,Team", "categories=[Other Board Team]; color=red; summary=x"},
		{"SUMMARY:x\nCATEGORIES:Team\nCOLOR:green", "categories=[Team]; color=green; summary=x"},
		{"SUMMARY:x\nCATEGORIES:Other\nCOLOR:Red", "categories=[Other Board]; color=Red; summary=x"},
		{"SUMMARY:x\nCATEGORIES:Panel\nCOLOR:red", "categories=[Panel]; color=red; summary=x"},
		{"SUMMARY:none\nCATEGORIES:Team\nCOLOR:green", "categories=[Team]; color=blue; summary=none"},
	} {
		got, err := rel.Template.Render(event(t, test.lines), rel)
		if err != nil {
			t.Fatal(err)
		}
		if said(got) != test.want {
			t.Errorf("%q: says %s\nwant %s", test.lines, said(got), test.want)
		}
	}
	late := lateOf(t, rel, event(t))
	got, err := late.Mark(event(t, "SUMMARY:x"), template.Changed)
	if err != nil {
		t.Fatal(err)
	}
	if want := "categories=[Board]; color=red; summary=x"; said(got) != want || !slices.Equal(late.Marks(template.Changed), []string{"categories", "color"}) {
		t.Errorf("a late change says %s in %v, want %s", said(got), late.Marks(template.Changed), want)
	}
	if !rel.Template.Sets("color") || !rel.Template.Sets("categories") {
		t.Error("what a category's colour made may flow back")
	}
}
