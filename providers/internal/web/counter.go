package web

import (
	"net/http"
	"sync"
)

// Counter counts the requests that go through a transport.
type Counter struct {
	Transport http.RoundTripper // nil: http.DefaultTransport

	mu     sync.Mutex
	counts map[string]int
}

// RoundTrip counts a request and sends it on.
func (c *Counter) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[req.Method]++
	next := c.Transport
	c.mu.Unlock()
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}

// Take is how many requests of each method were sent since it was last called.
func (c *Counter) Take() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.counts
	c.counts = nil
	return taken
}
