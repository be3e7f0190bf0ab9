package ical

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// index of a text as a file of a kind.
func indexed(t testing.TB, kind pim.Kind, text string) *index {
	t.Helper()
	x, err := scan(t.Context(), strings.NewReader(text), kind, false)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// found are the refs of an index and the lines on which each item's components begin.
func found(x *index) string {
	var list []string
	for _, e := range x.entries {
		var lines []int32
		for _, s := range x.components(e) {
			lines = append(lines, s.line)
		}
		list = append(list, fmt.Sprint(e.ref, lines))
	}
	return strings.Join(list, " ")
}

func TestItemsAreFound(t *testing.T) {
	override := func(uid string) string { return vevent(uid, "Moved", "RECURRENCE-ID:20260309T090000Z") }
	card := func(uid, more string) string {
		return crlf("BEGIN:VCARD\nVERSION:3.0\nUID:" + uid + "\n" + more + "FN:Ada\nEND:VCARD\n")
	}
	hash := func(text string) string { return "#" + hashText(sum([]byte(text))) }
	bare := strings.Replace(vevent("x", "Bare"), "UID:x\r\n", "", 1)
	for _, c := range []struct {
		name, text, want string
		kind             pim.Kind
		damage           string
	}{
		{"none", calendarOf(""), "", pim.Calendar, ""},
		{"other kinds", calendarOf("", vevent("a", "A"), component("VTODO", "b", "B"), component("X-THING", "c", "C")), "b[10]", pim.Tasks, ""},
		{"master and overrides apart", calendarOf("", override("a"), vevent("b", "B"), vevent("a", "A"), override("a")), "a[4 17 23] b[11]", pim.Calendar, ""},
		{"overrides alone", calendarOf("", override("a"), override("a")), "a[4 11]", pim.Calendar, ""},
		{"one UID in two kinds", calendarOf("", vevent("a", "A"), component("VTODO", "a", "A")), "a[4]", pim.Calendar, ""},
		{"a UID twice", calendarOf("", vevent("a", "A"), vevent("a", "B"), override("a")), "a[4] a" + hash2(vevent("a", "B"), override("a")) + "[10 16]", pim.Calendar, ""},
		{"an event thrice", calendarOf("", vevent("a", "A"), vevent("a", "A"), vevent("a", "A")), "a[4] a" + hash(vevent("a", "A")) + "[10] a" + hash(vevent("a", "A")) + ".2[16]", pim.Calendar, ""},
		{"no UID", calendarOf("", bare, bare), hash(bare) + "[4] " + hash(bare) + ".2[9]", pim.Calendar, ""},
		{"a UID like a ref", calendarOf("", vevent("a#%", "A"), vevent(`b\,\nc`, "B")), "a%23%25[4] b,%0Ac[10]", pim.Calendar, ""},
		{"a UID inside", calendarOf("", vevent("a", "A", "BEGIN:VALARM", "UID:b", "END:VALARM")), "a[4]", pim.Calendar, ""},
		{"a folded UID", calendarOf("", vevent("a\r\n b", "A")), "ab[4]", pim.Calendar, ""},
		{"lower case", strings.ToLower(calendarOf("", vevent("a", "A"))), "a[4]", pim.Calendar, ""},
		{"two calendars", calendarOf("", vevent("a", "A")) + calendarOf("", vevent("b", "B"), override("a")),
			"a[4] b[14] a" + hash(override("a")) + "[20]", pim.Calendar, ""},
		{"cards", card("a", "") + "\r\n" + card("urn:uuid:b", ""), "a[1] b[7]", pim.Contacts, ""},
		{"no cards", "", "", pim.Contacts, ""},
		{"a card in a card", card("a", "AGENT:\nBEGIN:VCARD\nUID:b\nEND:VCARD\n"), "a[1]", pim.Contacts, ""},
		{"text in quoted-printable", card("a", "NOTE;ENCODING=QUOTED-PRINTABLE:=\nEND:VCARD=\n\n"), "a[1]", pim.Contacts, ""},

		{"END missing", calendarOf("", strings.TrimSuffix(vevent("a", "A"), crlf("END:VEVENT\n")), vevent("b", "B")), "a[4] b[9]", pim.Calendar,
			"line 9: BEGIN:VEVENT inside of VEVENT, which began on line 4 and has no END"},
		{"last END missing", calendarOf("", strings.TrimSuffix(vevent("a", "A"), crlf("END:VEVENT\n"))), "a[4]", pim.Calendar,
			"line 9: END:VCALENDAR inside of VEVENT, which began on line 4 and has no END"},
		{"END inside missing", calendarOf("", vevent("a", "A", "BEGIN:VALARM")), "a[4]", pim.Calendar, "line 10: END:VEVENT, and VALARM inside of it has no END"},
		{"END too many", calendarOf("", vevent("a", "A", "END:VALARM"), vevent("b", "B")), "a[4] b[11]", pim.Calendar, "line 9: END:VALARM without its BEGIN"},
		{"END of nothing", calendarOf("", "END:VEVENT\r\n", vevent("b", "B")), "b[5]", pim.Calendar, "line 4: END:VEVENT without its BEGIN"},
		{"ends in an event", strings.TrimSuffix(calendarOf("", vevent("a", "A")), crlf("END:VEVENT\nEND:VCALENDAR\n")), "a[4]", pim.Calendar,
			"it ends inside of VEVENT, which began on line 4: END:VEVENT is missing"},
		{"ends in the calendar", strings.TrimSuffix(calendarOf("", vevent("a", "A")), crlf("END:VCALENDAR\n")), "a[4]", pim.Calendar, "it ends early: END:VCALENDAR is missing"},
		{"ends in a card", strings.TrimSuffix(card("a", ""), crlf("END:VCARD\n")), "a[1]", pim.Contacts, "it ends inside of VCARD, which began on line 1: END:VCARD is missing"},
		{"a calendar in a calendar", "BEGIN:VCALENDAR\r\n" + calendarOf("", vevent("a", "A")), "a[5]", pim.Calendar, "line 2: a VCALENDAR inside of another one, whose END is missing"},
		{"an event outside", calendarOf("") + vevent("a", "A"), "", pim.Calendar, "line 5: a VEVENT outside of any VCALENDAR"},
		{"text outside", calendarOf("", vevent("a", "A")) + "<br>\r\n", "a[4]", pim.Calendar, "line 11 stands outside of any BEGIN and END"},
		{"too deep", calendarOf("", vevent("a", "A", strings.Repeat("BEGIN:X\n", 40)+strings.Repeat("END:X\n", 39)+"END:X")), "a[4]", pim.Calendar, "line 41: components are nested deeper than 32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := indexed(t, c.kind, c.text)
			if got := found(x); got != c.want || x.damage != c.damage {
				t.Errorf("found %q, damage %q\nwant  %q, damage %q", got, x.damage, c.want, c.damage)
			}
			if x.size != int64(len(c.text)) || x.cut != strings.HasPrefix(c.damage, "it ends") {
				t.Errorf("%d octets, want %d; cut is %v", x.size, len(c.text), x.cut)
			}
		})
	}
}

