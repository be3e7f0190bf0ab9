package words_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
)

func TestEveryReasonHasWords(t *testing.T) {
	for _, r := range decide.ReasonDocs() {
		if got := words.Reason(string(r.Code)); got != r.Words {
			t.Errorf("%s is said as %q", r.Code, got)
		}
	}
	if got := words.Reason("a_code_of_tomorrow"); got != "a code of tomorrow" {
		t.Errorf("a code that is not known is said as %q", got)
	}
}

func TestNamed(t *testing.T) {
	for _, c := range []struct {
		op   plan.Operation
		want string
	}{
		{plan.Operation{Title: "Lunch", UID: "u"}, `"Lunch"`},
		{plan.Operation{UID: "u", OriginalRef: "o"}, `"u"`},
		{plan.Operation{OriginalRef: "o", ReplicaRef: "r"}, `"o"`},
		{plan.Operation{ReplicaRef: "r"}, `"r"`},
		{plan.Operation{}, "(no title)"},
		{plan.Operation{Title: "(private)"}, "(private)"},
		{plan.Operation{Action: plan.CreateFolder, Title: `folder.staff["alice"]`}, `folder.staff["alice"]`},
		{plan.Operation{Title: "a\x1b[31m\u202e\"\nb"}, `"a\u001b[31m\u202e\"\nb"`},
		{plan.Operation{Title: strings.Repeat("long ", 2000)}, `"` + strings.Repeat("long ", 16) + `…"`},
	} {
		if got := words.Named(c.op); got != c.want {
			t.Errorf("%+v is named %s, want %s", c.op, got, c.want)
		}
	}
}

func TestWhen(t *testing.T) {
	fields := []plan.Field{{Name: "start", After: "2026-09-07T09:15:00+01:00"}, {Name: "recurrence", After: "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201T093000Z"},
		{Name: "start", Occurrence: "2026-09-14T09:15:00+01:00", After: "2026-09-14T10:15:00+01:00"}}
	for _, c := range []struct {
		op   plan.Operation
		want string
	}{
		{plan.Operation{Action: plan.Add, Fields: fields}, "Mon 7 Sep 2026 09:15, every Tuesday until 1 December 2026"},
		{plan.Operation{Action: plan.Edit, Fields: fields}, ""},
		{plan.Operation{Action: plan.Edit, Start: "2026-09-07T09:15:00+01:00", Fields: fields}, ""},
		{plan.Operation{Action: plan.Edit, Start: "2026-09-07T09:15:00+01:00", Fields: fields[1:]}, "Mon 7 Sep 2026 09:15"},
		{plan.Operation{Action: plan.Conflict, Start: "2026-09-07"}, "Mon 7 Sep 2026"},
		{plan.Operation{Action: plan.Delete, Fields: fields}, ""},
		{plan.Operation{Action: plan.Delete, Fields: []plan.Field{{Name: "start", Before: "2027-07-02"}}}, "Fri 2 Jul 2027"},
		{plan.Operation{Action: plan.Add, Fields: []plan.Field{{Name: "due", After: "2027-07-02"}}}, "due Fri 2 Jul 2027"},
		{plan.Operation{Action: plan.Add, Fields: []plan.Field{{Name: "start", After: "(private)"}}}, ""},
	} {
		if got := words.When(c.op); got != c.want {
			t.Errorf("%+v is at %q, want %q", c.op, got, c.want)
		}
	}
}

