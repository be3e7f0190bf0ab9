package web

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/accord-sync/accord/providers"
)

// issuer refreshes tokens, and takes only the newest.
type issuer struct {
	mu        sync.Mutex
	refreshes int
	refresh   string // what is taken next
	access    string
	rotates   bool
	forever   bool // tokens do not expire
	fails     http.HandlerFunc
	said      string
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r.URL.Path != "/token" {
		if r.Header.Get("Authorization") != "Bearer "+i.access {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		io.Copy(w, r.Body)
		return
	}
	if i.fails != nil {
		i.fails(w, r)
		return
	}
	id, secret, _ := r.BasicAuth()
	i.said = id + secret + r.FormValue("client_id") + r.FormValue("client_secret")
	if r.FormValue("refresh_token") != i.refresh || r.FormValue("grant_type") != "refresh_token" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error": "invalid_grant", "error_description": "it was\nrevoked"}`)
		return
	}
	i.refreshes++
	i.access = fmt.Sprintf("access-%d", i.refreshes)
	answer := map[string]any{"access_token": i.access, "token_type": "Bearer"}
	if !i.forever {
		answer["expires_in"] = 3600
	}
	if i.rotates {
		i.refresh = fmt.Sprintf("refresh-%d", i.refreshes)
		answer["refresh_token"] = i.refresh
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// withFile is the account of a token file with a text, and the file's path.
func withFile(t *testing.T, url, text string, more providers.Attributes) (*Client, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	attributes := providers.Attributes{"token_file": path, "client_id": "accord", "client_secret": "hush", "token_url": url + "/token"}
	maps.Copy(attributes, more)
	return client(t, url, attributes, Options{}), path
}

const expired = `{"access_token": "access-0", "refresh_token": "refresh-0", "expiry": "2026-03-01T12:00:05Z", "scope": "calendar"}`

func TestATokenIsRefreshed(t *testing.T) {
	for name, c := range map[string]struct {
		text      string
		refreshes int
	}{
		"expires at once":  {expired, 1},
		"expires later":    {strings.Replace(expired, "12:00:05", "12:01:00", 1), 0},
		"does not expire":  {`{"access_token": "access-0", "refresh_token": "refresh-0", "scope": "calendar"}`, 0},
		"is not taken":     {`{"access_token": "access-9", "refresh_token": "refresh-0", "scope": "calendar"}`, 1},
		"is not there yet": {`{"refresh_token": "refresh-0", "scope": "calendar"}`, 1},
	} {
		for _, rotates := range []bool{false, true} {
			i := &issuer{access: "access-0", refresh: "refresh-0", rotates: rotates}
			s := serve(t, i.ServeHTTP)
			client, path := withFile(t, s.URL, c.text, nil)
			var written os.FileInfo
			for range 3 {
				if status, text, err := ask(t, client, "PUT", s.URL, "body"); status != 200 || text != "body" || err != nil {
					t.Fatalf("%s: %d %q, %v", name, status, text, err)
				}
				info, err := os.Stat(path)
				if err != nil || written != nil && !os.SameFile(info, written) {
					t.Errorf("%s: the file was written again (%v)", name, err)
				}
				written = info
			}
			if i.refreshes != c.refreshes || c.refreshes > 0 && i.said != "accordhush" {
				t.Errorf("%s: refreshed %d times with %q, want %d", name, i.refreshes, i.said, c.refreshes)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if c.refreshes == 0 {
				if string(text) != c.text {
					t.Errorf("%s: the file was written: %s", name, text)
				}
				continue
			}
			var held map[string]string
			if err := json.Unmarshal(text, &held); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"access_token": "access-1", "refresh_token": i.refresh, "token_type": "Bearer", "expiry": "2026-03-01T13:00:00Z", "scope": "calendar"}
			if !maps.Equal(held, want) {
				t.Errorf("%s: the file holds %v, want %v", name, held, want)
			}
			info, err := os.Stat(path)
			if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: mode %v (%v)", name, info.Mode(), err)
			}
			if left, err := os.ReadDir(filepath.Dir(path)); len(left) != 1 || err != nil {
				t.Errorf("%s: %v is left (%v)", name, left, err)
			}
		}
	}
}

func TestATokenThatDoesNotExpireAnyMore(t *testing.T) {
	i := &issuer{access: "access-9", refresh: "refresh-0", forever: true}
	s := serve(t, i.ServeHTTP)
	client, path := withFile(t, s.URL, expired, nil)
	for range 2 {
		if status, _, err := ask(t, client, "PUT", s.URL, "body"); status != 200 || err != nil || i.refreshes != 1 {
			t.Errorf("%d, %v, refreshed %d times", status, err, i.refreshes)
		}
	}
	if text, err := os.ReadFile(path); strings.Contains(string(text), "expiry") || err != nil {
		t.Errorf("the file holds %s (%v)", text, err)
	}
}

// Many requests find the token expired; one of them refreshes it.
func TestATokenIsRefreshedOnceForAll(t *testing.T) {
	i := &issuer{access: "access-9", refresh: "refresh-0", rotates: true}
	s := serve(t, i.ServeHTTP)
	client, _ := withFile(t, s.URL, `{"access_token": "access-0", "refresh_token": "refresh-0"}`, nil)
	var failed atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			resp, err := client.Do(t.Context(), Request{Method: "PROPFIND", URL: parse(t, s.URL)})
			if err != nil || resp.Status != 200 {
				failed.Add(1)
				return
			}
			resp.Body.Close()
		})
	}
	all.Wait()
	if failed.Load() > 0 || i.refreshes != 1 {
		t.Errorf("%d failed, refreshed %d times", failed.Load(), i.refreshes)
	}
}

