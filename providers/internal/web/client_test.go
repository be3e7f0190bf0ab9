package web

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// noon is when all tests happen.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestMain sets a proxy for every host but this one, before package http looks: no test reaches another.
func TestMain(m *testing.M) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		io.WriteString(w, "proxied to "+r.URL.String())
	}))
	defer proxy.Close()
	for name, value := range map[string]string{"HTTP_PROXY": proxy.URL, "HTTPS_PROXY": proxy.URL, "NO_PROXY": ""} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
		if err := os.Unsetenv(strings.ToLower(name)); err != nil {
			panic(err)
		}
	}
	m.Run()
}

func parse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// client opens an account at an address.
func client(t testing.TB, address string, more providers.Attributes, o Options) *Client {
	t.Helper()
	cfg := providers.Config{Address: "provider.dav.test", Dir: t.TempDir(), Attributes: providers.Attributes{"url": address}}
	maps.Copy(cfg.Attributes, more)
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	c, err := Open(cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ask sends a request, and reads and closes the answer.
func ask(t testing.TB, c *Client, method, address, text string) (status int, answer string, err error) {
	t.Helper()
	resp, err := c.Do(t.Context(), Request{Method: method, URL: parse(t, address), Body: []byte(text)})
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.Status, string(body), err
}

// serve starts a server that does what f does.
func serve(t testing.TB, f http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s
}

// wants fails a test whose error is of another class, or does not say what it should.
func wants(t testing.TB, what string, err error, class providers.Class, says string) {
	t.Helper()
	if providers.ClassOf(err) != class || err != nil && (!strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hush")) {
		t.Errorf("%s: %v (%s), want %s that says %q", what, err, providers.ClassOf(err), class, says)
	}
	var classed *providers.Error
	if err != nil && !errors.As(err, &classed) {
		t.Errorf("%s: %v has no class", what, err)
	}
}

var anna = providers.Attributes{"username": "anna", "password": "hush"}

// told is what a server was asked, and by whom.
func told(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	name, _, _ := r.BasicAuth()
	return strings.Join([]string{r.Method, r.URL.Path, string(body), name, r.Header.Get("Referer"), r.Header.Get("If-Match")}, " ")
}

func TestARedirectChangesNothing(t *testing.T) {
	var said string
	note := func(w http.ResponseWriter, r *http.Request) { said = told(r); w.WriteHeader(http.StatusMultiStatus) }
	other := serve(t, note)
	own := serve(t, func(w http.ResponseWriter, r *http.Request) {
		code := map[byte]int{'1': 301, '2': 302, '3': 303, '7': 307, '8': 308}[r.URL.Path[1]]
		switch r.URL.Path[2:] {
		case "/here":
			w.Header().Set("Location", "/0/done/here")
		case "/there":
			w.Header().Set("Location", other.URL+"/0/done/there")
		default:
			note(w, r)
			return
		}
		w.WriteHeader(code)
	})
	c := client(t, own.URL, anna, Options{})
	for _, code := range []string{"1", "2", "7", "8"} {
		for _, method := range []string{"PROPFIND", "REPORT", "PUT", "DELETE", "MKCALENDAR", "GET"} {
			for path, who := range map[string]string{"/here": "anna", "/there": ""} {
				resp, err := c.Do(t.Context(), Request{
					Method: method, URL: parse(t, own.URL+"/"+code+path), Body: []byte("body"), Header: http.Header{"If-Match": {`"1"`}, "Authorization": {"Basic ZXZlOng="}, "Cookie": {"a=b"}, "Referer": {"here"}},
				})
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if want := method + " /0/done" + path + " body " + who + `  "1"`; said != want || resp.URL.Path != "/0/done"+path {
					t.Errorf("30%s %s: the server is told %q, want %q (%s)", code, path, said, want, resp.URL)
				}
			}
		}
	}
	if status, _, err := ask(t, c, "GET", own.URL+"/3/here", ""); status != 207 || err != nil {
		t.Errorf("303 of GET: %d, %v", status, err)
	}
	_, _, err := ask(t, c, "PUT", own.URL+"/3/here", "body")
	wants(t, "303 of PUT", err, providers.Refused, "another address")
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	for location, says := range map[string]string{
		"/again": "more than 5 times", "ftp://127.0.0.1/": `"ftp:"`, "https:///x": "no address", "http://[": "no address", "javascript:alert(1)": "no address",
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(http.StatusMovedPermanently)
		})
		counter := &Counter{}
		_, _, err := ask(t, client(t, s.URL, nil, Options{Transport: counter}), "PROPFIND", s.URL, "")
		wants(t, location, err, providers.Refused, says)
		if n, want := counter.Take()["PROPFIND"], map[bool]int{true: 6, false: 1}[location == "/again"]; n != want {
			t.Errorf("%s: %d requests, want %d", location, n, want)
		}
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/collection/", http.StatusMovedPermanently)
	})
	for _, method := range []string{"PUT", "DELETE"} {
		_, _, err := ask(t, client(t, s.URL, nil, Options{}), method, s.URL+"/collection/item", "")
		wants(t, method, err, providers.Refused, "another name")
	}
	s = serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) })
	if status, _, err := ask(t, client(t, s.URL, nil, Options{}), "GET", s.URL, ""); status != 302 || err != nil {
		t.Errorf("a redirect to nowhere: %d, %v, want it as it is", status, err)
	}
}

