package dav

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/providers/internal/web"
)

// world answers for hosts by name, and remembers who was sent credentials.
type world struct {
	hosts map[string]http.HandlerFunc // by scheme and host
	asked []string                    // "https://host path", with "with password" behind
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	line := r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
	if r.Header.Get("Authorization") != "" {
		line += " with password"
	}
	w.asked = append(w.asked, line)
	recorder := httptest.NewRecorder()
	if h := w.hosts[r.URL.Scheme+"://"+r.URL.Host]; h != nil {
		h(recorder, r)
	} else {
		http.NotFound(recorder, r)
	}
	answer := recorder.Result()
	answer.Request = r
	return answer, nil
}

// says answers every PROPFIND with properties.
func says(props string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusMultiStatus)
		fmt.Fprintf(w, `<multistatus xmlns="DAV:" xmlns:C="%s"><response><href>%s</href><propstat><prop>%s</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`, nsCal, r.URL.Path, props)
	}
}

func principal(href string) http.HandlerFunc {
	return says(`<current-user-principal><href>` + href + `</href></current-user-principal><C:calendar-home-set><href>` + href + `</href></C:calendar-home-set>`)
}

// account is alice's at an address of a world.
func account(t *testing.T, w *world, family *Family, address string) *provider {
	t.Helper()
	p, err := Open(family, providers.Config{Address: "provider.caldav.office", Attributes: providers.Attributes{"url": address, "username": "alice", "password": "alicepw"}}, web.Options{Transport: w})
	if err != nil {
		t.Fatal(err)
	}
	return p.(*provider)
}

// TestWhoGetsThePassword follows what servers name. The password goes to the host of url, and to those that it names over https.
func TestWhoGetsThePassword(t *testing.T) {
	elsewhere := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
	}
	for name, c := range map[string]struct {
		hosts map[string]http.HandlerFunc
		url   string
		with  string // hosts that got the password
		fails string
	}{
		"on its own host": {map[string]http.HandlerFunc{"https://dav.example.com": principal("/p/")}, "https://dav.example.com", "dav.example.com", ""},
		"another host, over https": {map[string]http.HandlerFunc{"https://dav.example.com": principal("https://p01.example.net/p/"), "https://p01.example.net": principal("/p/")},
			"https://dav.example.com", "dav.example.com p01.example.net", ""},
		"from http to another host": {map[string]http.HandlerFunc{"http://localhost": principal("https://p01.example.net/p/")}, "http://localhost", "localhost", "another host"},
		"to another host by http":   {map[string]http.HandlerFunc{"https://dav.example.com": principal("http://p01.example.net/p/")}, "https://dav.example.com", "dav.example.com", "another host"},
		"down to http":              {map[string]http.HandlerFunc{"https://dav.example.com": principal("http://dav.example.com/p/")}, "https://dav.example.com", "dav.example.com", "plain http"},
		"a redirect to a host that names a third": {map[string]http.HandlerFunc{"https://dav.example.com": elsewhere("https://evil.example.net/"),
			"https://evil.example.net": principal("https://third.example.net/p/"), "https://third.example.net": principal("/p/")}, "https://dav.example.com", "dav.example.com", "another host"},
		"a redirect to a host that names itself": {map[string]http.HandlerFunc{"https://dav.example.com": elsewhere("https://evil.example.net/"), "https://evil.example.net": principal("/p/")},
			"https://dav.example.com", "dav.example.com", ""},
		"a user in the address": {map[string]http.HandlerFunc{"https://dav.example.com": principal("https://bob:x@dav.example.com/p/")}, "https://dav.example.com", "dav.example.com", ""},
		"no address":            {map[string]http.HandlerFunc{"https://dav.example.com": principal("mailto:alice@example.com")}, "https://dav.example.com", "dav.example.com", "another host"},
		"nobody":                {map[string]http.HandlerFunc{"https://dav.example.com": says(`<current-user-principal><unauthenticated/></current-user-principal>`)}, "https://dav.example.com", "dav.example.com", "does not say who"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{hosts: c.hosts}
			_, err := account(t, w, CalDAV, c.url).homes(t.Context())
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("the homes: %v, want %q", err, c.fails)
			}
			for _, line := range w.asked {
				for host := range c.hosts {
					_, host, _ = strings.Cut(host, "://")
					if strings.Contains(line, "//"+host+"/") && strings.HasSuffix(line, " with password") != strings.Contains(" "+c.with+" ", " "+host+" ") {
						t.Errorf("asked %s; the password is for %s", line, c.with)
					}
				}
			}
		})
	}
}

// TestDomain looks up the server of a domain once. DNS may name one in the domain, and no other.
func TestDomain(t *testing.T) {
	for at, want := range map[string]string{
		"https://dav.example.com/dav/":      "",
		"https://example.com:8443/":         "",
		"https://dav.example.com.evil.net/": "outside of it",
		"https://evilexample.com/":          "outside of it",
		"https://%":                         "names",
		"":                                  "no server of the domain",
	} {
		lookups := 0
		family := *CalDAV
		family.lookup = func(_ context.Context, domain string) (string, error) {
			if lookups++; domain != "example.com" || at == "" {
				return "", errors.New("no such record")
			}
			return at, nil
		}
		host := strings.TrimSuffix(strings.SplitAfterN(at+"///", "/", 4)[2], "/")
		w := &world{hosts: map[string]http.HandlerFunc{"https://" + host: principal("/p/")}}
		p := account(t, w, &family, "example.com")
		for range 2 {
			if err := p.Check(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", at, err, want)
			}
		}
		if want != "" && len(w.asked) > 0 || want == "" && lookups != 1 {
			t.Errorf("%s: after %d look-ups, it asked %q", at, lookups, w.asked)
		}
	}
}

// TestHomeOnAnotherHost finds calendars on a second server by TLS, whose authority is in ca_file.
func TestHomeOnAnotherHost(t *testing.T) {
	second := davtest.New(davtest.Behaviour{})
	serve := func(s *davtest.Server) *httptest.Server {
		ts := httptest.NewUnstartedServer(s)
		ts.Config.ErrorLog = log.New(io.Discard, "", 0) // it is told of clients that do not trust it
		ts.StartTLS()
		t.Cleanup(ts.Close)
		return ts
	}
	at := serve(second)
	second.AddCalendar("alice", "büro & home", "VEVENT")
	first := davtest.New(davtest.Behaviour{HomeURL: at.URL})
	ts := serve(first)
	dir := t.TempDir()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ts.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), authority, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := providers.Config{Address: "provider.caldav.office", Dir: dir, Attributes: providers.Attributes{"url": ts.URL, "username": "alice", "password": "alicepw", "ca_file": "ca.pem"}}
	p, err := Open(CalDAV, cfg, web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	found, err := p.Discover(t.Context())
	if err != nil || len(found) != 1 || found[0].Name != "büro & home" {
		t.Fatalf("it finds %+v (%v)", found, err)
	}
	f, err := p.Folder(t.Context(), providers.FolderConfig{Address: "folder.a", Kind: found[0].Kind, Attributes: found[0].Attributes})
	if err != nil || f.Capabilities().ReadOnly {
		t.Fatalf("%q does not lead there: %v", found[0].Attributes.String("path"), err)
	}
	delete(cfg.Attributes, "ca_file")
	if p, err = Open(CalDAV, cfg, web.Options{}); err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Check(t.Context()); providers.ClassOf(err) != providers.Unreachable || !strings.Contains(err.Error(), "ca_file") {
		t.Errorf("without ca_file: %v", err)
	}
}
