package dav

import (
	"bytes"
	"fmt"
	"net/url"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// answered is a multistatus with n entries, as servers print it: each holds an ETag and what else is said of the item.
func answered(n int, more string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">`)
	for i := range n {
		fmt.Fprintf(&b, `<response><href>/alice/work/%08x-0001-4001-8007-%012x.ics</href><propstat><prop><getetag>"%064x"</getetag>%s</prop>`+
			`<status>HTTP/1.1 200 OK</status></propstat></response>`, i, i, i, more)
	}
	b.WriteString(`<sync-token>http://radicale.org/ns/sync/3d5a</sync-token></multistatus>`)
	return b.Bytes()
}

// benched is a folder that asks nobody.
func benched(b *testing.B) *folder {
	u, err := url.Parse("https://dav.example.com/alice/work/")
	if err != nil {
		b.Fatal(err)
	}
	return &folder{collection: newCollection(u), kind: pim.Calendar, family: CalDAV, server: profileNamed("standard")}
}

// BenchmarkListing reads a listing of 10,000 items.
func BenchmarkListing(b *testing.B) {
	const n = 10_000
	listing := answered(n, "")
	b.ReportAllocs()
	b.SetBytes(int64(len(listing)))
	for b.Loop() {
		changes := 0
		l := &lister{folder: benched(b), each: func(providers.Change) error { changes++; return nil }}
		if _, err := readMultistatus(bytes.NewReader(listing), l.entry); err != nil || changes != n {
			b.Fatalf("%d changes, %v", changes, err)
		}
	}
}

// BenchmarkMultiget reads an answer with 100 events of about 600 octets: once as XML alone, once with what the events say.
func BenchmarkMultiget(b *testing.B) {
	const n = 100
	answer := answered(n, `<C:calendar-data>BEGIN:VCALENDAR&#13;
VERSION:2.0&#13;
PRODID:-//Example//Calendar 1.0//EN&#13;
BEGIN:VEVENT&#13;
UID:5a1c7d7e-0001-4001-8007-00000000a3f1&#13;
DTSTAMP:20260101T080000Z&#13;
LAST-MODIFIED:20260101T080000Z&#13;
DTSTART:20270314T090000Z&#13;
DTEND:20270314T093000Z&#13;
SUMMARY:Meeting 14 of the year&#13;
LOCATION:Room 14\, second floor&#13;
CATEGORIES:Team,Planning&#13;
STATUS:CONFIRMED&#13;
TRANSP:OPAQUE&#13;
DESCRIPTION:What there is to say about the meeting: bring the minutes of th&#13;
 e last one\, read the papers that were sent around\, and think about what&#13;
  should be decided before the summer. Guests wait at the desk.&#13;
BEGIN:VALARM&#13;
ACTION:DISPLAY&#13;
TRIGGER:-PT15M&#13;
DESCRIPTION:Reminder&#13;
END:VALARM&#13;
END:VEVENT&#13;
END:VCALENDAR&#13;
</C:calendar-data>`)
	f := benched(b)
	for name, each := range map[string]func(*response) error{
		"xml": func(*response) error { return nil },
		"items": func(r *response) error {
			ref, err := f.ref(r.href)
			if err != nil {
				return err
			}
			return f.fetched(ref, r).Err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(answer)))
			for b.Loop() {
				items := 0
				count := func(r *response) error { items++; return each(r) }
				if _, err := readMultistatus(bytes.NewReader(answer), count); err != nil || items != n {
					b.Fatalf("%d items, %v", items, err)
				}
			}
		})
	}
}
