package pim

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAttributes: what expressions see, as JSON of the names that are neither empty nor what every item has.
func TestAttributes(t *testing.T) {
	tokyo := time.FixedZone("", 9*3600)
	for _, c := range []struct {
		name string
		kind Kind
		body string
		want string
	}{
		{"an event", Calendar, "SUMMARY:a\\, b\nDTSTART;TZID=Romance Standard Time:20260301T090000\nDTEND:20260301T091500Z\nLOCATION:x\nSTATUS:TENTATIVE\nPRIORITY:1\nRRULE:FREQ=DAILY\nCLASS:PRIVATE",
			`{"busy":"tentative","class":"private","end":"2026-03-01T09:15:00Z","location":"x","minutes":75,"priority":1,"private":true,"recurrence":"FREQ=DAILY","recurring":true,"start":"2026-03-01T09:00:00+01:00","status":"tentative","summary":"a, b","transparency":"opaque","zone":"Europe/Paris"}`},
		{"all day", Calendar, "DTSTART;VALUE=DATE:20260301", `{"all_day":true,"busy":"busy","class":"public","end":"2026-03-02","minutes":1440,"start":"2026-03-01","transparency":"opaque"}`},
		{"floating", Calendar, "DTSTART:20260301T090000\nTRANSP:TRANSPARENT", `{"busy":"free","class":"public","minutes":0,"start":"2026-03-01T09:00:00+09:00","transparency":"transparent"}`},
		{"a meeting", Calendar, "ORGANIZER;CN=Ann:mailto:Ann@x.org\nATTENDEE;CN=\"B, C\";ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:b@x.org\nATTENDEE:mailto:d@x.org",
			`{"attendees":[{"email":"b@x.org","name":"B, C","role":"optional","status":"declined"},{"email":"d@x.org","name":"","role":"required","status":"needs-action"}],"busy":"busy","class":"public","organizer":{"email":"ann@x.org","name":"Ann"},"transparency":"opaque"}`},
		{"what hangs on it", Calendar, "ATTACH;FMTTYPE=text/plain;FILENAME=a.txt;SIZE=3:https://x/a\nATTACH;VALUE=BINARY;ENCODING=BASE64:/9j/4AAQ\nX-FOO;P=1:bar\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\nBEGIN:VALARM\nTRIGGER:-PT90M\nEND:VALARM",
			`{"alarms":[{"before":"1h30m"}],"attachments":[{"name":"a.txt","size":3,"type":"text/plain","url":"https://x/a"},{"name":"","size":null,"type":"image/jpeg","url":""}],"busy":"oof","class":"public","extra":{"X-FOO":"bar"},"transparency":"opaque"}`},
		{"only an override", Calendar, "SUMMARY:moved\nRECURRENCE-ID:20260301T090000Z", `{"busy":"busy","class":"public","summary":"moved","transparency":"opaque"}`},
		{"a task", Tasks, "SUMMARY:t\nDUE;VALUE=DATE:20260301\nPERCENT-COMPLETE:50\nSTATUS:IN-PROCESS\nRELATED-TO:p\nCOMPLETED:20260302T000000Z",
			`{"class":"public","completed":"2026-03-02T00:00:00Z","due":"2026-03-01","parent":"p","percent":50,"status":"in-process","summary":"t"}`},
		{"an entry", Notes, "SUMMARY:n\nDTSTART;VALUE=DATE:20260301\nDESCRIPTION:d", `{"class":"public","description":"d","start":"2026-03-01","summary":"n"}`},
		{"a contact", Contacts, "VERSION:3.0\nUID:u\nFN:Ann Doe\nN:Doe;Ann;;Dr.;\nORG:Acme;Sales\nEMAIL;TYPE=WORK:a@x.org\nitem1.TEL:1\nitem1.X-ABLabel:_$!<Boat>!$\nADR;TYPE=home:;;1 Road;Town;;123;X\nBDAY:19960415\nNOTE:n\nPHOTO;ENCODING=b:/9j/\nURL:https://x",
			`{"addresses":[{"city":"Town","country":"X","postcode":"123","region":"","street":"1 Road","type":"home"}],"birthday":"1996-04-15","class":"public","department":"Sales","description":"n","emails":[{"type":"work","value":"a@x.org"}],"family":"Doe","given":"Ann","name":"Ann Doe","note":"n","org":"Acme","phones":[{"type":"boat","value":"1"}],"photo":true,"prefix":"Dr.","summary":"Ann Doe","url":"https://x","urls":[{"type":"","value":"https://x"}]}`},
		{"a list", Contacts, "VERSION:4.0\nUID:u\nKIND:group\nFN:All\nMEMBER:urn:uuid:m1\nMEMBER:urn:uuid:m2", `{"class":"public","members":["m1","m2"],"name":"All","summary":"All"}`},
	} {
		it := parse(t, c.kind, frame(c.kind, c.body))
		attributes := it.Attributes(tokyo)
		for _, n := range Names(c.kind) {
			v, ok := attributes[n.Name]
			if !ok {
				t.Errorf("%s: no %s", c.name, n.Name)
			}
			if list, isList := v.([]any); strings.HasPrefix(n.Type, "list") != isList && v != nil {
				t.Errorf("%s: %s is %T", c.name, n.Name, v)
			} else if text, _ := v.(string); v == nil || v == false || (isList && len(list) == 0) || (n.Type == "string" && text == "") {
				delete(attributes, n.Name)
			}
		}
		if extra, _ := attributes["extra"].(map[string]any); len(extra) == 0 {
			delete(attributes, "extra")
		}
		if attributes["uid"] != "u" {
			t.Errorf("%s: uid %v", c.name, attributes["uid"])
		}
		delete(attributes, "uid")
		got, err := json.Marshal(attributes)
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

// TestFieldValue: a value made of plain data says what the same value read from lines says.
func TestFieldValue(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		field string
		plain any
		body  string // an item that has the value
	}{
		{Calendar, "summary", "a, b;\nc", "SUMMARY:a\\, b\\;\\nc"},
		{Calendar, "start", "2026-03-01", "DTSTART;VALUE=DATE:20260301"},
		{Calendar, "start", "2026-03-01T09:00:00Z", "DTSTART:20260301T090000Z"},
		{Calendar, "start", "2026-03-01T09:00:00+01:00", "DTSTART:20260301T080000Z"},
		{Calendar, "start", "2026-03-01T09:00:00[W. Europe Standard Time]", "DTSTART;TZID=Europe/Berlin:20260301T090000"},
		{Calendar, "end", "2026-03-01T09:00:00", "DTEND:20260301T090000"},
		{Calendar, "categories", []any{"a", "b,c"}, "CATEGORIES:b\\,c,a"},
		{Calendar, "categories", "a", "CATEGORIES:a"},
		{Calendar, "class", "private", "CLASS:PRIVATE"},
		{Calendar, "busy", "elsewhere", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"},
		{Calendar, "priority", 5.0, "PRIORITY:5"},
		{Calendar, "recurrence", "FREQ=DAILY", "RRULE:FREQ=DAILY"},
		{Calendar, "recurrence", "RRULE:FREQ=DAILY\nEXDATE:2026-03-02T09:00:00[Europe/Paris]", "RRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Paris:20260302T090000"},
		{Calendar, "organizer", map[string]any{"name": "Ann", "email": "ann@x.org"}, "ORGANIZER;CN=Ann:mailto:ann@x.org"},
		{Calendar, "attendees", []any{"a@x.org", map[string]any{"email": "b@x.org", "role": "optional", "status": "accepted", "name": "B, C"}},
			"ATTENDEE:mailto:a@x.org\nATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED;CN=\"B, C\":mailto:b@x.org"},
		{Calendar, "alarms", []any{map[string]any{"before": "1h30m"}}, "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Reminder\nTRIGGER:-PT90M\nEND:VALARM"},
		{Calendar, "alarms", 15.0, "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Reminder\nTRIGGER:-PT15M\nEND:VALARM"},
		{Calendar, "attachments", "https://x/a", "ATTACH:https://x/a"},
		{Calendar, "extra.X-FOO", "bar", "X-FOO:bar"},
		{Calendar, "description_html", "<p>a</p>", "X-ALT-DESC;FMTTYPE=text/html:<p>a</p>"},
		{Tasks, "parent", "p", "RELATED-TO;RELTYPE=PARENT:p"},
		{Tasks, "due", "2026-03-01", "DUE;VALUE=DATE:20260301"},
		{Tasks, "percent", 40.0, "PERCENT-COMPLETE:40"},
		{Contacts, "given", "Ann", "N:;Ann"},
		{Contacts, "department", "Sales", "ORG:;Sales"},
		{Contacts, "emails", []any{map[string]any{"type": "work", "value": "a@x.org"}}, "EMAIL;TYPE=WORK,INTERNET:a@x.org"},
		{Contacts, "phones", []any{"1", "2"}, "TEL:2\nTEL:1"},
		{Contacts, "addresses", []any{map[string]any{"type": "home", "street": "1 Road, 2", "city": "Town"}}, "ADR;TYPE=home:;;1 Road\\, 2;Town;;;"},
		{Contacts, "birthday", "--04-15", "VERSION:4.0\nBDAY:--0415"},
		{Contacts, "anniversary", "2000-01-01", "VERSION:4.0\nANNIVERSARY:20000101"},
		{Contacts, "members", []any{"m"}, "VERSION:4.0\nMEMBER:urn:uuid:m"},
		{Contacts, "kind", "group", "VERSION:4.0\nKIND:group"},
		{Contacts, "photo", "data:image/jpeg;base64,/9j/4AAQ", "PHOTO;ENCODING=b:/9j/4AAQ"},
	} {
		got, err := FieldValue(c.kind, c.field, c.plain)
		want := parse(t, c.kind, frame(c.kind, c.body)).Fields()[c.field]
		if err != nil || !got.Equal(want) || want.IsZero() {
			t.Errorf("%s = %v: %v, %v, want %v", c.field, c.plain, got.Plain(), err, want.Plain())
			continue
		}
		set := New(c.kind, "u").WithFields(Fields{c.field: got})
		if !set.Fields()[c.field].Equal(want) {
			t.Errorf("%s = %v: set, it is %v\n%s", c.field, c.plain, set.Fields()[c.field].Plain(), set.Bytes())
		}
	}
	for _, c := range []struct {
		kind  Kind
		field string
		plain any
	}{
		{Calendar, "summary", nil}, {Calendar, "summary", ""}, {Calendar, "categories", []any{}}, {Calendar, "class", "public"}, {Contacts, "photo", false},
	} {
		if v, err := FieldValue(c.kind, c.field, c.plain); err != nil || !v.IsZero() {
			t.Errorf("%s = %v: %v, %v, want nothing", c.field, c.plain, v.Plain(), err)
		}
	}
	for _, c := range []struct {
		kind   Kind
		field  string
		plain  any
		reason string
	}{
		{Calendar, "start", "tomorrow", "2026-03-01"}, {Calendar, "start", "2026-03-01T09:00:00[Nowhere]", "Nowhere"},
		{Calendar, "class", "secret", "confidential, private, public"}, {Calendar, "priority", "high", "0 to 9"}, {Calendar, "summary", []any{"a", "b"}, "2 values"},
		{Calendar, "alarms", "soon", "15m"}, {Calendar, "attendees", "no address", "mail address"}, {Calendar, "recurrence", "every day", "RRULE"},
		{Calendar, "summary", map[string]any{}, "object"}, {Contacts, "birthday", "spring", "1996-04-15"}, {Calendar, "override:2026-03-01", "x", "override"},
	} {
		if _, err := FieldValue(c.kind, c.field, c.plain); err == nil || !strings.Contains(err.Error(), c.reason) || !strings.HasPrefix(err.Error(), c.field) {
			t.Errorf("%s = %v: error %v, want one with %q", c.field, c.plain, err, c.reason)
		}
	}
}

// TestNamesAreFields: every settable name is a field, and whatever a name is read from is known.
func TestNamesAreFields(t *testing.T) {
	for _, kind := range Kinds() {
		for _, n := range Names(kind) {
			field, ok := FieldName(kind, n.Name)
			if n.Settable && (!ok || !slices.Contains(n.Fields, field)) {
				t.Errorf("%s: %s is field %q, %t", kind, n.Name, field, ok)
			}
		}
		for name, want := range map[string]bool{"nonsense": false, "extra.X-a": true, "extra.A": false} {
			if _, ok := FieldName(kind, name); ok != want {
				t.Errorf("%s: %s is a field: %t", kind, name, ok)
			}
		}
	}
	if field, _ := FieldName(Contacts, "description"); field != "note" {
		t.Errorf("the description of a contact is %q", field)
	}
}