func TestTrust(t *testing.T) {
	var said string
	note := func(_ http.ResponseWriter, r *http.Request) { said = told(r) + r.Header.Get("Cookie") }
	own, other := serve(t, note), serve(t, note)
	c := client(t, own.URL, anna, Options{})
	for _, trusted := range []bool{false, true} {
		if trusted {
			if err := c.Trust(parse(t, other.URL+"/anything")); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := ask(t, c, "GET", other.URL, ""); err != nil || strings.Contains(said, "anna") != trusted {
			t.Errorf("trusted %v: the server is told %q (%v)", trusted, said, err)
		}
	}
	wants(t, "plain http", c.Trust(parse(t, "http://dav.example.com/")), providers.Refused, "plain http")
	if err := c.Trust(parse(t, "https://dav.example.com/")); err != nil || !c.Trusts(parse(t, "HTTPS://DAV.example.com:443/x")) || c.Trusts(parse(t, "https://dav.example.com:8443/")) {
		t.Errorf("https: %v", err)
	}
	free := client(t, "http://dav.example.com/", providers.Attributes{"username": "anna", "password": "hush", "insecure": true}, Options{})
	for address, want := range map[string]bool{"https://dav.example.com/": true, "http://dav.example.com:80/": true, "http://dav.example.com:81/": false, "https://example.com/": false} {
		if free.Trusts(parse(t, address)) != want {
			t.Errorf("%s is trusted: %v", address, !want)
		}
	}
}

func TestCookiesAreOfTheClient(t *testing.T) {
	var cookie string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookie = r.Header.Get("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "17"})
	})
	c := client(t, s.URL, nil, Options{})
	for _, want := range []string{"", "session=17"} {
		if _, _, err := ask(t, c, "GET", s.URL, ""); err != nil || cookie != want {
			t.Errorf("cookie %q, want %q (%v)", cookie, want, err)
		}
	}
	// Another port is the same host to a cookie, and another server to an account.
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { cookie = r.Header.Get("Cookie") })
	if _, _, err := ask(t, c, "GET", other.URL, ""); err != nil || cookie != "" {
		t.Errorf("another server gets %q (%v)", cookie, err)
	}
	giving := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "theirs"})
	})
	if _, _, err := ask(t, c, "GET", giving.URL, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ask(t, c, "GET", s.URL, ""); err != nil || cookie != "session=17" {
		t.Errorf("with another server's cookie: %q (%v)", cookie, err)
	}
}

func TestAProxyOfTheEnvironment(t *testing.T) {
	c := client(t, "http://dav.example.com/", nil, Options{})
	if _, text, err := ask(t, c, "GET", "http://dav.example.com/a", ""); err != nil || text != "proxied to http://dav.example.com/a" {
		t.Errorf("%q, %v", text, err)
	}
	_, _, err := ask(t, c, "PUT", "https://dav.example.com/a", "")
	wants(t, "a proxy that asks for a password", err, providers.Unauthorized, "of the proxy in HTTPS_PROXY")
}

func TestHeadersThatCannotBeSent(t *testing.T) {
	c := client(t, "http://127.0.0.1:1/", nil, Options{})
	_, err := c.Do(t.Context(), Request{Method: "PUT", URL: parse(t, "http://127.0.0.1:1/"), Header: http.Header{"If-Match": {"\"a\nb\""}}})
	wants(t, "a line break", err, providers.Refused, "If-Match")
	_, err = c.Do(t.Context(), Request{Method: "PUT PUT", URL: parse(t, "http://127.0.0.1:1/")})
	wants(t, "two methods", err, providers.Refused, "cannot be asked")
}
