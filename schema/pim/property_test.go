package pim

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// someLines draws lines of which each property stands at most as often as it may.
func someLines(t *rapid.T, once, many []string) string {
	var b strings.Builder
	for _, l := range once {
		if rapid.Bool().Draw(t, "has") {
			b.WriteString(rapid.SampledFrom(strings.Split(l, "|")).Draw(t, "line") + "\r\n")
		}
	}
	for _, l := range many {
		for _, choice := range strings.Split(l, "|") {
			if rapid.IntRange(0, 2).Draw(t, "has") == 0 {
				b.WriteString(strings.ReplaceAll(choice, "\n", "\r\n") + "\r\n")
			}
		}
	}
	return b.String()
}

const customZone = "BEGIN:VTIMEZONE\r\nTZID:Custom\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0X00\r\nTZOFFSETTO:+0X00\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

func event(t *rapid.T) *Item {
	times := []string{
		"DTSTART:20260301T090000Z", "DTSTART;TZID=Europe/Paris:20260301T090000\r\nDTEND;TZID=Romance Standard Time:20260301T100000",
		"DTSTART;VALUE=DATE:20260301", "DTSTART;VALUE=DATE:20260301\r\nDURATION:P2D", "DTSTART:20260301T090000\r\nDURATION:PT90M",
		"DTSTART;TZID=Custom:20260301T090000\r\nDTEND;TZID=Custom:20260301T120000", "DTSTART;TZID=Custom:20260301T090000\r\nDURATION:PT1H",
		"DTSTART:20260301T090000Z\r\nDTEND:20260301T090000Z", "",
	}
	body := rapid.SampledFrom(times).Draw(t, "times") + "\r\n" + someLines(t, []string{
		"SUMMARY:a|SUMMARY;LANGUAGE=de:b\\, c|summary:", "LOCATION:x|LOCATION:y", "TRANSP:OPAQUE|TRANSP:TRANSPARENT", "CLASS:PRIVATE|CLASS:PUBLIC",
		"RRULE:FREQ=DAILY|RRULE:BYDAY=MO;FREQ=WEEKLY;INTERVAL=1", "EXDATE:20260302T090000Z|EXDATE;VALUE=DATE:20260308,20260315",
		"DESCRIPTION:hello|DESCRIPTION:hello\\n\\n-- Attendees --\\nBob\\n-- End of attendees --|DESCRIPTION:-- Attendees --\\nAnn\\n-- End of attendees --",
		"CATEGORIES:a,b|CATEGORIES:b\\,c|CATEGORIES:a\r\nCATEGORIES:d", "PRIORITY:0|PRIORITY:5", "X-FOO;A=b:1|X-FOO:2", "SEQUENCE:7", "STATUS:CONFIRMED",
		parts.MarkerName + ":v=1&workspace=w&relationship=r&original=o&generation=1&status=live&uid=u&written=ff",
	}, []string{
		"ATTENDEE:mailto:a@x|ATTENDEE;PARTSTAT=ACCEPTED;CN=\"B, C\":mailto:b@x|ATTENDEE;SCHEDULE-STATUS=1.1:mailto:c@x",
		"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM|BEGIN:VALARM\nTRIGGER;RELATED=END:PT0S\nACTION:AUDIO\nACKNOWLEDGED:20260101T000000Z\nEND:VALARM",
	})
	body += "UID:" + rapid.SampledFrom([]string{"one", "two"}).Draw(t, "uid") + "\r\n"
	override := ""
	if rapid.Bool().Draw(t, "override") {
		override = "BEGIN:VEVENT\r\nUID:" + body[strings.LastIndex(body, "UID:")+4:] + "RECURRENCE-ID;TZID=Europe/Paris:20260308T090000\r\nDTSTART;TZID=Custom:20260308T100000\r\n" +
			someLines(t, []string{"SUMMARY:moved|SUMMARY:again"}, nil) + "END:VEVENT\r\n"
	}
	zone := strings.ReplaceAll(customZone, "X", rapid.SampledFrom([]string{"1", "3"}).Draw(t, "offset"))
	return parse(t, Calendar, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"+zone+"BEGIN:VEVENT\r\n"+body+"END:VEVENT\r\n"+override+"END:VCALENDAR\r\n")
}

func contact(t *rapid.T) *Item {
	version := rapid.SampledFrom([]string{"2.1", "3.0", "4.0"}).Draw(t, "version")
	once := []string{"FN:Ann|FN:Ann\\, B", "N:Doe;Ann|N:Doe;Ann;X;Dr.;Jr.|N:;;;;", "ORG:Acme|ORG:Acme;Sales;North", "NOTE:a\\nb\\;c|NOTE:x", "TITLE:Boss", "CATEGORIES:a,b"}
	many := []string{"X-FOO:a,b|X-BAR;Z=1:c"}
	switch version {
	case "2.1":
		once = append(once, "BDAY:1996-04-15", "ADR;HOME;POSTAL:;;1 Road;Town", "PHOTO;JPEG;ENCODING=BASE64:/9j/AAAA|PHOTO;VALUE=URL:http://x/y",
			"X-ADDRESSBOOKSERVER-KIND:group", "TITLE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gr=FC=\r\n=DFe")
		many = append(many, "TEL;HOME;VOICE:1|TEL;WORK;PREF:2", "EMAIL;INTERNET:a@x|EMAIL:b@x")
	case "3.0":
		once = append(once, "BDAY:19960415|BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "ADR;TYPE=home,work:;;1 Road;Town\\, X", "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K",
			"X-ADDRESSBOOKSERVER-KIND:group", "item1.URL:http\\://x\r\nitem1.X-ABLabel:_$!<HomePage>!$")
		many = append(many, "TEL;TYPE=HOME:1|item2.TEL;type=work;type=pref:2\nitem2.X-ABLabel:Desk", "EMAIL:a@x|EMAIL;TYPE=INTERNET,PREF:b@x", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:m1")
	default:
		once = append(once, "BDAY:--0415|BDAY:19960415", "ADR;TYPE=home;LABEL=\"a,b\":;;1 Road;Town", "PHOTO:data:image/gif;base64,R0lGODlh", "KIND:group|KIND:individual", "ANNIVERSARY:20000101")
		many = append(many, "TEL;VALUE=uri;TYPE=home:tel:1|TEL;PREF=1;TYPE=work:2", "EMAIL:a@x|EMAIL;PREF=1:b@x", "MEMBER:urn:uuid:m1|MEMBER:mailto:q@x")
	}
	return parse(t, Contacts, "BEGIN:VCARD\r\nVERSION:"+version+"\r\n"+someLines(t, once, many)+"UID:c\r\nEND:VCARD\r\n")
}

func parse(t interface {
	Helper()
	Fatalf(string, ...any)
}, kind Kind, text string) *Item {
	t.Helper()
	it, err := Parse(kind, []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return it
}

// overlay is all of what makes the fields f of an item with the fields old.
func overlay(old, f Fields) Fields {
	changes := absent(old)
	for name, v := range f {
		changes[name] = v
	}
	return changes
}

func TestWithFieldsMakesFieldsEqual(t *testing.T) {
	for kind, generate := range map[Kind]func(*rapid.T) *Item{Calendar: event, Contacts: contact} {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				a, b := generate(t), generate(t)
				carried := a.WithFields(overlay(a.Fields(), b.Fields()))
				if diff := carried.Fields().Diff(b.Fields()); diff != nil {
					t.Fatalf("differs in %q: %q, want %q\nFROM\n%s\nTO\n%s\nGIVES\n%s", diff, carried.Fields()[diff[0]].Plain(), b.Fields()[diff[0]].Plain(), b.Bytes(), a.Bytes(), carried.Bytes())
				}
				again := parse(t, kind, string(carried.Bytes()))
				if diff := again.Fields().Diff(b.Fields()); diff != nil || again.UID() != a.UID() {
					t.Fatalf("read again, differs in %q\n%s", diff, carried.Bytes())
				}
				m1, ok1 := a.Marker()
				if m2, ok2 := carried.Marker(); m1 != m2 || ok1 != ok2 {
					t.Fatalf("the marker is lost")
				}
			})
		})
	}
}

