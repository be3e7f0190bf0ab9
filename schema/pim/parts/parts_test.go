package parts

import (
	"strings"
	"testing"
)

// read takes one event, or card, with the given lines apart.
func read(t *testing.T, kind Kind, body string) *Document {
	t.Helper()
	d, err := Read(kind, []byte(item(kind, body)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func item(kind Kind, body string) string {
	text := "BEGIN:" + string(kind) + "\n" + body + "\nEND:" + string(kind) + "\n"
	if kind != Card {
		text = "BEGIN:VCALENDAR\n" + text + "END:VCALENDAR\n"
	}
	return strings.ReplaceAll(text, "\n", "\r\n")
}

// TestParts: of which field each line is an element, and with what canonical text. "-" is a line of a field that says nothing.
func TestParts(t *testing.T) {
	for _, c := range []struct {
		name string
		kind Kind
		body string
		want string
	}{
		{"texts", Event, "SUMMARY:a\\, b\nCATEGORIES:x,y", "summary=a, b categories=x categories=y"},
		{"defaults say nothing", Event, "CLASS:public\nTRANSP:OPAQUE\nLOCATION:", "class=- transparency=- location=-"},
		{"bookkeeping is no field", Event, "UID:1\nDTSTAMP:20260301T000000Z\nX-MOZ-LASTACK:x\nX-MICROSOFT-CDO-OWNERAPPTID:1", ""},
		{"extensions are extras", Event, "X-FOO:1\nX-ALT-DESC;FMTTYPE=text/html:x", "extra.X-FOO=1 description_html=x"},
		{"a property named as a field of another", Event, "TITLE:x\nGEO:1;2", "extra.TITLE=x geo=1;2"},
		{"the parent of a task", Todo, "RELATED-TO:p\nRELATED-TO;RELTYPE=SIBLING:s", "parent=p related_to=s"},
		{"a fenced description", Event, "DESCRIPTION:" + strings.ReplaceAll(AddFence("mine", "Ann"), "\n", `\n`), "description=mine attendees_described=Ann"},
		{"a name", Card, "VERSION:3.0\nFN:Ann Doe\nN:Doe;Ann;;;", "name=Ann Doe family=Doe given=Ann"},
		{"an organization", Card, "VERSION:3.0\nORG:Acme;Sales", "org=Acme department=Sales"},
	} {
		var got []string
		for _, p := range read(t, c.kind, c.body).Parts() {
			canon, _, _ := strings.Cut(p.Canon, "\x1f")
			if canon == "" {
				if c.kind == Card {
					continue
				}
				canon = "-"
			}
			got = append(got, p.Field+"="+canon)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, text, c.want)
		}
	}
}

// TestRead: what is one item, and what is not.
func TestRead(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"one", "UID:1", ""},
		{"with an override", "UID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260301T090000Z", ""},
		{"a second item", "UID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:2", `a second item, with UID "2" beside "1"`},
		{"a second master", "UID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:1", "that is no override"},
		{"of another kind", "UID:1\nEND:VEVENT\nBEGIN:VTODO\nUID:1\nEND:VTODO\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260301T090000Z", "a VTODO in an item that is one VEVENT"},
	} {
		d, err := Read(Event, []byte(item(Event, c.body)))
		switch {
		case c.want == "" && (err != nil || d.UID() != "1" || d.Master != 0):
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestCheck: a time that cannot be understood is found, and said where.
func TestCheck(t *testing.T) {
	for body, want := range map[string]string{
		"DTSTART:20260301T090000Z":               "",
		"DTSTART:tomorrow":                       "DTSTART",
		"DTSTART;TZID=Nowhere:20260301T090000":   `unknown time zone "Nowhere"`,
		"RRULE:FREQ=DAILY\nEXDATE:20260301,soon": "EXDATE",
	} {
		err := read(t, Event, body).Check()
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

// TestEdit: lines that an edit does not name stay byte for byte, and a property stays in its place.
func TestEdit(t *testing.T) {
	const body = "UID:1\r\nx-Odd;is=kept:as  it is\r\nSUMMARY:a\r\nSUMMARY:b"
	for name, want := range map[string]string{
		"SUMMARY": "UID:1\r\nx-Odd;is=kept:as  it is",
		"UID":     "x-Odd;is=kept:as  it is\r\nSUMMARY:a\r\nSUMMARY:b",
		"URL":     body,
	} {
		d := read(t, Event, strings.ReplaceAll(body, "\r\n", "\n"))
		e := NewEdit(d)
		e.Property(d.Main(), name, nil)
		if got := string(e.Bytes()); got != item(Event, strings.ReplaceAll(want, "\r\n", "\n")) {
			t.Errorf("without %s:\n%s", name, got)
		}
	}
}

func TestFence(t *testing.T) {
	for _, body := range []string{"", "mine", "mine\nand more"} {
		text := AddFence(body, "Ann\nBob")
		if gotBody, block, found := CutFence(text); gotBody != body || block != "Ann\nBob" || !found {
			t.Errorf("%q comes back as %q, %q, %t", body, gotBody, block, found)
		}
		if AddFence(body, "") != body {
			t.Errorf("%q gets a fence around nothing", body)
		}
	}
	for _, text := range []string{AttendeesBegin + "\nAnn", "see " + AttendeesBegin + "\nAnn\n" + AttendeesEnd, "mine"} {
		if body, _, found := CutFence(text); found || body != text {
			t.Errorf("%q has a fence", text)
		}
	}
	body, block, _ := CutFence("mine\n\n" + AttendeesBegin + "\nAnn\n" + AttendeesEnd + "\nwritten below")
	if body != "mine\nwritten below" || block != "Ann" {
		t.Errorf("below the fence: %q, %q", body, block)
	}
}
