package reconcile

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
)

// connections is how many requests are under way to one host at a time where nothing is written: enough to hide a network's delay, and few for a server
// that has one process for each.
const connections = 4

// gate paces the requests of one provider: a few at a time to one host, evenly spaced, and none before the time that the provider asked to wait for. It
// implements [providers.Gate].
type gate struct {
	*pacing
	hosts       *hosts
	connections int

	mu    sync.Mutex
	rate  *rate.Limiter // nil: as fast as it answers
	last  time.Time     // that rate was asked about: its times never go back
	until time.Time     // no request is sent before
	told  int           // how often the driver said that the provider asked to wait
	sent  int
}

// newGate is the gate of a provider. Gates that share hosts share their connections.
func newGate(p *pacing, h *hosts, l schema.Limits) *gate {
	g := &gate{pacing: p, hosts: h, connections: connections}
	if l.Connections > 0 {
		g.connections = l.Connections
	}
	if n := l.RequestsPerMinute; n > 0 {
		// What may be sent at once is taken off the rate, so that no minute sees more than n.
		burst := 1 + min(n/30, 3)
		g.rate = rate.NewLimiter(rate.Every(time.Minute/time.Duration(n-burst+1)), burst)
	}
	return g
}

// Pass waits for a connection, for the time that the provider asked to wait for, and for the request's turn, in this order. Where the provider asks for more
// than anybody waits, the error is of class Throttled, and that of the context otherwise.
func (g *gate) Pass(ctx context.Context, host string) (done func(), err error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	alive(ctx)
	if err := g.hosts.enter(ctx, host, g.connections); err != nil {
		return nil, err
	}
	if err := g.turn(ctx); err != nil {
		g.hosts.leave(host)
		return nil, err
	}
	return sync.OnceFunc(func() { g.hosts.leave(host) }), nil
}

// turn waits until the request may be sent.
func (g *gate) turn(ctx context.Context) error {
	at, err := g.held(ctx, g.now())
	if err != nil {
		return err
	}
	if spaced := g.reserve(at); spaced > 0 {
		if err := g.wait(ctx, spaced); err != nil {
			return err
		}
		if _, err := g.held(ctx, at.Add(spaced)); err != nil {
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent++
	return nil
}

// held waits for as long as the provider asked to, and says what time it is then: a clock that stands still is waited for no less.
func (g *gate) held(ctx context.Context, at time.Time) (time.Time, error) {
	for {
		g.mu.Lock()
		until := g.until
		g.mu.Unlock()
		d := until.Sub(at)
		if d <= 0 {
			return at, nil
		}
		if d > g.patience {
			return at, g.tooLong(fmt.Errorf("no request was sent"), d)
		}
		if err := g.wait(ctx, d); err != nil {
			return at, err
		}
		at = until
	}
}

// reserve takes the next turn, and says how long it is until then.
func (g *gate) reserve(at time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.rate == nil {
		return 0
	}
	if at.Before(g.last) {
		at = g.last
	}
	g.last = at
	return g.rate.ReserveN(at, 1).DelayFrom(at)
}

// hold keeps every request of the provider back for that long.
func (g *gate) hold(d time.Duration) {
	until := g.now().Add(d)
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until = until
	}
}

// Hold is told by a driver that the provider asked to be left alone. Drivers that tell need not be waited for a second time when their call ends.
func (g *gate) Hold(asked time.Duration) {
	g.hold(max(asked, g.backoff(1, verdict{throttled: true})))
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told++
}

// holds is how often the driver told.
func (g *gate) holds() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.told
}

// left is how long the provider is still held.
func (g *gate) left() time.Duration {
	now := g.now()
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

// count is how many requests were let through.
func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

var _ providers.Gate = (*gate)(nil)

// hosts counts the requests that are under way to each host.
type hosts struct {
	mu    sync.Mutex
	busy  map[string]int
	fewer chan struct{} // closed when there is one less
}

func newHosts() *hosts { return &hosts{busy: map[string]int{}, fewer: make(chan struct{})} }

// enter waits until fewer than most requests are under way to a host.
func (h *hosts) enter(ctx context.Context, host string, most int) error {
	if h.try(host, most) == nil {
		return nil
	}
	ctx, end := waiting(ctx)
	defer end()
	for {
		fewer := h.try(host, most)
		if fewer == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-fewer:
		}
	}
}

// try enters, else it returns what tells when to try again.
func (h *hosts) try(host string, most int) (fewer <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[host] >= most {
		return h.fewer
	}
	h.busy[host]++
	return nil
}

func (h *hosts) leave(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[host]--; h.busy[host] == 0 {
		delete(h.busy, host)
	}
	close(h.fewer)
	h.fewer = make(chan struct{})
}
