package davtest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	c := start(t, Behaviour{})
	path := c.s.AddCalendar("alice", "work") + "a.ics"
	c.s.Fail(Match{Op: "PUT", Skip: 1, Times: 1}, Fault{Status: 429, Header: http.Header{"Retry-After": {"7"}}})
	c.s.Fail(Match{Op: "GET"}, LoginPage)
	c.do("PUT", path, event("a", "")).says(t, 201)
	if r := c.do("PUT", path, event("a", "LOCATION:x\r\n")).says(t, 429); r.header.Get("Retry-After") != "7" {
		t.Errorf("headers %v", r.header)
	}
	if c.s.Items("/dav/calendars/alice/work/")["a.ics"] != event("a", "") {
		t.Error("what failed was done")
	}
	c.do("PUT", path, event("a", "LOCATION:x\r\n")).says(t, 204)
	c.do("GET", path, "").says(t, 200, "<html>")
	if met := c.s.Heal(); met != 2 {
		t.Errorf("%d requests met a fault, want 2", met)
	}
	c.do("GET", path, "").says(t, 200, "LOCATION:x")
}

func TestResets(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work")
	for _, f := range []struct {
		reset Reset
		done  bool
	}{{ResetBefore, false}, {ResetAfter, true}} {
		c.s.Fail(Match{Op: "PUT", Times: 1}, Fault{Reset: f.reset})
		if r := c.do("PUT", work+"a.ics", event("a", "")); r.err == nil {
			t.Errorf("there was an answer: %d", r.status)
		}
		if _, done := c.s.Items(work)["a.ics"]; done != f.done {
			t.Errorf("reset %d: done: %v", f.reset, done)
		}
		c.s.Heal()
	}
}

func TestCuts(t *testing.T) {
	for _, b := range []Behaviour{{}, {HTTP10: true}, {HTTP10: true, NoLength: true}} {
		c := start(t, b)
		work := c.s.AddCalendar("alice", "work")
		c.s.Fill(work, 1)
		whole := c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 1").says(t, 207).body
		for n := range whole {
			for _, clean := range []bool{false, true} {
				c.s.Fail(Match{Times: 1}, Fault{Cut: n + 1, Clean: clean})
				r := c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 1")
				if r.body != whole[:n] || errors.Is(r.err, io.ErrUnexpectedEOF) == (clean || b.NoLength) {
					t.Fatalf("%+v at %d: %q, %v", b, n, r.body, r.err)
				}
				c.s.Heal()
			}
		}
	}
}

func TestAStallEndsWhenTheClientGoes(t *testing.T) {
	c := start(t, Behaviour{})
	path := c.s.AddCalendar("alice", "work") + "a.ics"
	c.s.Fail(Match{}, Fault{Stall: true})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "PUT", c.url+path, strings.NewReader(event("a", "")))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("alice", "alicepw")
	if res, err := http.DefaultTransport.RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", res, err)
	}
	if len(c.s.Items("/dav/calendars/alice/work/")) > 0 {
		t.Error("what stalled was done")
	}
}
