package ical

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ url, path, asked, shown string }{
		{"https://feeds.example.com/team.ics", "", "https://feeds.example.com/team.ics", ""},
		{"WEBCAL://Feeds.Example.com/team.ics#top", "", "https://feeds.example.com/team.ics", ""},
		{"http://feeds.example.com:8080/", "a/team.ics", "http://feeds.example.com:8080/a/team.ics", ""},
		{"https://feeds.example.com/calendars", "team%20one.ics?all=1", "https://feeds.example.com/calendars/team%20one.ics?all=1", ""},
		{"https://feeds.example.com/export?id=3", "", "https://feeds.example.com/export?id=3", ""},
		{"https://feeds.example.com/a/", "../b.ics", "", `"../b.ics" is not below`},
		{"https://feeds.example.com/a/", "x/../../b.ics", "", "is not below"},
		{"https://feeds.example.com/a/", "%2e%2e/b.ics", "", "is not below"},
		{"https://feeds.example.com/a/", "/b.ics", "", "is not below"},
		{"https://feeds.example.com/a/", "//evil.example/b.ics", "", "is not below"},
		{"https://feeds.example.com/a/", "https://evil.example/b.ics", "", "is not below"},
		{"ftp://feeds.example.com/a.ics", "", "", `"ftp:"`},
		{"feeds.example.com/a.ics", "", "", "https, http and webcal"},
		{"https:///a.ics", "", "", "names no host"},
		{"https://user:hush@feeds.example.com/a.ics", "", "", "username and password"},
		{"https://feeds.example.com/%zz", "", "", "cannot be read"},
	} {
		p := providers.Config{Address: "provider.ical.x", Attributes: providers.Attributes{"url": c.url}}
		f := providers.FolderConfig{Address: "folder.x", Kind: pim.Calendar, Attributes: providers.Attributes{"path": c.path}}
		a, err := addressOf(p, f)
		location, locateErr := Driver{}.Locate(p, f)
		if c.asked == "" {
			if err == nil || locateErr == nil || !strings.Contains(err.Error(), c.shown) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%q, %q: %v, want an error that says %q", c.url, c.path, err, c.shown)
			}
			continue
		}
		if err != nil || a.URL.String() != c.asked || location != c.asked {
			t.Errorf("%q, %q is %v at %q (%v), want %q", c.url, c.path, a.URL, location, err, c.asked)
		}
	}
}

func TestASecretAddressIsNotShown(t *testing.T) {
	for _, secret := range []string{"https://feeds.example.com/private-hush/basic.ics?key=hush", "gopher://feeds.example.com/hush", "https://feeds.example.com/hush%zz"} {
		p := providers.Config{Address: "provider.ical.x", Attributes: providers.Attributes{"secret_url": secret}}
		location, err := Driver{}.Locate(p, providers.FolderConfig{Kind: pim.Calendar})
		if strings.Contains(location, "hush") || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("the address is shown: %q, %v", location, err)
		}
		if strings.HasPrefix(secret, "https") && err == nil && !strings.HasPrefix(location, "https://feeds.example.com/#") {
			t.Errorf("the location is %q", location)
		}
	}
	server := httptest.NewServer(http.NotFoundHandler())
	p := openFeed(t, "", providers.Attributes{"secret_url": server.URL + "/hush"})
	f := openFeedFolder(t, p, pim.Calendar, nil)
	if _, _, err := refsOf(t, f, ""); providers.ClassOf(err) != providers.Missing || strings.Contains(err.Error(), "hush") {
		t.Errorf("not found: %v", err)
	}
	server.Close()
	if _, _, err := refsOf(t, f, ""); providers.ClassOf(err) != providers.Unreachable || strings.Contains(err.Error(), "hush") {
		t.Errorf("no server: %v", err)
	}
}

func TestATraceDoesNotShowASecretAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.String()+"/hush", http.StatusFound)
	}))
	defer server.Close()
	for attribute, want := range map[string]string{"url": "/hush", "secret_url": server.URL + "/…"} {
		var out bytes.Buffer
		cfg := providers.Config{Attributes: providers.Attributes{attribute: server.URL + "/hush?key=hash"}}
		p, err := Driver{Trace: slog.New(slog.NewTextHandler(&out, nil))}.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Check(t.Context()); err == nil {
			t.Error("an endless redirect is no error")
		}
		text := out.String()
		if strings.Count(text, "method=GET") != 6 || !strings.Contains(text, want) || attribute == "secret_url" && strings.Contains(text, "hush") || strings.Contains(text, "hash") {
			t.Errorf("the trace with %s:\n%s", attribute, text)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestThePasswordStaysWithItsHost(t *testing.T) {
	var said []string
	note := func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		said = append(said, strings.Join([]string{user, password, r.Header.Get("Referer"), r.UserAgent()}, "|"))
		w.Write([]byte(twoEvents))
	}
	other := httptest.NewServer(http.HandlerFunc(note))
	defer other.Close()
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/there":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		default:
			note(w, r)
		}
	}))
	defer own.Close()
	for path, want := range map[string]string{"/feed": "anna|hush||", "/here": "anna|hush||", "/there": "|||"} {
		said = nil
		p := openFeed(t, own.URL+path, providers.Attributes{"username": "anna", "password": "hush"})
		refs, _, err := refsOf(t, openFeedFolder(t, p, pim.Calendar, nil), "")
		if err != nil || len(refs) != 2 || len(said) != 1 || said[0] != want+userAgent {
			t.Errorf("%s: the server is told %q, want %q (%q, %v)", path, said, want+userAgent, refs, err)
		}
	}
}

func TestHTTPSIsNotLeft(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("the plain server was asked")
		w.Write([]byte(twoEvents))
	}))
	defer plain.Close()
	safe := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain.URL, http.StatusFound) }))
	safe.Config.ErrorLog = log.New(io.Discard, "", 0)
	safe.StartTLS()
	defer safe.Close()
	cfg := providers.Config{Attributes: providers.Attributes{"url": strings.Replace(safe.URL, "https:", "webcal:", 1)}}
	for trusted, want := range map[bool]providers.Class{true: providers.Refused, false: providers.Unreachable} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{}}
		if trusted {
			transport = safe.Client().Transport.(*http.Transport)
		}
		p, err := Driver{Transport: transport}.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = refsOf(t, openFeedFolder(t, p, pim.Calendar, nil), "")
		if providers.ClassOf(err) != want {
			t.Errorf("trusted %v: %v, want %s", trusted, err, want)
		}
		if trusted && !strings.Contains(err.Error(), "https to http") {
			t.Errorf("a redirect to http: %v", err)
		}
	}
}

func TestCheckAsksTheServer(t *testing.T) {
	for status, want := range map[int]providers.Class{
		200: providers.Done, 404: providers.Done, 401: providers.Unauthorized, 503: providers.Transient,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if err := openFeed(t, server.URL, nil).Check(t.Context()); providers.ClassOf(err) != want {
			t.Errorf("check of a server that says %d: %v, want %s", status, err, want)
		}
		server.Close()
	}
}

func TestAttributesThatMakeNoSense(t *testing.T) {
	address, err := url.Parse("https://feeds.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		attributes providers.Attributes
		says       string
	}{
		{providers.Attributes{}, "0 of path"},
		{providers.Attributes{"path": "data", "url": address.String()}, "2 of path"},
		{providers.Attributes{"path": "data", "password": "hush"}, "password is for feeds"},
		{providers.Attributes{"path": "data", "max_bytes": 5.0}, "max_bytes is for feeds"},
		{providers.Attributes{"url": address.String(), "timeout": "soon"}, `"soon" is no duration`},
		{providers.Attributes{"url": address.String(), "timeout": "-1s"}, "is no duration"},
		{providers.Attributes{"url": "http://feeds.example.com/", "username": "anna", "password": "hush"}, "plain http"},
		{providers.Attributes{"secret_url": "http://feeds.example.com/hush", "username": "anna", "password": "hush"}, "plain http"},
		{providers.Attributes{"url": address.String(), "max_bytes": 0.0}, "at least 1"},
	} {
		cfg := providers.Config{Address: "provider.ical.x", Attributes: c.attributes}
		_, opened := Driver{}.Open(t.Context(), cfg)
		_, located := Driver{}.Locate(cfg, at("a.ics", pim.Calendar))
		for _, err := range []error{opened, located} {
			if providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v: %v, want refused that says %q", c.attributes, err, c.says)
			}
		}
	}
	if most, err := mostOctets(providers.Config{Attributes: providers.Attributes{}}); most != 64<<20 || err != nil {
		t.Errorf("without a limit: %d, %v", most, err)
	}
}