func TestField(t *testing.T) {
	attendees := func(names ...string) (list []any) {
		for _, n := range names {
			list = append(list, n)
		}
		return list
	}
	for _, c := range []struct {
		field plan.Field
		want  string
	}{
		{plan.Field{Name: "location", Before: "Room 4", After: "Room 5"}, `location: "Room 4" → "Room 5"`},
		{plan.Field{Name: "location", Before: nil, After: "(private)"}, `location: (none) → (private)`},
		{plan.Field{Name: "location", Before: "(private)", After: "(private)"}, `location: (private)`},
		{plan.Field{Name: "status", Before: nil, After: "cancelled"}, `status: (none) → cancelled`},
		{plan.Field{Name: "status", Before: "a → b", After: "cancelled"}, `status: "a → b" → cancelled`},
		{plan.Field{Name: "start", Before: "2026-06-03T10:00:00+02:00", After: "2026-06-03T12:30:00+02:00"}, "start: Wed 3 Jun 2026 10:00 → 12:30"},
		{plan.Field{Name: "start", Before: "2026-06-03T10:00:00+02:00", After: "2026-06-04T10:00:15+02:00"}, "start: Wed 3 Jun 2026 10:00 → Thu 4 Jun 2026 10:00:15"},
		{plan.Field{Name: "start", Before: "2026-06-03T10:00:00+02:00", After: "2026-06-03T08:00:00Z"}, "start: Wed 3 Jun 2026 10:00 +02:00 → Wed 3 Jun 2026 08:00 +00:00"},
		{plan.Field{Name: "start", Before: "2026-06-03T10:00:00+02:00", After: "2026-06-03T10:00:00Z"}, "start: Wed 3 Jun 2026 10:00 +02:00 → Wed 3 Jun 2026 10:00 +00:00"},
		{plan.Field{Name: "start", Before: "2026-06-03", After: "2026-06-03T10:00:00Z"}, "start: Wed 3 Jun 2026 → Wed 3 Jun 2026 10:00"},
		{plan.Field{Name: "start", Occurrence: "2026-12-08T10:00:00Z", Before: "2026-12-08T10:00:00Z", After: "2026-12-08T12:00:00Z"},
			"start on Tue 8 Dec 2026 10:00: 10:00 → 12:00"},
		{plan.Field{Name: "end", Occurrence: "2026-12-08T10:00:00Z", Before: "2026-12-08T11:00:00Z", After: "2026-12-09T12:00:00Z"},
			"end on Tue 8 Dec 2026 10:00: 11:00 → Wed 9 Dec 2026 12:00"},
		{plan.Field{Name: "start", Occurrence: "2026-12-08T10:00:00Z", Before: "2026-12-08T12:00:00Z"}, "start on Tue 8 Dec 2026 10:00: 12:00 → does not take place"},
		{plan.Field{Name: "end", Occurrence: "2026-12-08", After: "2026-12-09"}, "end on Tue 8 Dec 2026: (none) → Wed 9 Dec 2026"},
		{plan.Field{Name: "birthday", Before: nil, After: "--04-15"}, "birthday: (none) → 15 April"},
		{plan.Field{Name: "recurrence", Before: nil, After: "FREQ=DAILY"}, "recurrence: once → every day"},
		{plan.Field{Name: "recurrence", Before: "FREQ=DAILY;UNTIL=20260603T100000", After: "FREQ=DAILY;UNTIL=20260603"},
			`recurrence: "FREQ=DAILY;UNTIL=20260603T100000" → "FREQ=DAILY;UNTIL=20260603"`},
		{plan.Field{Name: "alarms", Before: []string{"15m"}, After: []string{"1h30m", "-5m", "0m"}},
			"alarms: 15 minutes before → 1 hour 30 minutes before, 5 minutes after, at the start"},
		{plan.Field{Name: "categories", Before: []string{"Work"}, After: []any{"Work", "Daily"}}, `categories: "Work" → "Work", "Daily"`},
		{plan.Field{Name: "attendees", Before: attendees("a", "b", "c", "d", "e"), After: attendees("a", "b", "c", "d", "f", "g")},
			`attendees: "e", and the same 4 → "f", "g", and the same 4`},
		{plan.Field{Name: "attendees", Before: attendees("a", "b", "c", "d", "e"), After: attendees("a", "b", "c", "d")}, `attendees: "e", and the same 4 → the same 4`},
		{plan.Field{Name: "attendees", After: []any{map[string]any{"name": "Anna", "email": "anna@example.com"}}}, `attendees: (none) → "Anna <anna@example.com>"`},
		{plan.Field{Name: "alarms", Before: []string{"15m"}, After: []any{"15m"}}, "alarms: 15 minutes before, changed in a detail that is not shown"},
		{plan.Field{Name: "range", Occurrence: "2026-12-08", After: "THISANDFUTURE"}, "range on Tue 8 Dec 2026: (none) → this and all later occurrences"},
		{plan.Field{Name: "all_day", Before: false, After: true}, "all day: no → yes"},
		{plan.Field{Name: "priority", Before: 1.0, After: "9"}, "priority: 1 → 9"},
		{plan.Field{Name: "extra.X-ROOM", Before: "\x1b[2J", After: "\u202e"}, `X-ROOM: "\u001b[2J" → "\u202e"`},
		{plan.Field{Name: "sum\nmary", Before: nil, After: ""}, `sum mary: (none) → ""`},
		{plan.Field{Name: "description", Before: "a\n", After: "a"}, `description: "a\n" → "a"`},
	} {
		if got := words.Field(c.field).String(); got != c.want {
			t.Errorf("%+v is said as\n%s, want\n%s", c.field, got, c.want)
		}
	}
}

