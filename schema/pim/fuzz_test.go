package pim

import (
	"testing"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// fuzzItem holds whatever can be parsed to what every item promises.
func fuzzItem(t *testing.T, kind Kind, data []byte) {
	it, err := Parse(kind, data)
	if err != nil {
		if bad, ok := err.(*ParseError); !ok || bad.Reason == "" {
			t.Fatalf("an error without reason: %#v", err)
		}
		return
	}
	checkItem(t, "input", it)
}

func FuzzParseCalendar(f *testing.F) {
	f.Add([]byte(meeting))
	f.Add([]byte(seriesWithOverride))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260301\nDURATION:P1D\nATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA\nEND:VEVENT\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzItem(t, Calendar, data) })
}

func FuzzParseTask(f *testing.F) {
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:x\nDTSTART:20260301T000000\nDUE:20260302T000000\nRELATED-TO:y\nPERCENT-COMPLETE:50\nEND:VTODO\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzItem(t, Tasks, data) })
}

func FuzzParseContact(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;A\nTEL;HOME:1\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:3.0\nitem1.TEL;TYPE=pref:1\nitem1.X-ABLabel:x\nPHOTO;ENCODING=b:AAAA\nORG:a;b;c\nEND:VCARD"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:4.0\nKIND:group\nMEMBER:urn:uuid:x\nBDAY:--0401\nTEL;VALUE=uri:tel:+1;ext=2\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzItem(t, Contacts, data) })
}

func FuzzDigests(f *testing.F) {
	f.Add([]byte{1, 1, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, again Digests
		if d.UnmarshalBinary(data) != nil {
			return
		}
		b, err := d.AppendBinary(nil)
		if err != nil || again.UnmarshalBinary(b) != nil || len(again) != len(d) {
			t.Fatalf("%v does not survive", d)
		}
	})
}

func FuzzMarker(f *testing.F) {
	f.Add("v=1&workspace=w&status=live&generation=1&written=ff")
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := parseMarker(text)
		if !ok {
			return
		}
		if again, ok := parseMarker(m.text()); !ok || again != m {
			t.Fatalf("%+v becomes %+v", m, again)
		}
	})
}

func FuzzFieldValue(f *testing.F) {
	for _, field := range parts.Fields {
		f.Add(field, "2026-03-01", true)
	}
	f.Fuzz(func(t *testing.T, field, text string, contacts bool) {
		kind := Calendar
		if contacts {
			kind = Contacts
		}
		v, err := FieldValue(kind, field, text)
		if err != nil || v.IsZero() {
			return
		}
		again, err := FieldValue(kind, field, v.Plain())
		if list, isList := v.Plain().([]string); isList {
			items := make([]any, len(list))
			for i, s := range list {
				items[i] = s
			}
			again, err = FieldValue(kind, field, items)
		}
		if known, ok := FieldName(kind, field); ok && known == field && (err != nil || again.IsZero()) {
			t.Fatalf("%s: %q shows %q, which is refused: %v", field, text, v.Plain(), err)
		}
	})
}