func TestATokenThatSomeoneElseRefreshed(t *testing.T) {
	i := &issuer{access: "access-7", refresh: "refresh-7"}
	s := serve(t, i.ServeHTTP)
	client, path := withFile(t, s.URL, expired, nil)
	if err := os.WriteFile(path, []byte(`{"access_token": "access-7", "refresh_token": "refresh-7"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, err := ask(t, client, "PUT", s.URL, "body"); status != 200 || err != nil || i.refreshes != 0 {
		t.Errorf("%d, %v, refreshed %d times", status, err, i.refreshes)
	}
}

func TestATokenThatCannotBeRefreshed(t *testing.T) {
	reply := func(code int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			io.WriteString(w, body)
		}
	}
	for name, c := range map[string]struct {
		text  string
		fails http.HandlerFunc
		more  providers.Attributes
		class providers.Class
		says  string
	}{
		"revoked":          {strings.Replace(expired, "refresh-0", "hush", 1), nil, nil, providers.Unauthorized, `says "invalid_grant it was revoked": correct client_id, client_secret and token_url, or obtain a new token`},
		"cannot":           {expired, nil, providers.Attributes{"client_id": "", "client_secret": "", "token_url": ""}, providers.Unauthorized, "write client_id and token_url"},
		"no refresh token": {`{"access_token": "hush", "expiry": "2026-03-01T11:00:00Z"}`, nil, nil, providers.Unauthorized, "there is no refresh_token"},
		"busy":             {expired, reply(429, "hush", "Retry-After", "30"), nil, providers.Throttled, "429"},
		"broken":           {expired, reply(500, "hush"), nil, providers.Transient, "500"},
		"a page":           {expired, reply(200, "<html>hush"), nil, providers.Unauthorized, "correct token_url"},
		"moved":            {expired, reply(307, "", "Location", "http://127.0.0.1:1/hush"), nil, providers.Unauthorized, "correct client_id, client_secret and token_url"},
		"no answer":        {expired, func(w http.ResponseWriter, _ *http.Request) { reset(w) }, nil, providers.Transient, "cannot be refreshed: the connection broke"},
		"nobody there":     {expired, nil, providers.Attributes{"token_url": "http://127.0.0.1:1/token"}, providers.Unreachable, "cannot be refreshed: no connection to 127.0.0.1:1"},
	} {
		i := &issuer{access: "access-9", refresh: "refresh-0", fails: c.fails}
		s := serve(t, i.ServeHTTP)
		client, path := withFile(t, s.URL, c.text, c.more)
		_, _, err := ask(t, client, "PUT", s.URL, "body")
		wants(t, name, err, c.class, c.says)
		if !strings.Contains(fmt.Sprint(err), "token_file") {
			t.Errorf("%s: %v does not name the file", name, err)
		}
		if text, err := os.ReadFile(path); string(text) != c.text || err != nil {
			t.Errorf("%s: the file was written: %s (%v)", name, text, err)
		}
	}
}

// A token that was refreshed and cannot be kept would be lost with the program: it is said before anything is done with it.
func TestATokenThatCannotBeKept(t *testing.T) {
	i := &issuer{access: "access-9", refresh: "refresh-0", rotates: true}
	s := serve(t, i.ServeHTTP)
	client, path := withFile(t, s.URL, expired, nil)
	i.fails = func(w http.ResponseWriter, r *http.Request) {
		_ = os.Remove(path) // as if the directory were taken away meanwhile
		i.fails = nil
		i.mu.Unlock()
		defer i.mu.Lock()
		i.ServeHTTP(w, r)
	}
	_, _, err := ask(t, client, "PUT", s.URL, "body")
	wants(t, "gone", err, providers.Unauthorized, "cannot be kept in token_file")
	if err := os.WriteFile(path, []byte(expired), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, err := ask(t, client, "PUT", s.URL, "body"); status != 200 || err != nil || i.refreshes != 1 {
		t.Errorf("afterwards: %d, %v, refreshed %d times", status, err, i.refreshes)
	}
	if text, err := os.ReadFile(path); !strings.Contains(string(text), `"refresh-1"`) || err != nil {
		t.Errorf("the file holds %s (%v)", text, err)
	}
}

func TestFilesThatAreNoTokens(t *testing.T) {
	dir := t.TempDir()
	for text, says := range map[string]string{
		"": "is no JSON", "hush": "is no JSON", `{"access_token": "hush", "expiry": "soon"}`: "is no JSON", `{"token": "hush"}`: "neither access_token nor refresh_token",
		`{"refresh_token": "hush"}`: "without client_id and token_url",
	} {
		if err := os.WriteFile(filepath.Join(dir, "t.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(providers.Config{Dir: dir, Attributes: providers.Attributes{"token_file": "t.json"}}, Options{})
		wants(t, text, err, providers.Refused, says)
	}
	_, err := Open(providers.Config{Dir: dir, Attributes: providers.Attributes{"token_file": "none.json"}}, Options{})
	wants(t, "not there", err, providers.Refused, `token_file "none.json" cannot be read`)
}
