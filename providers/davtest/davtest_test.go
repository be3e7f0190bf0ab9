package davtest

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// client talks to a server as alice.
type client struct {
	t   *testing.T
	url string
	s   *Server
}

func start(t *testing.T, b Behaviour) client {
	t.Helper()
	s := New(b)
	return client{t, s.Start(t).URL, s}
}

// reply is an answer that was read.
type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

// do sends a request; headers are "Name: value".
func (c client) do(method, path, body string, headers ...string) reply {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.SetBasicAuth("alice", "alicepw")
	if strings.HasPrefix(body, "<") {
		r.Header.Set("Content-Type", "application/xml")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return reply{err: err}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(text), err}
}

// says checks a reply's status, and that its body has all texts; one that begins with ! must not be there.
func (r reply) says(t *testing.T, status int, texts ...string) reply {
	t.Helper()
	if r.err != nil || r.status != status {
		t.Fatalf("status %d (%v), want %d: %s", r.status, r.err, status, r.body)
	}
	for _, text := range texts {
		if absent, not := strings.CutPrefix(text, "!"); strings.Contains(r.body, strings.TrimPrefix(text, "!")) == not {
			t.Errorf("want %q (absent: %v, %q) in: %s", text, not, absent, r.body)
		}
	}
	return r
}

const ns = ` xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:R="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"`

func propfindBody(props string) string {
	return "<propfind" + ns + "><prop>" + props + "</prop></propfind>"
}

func syncBody(token string) string {
	return "<sync-collection" + ns + "><sync-token>" + token + "</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
}

func multigetBody(hrefs ...string) string {
	text := "<C:calendar-multiget" + ns + "><prop><getetag/><C:calendar-data/></prop>"
	for _, h := range hrefs {
		text += "<href>" + h + "</href>"
	}
	return text + "</C:calendar-multiget>"
}

// tokenOf is the sync token in an answer.
func tokenOf(r reply) string {
	_, rest, _ := strings.Cut(r.body, "<D:sync-token>")
	token, _, _ := strings.Cut(rest, "</D:sync-token>")
	return token
}

func event(uid, more string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270104T100000Z\r\nSUMMARY:Lunch & \"talk\"\r\n" +
		more + "END:VEVENT\r\nEND:VCALENDAR\r\n"
}

func card(uid, more string) string {
	return "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:" + uid + "\r\nFN:Ann\r\n" + more + "END:VCARD\r\n"
}
