package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
)

// aviary is a server whose accounts have canaries for passwords and tokens, and that can be told to fail: then it repeats what it was sent.
type aviary struct {
	*httptest.Server
	dav *davtest.Server

	mu      sync.Mutex
	failing []failure // what the next requests meet, in turn; nil: nothing
	met     int
	seen    map[string]bool // canaries that came, by name
}

// failure is an answer that repeats the request.
type failure struct {
	status int
	header map[string]string
	body   string // ECHO stands for the request
}

// failures are those that no run waits after.
var failures = []failure{
	{401, map[string]string{"WWW-Authenticate": `Basic realm="ECHO"`, "Content-Type": "text/plain"}, "not with ECHO"},
	{403, map[string]string{"Content-Type": "application/xml"}, `<D:error xmlns:D="DAV:"><D:need-privileges/><D:responsedescription>ECHO</D:responsedescription></D:error>`},
	{207, map[string]string{"Content-Type": "application/xml"},
		`<D:multistatus xmlns:D="DAV:"><D:response><D:href>/</D:href><D:status>HTTP/1.1 403 ECHO</D:status><D:error><D:no-uid-conflict>ECHO</D:no-uid-conflict></D:error><D:responsedescription>ECHO</D:responsedescription></D:response></D:multistatus>`},
	{400, map[string]string{"Content-Type": "text/plain", "Retry-After": "ECHO"}, strings.Repeat("padding ", 20) + "ECHO"},
	{200, map[string]string{"Content-Type": "text/html"}, "<!DOCTYPE html><title>ECHO</title><p>ECHO"},
	{302, map[string]string{"Location": "/elsewhere?ECHO"}, "ECHO"},
	{302, map[string]string{"Location": "ftp://ECHO/"}, "ECHO"},
	{207, map[string]string{"Content-Type": "application/xml"}, `<D:multistatus xmlns:D="DAV:"><D:response><D:href>/ECHO/ECHO</D:href><D:status>ECHO</D:status></D:response>`},
	{404, map[string]string{"Content-Type": "text/plain"}, "ECHO is not here"},
	{400, map[string]string{"Content-Type": "application/json"}, `{"error":"invalid_grant","error_description":"ECHO"}`},
}

// slowFailures are failures after which a run tries again.
var slowFailures = []failure{
	{500, map[string]string{"Content-Type": "text/plain"}, "ECHO"},
	{503, map[string]string{"Content-Type": "text/plain", "Retry-After": "86400"}, "ECHO"},
}

func newAviary(t *testing.T) *aviary {
	a := &aviary{dav: davtest.New(davtest.Behaviour{}), seen: map[string]bool{}}
	for _, name := range []string{"one", "two", "three"} {
		a.dav.AddCalendar("alice", name, "VEVENT")
	}
	a.dav.AddAddressbook("alice", "cards")
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

// fail lets the next requests fail, in turn.
func (a *aviary) fail(with []failure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failing, a.met = with, 0
}

func (a *aviary) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	dump, err := httputil.DumpRequest(r, true)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	user, password, basic := r.BasicAuth()
	sent := r.URL.String() + "\n" + string(dump) + "\n" + user + ":" + password
	came := heldIn(sent)
	a.mu.Lock()
	for _, name := range came {
		a.seen[name] = true
	}
	digest := strings.HasPrefix(r.Header.Get("Authorization"), "Digest ")
	a.seen["digest"] = a.seen["digest"] || digest
	var failing *failure
	if len(a.failing) > 0 {
		failing = &a.failing[a.met%len(a.failing)]
		a.met++
	}
	a.mu.Unlock()
	if failing != nil {
		failing.answer(w, oneLine(sent))
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "session", Value: canaries["cookie"].secret, Path: "/"})
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case r.URL.Path == "/token":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q,"token_type":"Bearer","expires_in":3600}`, canaries["access"].secret, canaries["refreshed"].secret)
	case r.URL.Path == "/"+canaries["feed path"].secret+"/basic.ics":
		io.WriteString(w, eventOf("fed", "Fed", "Lima"))
	case digest, basic && password == canaries["basic"].secret, slices.Contains([]string{canaries["bearer"].secret, canaries["access"].secret}, token):
		r.SetBasicAuth("alice", "alicepw")
		a.dav.ServeHTTP(w, r)
	default:
		w.Header().Set("WWW-Authenticate", `Digest realm="aviary", qop="auth", algorithm=SHA-256, nonce="b7c9f2d1"`)
		http.Error(w, "who are you?", http.StatusUnauthorized)
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (f *failure) answer(w http.ResponseWriter, sent string) {
	for name, value := range f.header {
		w.Header().Set(name, strings.ReplaceAll(value, "ECHO", strings.ReplaceAll(sent, `"`, `'`)))
	}
	w.WriteHeader(f.status)
	if f.header["Content-Type"] != "text/plain" {
		sent = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(sent)
	}
	io.WriteString(w, strings.ReplaceAll(f.body, "ECHO", sent))
}
