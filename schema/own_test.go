package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// weekly is a series with an alarm, and overrides after it.
func weekly(t *testing.T, overrides ...string) *pim.Item {
	t.Helper()
	lines := []string{"BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Europe/Paris:20260302T090000", "DTEND;TZID=Europe/Paris:20260302T100000", "RRULE:FREQ=WEEKLY", "SUMMARY:weekly",
		"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT"}
	return parse(t, append(lines, overrides...)...)
}

// occurrence is an override of weekly on one day of March, with further lines.
func occurrence(day, hour string, lines ...string) string {
	return strings.Join(append(append([]string{"BEGIN:VEVENT", "UID:1", "RECURRENCE-ID;TZID=Europe/Paris:202603" + day + "T090000",
		"DTSTART;TZID=Europe/Paris:202603" + day + "T" + hour + "0000"}, lines...), "END:VEVENT"), "\n")
}

const alarm5 = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"

const ownedAlarms = "template \"t\" {\nkind = \"calendar\"\nowned = [\"alarms\"]\n}"

// TestOwned has the owner of a replica change what is owned, and what is not, of a series and of its occurrences.
func TestOwned(t *testing.T) {
	tail := "SUMMARY:weekly\nDTEND;TZID=Europe/Paris:202603%sT%s0000"
	override := func(day, hour, end, more string) string {
		return occurrence(day, hour, strings.NewReplacer("%s", day).Replace(strings.Replace(tail, "T%s", "T"+end, 1)), more)
	}
	alarm15 := strings.Replace(alarm5, "PT5M", "PT15M", 1)
	tests := []struct {
		name               string
		want, have, expect *pim.Item
	}{
		{"the owner's reminder stays", event(t, "SUMMARY:new"), event(t, "SUMMARY:old", alarm5), event(t, "SUMMARY:new", alarm5)},
		{"that there is none stays", event(t, "SUMMARY:new", alarm5), event(t, "SUMMARY:old"), event(t, "SUMMARY:new")},
		{"of an override too", weekly(t, override("09", "11", "12", alarm15)), weekly(t, override("09", "10", "11", alarm5)), weekly(t, override("09", "11", "12", alarm5))},
		{"a new override has the series' reminder", weekly(t, override("09", "11", "12", alarm5)), weekly(t), weekly(t, override("09", "11", "12", alarm15))},
		{"one occurrence with a reminder of its own stays", weekly(t), weekly(t, override("09", "09", "10", alarm5)), weekly(t, override("09", "09", "10", alarm5))},
		{"and is where the series has it", weekly(t), weekly(t, override("09", "13", "14", alarm5)), weekly(t, override("09", "09", "10", alarm5))},
		{"an override with nothing owned goes", weekly(t), weekly(t, override("09", "13", "14", alarm15)), weekly(t)},
	}
	rel := down(t, "template = template.t", ownedAlarms)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			kept := rel.Template.Keep(test.want.Fields(), test.have.Fields())
			if diff := kept.Diff(test.expect.Fields()); len(diff) > 0 {
				t.Errorf("differs in %v: %v\nwant %v", diff, pim.Changes(test.have.Fields(), kept), pim.Changes(test.have.Fields(), test.expect.Fields()))
			}
			if !slices.Equal(pim.Changes(kept, rel.Template.Keep(kept, test.have.Fields())), nil) {
				t.Error("what is kept once is not kept twice")
			}
		})
	}
	if !rel.Template.Owns("alarms") || rel.Template.Owns("summary") || !rel.Template.Sets("alarms") {
		t.Error("the alarms are not owned, or may flow back")
	}
}

// TestOwnedDoesNotFlowBack has an owner's edits on their way to the original.
func TestOwnedDoesNotFlowBack(t *testing.T) {
	rel := down(t, "template = template.t", ownedAlarms)
	end := "DTEND;TZID=Europe/Paris:20260309T100000"
	original := weekly(t)
	for name, test := range map[string]struct {
		replica *pim.Item
		flows   bool
	}{
		"a reminder of one occurrence": {weekly(t, occurrence("09", "09", "SUMMARY:weekly", end, alarm5)), false},
		"another title of it too":      {weekly(t, occurrence("09", "09", "SUMMARY:other", end, alarm5)), true},
	} {
		back := rel.Template.Back(original.Fields(), test.replica.Fields(), rel.Template.Undo(original, rel))
		var override pim.Value
		for field, v := range back {
			if pim.IsOverride(field) {
				override = v
			}
		}
		if override.IsZero() == test.flows {
			t.Errorf("%s flows back: %v", name, !override.IsZero())
		}
		if alone, ok := override.Alone(pim.Calendar); ok && strings.Contains(string(alone.Bytes()), "PT5M") {
			t.Errorf("%s brings the reminder back", name)
		}
	}
}

func TestTriggers(t *testing.T) {
	blocks := `
template "a" {
  kind    = "calendar"
  trigger = ["summary", "minutes", "extra"]
}
template "b" {
  kind    = "calendar"
  trigger = ["location"]
}
template "all" { kind = "calendar" }
template "shy" {
  kind    = "calendar"
  trigger = ["start"]
  privacy = item.private ? "busy" : "full"
}`
	tests := []struct {
		template, fields string
		want             bool
	}{
		{"template.all", "url", true},
		{"template.a", "summary url", true},
		{"template.a", "url location", false},
		{"template.a", "end", true},
		{"template.a", "extra.X-ROOM", true},
		{"template.b", "extra.X-ROOM", false},
		{"template.b", "override:20260309T080000Z", true},
		{"item.private ? template.a : template.b", "url", false},
		{"item.private ? template.a : template.b", "location", true},
		{"item.private ? template.a : template.b", "class", true},
		{"item.private ? template.a : (template.b)", "url", false},
		{"item.private ? template.a : null", "url", true},
		{"template.shy", "class", true},
		{"template.shy", "summary", false},
		{"null", "url", true},
	}
	for _, test := range tests {
		rel := down(t, "template = "+test.template, blocks)
		if got := rel.Template.Triggers(strings.Fields(test.fields)); got != test.want {
			t.Errorf("%s: a change of %s causes an update: %v", test.template, test.fields, got)
		}
	}
}
