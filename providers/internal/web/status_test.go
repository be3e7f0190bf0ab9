package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/accord-sync/accord/providers"
)

func TestTheClassOfAStatus(t *testing.T) {
	const (
		done, refused, missing, stale, transient, unknown, throttled, unauthorized = providers.Done, providers.Refused, providers.Missing, providers.Stale,
			providers.Transient, providers.Unknown, providers.Throttled, providers.Unauthorized
	)
	for code, want := range map[int]struct{ read, write providers.Class }{
		200: {done, done}, 201: {done, done}, 204: {done, done}, 207: {done, done},
		301: {refused, refused}, 304: {refused, refused},
		400: {refused, refused}, 401: {unauthorized, unauthorized}, 403: {unauthorized, unauthorized}, 404: {missing, missing}, 405: {refused, refused},
		407: {unauthorized, unauthorized}, 408: {transient, transient}, 409: {refused, refused}, 410: {missing, missing}, 412: {stale, stale}, 413: {refused, refused},
		415: {refused, refused}, 418: {refused, refused}, 421: {transient, transient}, 422: {refused, refused}, 423: {transient, transient}, 425: {transient, transient},
		429: {throttled, throttled}, 500: {transient, unknown}, 501: {refused, refused}, 502: {transient, unknown}, 503: {transient, transient},
		504: {transient, unknown}, 507: {refused, refused}, 520: {transient, unknown},
	} {
		for method, safe := range methods {
			class := want.write
			if safe {
				class = want.read
			}
			if got := ClassOf(method, code); got != class {
				t.Errorf("%s %d is %s, want %s", method, code, got, class)
			}
			if method != "GET" && method != "PUT" || code < 300 {
				continue
			}
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
			resp, err := client(t, s.URL, nil, Options{}).Do(t.Context(), Request{Method: method, URL: parse(t, s.URL)})
			if err != nil {
				t.Fatal(err)
			}
			wants(t, fmt.Sprint(method, code), resp.Fail(), class, fmt.Sprintf("the server answers %d", code))
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 7 ": 7 * time.Second, "2.5": 2500 * time.Millisecond, "0": 0, "-3": 0, "later": 0, "NaN": 0,
		"99999999999999": 24 * time.Hour, "+Inf": 24 * time.Hour,
		"Sun, 01 Mar 2026 12:00:30 GMT": 30 * time.Second, "Sunday, 01-Mar-26 12:01:00 GMT": time.Minute, "Sun Mar  1 12:00:01 2026": time.Second,
		"Sun, 01 Mar 2026 11:00:00 GMT": 0, "Sun, 01 Mar 2099 11:00:00 GMT": 24 * time.Hour,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {text}}, noon); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
		for code, without := range map[int]providers.Class{429: providers.Throttled, 503: providers.Transient, 500: providers.Transient} {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", text); w.WriteHeader(code) })
			resp, err := client(t, s.URL, nil, Options{}).Do(t.Context(), Request{Method: "REPORT", URL: parse(t, s.URL)})
			if err != nil {
				t.Fatal(err)
			}
			after, class := want, without
			if code == 500 {
				after = 0
			}
			if after > 0 {
				class = providers.Throttled
			}
			if e := resp.Fail(); e.RetryAfter != after || e.Class != class {
				t.Errorf("%d with %q: %s after %s, want %s after %s", code, text, e.Class, e.RetryAfter, class, after)
			}
		}
	}
}

