package davtest

import (
	"strings"
	"testing"
)

func TestPutAndDelete(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work", "VEVENT")
	made := c.do("PUT", work+"a.ics", event("a", ""), "If-None-Match: *").says(t, 201)
	etag := made.header.Get("ETag")
	if etag == "" || c.do("GET", work+"a.ics", "").says(t, 200, event("a", "")).header.Get("ETag") != etag {
		t.Errorf("the ETag is %q", etag)
	}
	c.do("GET", work+"a.ics", "", "If-None-Match: "+etag).says(t, 304)
	c.do("PUT", work+"a.ics", event("a", "LOCATION:x\r\n"), "If-None-Match: *").says(t, 412)
	c.do("PUT", work+"a.ics", event("a", "LOCATION:x\r\n"), `If-Match: "other"`).says(t, 412)
	c.do("PUT", work+"a.ics", event("a", "LOCATION:x\r\n"), "If-Match: "+etag).says(t, 204)
	c.do("PUT", work+"none.ics", event("n", ""), `If-Match: "other"`).says(t, 412)
	c.do("PUT", work+"b.ics", event("a", "")).says(t, 409, "<C:no-uid-conflict/>")
	c.do("PUT", work+"b.ics", strings.ReplaceAll(event("b", ""), "VEVENT", "VTODO")).says(t, 403, "supported-calendar-component")
	c.do("PUT", work+"b.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").says(t, 403, "valid-calendar-data")
	c.do("PUT", work+"b.ics", strings.TrimSuffix(event("b", ""), "END:VCALENDAR\r\n")).says(t, 403, "valid-calendar-data")
	c.do("PUT", "/dav/calendars/alice/none/b.ics", event("b", "")).says(t, 409)
	c.do("DELETE", work+"a.ics", "", "If-Match: "+etag).says(t, 412)
	c.do("DELETE", work+"a.ics", "").says(t, 204)
	c.do("DELETE", work+"a.ics", "").says(t, 404)
	c.s.ReadOnly(work, true)
	c.do("PUT", work+"c.ics", event("c", "")).says(t, 403, "need-privileges")
	c.do("PROPFIND", work, propfindBody("<current-user-privilege-set/>"), "Depth: 0").says(t, 207, "<D:read/>", "!<D:write/>")
}

func TestLimits(t *testing.T) {
	c := start(t, Behaviour{MaxSize: 400, Quota: 500, NeedEnd: true, UID: UIDRule{Status: 403, Home: true, Change: 403}, Chunked: 400, SlashInName: 403})
	work, home := c.s.AddCalendar("alice", "work"), c.s.AddCalendar("alice", "home")
	ends := "DTEND:20270104T110000Z\r\n"
	c.do("PUT", work+"a.ics", event("a", "")).says(t, 403, "DTEND")
	c.do("PUT", work+"a.ics", event("a", ends)).says(t, 201)
	c.do("PUT", work+"a.ics", event("b", ends)).says(t, 403, "no-uid-conflict")
	c.do("PUT", home+"a.ics", event("a", ends)).says(t, 403, "no-uid-conflict")
	c.do("PUT", work+"b%2Fc.ics", event("b", ends)).says(t, 403)
	c.do("PUT", work+"b.ics", event("b", ends+"DESCRIPTION:"+strings.Repeat("x", 400)+"\r\n")).says(t, 403, "max-resource-size")
	c.do("PUT", work+"b.ics", event("b", ends+"DESCRIPTION:"+strings.Repeat("x", 100)+"\r\n")).says(t, 507, "quota-not-exceeded")
	c.do("PROPFIND", work, propfindBody("<quota-available-bytes/><C:max-resource-size/>"), "Depth: 0").says(t, 207, "<C:max-resource-size>400<", "<D:quota-available-bytes>")
}

func TestRewriting(t *testing.T) {
	for _, c := range []struct {
		rewrite    Rewrite
		given      string
		want, gone string
	}{
		{Order, event("a", ""), "DTSTAMP:20260101T000000Z\r\nDTSTART:20270104T100000Z\r\nSUMMARY:Lunch & \"talk\"\r\nUID:a\r\n", ""},
		{CRLF, strings.ReplaceAll(event("a", ""), "\r\n", "\n"), event("a", ""), ""},
		{UpperNames, event("a", "x-foo:1\r\n"), "X-FOO:1\r\n", "x-foo"},
		{DropX, event("a", "X-FOO:1\r\n"), event("a", ""), "X-FOO"},
		{ClassPublic, event("a", ""), "CLASS:PUBLIC\r\n", ""},
		{ClassPublic, event("a", "CLASS:PRIVATE\r\n"), event("a", "CLASS:PRIVATE\r\n"), "PUBLIC"},
		{AddREV, card("a", ""), "REV:", ""},
		{VCard3, card("a", ""), "VERSION:3.0", "4.0"},
	} {
		d := start(t, Behaviour{Rewrite: []Rewrite{c.rewrite}})
		path := d.s.AddCalendar("alice", "work") + "a.ics"
		if strings.Contains(c.given, "VCARD") {
			path = d.s.AddAddressbook("alice", "friends") + "a.vcf"
		}
		etag := d.do("PUT", path, c.given).says(t, 201).header.Get("ETag")
		stored := d.do("GET", path, "").says(t, 200).body
		if !strings.Contains(stored, c.want) || c.gone != "" && strings.Contains(stored, c.gone) {
			t.Errorf("%s: stored %q, want %q in it", c.rewrite, stored, c.want)
		}
		if (etag != "") != (stored == c.given) {
			t.Errorf("%s: the ETag is %q", c.rewrite, etag)
		}
	}
}

