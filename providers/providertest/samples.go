package providertest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// sample is an item with a title and a note, and with what is usual for its kind.
func (x *session) sample(uid, title, note string) *pim.Item {
	x.Helper()
	uid, title, note = escape(uid), escape(title), escape(note)
	var lines []string
	switch x.suite.Kind {
	case pim.Contacts:
		lines = []string{
			"BEGIN:VCARD", "VERSION:3.0", "UID:" + uid, "FN:" + title, "N:" + title + ";Ada;;;",
			"EMAIL;TYPE=WORK:ada@example.com", "EMAIL;TYPE=HOME:ada@home.example", "TEL;TYPE=CELL:+44 20 7946 0000",
		}
		if note != "" {
			lines = append(lines, "NOTE:"+note)
		}
		lines = append(lines, "END:VCARD")
	default:
		component := map[pim.Kind]string{pim.Calendar: "VEVENT", pim.Tasks: "VTODO", pim.Notes: "VJOURNAL"}[x.suite.Kind]
		lines = []string{
			"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Accord//providertest//EN", "BEGIN:" + component,
			"UID:" + uid, "DTSTAMP:20260101T000000Z", "DTSTART:20260302T090000Z", "SUMMARY:" + title,
		}
		switch x.suite.Kind {
		case pim.Calendar:
			lines = append(lines, "DTEND:20260302T100000Z", "LOCATION:Room 5", "CATEGORIES:Company,Board")
		case pim.Tasks:
			lines = append(lines, "DUE:20260303T090000Z", "PRIORITY:5")
		}
		if note != "" {
			lines = append(lines, "DESCRIPTION:"+note)
		}
		lines = append(lines, "END:"+component, "END:VCALENDAR")
	}
	return x.parse(lines)
}

// series is a weekly event with one occurrence that was moved.
func (x *session) series(uid string) *pim.Item {
	x.Helper()
	return x.parse([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Accord//providertest//EN",
		"BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z", "DTSTART:20260302T090000Z", "DTEND:20260302T100000Z",
		"RRULE:FREQ=WEEKLY;COUNT=5", "SUMMARY:Weekly", "END:VEVENT",
		"BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260309T090000Z", "DTSTART:20260310T110000Z",
		"DTEND:20260310T120000Z", "SUMMARY:Moved once", "END:VEVENT", "END:VCALENDAR",
	})
}

func (x *session) parse(lines []string) *pim.Item {
	x.Helper()
	var b strings.Builder
	for _, line := range lines {
		for len(line) > 70 { // folded on a character boundary (RFC 5545 section 3.1)
			cut := 70
			for line[cut]&0xC0 == 0x80 {
				cut--
			}
			b.WriteString(line[:cut] + "\r\n ")
			line = line[cut:]
		}
		b.WriteString(line + "\r\n")
	}
	it, err := pim.Parse(x.suite.Kind, []byte(b.String()))
	if err != nil {
		x.Fatalf("a sample of the suite cannot be read: %v", err)
	}
	return it
}

// samples are n items that differ.
func (x *session) samples(n int) []*pim.Item {
	x.Helper()
	list := make([]*pim.Item, n)
	for i := range list {
		list[i] = x.sample(fmt.Sprintf("sample-%04d@example.com", i), fmt.Sprintf("Sample %d", i), "")
	}
	return list
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

func retryAfter(err error) time.Duration {
	var e *providers.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}