func TestWhatAServerSaysOfAFailure(t *testing.T) {
	for _, c := range []struct{ body, want, condition string }{
		{"", "the server answers 403 Forbidden: ask for access", ""},
		{"You may\n\tnot\x1b[31m do \u202ethis.", `the server answers 403 Forbidden, and says "You may not [31m do this.": ask for access`, ""},
		{strings.Repeat("long ", 100), strings.Repeat("long ", 40) + `…": ask for access`, ""},
		{strings.Repeat("x", 9000), "the server answers 403 Forbidden: ask for access", ""},
		{"\xff\xfe", "the server answers 403 Forbidden: ask for access", ""},
		{"<html><body>Forbidden</body></html>", "the server answers 403 Forbidden: ask for access", ""},
		{`<?xml version="1.0"?><error xmlns="DAV:"><valid-sync-token/></error>`, "403 Forbidden (valid-sync-token): ask", "valid-sync-token"},
		{`<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><C:no-uid-conflict><D:href>/a</D:href></C:no-uid-conflict></D:error>`, "(no-uid-conflict)", "no-uid-conflict"},
		{`<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>E</s:exception><s:message>No  such thing</s:message></d:error>`, `Forbidden, and says "No such thing"`, ""},
		{`<D:error xmlns:D="DAV:"><D:need-privileges><D:resource/></D:need-privileges><D:responsedescription>Ask Bob</D:responsedescription></D:error>`, `(need-privileges), and says "Ask Bob"`, "need-privileges"},
		{`<D:error xmlns:D="DAV:"><D:quota-not-exceeded/>`, "(quota-not-exceeded)", "quota-not-exceeded"},
		{`<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><C:no-uid-conflict><D:href> /other.ics </D:href></C:no-uid-conflict></D:error>`, "(no-uid-conflict)", "no-uid-conflict"},
		{`<error xmlns="DAV">no such resource</error>`, `and says "no such resource"`, ""},
		{`<error><valid-sync-token/></error>`, "the server answers 403 Forbidden: ask for access", ""},
		{`<D:multistatus xmlns:D="DAV:"><D:error><D:x/></D:error></D:multistatus>`, "the server answers 403 Forbidden: ask for access", ""},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			w.Write([]byte(c.body))
		})
		resp, err := client(t, s.URL, anna, Options{}).Do(t.Context(), Request{Method: "REPORT", URL: parse(t, s.URL)})
		if err != nil {
			t.Fatal(err)
		}
		err = resp.Fail()
		var status *Status
		if !strings.Contains(err.Error(), c.want) || !errors.As(err, &status) || status.Code != 403 || strings.Contains(c.body, "other") && status.Href != "/other.ics" || c.condition != "" && !status.Says(c.condition) {
			t.Errorf("%.80q: %v, want %q", c.body, err, c.want)
		}
	}
	wants(t, "inside of an answer", StatusError("REPORT", 507, "full"), providers.Refused, `507 Insufficient Storage, and says "full"`)
}

func FuzzExplanation(f *testing.F) {
	for _, seed := range []string{"no", "<html>", `<error xmlns="DAV:"><valid-sync-token/></error>`, `<D:error xmlns:D="DAV:"><s:message xmlns:s="s">a</s:message>`, "\x00\xff", "\ufeff<"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		conditions, href, said := explanation(text)
		for _, line := range append(conditions, href, said) {
			if len(line) > mostHref || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x202e }) || !utf8.ValidString(line) {
				t.Errorf("%q is not fit to be shown", line)
			}
		}
		if len(conditions) > 5 {
			t.Errorf("%d conditions", len(conditions))
		}
		isPage(text)
	})
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120")
	f.Add("Sun, 01 Mar 2026 12:00:30 GMT")
	f.Fuzz(func(t *testing.T, text string) {
		if d := RetryAfter(http.Header{"Retry-After": {text}}, noon); d < 0 || d > longestWait {
			t.Errorf("%q is %s", text, d)
		}
	})
}

// A challenge is a server's text too: whatever it says, a request is sent or an error has a class.
func FuzzChallenge(f *testing.F) {
	f.Add(`Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, userhash=true`)
	f.Add(`Digest realm="\`)
	f.Add(`Digest nonce="\x00\n"`)
	f.Fuzz(func(t *testing.T, text string) {
		p := &password{name: "anna", word: "hush", basic: true, digest: true, servers: map[string]*challenge{}}
		u := parse(t, "https://dav.example.com/")
		p.challenged(&Response{Header: http.Header{"Www-Authenticate": {text}}, URL: u}, "")
		req, err := http.NewRequest("PUT", u.String(), strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.sign(t.Context(), req); err != nil {
			wants(t, text, err, providers.Unauthorized, "cannot be answered")
		} else if said := req.Header.Get("Authorization"); strings.Contains(said, "hush") || strings.ContainsAny(said, "\r\n") {
			t.Errorf("%q is answered with %q", text, said)
		}
	})
}