func TestETags(t *testing.T) {
	for _, f := range []struct {
		form     ETagForm
		first    string
		remade   bool // the ETag of a made-again item is the first one's
		sameEdit bool // an edit with the same content keeps it
	}{{ETagContent, `"`, false, true}, {ETagWeak, `W/"`, false, true}, {ETagCounter, `"gcs00000000"`, true, false}, {ETagNone, "", true, true}, {ETagUnquoted, "", false, true}} {
		c := start(t, Behaviour{ETag: f.form})
		path := c.s.AddCalendar("alice", "work") + "a.ics"
		c.do("PUT", path, event("a", "")).says(t, 201)
		first := c.do("HEAD", path, "").header.Get("ETag")
		c.do("PUT", path, event("a", ""))
		again := c.do("HEAD", path, "").header.Get("ETag")
		c.do("DELETE", path, "").says(t, 204)
		c.do("PUT", path, event("a", "LOCATION:x\r\n"))
		remade := c.do("HEAD", path, "").header.Get("ETag")
		if !strings.HasPrefix(first, f.first) || (first == "") != (f.form == ETagNone) || (first == again) != f.sameEdit || (first == remade) != f.remade {
			t.Errorf("form %d: %q, edited %q, made again %q", f.form, first, again, remade)
		}
	}
}

func TestCollections(t *testing.T) {
	c := start(t, Behaviour{})
	path := "/dav/calendars/alice/new/"
	body := "<C:mkcalendar" + ns + `><set><prop><displayname>New &amp; nice</displayname><A:calendar-color>#ff0000</A:calendar-color><C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>`
	c.do("MKCALENDAR", path, body).says(t, 201)
	c.do("MKCALENDAR", path, body).says(t, 405)
	c.do("PROPFIND", path, propfindBody("<displayname/><A:calendar-color/><C:supported-calendar-component-set/><resource-id/>"), "Depth: 0").
		says(t, 207, "New &amp; nice", "#ff0000", `<C:comp name="VTODO"/>`, "!VEVENT", "000000000001</D:href>")
	patch := func(prop string) string {
		return "<propertyupdate" + ns + "><set><prop>" + prop + "</prop></set></propertyupdate>"
	}
	c.do("PROPPATCH", path, patch("<displayname>Other</displayname><getetag>x</getetag>")).says(t, 207, "403 Forbidden", "424 Failed Dependency")
	c.do("PROPFIND", path, propfindBody("<displayname/>"), "Depth: 0").says(t, 207, "!Other")
	c.do("PROPPATCH", path, patch("<displayname>Other</displayname>")).says(t, 207, "200 OK")
	c.do("PROPFIND", path, propfindBody("<displayname/>"), "Depth: 0").says(t, 207, "Other")
	book := "<mkcol" + ns + "><set><prop><resourcetype><collection/><R:addressbook/></resourcetype></prop></set></mkcol>"
	c.do("MKCOL", "/dav/contacts/alice/new/", book).says(t, 201)
	c.do("PROPFIND", "/dav/contacts/alice/new/", propfindBody("<resourcetype/>"), "Depth: 0").says(t, 207, "<R:addressbook/>")
	c.do("MKCOL", "/dav/contacts/alice/plain/", "").says(t, 403, "valid-resourcetype")
	c.do("DELETE", path, "").says(t, 204)
	c.do("PROPFIND", path, propfindBody("<displayname/>"), "Depth: 0").says(t, 404)
	c.do("MKCALENDAR", path, "").says(t, 201)
	c.do("PROPFIND", path, propfindBody("<resource-id/>"), "Depth: 0").says(t, 207, "000000000003</D:href>")
}

func TestScheduling(t *testing.T) {
	c := start(t, Behaviour{Scheduling: true})
	work := c.s.AddCalendar("alice", "work")
	meeting := func(agent string) string {
		return event("m", "ORGANIZER:mailto:alice@example.com\r\nATTENDEE:mailto:alice@example.com\r\nATTENDEE"+agent+":mailto:bob@example.com\r\n")
	}
	c.do("PUT", work+"quiet.ics", meeting(";SCHEDULE-AGENT=CLIENT")).says(t, 201)
	c.do("DELETE", work+"quiet.ics", "").says(t, 204)
	if sent := c.s.Messages(); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	c.do("PUT", work+"m.ics", meeting("")).says(t, 201)
	c.do("DELETE", work+"m.ics", "").says(t, 204)
	want := []Message{{"REQUEST", "alice@example.com", "bob@example.com", "m"}, {"CANCEL", "alice@example.com", "bob@example.com", "m"}}
	if sent := c.s.Messages(); len(sent) != 2 || sent[0] != want[0] || sent[1] != want[1] {
		t.Errorf("sent %v, want %v", sent, want)
	}
	invited := event("i", "ORGANIZER:mailto:bob@example.com\r\nATTENDEE:mailto:alice@example.com\r\n")
	c.do("PUT", work+"i.ics", invited).says(t, 201)
	c.do("DELETE", work+"i.ics", "", "Schedule-Reply: F").says(t, 204)
	c.do("PUT", work+"i.ics", invited).says(t, 201)
	c.do("DELETE", work+"i.ics", "").says(t, 204)
	if sent := c.s.Messages()[2:]; len(sent) != 1 || sent[0] != (Message{"REPLY", "alice@example.com", "bob@example.com", "i"}) {
		t.Errorf("sent %v, want one reply", sent)
	}
}
