package pim

import (
	"strings"
	"testing"
)

// frame puts lines of an item into what has to be around them.
func frame(kind Kind, body string) string {
	body = strings.ReplaceAll(body, "\n", "\r\n") + "\r\n"
	if kind == Contacts {
		return "BEGIN:VCARD\r\n" + body + "END:VCARD\r\n"
	}
	name := string(component(kind))
	inner, outer, _ := strings.Cut(body, "---\r\n")
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + outer + "BEGIN:" + name + "\r\nUID:u\r\n" + inner + "END:" + name + "\r\nEND:VCALENDAR\r\n"
}

const (
	berlin = "---\nBEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n" +
		"END:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE"
	berlinAgain = "---\nBEGIN:VTIMEZONE\nTZID:Büro\nBEGIN:DAYLIGHT\nTZNAME:DST\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=3;BYDAY=-1SU\n" +
		"END:DAYLIGHT\nBEGIN:STANDARD\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE"
	other = "---\nBEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE"
)

// TestMeaning: two ways to write an item that mean the same have equal fields, others differ in the field named.
func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		name string
		kind Kind
		a, b string
		diff string // "": the same
	}{
		{"order, case of names, folding", Calendar, "SUMMARY:a b\nLOCATION:c", "location:c\nsummary:a\n  b", ""},
		{"bookkeeping", Calendar, "SUMMARY:a", "DTSTAMP:20260101T000000Z\nSUMMARY:a\nSEQUENCE:4\nCREATED:20250101T000000Z\nLAST-MODIFIED:20260101T000000Z", ""},
		{"noise of clients", Calendar, "SUMMARY:a", "SUMMARY:a\nX-MOZ-LASTACK:20260101T000000Z\nX-MOZ-SNOOZE-TIME-1:2\nX-MOZ-GENERATION:3\nX-MICROSOFT-CDO-APPT-SEQUENCE:0", ""},
		{"busy status is no noise", Calendar, "SUMMARY:a", "SUMMARY:a\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", "busy"},
		{"defaults", Calendar, "SUMMARY:a", "SUMMARY:a\nTRANSP:OPAQUE\nCLASS:PUBLIC\nPRIORITY:0\nLOCATION:\nDESCRIPTION:", ""},
		{"status is no default", Calendar, "SUMMARY:a", "SUMMARY:a\nSTATUS:CONFIRMED", "status"},
		{"duration for end", Calendar, "DTSTART:20260301T090000Z\nDTEND:20260301T103000Z", "DTSTART;VALUE=DATE-TIME:20260301T090000Z\nDURATION:PT1H30M", ""},
		{"a day across a change of the clock is a day", Calendar, "DTSTART;TZID=Europe/Paris:20260328T120000\nDURATION:P1D", "DTSTART;TZID=Europe/Paris:20260328T120000\nDTEND;TZID=Europe/Paris:20260329T120000", ""},
		{"24 hours across it are not", Calendar, "DTSTART;TZID=Europe/Paris:20260328T120000\nDURATION:PT24H", "DTSTART;TZID=Europe/Paris:20260328T120000\nDTEND;TZID=Europe/Paris:20260329T130000", ""},
		{"one day without end", Calendar, "DTSTART;VALUE=DATE:20260301", "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260302", ""},
		{"Windows and IANA names", Calendar, "DTSTART;TZID=W. Europe Standard Time:20260301T090000", "DTSTART;TZID=Europe/Berlin:20260301T090000", ""},
		{"links", Calendar, "DTSTART;TZID=US/Eastern:20260301T090000", "DTSTART;TZID=America/New_York:20260301T090000", ""},
		{"UTC as a zone", Calendar, "DTSTART;TZID=Etc/UTC:20260301T090000", "DTSTART:20260301T090000Z", ""},
		{"a zone by its rules", Calendar, "DTSTART;TZID=Office:20260301T090000\n" + berlin, "DTSTART;TZID=Büro:20260301T090000\n" + berlinAgain, ""},
		{"other rules under the same name", Calendar, "DTSTART;TZID=Office:20260301T090000\n" + berlin, "DTSTART;TZID=Office:20260301T090000\n" + other, "start"},
		{"rules", Calendar, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR", "RRULE:byday=FR,MO;INTERVAL=1;freq=weekly;WKST=MO", ""},
		{"exceptions in any order, zone and grouping", Calendar, "DTSTART;TZID=Europe/Paris:20260301T090000\nRRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Paris:20260303T090000\nEXDATE;TZID=Europe/Paris:20260302T090000",
			"DTSTART;TZID=Europe/Paris:20260301T090000\nRRULE:FREQ=DAILY\nEXDATE:20260302T080000Z,20260303T080000Z", ""},
		{"categories in any grouping", Calendar, "CATEGORIES:a,b\\,c", "CATEGORIES:b\\,c\nCATEGORIES:a", ""},
		{"an attendee's defaults and the server's answers", Calendar, "ATTENDEE;CN=Ann:mailto:ann@x.org",
			"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=needs-action;RSVP=FALSE;CUTYPE=INDIVIDUAL;SCHEDULE-STATUS=1.2;CN=\"Ann\":MAILTO:Ann@x.org", ""},
		{"an attendee's answer", Calendar, "ATTENDEE:mailto:ann@x.org", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@x.org", "attendees"},
		{"an alarm acknowledged", Calendar, "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT60M\nEND:VALARM",
			"BEGIN:VALARM\nUID:1\nX-WR-ALARMUID:1\nTRIGGER;RELATED=START:-PT1H\nACTION:DISPLAY\nACKNOWLEDGED:20260101T000000Z\nEND:VALARM", ""},
		{"an alarm that is none", Calendar, "SUMMARY:a", "SUMMARY:a\nBEGIN:VALARM\nACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nX-APPLE-DEFAULT-ALARM:TRUE\nEND:VALARM", ""},
		{"a parent without a type", Tasks, "RELATED-TO:p", "RELATED-TO;RELTYPE=PARENT:p", ""},
		{"a sibling is no parent", Tasks, "RELATED-TO:p", "RELATED-TO:p\nRELATED-TO;RELTYPE=SIBLING:s", "related_to"},
		{"due by duration", Tasks, "DTSTART:20260301T090000Z\nDURATION:P1D", "DTSTART:20260301T090000Z\nDUE:20260302T090000Z", ""},

		{"types of phones in all versions", Contacts, "VERSION:2.1\nTEL;HOME;VOICE:1", "VERSION:3.0\nTEL;type=HOME;type=VOICE:1", ""},
		{"preferred phones", Contacts, "VERSION:3.0\nTEL;TYPE=work,pref:1", "VERSION:4.0\nTEL;PREF=1;TYPE=\"work\";VALUE=uri:tel:1", ""},
		{"charsets and encodings", Contacts, "VERSION:2.1\nFN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FC=\nller", "VERSION:3.0\nFN:Müller", ""},
		{"octets of no charset", Contacts, "VERSION:2.1\nFN:M\xfcller", "VERSION:3.0\nFN:Müller", ""},
		{"line breaks", Contacts, "VERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab", "VERSION:4.0\nNOTE:a\\nb", ""},
		{"photos by their octets", Contacts, "VERSION:2.1\nPHOTO;JPEG;ENCODING=BASE64:\n /9j/4AAQ\n", "VERSION:4.0\nPHOTO:data:image/jpeg;base64,/9j/4AAQ", ""},
		{"another photo", Contacts, "VERSION:3.0\nPHOTO;ENCODING=b:/9j/4AAQ", "VERSION:3.0\nPHOTO;ENCODING=b:/9j/4AAR", "photo"},
		{"dates", Contacts, "VERSION:3.0\nBDAY:1996-04-15", "VERSION:4.0\nBDAY:19960415", ""},
		{"dates without a year", Contacts, "VERSION:3.0\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "VERSION:4.0\nBDAY:--0415", ""},
		{"lists of people", Contacts, "VERSION:3.0\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1", "VERSION:4.0\nKIND:group\nMEMBER:urn:uuid:1", ""},
		{"labels belong to their line", Contacts, "VERSION:3.0\nitem1.TEL:1\nitem1.X-ABLabel:Boat", "VERSION:3.0\nb.X-ABLABEL:Boat\nb.TEL:1", ""},
		{"another label", Contacts, "VERSION:3.0\nitem1.TEL:1\nitem1.X-ABLabel:Boat", "VERSION:3.0\nitem1.TEL:1\nitem1.X-ABLabel:Car", "phones"},
		{"names", Contacts, "VERSION:3.0\nN:Doe;Ann;;;", "VERSION:4.0\nN:Doe;Ann", ""},
		{"one part of a name", Contacts, "VERSION:3.0\nN:Doe;Ann;;;", "VERSION:3.0\nN:Doe;Anna;;;", "given"},
		{"escaped commas in addresses", Contacts, "VERSION:2.1\nADR;HOME:;;1 Road, Flat 2;Town", "VERSION:3.0\nADR;TYPE=home:;;1 Road\\, Flat 2;Town;;;", ""},
	} {
		a, b := parse(t, c.kind, frame(c.kind, c.a)), parse(t, c.kind, frame(c.kind, c.b))
		if diff := strings.Join(a.Fields().Diff(b.Fields()), " "); diff != c.diff {
			t.Errorf("%s: differ in %q, want %q", c.name, diff, c.diff)
			for _, field := range strings.Fields(diff) {
				t.Logf("  %s: %v, %v", field, a.Fields()[field].elements, b.Fields()[field].elements)
			}
		}
	}
}

// TestUnreadable: what cannot be understood is refused with its line and what is wrong.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   Kind
		text   string
		line   int
		reason string
	}{
		{"nothing", Calendar, "", 0, "empty"},
		{"ends early", Calendar, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\n", 3, "END:VEVENT is missing"},
		{"unknown zone", Calendar, frame(Calendar, "DTSTART;TZID=Nowhere/Town:20260301T090000"), 5, `unknown time zone "Nowhere/Town"`},
		{"a zone with broken rules", Calendar, frame(Calendar, "DTSTART;TZID=Office:20260301T090000\n"+strings.Replace(berlin, "+0200", "two", 1)), 20, "TZOFFSETFROM"},
		{"no such day", Calendar, frame(Calendar, "DTSTART:20260230T090000"), 5, "20260230T090000"},
		{"two items", Calendar, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\nEND:VCALENDAR", 5, "second item"},
		{"two masters", Calendar, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR", 5, "RECURRENCE-ID"},
		{"another kind", Calendar, frame(Tasks, "SUMMARY:x"), 3, "VTODO"},
		{"two cards", Contacts, "BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD", 3, "more than one VCARD"},
		{"a line without fold", Calendar, frame(Calendar, "DESCRIPTION:a\nhello there"), 6, "hello there"},
	} {
		_, err := Parse(c.kind, []byte(c.text))
		bad, ok := err.(*ParseError)
		if !ok || bad.Line != c.line || !strings.Contains(bad.Reason, c.reason) {
			t.Errorf("%s: %v, want line %d and %q", c.name, err, c.line, c.reason)
		}
	}
}

// TestTitleOfTheUnreadable: what is understood but for a time says its title, and whether that is everybody's.
func TestTitleOfTheUnreadable(t *testing.T) {
	const unknown = "DTSTART;TZID=Nowhere/Town:20260301T090000\n"
	for _, c := range []struct {
		text, title string
		private     bool
	}{
		{frame(Calendar, unknown+"SUMMARY:Board\\, meeting"), "Board, meeting", false},
		{frame(Calendar, unknown+"SUMMARY:Surgery\nCLASS:PRIVATE"), "Surgery", true},
		{frame(Calendar, unknown+"LOCATION:Cellar"), "", false},
		{"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Cut off\r\n", "", false},
	} {
		_, err := Parse(Calendar, []byte(c.text))
		bad, ok := err.(*ParseError)
		if !ok || bad.Title != c.title || bad.Private != c.private || c.title != "" && strings.Contains(err.Error(), c.title) {
			t.Errorf("%q: %#v", c.text, err)
		}
	}
}