// TestWithFieldsTouchesNothingElse: lines of fields that are not named stay, byte for byte and in order.
func TestWithFieldsTouchesNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := event(t), event(t)
		field := rapid.SampledFrom([]string{"summary", "location", "attendees", "alarms", "categories", "class", "description"}).Draw(t, "field")
		carried := a.WithFields(Fields{field: b.Fields()[field]})
		want := overlay(nil, a.Fields())
		if want[field] = b.Fields()[field]; want[field].IsZero() {
			delete(want, field)
		}
		if diff := carried.Fields().Diff(want); diff != nil {
			t.Fatalf("%s changed, and %q too\n%s\n%s", field, diff, a.Bytes(), carried.Bytes())
		}
		rest := strings.SplitAfter(string(carried.Bytes()), "\r\n")
		at := 0
		for _, line := range strings.SplitAfter(string(a.Bytes()), "\r\n") {
			if i := slices.Index(rest[at:], line); i >= 0 {
				at += i + 1
			} else if !concerns(field, line) {
				t.Fatalf("%s changed, and %q is gone\n%s", field, line, carried.Bytes())
			}
		}
	})
}

// concerns reports whether a line can be one of the field.
func concerns(field, line string) bool {
	names := map[string][]string{
		"summary": {"SUMMARY"}, "location": {"LOCATION"}, "attendees": {"ATTENDEE"}, "categories": {"CATEGORIES"}, "class": {"CLASS"},
		"description": {"DESCRIPTION"}, "alarms": {"BEGIN:VALARM", "END:VALARM", "TRIGGER", "ACTION", "ACKNOWLEDGED"},
	}
	return slices.ContainsFunc(names[field], func(n string) bool { return strings.HasPrefix(strings.ToUpper(line), n) })
}

