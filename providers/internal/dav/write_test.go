package dav

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// script is a collection /w/ that answers the first write as it is told, and all after it with success.
type script struct {
	status int
	header http.Header
	body   string

	holds string // what lies under the name that is written to; "": nothing
	gone  bool   // the collection is

	writes []string // "PUT a.ics" and its precondition
	bodies []string
	reads  int
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/w/")
	switch r.Method {
	case http.MethodPut, http.MethodDelete:
		body, _ := io.ReadAll(r.Body)
		s.bodies = append(s.bodies, string(body))
		if s.writes = append(s.writes, strings.TrimSpace(r.Method+" "+name+" "+r.Header.Get("If-Match")+r.Header.Get("If-None-Match"))); len(s.writes) > 1 {
			w.WriteHeader(http.StatusCreated)
			return
		}
		for key, values := range s.header {
			w.Header().Set(key, values[0])
		}
		w.WriteHeader(s.status)
		io.WriteString(w, s.body)
	case "REPORT":
		s.reads++
		inner := `<status>HTTP/1.1 404 Not Found</status>`
		if s.holds != "" {
			inner = `<propstat><prop><getetag>"2"</getetag><C:calendar-data>` + escaped(s.holds) + `</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>`
		}
		w.WriteHeader(http.StatusMultiStatus)
		fmt.Fprintf(w, `<multistatus xmlns="DAV:" xmlns:C="%s"><response><href>/w/a.ics</href>%s</response></multistatus>`, nsCal, inner)
	case "PROPFIND":
		if s.gone {
			http.NotFound(w, r)
			return
		}
		says(`<resourcetype><collection/><C:calendar/></resourcetype>`)(w, r)
	}
}

// scripted is a folder of events at a server of a kind, whose answers are those of h.
func scripted(t *testing.T, server string, h http.Handler) *folder {
	t.Helper()
	p := account(t, &world{hosts: map[string]http.HandlerFunc{"https://dav.example.com": h.ServeHTTP}}, CalDAV, "https://dav.example.com")
	u, err := url.Parse("https://dav.example.com/w/")
	if err != nil {
		t.Fatal(err)
	}
	f := &folder{client: p.client, collection: newCollection(u), family: CalDAV, address: "folder.work", kind: pim.Calendar, server: profileNamed(server)}
	f.known = known{Version: cursorVersion, Folder: f.name(), Server: server}
	return f
}

