package schema

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// TestOverridesFlowBack edits an override of a replica, or makes one, and looks at what its original is to say.
func TestOverridesFlowBack(t *testing.T) {
	series := func(override ...string) *pim.Item {
		lines := []string{"BEGIN:VEVENT", "UID:1", "DTSTART:20260301T090000Z", "DTEND:20260301T100000Z", "RRULE:FREQ=DAILY", "SUMMARY:daily", "ATTENDEE:mailto:a@example.com", "END:VEVENT"}
		if override != nil {
			lines = append(lines, "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260302T090000Z", "DTSTART:20260302T110000Z", "DTEND:20260302T120000Z", strings.Join(override, "\n"), "END:VEVENT")
		}
		return parse(t, lines...)
	}
	const key = "override:2026-03-02T09:00:00Z"
	for _, test := range []struct {
		name, template   string
		original, edited *pim.Item
		want, wantNot    string
	}{
		{"untouched", `prefix = { summary = "[C] " }`, series("SUMMARY:late"), nil, "SUMMARY:late", "[C]"},
		{"edited", ``, series("SUMMARY:late", "ATTENDEE:mailto:a@example.com"), series("SUMMARY:later"), "SUMMARY:later ATTENDEE:mailto:a@example.com", ""},
		{"edited under a prefix", `prefix = { summary = "[C] " }`, series("SUMMARY:late"), series("SUMMARY:[C] later"), "SUMMARY:later", "[C]"},
		{"a field taken out", ``, series("SUMMARY:late", "LOCATION:here"), series("SUMMARY:late"), "SUMMARY:late", "LOCATION"},
		{"beside a field under set", `set { location = null }`, series("SUMMARY:late", "LOCATION:here"), series("SUMMARY:later"), "SUMMARY:later LOCATION:here", ""},
		{"beside what privacy hides", `privacy = "details"`, series("SUMMARY:late", "DESCRIPTION:secret"), series("SUMMARY:later", "CLASS:PRIVATE"), "SUMMARY:later DESCRIPTION:secret", "CLASS"},
		{"made by a person", `prefix = { summary = "[C] " }`, series(), series("SUMMARY:[C] moved"), "SUMMARY:moved DTSTART:20260302T110000Z ATTENDEE:mailto:a@example.com", "[C]"},
		{"made under set", `set { summary = "[C] ${item.summary}" }`, series(), series("SUMMARY:[C] daily"), "SUMMARY:daily DTSTART:20260302T110000Z", "[C]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rel := down(t, "template = template.t", "template \"t\" {\nkind = \"calendar\"\n"+test.template+"\n}")
			replica, err := rel.Template.Render(test.original, rel)
			if err != nil {
				t.Fatal(err)
			}
			if test.edited != nil {
				replica = replica.WithFields(pim.Fields{key: test.edited.Fields()[key]})
			}
			back, ok := rel.Template.Back(test.original.Fields(), replica.Fields(), rel.Template.Undo(test.original, rel))[key]
			if !ok || rel.Template.Sets(key) {
				t.Fatal("does not flow back")
			}
			alone, ok := back.Alone(pim.Calendar)
			if !ok {
				t.Fatal("is no override")
			}
			text := string(alone.Bytes())
			for _, want := range strings.Split(test.want, " ") {
				if !strings.Contains(text, want+"\r\n") {
					t.Errorf("lacks %s", want)
				}
			}
			if test.wantNot != "" && strings.Contains(text, test.wantNot) {
				t.Errorf("says %s", test.wantNot)
			}
			if test.edited == nil && !back.Equal(test.original.Fields()[key]) {
				t.Error("there and back is not the same")
			}
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}
