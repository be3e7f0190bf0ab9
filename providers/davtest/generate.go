package davtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// nameOf is the name of the nth item that Fill makes.
func nameOf(n int, cards bool) string {
	if cards {
		return fmt.Sprintf("item-%06d.vcf", n)
	}
	return fmt.Sprintf("item-%06d.ics", n)
}

func uidOf(n int) string { return fmt.Sprintf("%06d@fill.test", n) }

// numberOf is the n of nameOf.
func numberOf(name string, cards bool) (int, bool) {
	if len(name) < len("item-.ics") || !strings.HasPrefix(name, "item-") {
		return 0, false
	}
	n, err := strconv.Atoi(name[len("item-") : len(name)-len(".ics")])
	return n, err == nil && n >= 0 && nameOf(n, cards) == name
}

// numberOfUID is the n of uidOf.
func numberOfUID(uid string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(uid, "@fill.test"))
	return n, err == nil && n >= 0 && uidOf(n) == uid
}

// generated is the text of the nth item that Fill makes.
func generated(n int, cards bool) string {
	if cards {
		return fmt.Sprintf("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\nFN:Person %d\r\nN:%[2]d;Person;;;\r\nEMAIL:person%[2]d@example.com\r\nEND:VCARD\r\n", uidOf(n), n)
	}
	start := time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour)
	const form = "20060102T150405Z"
	return fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Accord//davtest//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART:%s\r\nDTEND:%s\r\nSUMMARY:Event %d\r\nDESCRIPTION:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		uidOf(n), start.Format(form), start.Add(time.Hour).Format(form), n, fold(strings.Repeat("What is said of it. ", 12)))
}

// fold breaks a value into lines (RFC 5545 section 3.1); it begins in the middle of one.
func fold(value string) string {
	const width = 60
	var b strings.Builder
	for len(value) > width {
		b.WriteString(value[:width] + "\r\n ")
		value = value[width:]
	}
	return b.String() + value
}