func parsed(t *testing.T, kind pim.Kind, inner string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(kind, []byte(object(kind, inner)))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func object(kind pim.Kind, inner string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:" + kind.Component() + "\r\nDTSTAMP:20260101T000000Z\r\n" + inner + "END:" + kind.Component() + "\r\nEND:VCALENDAR\r\n"
}

const event = "UID:a\r\nDTSTART:20270104T100000Z\r\nDTEND:20270104T110000Z\r\nSUMMARY:A\r\n"

// TestOutcomes: what each answer to a write means.
func TestOutcomes(t *testing.T) {
	wrong := func(condition string) string {
		return `<?xml version="1.0"?><error xmlns="DAV:" xmlns:C="` + nsCal + `">` + condition + `</error>`
	}
	inside := func(status, more string) string {
		return `<multistatus xmlns="DAV:" xmlns:C="` + nsCal + `"><response><href>/w/a.ics</href><status>HTTP/1.1 ` + status + `</status>` + more + `</response></multistatus>`
	}
	same, other := object(pim.Calendar, event), object(pim.Calendar, strings.Replace(event, "UID:a", "UID:other", 1))
	task := object(pim.Tasks, "UID:a\r\nSUMMARY:A\r\n")
	const c, u, d = providers.Create, providers.Update, providers.Delete
	for _, test := range []struct {
		kind   providers.WriteKind
		server string
		script
		want providers.Class
		says string // in the error
	}{
		{c, "cyrus", script{status: 201, header: header("ETag", `"1"`)}, providers.Done, ""},
		{c, "cyrus", script{status: 204}, providers.Done, ""},
		{c, "cyrus", script{status: 200, header: header("ETag", `"1"`)}, providers.Done, ""},
		{c, "cyrus", script{status: 200}, providers.Unknown, "does not say"},
		{c, "cyrus", script{status: 202}, providers.Unknown, "does not say"},
		{c, "cyrus", script{status: 200, body: "<html>sign in"}, providers.Unauthorized, "login page"},
		{c, "xandikos", script{status: 207, body: inside("201 Created", "")}, providers.Done, ""},
		{c, "xandikos", script{status: 207, body: inside("412 Precondition Failed", "<error><C:no-uid-conflict/></error>")}, providers.Stale, "no-uid-conflict"},
		{c, "xandikos", script{status: 207, body: inside("412 Precondition Failed", "<error><C:valid-calendar-data/></error>")}, providers.Refused, "valid-calendar-data"},
		{c, "xandikos", script{status: 207, body: inside("500 Oops", "")}, providers.Unknown, "500"},
		{c, "xandikos", script{status: 207, body: inside("fine", "")}, providers.Refused, "no status"},
		{c, "xandikos", script{status: 207, body: inside("412 Precondition Failed", "")[:120]}, providers.Unknown, "cannot be read"},
		{c, "cyrus", script{status: 400}, providers.Refused, "400"},
		{c, "cyrus", script{status: 401}, providers.Unauthorized, "password"},
		{c, "cyrus", script{status: 403}, providers.Unauthorized, "403"},
		{c, "cyrus", script{status: 403, body: wrong("<need-privileges/>")}, providers.Unauthorized, "need-privileges"},
		{c, "cyrus", script{status: 403, body: wrong("<C:valid-calendar-data/>")}, providers.Refused, "valid-calendar-data"},
		{c, "cyrus", script{status: 403, body: wrong("<C:max-resource-size/>")}, providers.Refused, "max-resource-size"},
		{c, "cyrus", script{status: 403, body: wrong("<C:no-uid-conflict/>")}, providers.Stale, "no-uid-conflict"},
		{c, "cyrus", script{status: 403, body: wrong("<C:no-uid-conflict><href>/w/b.ics</href></C:no-uid-conflict>")}, providers.Stale, "no-uid-conflict"},
		{c, "cyrus", script{status: 403, body: wrong("<C:unique-scheduling-object-resource><href>/other/b.ics</href></C:unique-scheduling-object-resource>")}, providers.Refused, "/other/b.ics"},
		{c, "cyrus", script{status: 404}, providers.Missing, "404"},
		{c, "sogo", script{status: 404}, providers.Refused, "404"},
		{c, "sogo", script{status: 404, gone: true}, providers.Missing, "404"},
		{c, "davical", script{status: 405}, providers.Unauthorized, "405"},
		{c, "radicale", script{status: 409}, providers.Stale, "409"},
		{c, "cyrus", script{status: 412}, providers.Stale, "412"},
		{c, "cyrus", script{status: 412, holds: same}, providers.Stale, "UID is there"},
		{c, "cyrus", script{status: 412, holds: other}, providers.Done, ""},
		{c, "cyrus", script{status: 412, holds: task}, providers.Done, ""},
		{c, "cyrus", script{status: 412, holds: "junk"}, providers.Stale, "UID is there"},
		{c, "davical", script{status: 412, body: wrong("<C:valid-calendar-data/>")}, providers.Refused, "valid-calendar-data"},
		{c, "sogo", script{status: 412}, providers.Refused, "412"},
		{c, "cyrus", script{status: 413}, providers.Refused, "413"},
		{c, "cyrus", script{status: 415}, providers.Refused, "415"},
		{c, "cyrus", script{status: 423}, providers.Transient, "423"},
		{c, "cyrus", script{status: 429}, providers.Throttled, "429"},
		{c, "cyrus", script{status: 500}, providers.Unknown, "500"},
		{c, "cyrus", script{status: 501}, providers.Refused, "501"},
		{c, "cyrus", script{status: 502}, providers.Unknown, "502"},
		{c, "cyrus", script{status: 503}, providers.Transient, "503"},
		{c, "cyrus", script{status: 503, header: header("Retry-After", "7")}, providers.Throttled, "503"},
		{u, "cyrus", script{status: 204}, providers.Done, ""},
		{u, "cyrus", script{status: 404}, providers.Missing, "404"},
		{u, "cyrus", script{status: 409}, providers.Refused, "409"},
		{u, "cyrus", script{status: 412}, providers.Missing, "412"},
		{u, "cyrus", script{status: 412, holds: same}, providers.Stale, "412"},
		{u, "davical", script{status: 412, holds: same, body: wrong("<if-match/>")}, providers.Stale, "if-match"},
		{u, "davical", script{status: 412, holds: same, body: wrong("<C:valid-calendar-data/>")}, providers.Refused, "valid-calendar-data"},
		{d, "cyrus", script{status: 204}, providers.Done, ""},
		{d, "radicale", script{status: 200, body: inside("200 OK", "")}, providers.Done, ""},
		{d, "radicale", script{status: 207, body: inside("200 OK", "")}, providers.Done, ""},
		{d, "cyrus", script{status: 200}, providers.Unknown, "does not say"},
		{d, "cyrus", script{status: 200, body: "<html>sign in"}, providers.Unauthorized, "login page"},
		{d, "cyrus", script{status: 301, header: header("Location", "/proxied/w/a.ics")}, providers.Done, ""},
		{d, "cyrus", script{status: 301, header: header("Location", "/w/")}, providers.Refused, "another name"},
		{u, "cyrus", script{status: 301, header: header("Location", "/alice/bob.(null)")}, providers.Refused, "another name"},
		{d, "cyrus", script{status: 207, body: inside("404 Not Found", "")}, providers.Missing, "404"},
		{d, "cyrus", script{status: 403}, providers.Unauthorized, "403"},
		{d, "cyrus", script{status: 404}, providers.Missing, "404"},
		{d, "cyrus", script{status: 412}, providers.Missing, "412"},
		{d, "cyrus", script{status: 412, holds: same}, providers.Stale, "412"},
	} {
		w := providers.Write{Kind: test.kind, Ref: "a.ics", Version: "1", Item: parsed(t, pim.Calendar, event)}
		switch test.kind {
		case c:
			w.Ref, w.Version = "", ""
		case d:
			w.Item = nil
		}
		out := scripted(t, test.server, &test.script).Write(t.Context(), []providers.Write{w})[0]
		if out.Class != test.want || (out.Err == nil) != (test.want == providers.Done) || out.Err != nil && !strings.Contains(out.Err.Error(), test.says) {
			t.Errorf("%s at %s, answered %d %s, is %s (%v), want %s with %q", test.kind, test.server, test.status, test.body, out.Class, out.Err, test.want, test.says)
		}
		if test.status == 503 && test.header != nil && out.RetryAfter.Seconds() != 7 {
			t.Errorf("the wait is %s", out.RetryAfter)
		}
	}
}

// TestPreconditions: what is sent with each write, and under which name.
func TestPreconditions(t *testing.T) {
	same, other, task := object(pim.Calendar, event), object(pim.Calendar, strings.Replace(event, "UID:a", "UID:other", 1)), object(pim.Tasks, "UID:a\r\nSUMMARY:A\r\n")
	it := parsed(t, pim.Calendar, event)
	for name, c := range map[string]struct {
		server string
		holds  string
		write  providers.Write
		class  providers.Class
		sent   string // "*.ics": a fresh name
	}{
		"a create":                        {"cyrus", "", providers.Write{Kind: providers.Create, Item: it}, providers.Done, "PUT a.ics *"},
		"an update":                       {"cyrus", "", providers.Write{Kind: providers.Update, Ref: "b.ics", Version: `1"x`, Item: it}, providers.Done, `PUT b.ics "1"x"`},
		"a delete":                        {"cyrus", "", providers.Write{Kind: providers.Delete, Ref: "b.ics", Version: "1"}, providers.Done, `DELETE b.ics "1"`},
		"a weak version":                  {"cyrus", same, providers.Write{Kind: providers.Delete, Ref: "a.ics", Version: `W/"1"`}, providers.Stale, ""},
		"a version that is none":          {"cyrus", "", providers.Write{Kind: providers.Delete, Ref: "a.ics"}, providers.Done, "DELETE a.ics"},
		"nothing has the name":            {"sogo", "", providers.Write{Kind: providers.Create, Item: it}, providers.Done, "PUT a.ics *"},
		"it has the name itself":          {"sogo", same, providers.Write{Kind: providers.Create, Item: it}, providers.Stale, ""},
		"another item has the name":       {"sogo", other, providers.Write{Kind: providers.Create, Item: it}, providers.Done, "PUT *.ics *"},
		"a task has the name":             {"sogo", task, providers.Write{Kind: providers.Create, Item: it}, providers.Done, "PUT *.ics *"},
		"what has the name is unreadable": {"sogo", "junk", providers.Write{Kind: providers.Create, Item: it}, providers.Stale, ""},
	} {
		s := &script{status: http.StatusNoContent, holds: c.holds}
		out := scripted(t, c.server, s).Write(t.Context(), []providers.Write{c.write})[0]
		sent := strings.Join(s.writes, "; ")
		if c.sent == "PUT *.ics *" && strings.HasPrefix(sent, "PUT ") && !strings.HasPrefix(sent, "PUT a.ics") {
			sent = c.sent
		}
		if out.Class != c.class || sent != c.sent {
			t.Errorf("%s: %s (%v), sent %q, want %s, %q", name, out.Class, out.Err, sent, c.class, c.sent)
		}
	}
	s := &script{}
	f := scripted(t, "cyrus", s)
	f.readOnly = true
	if out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: it}})[0]; out.Class != providers.Refused || len(s.writes) > 0 {
		t.Errorf("a folder that is only read: %s, sent %q", out.Class, s.writes)
	}
}