// The end of a rule is told on the day that it was where the item is.
func TestFieldsKnowTheZone(t *testing.T) {
	op := plan.Operation{Action: plan.Edit, Start: "2026-09-07T09:15:00+02:00", Fields: []plan.Field{{Name: "recurrence", After: "FREQ=WEEKLY;UNTIL=20260630T223000Z"}}}
	if got := words.Fields(op)[0].String(); got != "recurrence: once → every week until 1 July 2026" {
		t.Errorf("got %s", got)
	}
}

func drawn(lines []words.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(string(l.Sign) + l.Text + "\n")
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	same := strings.Repeat("the same words ", 100)
	many := strings.Repeat("line\n", 50)
	for _, c := range []struct{ name, before, after, want string }{
		{"a line in the middle", "1\n2\n3\n4\n5", "1\n2\nthree\n4\n5", " 2\n-3\n+three\n 4\n"},
		{"two places", "1\n2\n3\n4\n5\n6\n7", "one\n2\n3\n4\n5\n6\nseven", "-1\n+one\n 2\n.…\n 6\n-7\n+seven\n"},
		{"new", "", "1\n2", "+1\n+2\n"},
		{"gone", "1\n2", "", "-1\n-2\n"},
		{"inserted", "1\n2", "1\n1a\n1b\n2", " 1\n+1a\n+1b\n 2\n"},
		{"one long line", same + "OLD end", same + "NEW end", "-…ords the same words OLD end\n+…ords the same words NEW end\n"},
		{"harmless", "a\nb\x1b[31m", "a\nb\u202e", " a\n-b\\u001b[31m\n+b\\u202e\n"},
		{"too long to show", "", many, strings.Repeat("+line\n", 23) + ".… and 0 lines less, 27 lines more\n"},
	} {
		if got := drawn(words.Field(plan.Field{Name: "description", Before: c.before, After: c.after}).Diff); got != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, got, c.want)
		}
	}
}

// A diff is short, whatever the texts, and ends soon.
func FuzzDiff(f *testing.F) {
	f.Add("a\nb", "b\nc")
	f.Add(strings.Repeat("a\n", 40), strings.Repeat("b\na\n", 30))
	f.Fuzz(func(t *testing.T, before, after string) {
		c := words.Field(plan.Field{Name: "note", Before: before, After: after})
		if len(c.Diff) > 24 {
			t.Errorf("%d lines", len(c.Diff))
		}
		for _, s := range append([]string{c.Label, c.Before, c.After}, strings.Split(strings.TrimSuffix(drawn(c.Diff), "\n"), "\n")...) {
			for _, r := range s {
				if !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d' {
					t.Errorf("%q is not harmless", s)
				}
			}
			if len(s) > 10000 {
				t.Errorf("%d bytes in a line", len(s))
			}
		}
	})
}

func TestSums(t *testing.T) {
	doc := &plan.Document{Summary: plan.Summary{Add: 3, CreateFolder: 1, Conflict: 1, Unchanged: 30, Settling: 2, Notified: 1},
		Relationships: []plan.Relationship{{Status: plan.OK}, {Status: plan.Blocked, Unchanged: 12}, {Status: plan.Alert}, {Status: plan.Alert}}}
	want := words.Sums{
		Changes: "Plan: 3 to add, 0 to edit, 0 to delete. Also: 1 folder to create, 1 person would be notified.",
		Waits:   "Waiting: 1 in conflict, 1 relationship blocked, 2 relationships on alert.",
		Rest:    "Left as it is: 18 unchanged, 12 held, 2 settling.",
	}
	if got := words.ToDo(doc); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := words.Done(&plan.Document{}, plan.Summary{Edit: 1, Adopt: 2}, nil, 4); got.Changes != "Applied: 0 added, 1 edited, 0 deleted. Also: 2 adopted. 4 not done." || got.Waits != "" {
		t.Errorf("%+v", got)
	}
}

func TestAllowance(t *testing.T) {
	for want, a := range map[string]plan.Allowance{
		"Allowed in this plan: up to 1 delete in relationship.x.":   {Kind: "deletes", Address: "relationship.x", Count: 1},
		"Allowed in this plan: up to 12 deletes in relationship.x.": {Kind: "deletes", Address: "relationship.x", Count: 12},
		"Allowed in this plan: up to 1 leaver in the whole run.":    {Kind: "leavers", Count: 1},
	} {
		if got := words.Allowance(a); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
