package reconcile

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
)

// bubbled is how an engine waits in a test's bubble: by its clock, and with no chance.
func bubbled() *pacing {
	return &pacing{now: time.Now, sleep: sleep, random: func() float64 { return 0 }, patience: 5 * time.Minute}
}

// TestGateSpacesRequests: no minute sees more requests than are allowed, and nearly as many.
func TestGateSpacesRequests(t *testing.T) {
	for _, perMinute := range []int{1, 2, 7, 30, 60, 120, 1000} {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(bubbled(), newHosts(), schema.Limits{RequestsPerMinute: perMinute})
			var sent []time.Time
			for range 3 * perMinute {
				done, err := g.Pass(t.Context(), "dav.example.com:443")
				if err != nil {
					t.Fatal(err)
				}
				sent = append(sent, time.Now())
				done()
			}
			for i := perMinute; i < len(sent); i++ {
				if within := sent[i].Sub(sent[i-perMinute]); within < time.Minute-time.Millisecond {
					t.Fatalf("%d a minute: %d were sent in %v", perMinute, perMinute+1, within)
				}
			}
			if took := sent[len(sent)-1].Sub(sent[0]); took > 3*time.Minute+10*time.Second {
				t.Errorf("%d a minute: three minutes' worth took %v", perMinute, took)
			}
			if g.count() != 3*perMinute {
				t.Errorf("%d requests are counted, %d were sent", g.count(), 3*perMinute)
			}
		})
	}
}

// TestGateLimitsConnections: a host sees a few requests at a time, also from two providers; another host is not kept waiting for it.
func TestGateLimitsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts()
		one, other := newGate(bubbled(), h, schema.Limits{}), newGate(bubbled(), h, schema.Limits{Connections: 2})
		ctx, cancel := context.WithCancel(t.Context())
		var left []func()
		for range connections {
			done, err := one.Pass(ctx, "a:443")
			if err != nil {
				t.Fatal(err)
			}
			left = append(left, done)
		}
		if done, err := one.Pass(ctx, "b:443"); err != nil {
			t.Fatal(err)
		} else {
			done()
		}
		entered := make(chan string, 2)
		for name, g := range map[string]*gate{"one": one, "other": other} {
			go func() {
				_, err := g.Pass(ctx, "a:443")
				if err != nil {
					name += ": " + err.Error()
				}
				entered <- name
			}()
		}
		synctest.Wait()
		if len(entered) > 0 {
			t.Fatalf("%s has a fifth connection", <-entered)
		}
		left[0]()
		left[0]()
		if got := <-entered; got != "one" {
			t.Errorf("%q went on", got)
		}
		synctest.Wait()
		if len(entered) > 0 {
			t.Fatalf("%s went on", <-entered)
		}
		cancel()
		if got := <-entered; got != "other: context canceled" {
			t.Errorf("%q", got)
		}
	})
}

// TestGateHolds: nobody sends while the provider asks to wait, and nobody waits for longer than patience lasts.
func TestGateHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(bubbled(), newHosts(), schema.Limits{RequestsPerMinute: 60, Connections: 100})
		begun := time.Now()
		g.hold(20 * time.Second)
		took := make(chan time.Duration, 10)
		for range cap(took) {
			go func() {
				done, err := g.Pass(t.Context(), "a:443")
				if err != nil {
					t.Error(err)
					return
				}
				took <- time.Since(begun)
				done()
			}()
		}
		synctest.Wait()
		g.hold(40 * time.Second) // it is asked for again meanwhile
		var last time.Duration
		for i := range cap(took) {
			if last = <-took; last < 40*time.Second {
				t.Errorf("request %d was sent after %v", i, last)
			}
		}
		if last < 46*time.Second {
			t.Errorf("after the wait, all were sent within %v", last-40*time.Second)
		}

		g.hold(2 * time.Hour)
		begun = time.Now()
		_, err := g.Pass(t.Context(), "a:443")
		if providers.ClassOf(err) != providers.Throttled || !strings.Contains(err.Error(), "asks to wait 2 h") || time.Since(begun) > 0 {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

// TestCallTimes: waiting at the gate is no part of a call's time and ends when the apply is interrupted; a request that is never answered is given up.
func TestCallTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(bubbled(), newHosts(), schema.Limits{})
		apply, interrupt := context.WithCancel(t.Context())
		ctx, end := finishing(apply, time.Minute)
		defer end()
		for range 10 {
			g.hold(4 * time.Minute)
			done, err := g.Pass(ctx, "a:443")
			if err != nil || ctx.Err() != nil {
				t.Fatalf("%v, %v", err, ctx.Err())
			}
			time.AfterFunc(50*time.Second, done)
		}
		interrupt()
		if done, err := g.Pass(ctx, "a:443"); err != nil {
			t.Errorf("a call that was begun is not finished: %v", err)
		} else {
			done()
		}
		g.hold(4 * time.Minute)
		if _, err := g.Pass(ctx, "a:443"); !errors.Is(err, context.Canceled) || ctx.Err() != nil {
			t.Errorf("%v, %v", err, ctx.Err())
		}
		begun := time.Now()
		<-ctx.Done()
		if took := time.Since(begun); took != time.Minute || context.Cause(ctx) != context.DeadlineExceeded {
			t.Errorf("%v after %v", context.Cause(ctx), took)
		}
		if _, err := g.Pass(ctx, "a:443"); err == nil {
			t.Error("a request is sent for a call that was given up")
		}
	})
}
