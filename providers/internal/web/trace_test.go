package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
)

func TestATraceHasNoSecrets(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/?key=hush", http.StatusFound)
		case r.URL.Path == "/broken":
			reset(w)
		case !strings.HasPrefix(r.Header.Get("Authorization"), "Digest "):
			w.Header().Set("WWW-Authenticate", `Digest realm="hush", nonce="hush", qop="auth"`)
			w.Header().Set("Set-Cookie", "session=hush")
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed([]byte(strings.Repeat("hush", 100))))
		}
	})
	for _, auth := range []string{"", "basic"} {
		var out bytes.Buffer
		attributes := providers.Attributes{"username": "anna", "password": "hush", "auth": auth}
		c := client(t, s.URL, attributes, Options{Trace: slog.New(slog.NewTextHandler(&out, nil))})
		u := parse(t, s.URL+"/moved?key=hush#hush")
		u.User = url.UserPassword("anna", "hush")
		resp, err := c.Do(t.Context(), Request{Method: "REPORT", URL: u, Body: []byte("hush and more")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if _, _, err := ask(t, c, "PUT", s.URL+"/broken", "hush"); err == nil {
			t.Error("a broken connection is no error")
		}
		text := out.String()
		if strings.Contains(text, "hush") || strings.Contains(text, "anna") || strings.Contains(text, "Basic") || strings.Contains(text, "Digest") {
			t.Errorf("the trace tells secrets:\n%s", text)
		}
		want := []string{"request=1 method=REPORT", "/moved?… took=0s sent=13 status=302", "request=2", "error=", "method=PUT", "sent=4"}
		if auth == "" {
			want = append(want, "status=401", "request=4", "status=200", "unpacked=400 retry_after=7")
		}
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("the trace does not say %q:\n%s", part, text)
			}
		}
	}
}

func TestWhatATraceShowsIsForTheDriverToSay(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	var out bytes.Buffer
	c := client(t, s.URL, nil, Options{Trace: slog.New(slog.NewTextHandler(&out, nil)), Show: func(u *url.URL) string { return "at " + u.Hostname() }})
	if _, _, err := ask(t, c, "GET", s.URL+"/hush", ""); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "hush") || !strings.Contains(text, `url="at 127.0.0.1"`) {
		t.Error(text)
	}
}
