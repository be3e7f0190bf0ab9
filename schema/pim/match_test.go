package pim

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// matchable is an item of a kind with some lines.
func matchable(t testing.TB, kind Kind, lines ...string) *Item {
	t.Helper()
	begin, end := envelope(kind)
	it, err := Parse(kind, []byte(begin+strings.Join(append(lines, ""), "\r\n")+end))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// TestMatch: which items are the same thing, whatever their UIDs are.
func TestMatch(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(text string) []string { return strings.Split(text, "|") }
	for _, test := range []struct {
		name string
		kind Kind
		a, b string
		want bool
	}{
		{"another UID, other details", Calendar, "UID:a|SUMMARY:Lunch|DTSTART:20260301T120000Z|LOCATION:x", "UID:b|SUMMARY:Lunch|DTSTART:20260301T120000Z|SEQUENCE:4", true},
		{"case, width and white space of the title", Calendar, "SUMMARY:Straße  ＡＢ |DTSTART:20260301T120000Z", "SUMMARY:STRASSE ab|DTSTART:20260301T120000Z", true},
		{"composed and decomposed letters", Calendar, "SUMMARY:Café|DTSTART:20260301T120000Z", "SUMMARY:Cafe\u0301|DTSTART:20260301T120000Z", true},
		{"another title", Calendar, "SUMMARY:Lunch|DTSTART:20260301T120000Z", "SUMMARY:Dinner|DTSTART:20260301T120000Z", false},
		{"another start", Calendar, "SUMMARY:Lunch|DTSTART:20260301T120000Z", "SUMMARY:Lunch|DTSTART:20260301T130000Z", false},
		{"another end", Calendar, "SUMMARY:Lunch|DTSTART:20260301T120000Z|DURATION:PT1H", "SUMMARY:Lunch|DTSTART:20260301T120000Z|DURATION:PT2H", false},
		{"the same instants in another zone, the end as a duration", Calendar, "SUMMARY:L|DTSTART;TZID=Europe/Paris:20260301T120000|DTEND;TZID=Romance Standard Time:20260301T130000",
			"SUMMARY:L|DTSTART:20260301T110000Z|DURATION:PT1H", true},
		{"a floating time in the zone that it is read in", Calendar, "SUMMARY:L|DTSTART:20260701T120000", "SUMMARY:L|DTSTART:20260701T100000Z", true},
		{"all day, with and without its end", Calendar, "SUMMARY:L|DTSTART;VALUE=DATE:20260301", "SUMMARY:L|DTSTART;VALUE=DATE:20260301|DTEND;VALUE=DATE:20260302", true},
		{"all day is not midnight", Calendar, "SUMMARY:L|DTSTART;VALUE=DATE:20260301|DURATION:P1D", "SUMMARY:L|DTSTART:20260228T230000Z|DURATION:P1D", false},
		{"the same rule", Calendar, "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=WEEKLY;BYDAY=WE,MO", "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:INTERVAL=1;BYDAY=MO,WE;FREQ=WEEKLY;WKST=MO", true},
		{"an exception does not count", Calendar, "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=DAILY", "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=DAILY|EXDATE:20260303T120000Z", true},
		{"another rule", Calendar, "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=DAILY", "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=WEEKLY", false},
		{"a series is not its first instance", Calendar, "SUMMARY:L|DTSTART:20260302T120000Z|RRULE:FREQ=DAILY", "SUMMARY:L|DTSTART:20260302T120000Z", false},
		{"no title", Calendar, "DTSTART:20260302T120000Z", "SUMMARY: |DTSTART:20260302T120000Z", true},
		{"an event without a start says too little", Calendar, "SUMMARY:L", "SUMMARY:L", false},

		{"a task's title and due", Tasks, "SUMMARY:Pay|DUE;VALUE=DATE:20260301", "SUMMARY:pay|DUE;VALUE=DATE:20260301|PERCENT-COMPLETE:50", true},
		{"a task's title", Tasks, "SUMMARY:Pay", "SUMMARY:Pay|STATUS:COMPLETED", true},
		{"a task with another due", Tasks, "SUMMARY:Pay|DUE;VALUE=DATE:20260301", "SUMMARY:Pay", false},
		{"a task that says nothing", Tasks, "UID:a", "UID:b", false},
		{"a note of the same day", Notes, "SUMMARY:Log|DTSTART:20260301T080000Z", "SUMMARY:Log|DTSTART;VALUE=DATE:20260301", true},
		{"a note of another day", Notes, "SUMMARY:Log|DTSTART;VALUE=DATE:20260301", "SUMMARY:Log|DTSTART;VALUE=DATE:20260302", false},

		{"a name alone says too little", Contacts, "FN:John Doe", "FN:John Doe", false},
		{"a mail address", Contacts, "FN:John Doe|EMAIL:John@Example.com|TEL:1234567", "FN:john doe|EMAIL;TYPE=work:john@example.com|EMAIL:x@example.com", true},
		{"the order of the name", Contacts, "FN:Doe\\, John|EMAIL:j@x", "FN:John Doe|EMAIL:j@x", true},
		{"the parts of the name", Contacts, "N:Doe;John;;;|EMAIL:j@x", "FN:John Doe|EMAIL:j@x", true},
		{"a shared address, another name", Contacts, "FN:John Doe|EMAIL:does@x", "FN:Jane Doe|EMAIL:does@x", false},
		{"no shared address", Contacts, "FN:John Doe|EMAIL:j@x|TEL:1234567", "FN:John Doe|EMAIL:j@y|TEL:7654321", false},
		{"international and national", Contacts, "FN:J|TEL:+44 (0)20 7946-0958", "FN:J|TEL:020 79460958", true},
		{"+ and 00", Contacts, "FN:J|TEL:+1 (212) 555-0100", "FN:J|TEL:001.212.555.0100", true},
		{"a number of eight digits abroad and at home", Contacts, "FN:J|TEL:+47 22 12 34 56", "FN:J|TEL:22123456", true},
		{"a URI and an extension", Contacts, "FN:J|TEL;VALUE=uri:tel:+1-212-555-0100;ext=5", "FN:J|TEL:(212) 555-0100 x7", true},
		{"a word before the number", Contacts, "FN:J|TEL:Office 12345", "FN:J|TEL:12345", true},
		{"full-width digits", Contacts, "FN:J|TEL:０３１２３４５６７", "FN:J|TEL:031234567", true},
		{"no number at all", Contacts, "FN:J|TEL:ask", "FN:J|TEL:ask", false},
		{"a distribution list's name", Contacts, "FN:Team|KIND:group|MEMBER:urn:uuid:a", "FN:TEAM|X-ADDRESSBOOKSERVER-KIND:group", true},
		{"a distribution list and a contact", Contacts, "FN:Team|KIND:group|EMAIL:t@x", "FN:Team|EMAIL:t@x", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := matchable(t, test.kind, lines(test.a)...).MatchKeys(paris), matchable(t, test.kind, lines(test.b)...).MatchKeys(paris)
			if got := slices.ContainsFunc(a, func(k uint64) bool { return slices.Contains(b, k) }); got != test.want {
				t.Errorf("%x and %x: a match is %v", a, b, got)
			}
			if !slices.IsSorted(a) || !slices.IsSorted(b) {
				t.Errorf("%x or %x is not sorted", a, b)
			}
		})
	}
}

