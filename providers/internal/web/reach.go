package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
)

// reach is how far inside of a network an address is. A server may lead to what is as far out as itself, by redirects and by what it names, and never further in:
// what asks is this machine, to which its own services, those beside it and the data of its cloud (169.254.169.254) answer without asking who it is.
type reach int

const (
	world   reach = iota
	private       // RFC 1918, 4193, 6598
	link          // RFC 3927, 4291 section 2.5.6
	machine
)

func (r reach) String() string {
	return [...]string{"an address of the whole world", "an address of a private network", "an address of a single link", "this machine"}[r]
}

func reachOf(a netip.Addr) reach {
	shared := netip.MustParsePrefix("100.64.0.0/10")
	switch a = a.Unmap().WithZone(""); {
	case a.IsLoopback(), a.IsUnspecified():
		return machine
	case a.IsLinkLocalUnicast(), a.IsMulticast():
		return link
	case a.IsPrivate(), shared.Contains(a):
		return private
	}
	return world
}

// inwardError is that a server leads further inside than it is itself.
type inwardError struct {
	to   netip.Addr
	from reach
}

func (e *inwardError) Error() string {
	return fmt.Sprintf("%s is %s, and the server that leads there is not: write that address in the configuration if it is right", e.to, reachOf(e.to))
}

// write notes that the configuration names an address: it is asked wherever it is.
func (c *Client) write(u *url.URL) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written[origin(u)] = true
	if a, err := netip.ParseAddr(u.Hostname()); err == nil {
		c.far = max(c.far, reachOf(a))
	}
}

// isLed reports whether a request goes where a server leads, and not the configuration.
func (c *Client) isLed(u *url.URL) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.written[origin(u)]
}

type dialKey struct{}

// dialing is what the connection of a request is for.
type dialing struct{ led, proxied bool }

// reaching prepares a request for dial, and refuses an address that is known to be further inside. Behind a proxy, only numbers tell where a host is.
func (c *Client) reaching(ctx context.Context, req *http.Request) (context.Context, error) {
	if c.own == nil {
		return ctx, nil
	}
	d := dialing{led: c.isLed(req.URL)}
	if proxy, err := c.own.Proxy(req); err == nil && proxy != nil {
		d.proxied = true
		if a, err := netip.ParseAddr(req.URL.Hostname()); err == nil {
			if err := c.reaches(a, d.led); err != nil {
				return nil, err
			}
		}
	}
	return context.WithValue(ctx, dialKey{}, d), nil
}

// dial connects. Where a server leads, each address that a name stands for is looked at right before it is connected to.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d, _ := ctx.Value(dialKey{}).(dialing)
	dialer := net.Dialer{Timeout: c.timeout}
	if !d.proxied {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			return c.reaches(a.Addr(), d.led)
		}
	}
	return dialer.DialContext(ctx, network, address)
}

// reaches refuses to be led further inside, and remembers how far in the configuration itself has led.
func (c *Client) reaches(a netip.Addr, led bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch to := reachOf(a); {
	case !led:
		c.far = max(c.far, to)
	case to > c.far:
		return &inwardError{a, c.far}
	}
	return nil
}
