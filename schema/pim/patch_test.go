package pim

import (
	"strings"
	"testing"
	"time"
)

func value(t *testing.T, kind Kind, field string, plain any) Value {
	t.Helper()
	v, err := FieldValue(kind, field, plain)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// body is an item without what frame puts around it.
func body(it *Item) string {
	text := strings.ReplaceAll(string(it.Bytes()), "\r\n", "\n")
	for _, s := range []string{"BEGIN:VCARD\n", "END:VCARD\n", "BEGIN:VCALENDAR\nVERSION:2.0\n", "BEGIN:VEVENT\nUID:u\n", "END:VEVENT\n", "END:VCALENDAR\n"} {
		text = strings.Replace(text, s, "", 1)
	}
	return strings.TrimSuffix(text, "\n")
}

// TestWithFields: what becomes of an item's lines.
func TestWithFields(t *testing.T) {
	from := func(kind Kind, body string) Fields { return parse(t, kind, frame(kind, body)).Fields() }
	for _, c := range []struct {
		name    string
		kind    Kind
		body    string
		changes Fields
		want    string
	}{
		{"a line takes the place of the old one", Calendar, "X-A:1\nsummary;LANGUAGE=de:old\nX-B:2", Fields{"summary": value(t, Calendar, "summary", "new")}, "X-A:1\nSUMMARY:new\nX-B:2"},
		{"a field goes", Calendar, "SUMMARY:a\nLOCATION:b", Fields{"location": {}}, "SUMMARY:a"},
		{"an equal value changes nothing", Calendar, "summary;LANGUAGE=de:a", Fields{"summary": value(t, Calendar, "summary", "a")}, "summary;LANGUAGE=de:a"},
		{"new lines stand before components", Calendar, "SUMMARY:a\nBEGIN:VALARM\nTRIGGER:PT0S\nEND:VALARM", Fields{"location": value(t, Calendar, "location", "b")},
			"SUMMARY:a\nLOCATION:b\nBEGIN:VALARM\nTRIGGER:PT0S\nEND:VALARM"},
		{"elements that stay keep their lines", Calendar, "ATTENDEE;SCHEDULE-STATUS=2:mailto:a@x\nX-A:1\nATTENDEE:mailto:b@x\nSUMMARY:s",
			from(Calendar, "ATTENDEE:mailto:c@x\nATTENDEE:mailto:a@x\nSUMMARY:s"), "ATTENDEE;SCHEDULE-STATUS=2:mailto:a@x\nX-A:1\nATTENDEE:mailto:c@x\nSUMMARY:s"},
		{"the start moves, the end stays", Calendar, "DTSTART:20260301T090000Z\nDURATION:PT1H", Fields{"start": value(t, Calendar, "start", "2026-03-01T08:00:00Z")}, "DTSTART:20260301T080000Z\nDTEND:20260301T100000Z"},
		{"an all-day event moves by its end", Calendar, "DTSTART;VALUE=DATE:20260301", Fields{"end": value(t, Calendar, "end", "2026-03-04")}, "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260304"},
		{"the text changes, the block stays", Calendar, "DESCRIPTION:old\\n\\n-- Attendees --\\nBob\\n-- End of attendees --", Fields{"description": value(t, Calendar, "description", "new")},
			"DESCRIPTION:new\\n\\n-- Attendees --\\nBob\\n-- End of attendees --"},
		{"the block goes", Calendar, "DESCRIPTION:old\\n\\n-- Attendees --\\nBob\\n-- End of attendees --", Fields{"attendees_described": {}}, "DESCRIPTION:old"},
		{"a block without text", Calendar, "SUMMARY:a", Fields{"attendees_described": value(t, Calendar, "attendees_described", "Bob")}, "SUMMARY:a\nDESCRIPTION:-- Attendees --\\nBob\\n-- End of attendees --"},
		{"a zone comes along", Calendar, "SUMMARY:a", Fields{"start": from(Calendar, "DTSTART;TZID=Office:20260301T090000\n"+other)["start"]},
			strings.TrimPrefix(other, "---\n") + "\nSUMMARY:a\nDTSTART;TZID=Office:20260301T090000"},
		{"one part of a name", Contacts, "VERSION:3.0\nN;SORT-AS=x:Doe;Ann;M;;Jr.\nFN:x", Fields{"given": value(t, Contacts, "given", "Anna, B")}, "VERSION:3.0\nN;SORT-AS=x:Doe;Anna\\, B;M;;Jr.\nFN:x"},
		{"the unit goes", Contacts, "VERSION:3.0\nORG:Acme;Sales", Fields{"department": {}}, "VERSION:3.0\nORG:Acme"},
		{"a labelled line goes with its label", Contacts, "VERSION:3.0\nitem1.TEL:1\nFN:x\nitem1.X-ABLabel:Boat", Fields{"phones": {}}, "VERSION:3.0\nFN:x"},
		{"a label comes along under a free name", Contacts, "VERSION:3.0\nitem1.EMAIL:a@x\nitem1.X-ABLabel:Old", Fields{"phones": from(Contacts, "VERSION:3.0\nitem1.TEL:1\nitem1.X-ABLabel:Boat")["phones"]},
			"VERSION:3.0\nitem1.EMAIL:a@x\nitem1.X-ABLabel:Old\nitem2.TEL:1\nitem2.X-ABLabel:Boat"},
		{"into another version", Contacts, "VERSION:2.1\nFN:x", from(Contacts, "VERSION:4.0\nFN:Müller\nTEL;PREF=1;TYPE=home:1\nKIND:group"),
			"VERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller\nTEL;HOME;PREF:1\nX-ADDRESSBOOKSERVER-KIND:group"},
	} {
		it := parse(t, c.kind, frame(c.kind, c.body))
		if got := body(it.WithFields(c.changes)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
		if got := body(it); got != strings.ReplaceAll(c.body, "---\n", "") {
			t.Errorf("%s: the item itself changed:\n%s", c.name, got)
		}
	}
}

// TestForeignZoneOfTheSameName: a zone that is known by its rules keeps them where its name is taken.
func TestForeignZoneOfTheSameName(t *testing.T) {
	here := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Office:20260301T090000\nDTEND;TZID=Office:20260301T100000\n"+other))
	there := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Office:20260301T093000\n"+berlin))
	moved := parse(t, Calendar, string(here.WithFields(Fields{"start": there.Fields()["start"]}).Bytes()))
	if !moved.Fields()["start"].Equal(there.Fields()["start"]) || !moved.Fields()["end"].Equal(here.Fields()["end"]) {
		t.Errorf("start %v, end %v\n%s", moved.Fields()["start"].Plain(), moved.Fields()["end"].Plain(), moved.Bytes())
	}
}

// TestZonesComeOnce: values that name one zone bring one VTIMEZONE, those that mean different rules by one name bring both.
func TestZonesComeOnce(t *testing.T) {
	set := New(Calendar, "u").WithFields(Fields{
		"start": value(t, Calendar, "start", "2026-12-31T09:00:00[Europe/Paris]"), "end": value(t, Calendar, "end", "2027-01-01T09:00:00[Romance Standard Time]"),
		"recurrence": value(t, Calendar, "recurrence", "FREQ=DAILY;COUNT=2\nEXDATE:2028-01-01T09:00:00[Europe/Paris]"),
	})
	if n := strings.Count(string(set.Bytes()), "BEGIN:VTIMEZONE"); n != 1 {
		t.Errorf("%d VTIMEZONEs:\n%s", n, set.Bytes())
	}
	a := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Office:20260301T090000\n"+other)).Fields()["start"]
	b := parse(t, Calendar, frame(Calendar, "DTSTART;TZID=Office:20260301T080000\nDTEND;TZID=Office:20260301T090000\n"+berlin)).Fields()["end"]
	both := parse(t, Calendar, string(New(Calendar, "u").WithFields(Fields{"start": a, "end": b}).Bytes()))
	if !both.Fields()["start"].Equal(a) || !both.Fields()["end"].Equal(b) {
		t.Errorf("two zones of one name:\n%s", both.Bytes())
	}
}

func TestMarker(t *testing.T) {
	m := Marker{Workspace: "office", Relationship: `relationship.a["b/c"]`, Original: "x;y,z\\ä\n", Generation: 3, Status: Retired, Adopted: true, UID: "u", Written: 1<<63 + 5}
	for _, c := range []struct {
		kind Kind
		body string
	}{{Calendar, "SUMMARY:a"}, {Tasks, "SUMMARY:a"}, {Notes, "SUMMARY:a"}, {Contacts, "VERSION:2.1\nFN:a"}} {
		it := parse(t, c.kind, frame(c.kind, c.body))
		marked := parse(t, c.kind, string(it.WithMarker(&m).Bytes()))
		if got, ok := marked.Marker(); !ok || got != m {
			t.Errorf("%s: %+v, %t", c.kind, got, ok)
		}
		if !marked.Fields().Equal(it.Fields()) {
			t.Errorf("%s: the marker is a field", c.kind)
		}
		again := marked.WithMarker(&Marker{Workspace: "other", Status: Live})
		if got, _ := again.Marker(); got.Workspace != "other" || strings.Count(string(again.Bytes()), "X-ACCORD-MARKER") != 1 {
			t.Errorf("%s: marked twice\n%s", c.kind, again.Bytes())
		}
		if without := marked.WithMarker(nil); string(without.Bytes()) != string(it.Bytes()) {
			t.Errorf("%s: without its marker\n%s", c.kind, without.Bytes())
		}
	}
	for _, garbage := range []string{"", "hello", "v=2&workspace=w&status=live&generation=1&written=0", "v=1&workspace=w&status=odd&generation=1&written=0", "v=1&workspace=w&status=live&generation=x&written=0", "v=1&workspace=w&status=live&generation=1&written=zz", "%zz"} {
		it := parse(t, Calendar, frame(Calendar, "X-ACCORD-MARKER:"+garbage))
		if m, ok := it.Marker(); ok {
			t.Errorf("%q is taken for %+v", garbage, m)
		}
	}
}

func TestTouch(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	event := parse(t, Calendar, seriesWithOverride).Touch(now).Touch(now)
	if event.Sequence() != 2 || !event.Modified().Equal(now) || strings.Count(string(event.Bytes()), "SEQUENCE:2") != 2 {
		t.Errorf("touched twice:\n%s", event.Bytes())
	}
	card := parse(t, Contacts, frame(Contacts, "VERSION:3.0\nFN:a\nREV:2020")).Touch(now)
	if !card.Modified().Equal(now) || strings.Count(string(card.Bytes()), "REV") != 1 {
		t.Errorf("touched:\n%s", card.Bytes())
	}
}

func TestWithUID(t *testing.T) {
	it := parse(t, Calendar, seriesWithOverride).WithUID("new,uid")
	if again := parse(t, Calendar, string(it.Bytes())); again.UID() != "new,uid" || strings.Count(string(it.Bytes()), `UID:new\,uid`) != 2 {
		t.Errorf("with another UID:\n%s", it.Bytes())
	}
	card := parse(t, Contacts, frame(Contacts, "VERSION:4.0\nUID:urn:uuid:x\nFN:a"))
	if card.UID() != "x" || card.WithUID("").UID() != "" || strings.Contains(string(card.WithUID("").Bytes()), "UID") {
		t.Errorf("UID %q; without\n%s", card.UID(), card.WithUID("").Bytes())
	}
}

func TestDescribe(t *testing.T) {
	it := parse(t, Calendar, frame(Calendar, "ORGANIZER;CN=Ann:mailto:ann@x.org\nATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@x.org\nATTENDEE;ROLE=OPT-PARTICIPANT:mailto:c@x.org"))
	v := Describe(it)
	if want := "Organizer: Ann <ann@x.org>\nBob <bob@x.org> (accepted)\nc@x.org (optional)"; v.Plain() != want {
		t.Errorf("described as %q, want %q", v.Plain(), want)
	}
	described := parse(t, Calendar, string(it.WithFields(Fields{"attendees_described": v, "attendees": {}, "organizer": {}}).Bytes()))
	if !described.Fields()["attendees_described"].Equal(v) || !described.Fields()["description"].IsZero() {
		t.Errorf("written as\n%s", described.Bytes())
	}
	if v := Describe(described); !v.IsZero() {
		t.Errorf("nobody is described as %v", v.Plain())
	}
}