// TestLikeness: in what two items that could be the same agree and differ.
func TestLikeness(t *testing.T) {
	for _, test := range []struct {
		kind         Kind
		a, b         string
		same, differ string
	}{
		{Calendar, "SUMMARY:Lunch|DTSTART:20260301T120000Z|DURATION:PT1H", "SUMMARY:lunch|DTSTART:20260301T110000Z|DTEND:20260301T130000Z", "title, end", "start"},
		{Calendar, "SUMMARY:Lunch|DTSTART:20260301T120000Z", "SUMMARY:Lunch|DTSTART:20260301T120000Z|RRULE:FREQ=DAILY", "title, start", "rule"},
		{Tasks, "SUMMARY:Pay|DUE:20260301T120000Z", "SUMMARY:Buy|DUE:20260301T120000Z", "due", "title"},
		{Notes, "SUMMARY:Log|DTSTART:20260301T120000Z", "SUMMARY:Log|DTSTART:20260302T120000Z", "title", "day"},
		{Contacts, "FN:Jane Doe|EMAIL:j@x", "FN:Doe\\, Jane|EMAIL:j@y", "name", "mail addresses and numbers"},
		{Contacts, "FN:Jane Doe|EMAIL:j@x", "FN:John Doe|EMAIL:J@X", "a mail address or number", "name"},
		{Contacts, "FN:Team|KIND:group", "FN:Team|EMAIL:J@X", "name", "kind"},
	} {
		same, differ := matchable(t, test.kind, strings.Split(test.a, "|")...).Likeness(matchable(t, test.kind, strings.Split(test.b, "|")...), nil, nil)
		if got, other := strings.Join(same, ", "), strings.Join(differ, ", "); got != test.same || other != test.differ {
			t.Errorf("%s and %s have %q in common, not %q", test.a, test.b, got, other)
		}
	}
}