func TestDigestsSurviveStorage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := event(t).Fields()
		b, err := f.Digests().AppendBinary([]byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		var d Digests
		if err := d.UnmarshalBinary(b[1:]); err != nil {
			t.Fatal(err)
		}
		if edited := d.Edited(f); edited != nil {
			t.Fatalf("edited: %q", edited)
		}
		g := event(t).Fields()
		if edited, diff := d.Edited(g), f.Diff(g); !slices.Equal(edited, diff) {
			t.Fatalf("by digests %q, by values %q", edited, diff)
		}
		if (f.Digest() == g.Digest()) != f.Equal(g) {
			t.Fatal("the digest of the whole disagrees")
		}
	})
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom([]string{"attendees", "categories", "summary", "alarms"}).Draw(t, "field")
		base, ours, theirs := event(t).Fields()[field], event(t).Fields()[field], event(t).Fields()[field]
		merge := func(a, b Value) Value {
			v, _ := MergeValue(field, base.Digest(), a, b)
			return v
		}
		if got := merge(ours, base); !got.Equal(ours) {
			t.Fatalf("only ours changed: %v", got.Plain())
		}
		if got := merge(base, theirs); !got.Equal(theirs) {
			t.Fatalf("only theirs changed: %v", got.Plain())
		}
		if got := merge(ours, ours); !got.Equal(ours) {
			t.Fatalf("both changed alike: %v", got.Plain())
		}
		merged, ok := MergeValue(field, base.Digest(), ours, theirs)
		if !MultiValued(Calendar, field) {
			if differ := !ours.Equal(theirs) && !ours.Equal(base) && !theirs.Equal(base); ok == differ {
				t.Fatalf("ok is %t", ok)
			}
			return
		}
		if !ok || !merged.Equal(merge(theirs, ours)) {
			t.Fatal("the order of the sides matters")
		}
		for _, h := range merged.Digest() {
			if !slices.Contains(ours.Digest(), h) && !slices.Contains(theirs.Digest(), h) {
				t.Fatal("an element that neither has")
			}
		}
		for _, pair := range [][2]Value{{ours, theirs}, {theirs, ours}} {
			for _, h := range pair[0].Digest() {
				inBase, inOther := slices.Contains(base.Digest(), h), slices.Contains(pair[1].Digest(), h)
				if want := !inBase || inOther; slices.Contains(merged.Digest(), h) != want {
					t.Fatalf("kept: %t", !want)
				}
			}
		}
	})
}
