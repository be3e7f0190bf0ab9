package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
)

// TestPlannedRequests counts what an apply sends at the server, and compares that with what the plan and the result say.
func TestPlannedRequests(t *testing.T) {
	for server, behaviour := range davServers {
		t.Run(server, func(t *testing.T) {
			a := newAccount(t, behaviour())
			check := func(what string, writes int) {
				t.Helper()
				made := a.planned()
				if len(made.Document.Requests) != 1 {
					t.Fatalf("%s: the plan says %+v", what, made.Document.Requests)
				}
				plan := made.Document.Requests[0]
				a.server.Forget()
				a.with(func(e *reconcile.Engine) {
					result, err := e.Apply(t.Context(), a.state, made)
					if err != nil || len(result.Failures) > 0 || len(result.Requests) != 1 {
						t.Fatalf("%s: %v, %+v", what, err, result)
					}
					came, sent := a.server.Count(""), result.Requests[0].Requests
					if plan.Provider != "provider.caldav.server" || plan.Writes != writes || sent != came || sent > plan.AtMost {
						t.Errorf("%s: the plan says %+v, the apply %d, and %d requests came:\n%s", what, plan, sent, came, lines(a.server.Requests()))
					}
				})
			}
			for i := range 30 {
				a.local(fmt.Sprint("New", i))
			}
			check("adds", 30)
			for i := range 7 {
				a.edit("here", fmt.Sprint("New", i), "Paris", "Rome")
			}
			check("edits", 7)
			for i := range 3 {
				a.remove("here", fmt.Sprint("New", i))
			}
			check("deletes", 3)
		})
	}
}

// lines are requests, one a line.
func lines(requests []davtest.Request) (all string) {
	for _, r := range requests {
		all += fmt.Sprintln(r)
	}
	return all
}

// TestOneConnection: a driver that kept an answer open while it asks for something else would wait for itself.
func TestOneConnection(t *testing.T) {
	for server, behaviour := range davServers {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			b := behaviour()
			b.Page = 3
			a := newAccount(t, b)
			for _, p := range a.ws.Providers {
				p.Limits = schema.Limits{Connections: 1, RequestsPerMinute: 1000}
			}
			for i := range 20 {
				a.local(fmt.Sprint("Here", i))
				a.remote(fmt.Sprint("There", i), "Bern")
			}
			a.settle()
			if here, there := a.says(); len(here) != 40 || len(there) != 40 {
				t.Errorf("the directory holds %d items, the calendar %d", len(here), len(there))
			}
		})
	}
}

// TestServerThatAsksToWait: what a server asks for is waited for once and in full, by all of its folders; and not at all when that is longer than anybody waits.
func TestServerThatAsksToWait(t *testing.T) {
	for _, c := range []struct {
		asks        string
		times       int
		added, most int
		wait        time.Duration
		why         string
	}{
		{"120", 1, 12, 12 + 1, 2 * time.Minute, ""},
		{"7200", 0, 5, 5 + 4, 0, "its provider asks to wait 2 h. Run again after "}, // what is under way is answered
	} {
		t.Run(c.asks, func(t *testing.T) {
			a := newAccount(t, davtest.Radicale())
			for i := range 12 {
				a.local(fmt.Sprint("New", i))
			}
			made := a.planned()
			a.server.Forget()
			a.server.Fail(davtest.Match{Op: "PUT", Skip: 5, Times: c.times}, davtest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {c.asks}}})
			var mu sync.Mutex
			var longest time.Duration
			now := time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)
			engine := reconcile.New(a.ws, drivers(nil), reconcile.Options{Random: func() float64 { return 0 },
				Now: func() time.Time {
					mu.Lock()
					defer mu.Unlock()
					return now
				},
				Sleep: func(ctx context.Context, d time.Duration) error {
					mu.Lock()
					defer mu.Unlock()
					longest, now = max(longest, d), now.Add(d)
					return ctx.Err()
				}})
			result, err := engine.Apply(t.Context(), a.state, made)
			if err = errors.Join(err, engine.Close()); err != nil {
				t.Fatal(err)
			}
			if puts := a.server.Count("PUT"); result.Summary.Add != c.added || longest != c.wait || puts > c.most {
				t.Errorf("%d were sent, %d are added, after a wait of %v", puts, result.Summary.Add, longest)
			}
			for _, f := range result.Failures {
				if c.why == "" || !strings.Contains(f.Detail, c.why) {
					t.Errorf("%q does not say %q", f.Detail, c.why)
				}
			}
			a.server.Heal()
			a.settle()
		})
	}
}