// FuzzMatchKeys: keys are sorted, each is there once, and they do not depend on UID, alarms or how often they are asked for.
func FuzzMatchKeys(f *testing.F) {
	f.Add([]byte(meeting), 0)
	f.Add([]byte(seriesWithOverride), 0)
	f.Add([]byte("BEGIN:VCARD\nVERSION:3.0\nFN:Doe, J\nEMAIL:a@b\nTEL:+1 2345 ext 6\nTEL:１２３\nEND:VCARD"), 1)
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:ß\nDUE:20260302T000000\nEND:VTODO\nEND:VCALENDAR"), 2)
	f.Fuzz(func(t *testing.T, data []byte, kind int) {
		it, err := Parse(Kinds()[uint(kind)%4], data)
		if err != nil {
			return
		}
		keys := it.MatchKeys(time.UTC)
		if sorted := slices.Compact(slices.Sorted(slices.Values(keys))); !slices.Equal(sorted, keys) {
			t.Fatalf("keys are %x", keys)
		}
		if again := it.WithUID("another").MatchKeys(nil); !slices.Equal(again, keys) {
			t.Fatalf("keys are %x, under another UID %x", keys, again)
		}
	})
}

func BenchmarkMatchKeys(b *testing.B) {
	for name, it := range map[string]*Item{
		"event":   matchable(b, Calendar, "SUMMARY:Lunch with Zoë", "DTSTART;TZID=Europe/Paris:20260301T120000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"),
		"contact": matchable(b, Contacts, "FN:Doe\\, John", "EMAIL:john@example.com", "EMAIL:doe@example.org", "TEL:+44 (0)20 7946-0958"),
	} {
		it.Fields()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(it.matchKeys(time.UTC)) == 0 {
					b.Fatal("no keys")
				}
			}
		})
	}
}

// TestUnion brings two address books together: a number is there once, however it is written.
func TestUnion(t *testing.T) {
	book := func(lines ...string) Fields {
		it, err := Parse(Contacts, []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane Doe\r\nN:Doe;Jane;;;\r\n"+strings.Join(lines, "\r\n")+"\r\nEND:VCARD\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		return it.Fields()
	}
	a := book("EMAIL:jane@example.com", "EMAIL;TYPE=WORK:work@example.com", "TEL:+44 20 7946 0123", "CATEGORIES:Friends")
	b := book("EMAIL;TYPE=HOME:JANE@example.com", "EMAIL:home@example.com", "TEL:+44-20-7946-0123", "TEL:+44 161 496 0000", "CATEGORIES:friends,Club")
	for field, want := range map[string][]string{
		"emails": {"home@example.com", "jane@example.com", "work@example.com"}, "phones": {"+44 161 496 0000", "+44 20 7946 0123"}, "categories": {"Club", "Friends"},
	} {
		union, ok := Union(field, a[field], b[field])
		got, _ := union.Plain().([]string)
		slices.Sort(got)
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %t, want %q", field, got, ok, want)
		}
	}
	if _, ok := Union("name", a["name"], b["name"]); ok {
		t.Error("a name has one value")
	}
}