// TestSilent: nobody is told of a replica, by a server of any kind; what people made is sent as it is.
func TestSilent(t *testing.T) {
	meeting := event + "ORGANIZER:mailto:alice@example.com\r\nATTENDEE:mailto:bob@example.com\r\n"
	original := parsed(t, pim.Calendar, meeting)
	marked := func(adopted bool) *pim.Item {
		return original.WithMarker(&pim.Marker{Workspace: "w", Relationship: "relationship.a_to_b", Original: "o", Source: "folder.a", Generation: 1, Status: pim.Live,
			UID: original.UID(), Written: original.Fields().Digest(), Adopted: adopted})
	}
	plain := parsed(t, pim.Calendar, event)
	for _, c := range []struct {
		server  string
		item    *pim.Item
		has     string
		hasNot  string
		changed bool // the server is not sent the very item
	}{
		{"radicale", marked(false), "ORGANIZER:mailto:alice", "SCHEDULE-AGENT", false},
		{"cyrus", marked(false), "ORGANIZER;SCHEDULE-AGENT=CLIENT:mailto:alice", "ATTENDEE:", true},
		{"davical", marked(false), "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:bob", "ORGANIZER:", true},
		{"other", marked(false), "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:bob", "ORGANIZER:", true},
		{"sogo", marked(false), "ATTENDEE:mailto:bob", "ORGANIZER", true},
		{"cyrus", marked(true), "ATTENDEE:mailto:bob", "SCHEDULE-AGENT", false},
		{"sogo", marked(true), "ORGANIZER:mailto:alice", "SCHEDULE-AGENT", false},
		{"cyrus", original, "ATTENDEE:mailto:bob", "SCHEDULE-AGENT", false},
		{"davical", original, "ATTENDEE:mailto:bob", "SCHEDULE-AGENT", false},
		{"sogo", original, "ORGANIZER:mailto:alice", "SCHEDULE-AGENT", false},
		{"cyrus", plain, "SUMMARY:A", "SCHEDULE-AGENT", false},
	} {
		s := &script{status: http.StatusCreated, header: header("ETag", `"1"`)}
		out := scripted(t, c.server, s).Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: "a.ics", Version: "1", Item: c.item}})[0]
		sent := strings.ReplaceAll(strings.Join(s.bodies, ""), "\r\n ", "")
		if out.Class != providers.Done || !strings.Contains(sent, c.has) || strings.Contains(sent, c.hasNot) || bytes.Equal([]byte(s.bodies[0]), c.item.Bytes()) == c.changed {
			t.Errorf("%s is sent (%s):\n%s\nwant %q in it, and not %q", c.server, out.Class, sent, c.has, c.hasNot)
		}
		if want := c.changed || c.server != "davical"; out.Changed != want {
			t.Errorf("at %s, what is stored is to be read back: %v", c.server, out.Changed)
		}
	}
}
