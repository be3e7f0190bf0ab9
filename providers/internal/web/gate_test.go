package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// turnstile is a gate that notes what passes.
type turnstile struct {
	mu     sync.Mutex
	hosts  []string
	inside int
	most   int
	done   int
	shut   error
	held   []time.Duration
}

func (g *turnstile) Hold(asked time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = append(g.held, asked)
}

func (g *turnstile) Pass(_ context.Context, host string) (func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		return nil, g.shut
	}
	g.hosts = append(g.hosts, host)
	g.inside++
	g.most = max(g.most, g.inside)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inside--
		g.done++
	}, nil
}

func TestEveryRequestPassesTheGateOnce(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/", http.StatusFound)
		case r.URL.Path == "/broken":
			panic(http.ErrAbortHandler)
		case !strings.HasPrefix(r.Header.Get("Authorization"), "Digest "):
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	gate := &turnstile{}
	cfg := providers.Config{Attributes: providers.Attributes{"url": s.URL, "username": "anna", "password": "hush"}, Gate: gate}
	c, err := Open(cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := ask(t, c, "PROPFIND", s.URL+"/moved", ""); err != nil { // moved, challenged, answered
		t.Fatal(err)
	}
	if _, _, err := ask(t, c, "PUT", s.URL+"/broken", ""); providers.ClassOf(err) != providers.Unknown {
		t.Error(err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	if want := []string{host, host, host, host}; !slices.Equal(gate.hosts, want) || asked.Load() != 4 || gate.done != 4 || gate.most != 1 {
		t.Errorf("%v passed for %d requests, %d left, %d at a time", gate.hosts, asked.Load(), gate.done, gate.most)
	}
	gate.shut = context.Canceled
	if _, _, err := ask(t, c, "PUT", s.URL, ""); providers.ClassOf(err) != providers.Transient || !errors.Is(err, context.Canceled) || asked.Load() != 4 {
		t.Errorf("a gate that is shut: %v, %d requests", err, asked.Load())
	}
}

func TestAPassEndsWithTheBody(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("answer")) })
	gate := &turnstile{}
	c, err := Open(providers.Config{Attributes: providers.Attributes{"url": s.URL}, Gate: gate}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	resp, err := c.Do(t.Context(), Request{Method: "GET", URL: parse(t, s.URL)})
	if err != nil || gate.done != 0 {
		t.Fatalf("%d left before the body was closed (%v)", gate.done, err)
	}
	resp.Body.Close()
	resp.Body.Close()
	if gate.done != 1 {
		t.Errorf("%d left, want 1", gate.done)
	}
}

// TestGateIsToldToHold: that a server asks to be left alone is said at once, before anybody else asks.
func TestGateIsToldToHold(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		want   []time.Duration
	}{
		{http.StatusTooManyRequests, "30", []time.Duration{30 * time.Second}},
		{http.StatusServiceUnavailable, "30", []time.Duration{30 * time.Second}},
		{http.StatusTooManyRequests, "", []time.Duration{0}},
		{http.StatusServiceUnavailable, "", nil},
		{http.StatusNotFound, "30", nil},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.after != "" {
				w.Header().Set("Retry-After", c.after)
			}
			w.WriteHeader(c.status)
		})
		gate := &turnstile{}
		client, err := Open(providers.Config{Attributes: providers.Attributes{"url": s.URL}, Gate: gate}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(t.Context(), Request{Method: "GET", URL: parse(t, s.URL)})
		if err != nil {
			t.Fatal(err)
		}
		if failed := resp.Fail(); failed == nil {
			t.Error("it did not fail")
		}
		client.Close()
		if !slices.Equal(gate.held, c.want) {
			t.Errorf("%d, Retry-After %q: held %v, want %v", c.status, c.after, gate.held, c.want)
		}
	}
}