// hash2 is the discriminator of an item with two components.
func hash2(a, b string) string { return "#" + hashText(mix(sum([]byte(a)), sum([]byte(b)))) }

func TestFilesThatAreNoneOfTheKind(t *testing.T) {
	for _, c := range []struct {
		text string
		kind pim.Kind
		want error
	}{
		{"", pim.Calendar, errEmpty},
		{"\r\n \r\n", pim.Tasks, errEmpty},
		{"<html>", pim.Calendar, errOther},
		{"BEGIN:VEVENT\r\nEND:VEVENT\r\n", pim.Calendar, errOther},
		{"BEGIN:VCARD\r\nEND:VCARD\r\n", pim.Notes, errOther},
		{"BEGIN:VCALENDAR\rEND:VCALENDAR\r", pim.Calendar, errOther},
		{"\xff\xfeB\x00E\x00", pim.Calendar, errOther},
		{calendarOf(""), pim.Contacts, errNoVCF},
		{"FN:Ada\r\n", pim.Contacts, errNoVCF},
	} {
		if x, err := scan(t.Context(), strings.NewReader(c.text), c.kind, false); err != c.want {
			t.Errorf("%q: %v, %v, want %v", c.text, x, err, c.want)
		}
	}
}

// What an item is read as does not change when others put the file in another order, or write to what stands beside it.
func TestRefsAndVersionsAreOfTheItemAlone(t *testing.T) {
	zone := customZone("Office", "+0100")
	timed := vevent("timed", "Timed", "DTEND;TZID=Office:20260302T110000")
	bare := strings.Replace(vevent("x", "Bare"), "UID:x\r\n", "", 1)
	before := indexed(t, pim.Calendar, calendarOf("", zone, timed, vevent("a", "A"), bare))
	after := indexed(t, pim.Calendar, calendarOf("X-WR-CALNAME:New\n", bare, component("VTODO", "t", "T"), vevent("a", "A"), vevent("new", "New"), timed, zone))
	for _, e := range before.entries {
		if now, ok := after.find(e.ref); !ok || now.version != e.version {
			t.Errorf("%q was at version %x and is at %x", e.ref, e.version, now.version)
		}
	}
	moved := indexed(t, pim.Calendar, calendarOf("", customZone("Office", "+0200"), timed, vevent("a", "A"), bare))
	for _, e := range before.entries {
		now, _ := moved.find(e.ref)
		if changed := now.version != e.version; changed != (e.ref == "timed") {
			t.Errorf("the rules of a time zone changed, and that %q changed is %v", e.ref, changed)
		}
	}
}

func FuzzScan(f *testing.F) {
	for i, kind := range pim.Kinds() {
		f.Add([]byte(calendarOf("", customZone("Z", "+0100"), component(kind.Component(), "a", "A", "DTEND;TZID=Z:20260302T100000"), vevent("a", "A"))), i)
	}
	f.Add([]byte("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD\n\nBEGIN:VCARD\nUID:a\n"), 1)
	f.Fuzz(func(t *testing.T, data []byte, which int) {
		kind := pim.Kinds()[(which%4+4)%4]
		x, err := scan(t.Context(), bytes.NewReader(data), kind, false)
		if err != nil {
			return
		}
		taken := int64(-1)
		for _, s := range x.spans { // side by side and in order
			if s.from < taken || s.length <= 0 || s.to() > int64(len(data)) {
				t.Fatalf("a component from %d to %d of %d, behind %d", s.from, s.to(), len(data), taken)
			}
			taken = s.to()
		}
		k := &book{index: x, text: bytes.NewReader(data), kind: kind, name: "fuzz"}
		whole := x.damage == ""
		for _, e := range x.entries {
			got, err := k.fetch(e.ref)
			if err != nil || got.Version != hashText(e.version) || (got.Item == nil) == (got.Err == nil) {
				t.Fatalf("%q: %+v, %v", e.ref, got, err)
			}
			if got.Item == nil {
				continue
			}
			again, err := scan(t.Context(), bytes.NewReader(got.Item.Bytes()), kind, false)
			if err != nil || len(again.entries) != 1 || whole && again.damage != "" {
				t.Fatalf("%q cannot be taken apart again: %v, %+v\n%q", e.ref, err, again, got.Item.Bytes())
			}
		}
	})
}
