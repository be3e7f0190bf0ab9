// Package web is HTTP as drivers speak it: one account, whose credentials go nowhere but to where it is; requests that pass the provider's gate, follow redirects
// without changing, and are never repeated once a server may have acted on them; answers that are read as they arrive; and errors that have a class.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Options are what a driver decides, where a provider block says nothing.
type Options struct {
	// Address is where the account is: credentials may go there. nil: the url attribute, if that is an address.
	Address *url.URL

	UserAgent string                // default: accord
	Show      func(*url.URL) string // how an address is told in traces; nil: without user, query and fragment
	Trace     *slog.Logger          // gets one line for each request; nil: none
	Transport http.RoundTripper     // nil: one of the client's own, which obeys ca_file and client_cert_file
	Now       func() time.Time      // nil: time.Now
}

// Client sends requests for one account. It is safe for concurrent use.
//
// Cookies are kept in memory while the client lives, and like credentials go to trusted addresses alone: some gateways answer nothing without.
type Client struct {
	account   account // nil: no credentials
	settings  settings
	gate      providers.Gate
	secrets   *providers.Secrets
	timeout   time.Duration
	most      int64 // octets of one answer
	agent     string
	show      func(*url.URL) string
	trace     *slog.Logger
	transport http.RoundTripper
	own       *http.Transport // the transport when it was made here
	jar       http.CookieJar
	now       func() time.Time
	sent      atomic.Int64 // requests
	certified atomic.Bool  // a server asked for a certificate

	mu      sync.Mutex
	trusted map[string]bool // origins
	written map[string]bool // origins that the configuration names
	far     reach           // of those, the furthest inside
}

// Open makes a client from the attributes of a provider block (see [Attributes]). It reads the files that they name and asks nobody. Errors are of class Refused,
// name the attribute, and say what to write.
func Open(cfg providers.Config, o Options) (*Client, error) {
	c, err := open(cfg, o)
	if err != nil {
		return nil, refused(cfg.Address, err)
	}
	return c, nil
}

// Check finds what Open would refuse for what is written in the block, without looking at the disk. address is as in [Options].
func Check(cfg providers.Config, address *url.URL) error {
	s, err := settingsOf(cfg)
	if err == nil {
		err = s.suits(addressOf(cfg, address))
	}
	if err != nil {
		return refused(cfg.Address, err)
	}
	return nil
}

func refused(address string, err error) error {
	return providers.Classed(providers.Refused, fmt.Errorf("%s: %w", address, err))
}

func open(cfg providers.Config, o Options) (*Client, error) {
	s, err := settingsOf(cfg)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &Client{
		settings: s, gate: cfg.Gate, secrets: cfg.Secrets, timeout: s.timeout, most: mostOctets, agent: o.UserAgent, show: o.Show, trace: o.Trace, transport: o.Transport,
		jar: jar, now: o.Now, trusted: map[string]bool{}, written: map[string]bool{},
	}
	if c.gate == nil {
		c.gate = noGate{}
	}
	if c.agent == "" {
		c.agent = "accord"
	}
	if c.show == nil {
		c.show = shown
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.account, err = s.account(c); err != nil {
		return nil, err
	}
	security, err := s.security(func() { c.certified.Store(true) })
	if err != nil {
		return nil, err
	}
	if c.transport == nil {
		c.own = &http.Transport{
			Proxy: http.ProxyFromEnvironment, OnProxyConnectResponse: proxyAnswers, DialContext: c.dial, TLSClientConfig: security,
			DisableCompression: true, ForceAttemptHTTP2: true, HTTP2: &http.HTTP2Config{SendPingTimeout: s.timeout, PingTimeout: 15 * time.Second},
			MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 1 << 20,
		}
		c.transport = c.own
	}
	if u := addressOf(cfg, o.Address); u != nil {
		err = c.Trust(u)
	}
	return c, err
}

// addressOf is the address of an account; nil: it is not known yet.
func addressOf(cfg providers.Config, given *url.URL) *url.URL {
	if given != nil {
		return given
	}
	u, err := url.Parse(cfg.Attributes.String("url"))
	if err != nil || u.Host == "" {
		return nil
	}
	return u
}

// Trust lets credentials go to the host of u as well, which the configuration names. It is an error of class Refused when they would be readable on their way.
func (c *Client) Trust(u *url.URL) error {
	c.write(u)
	return c.TrustNamed(u)
}

// TrustNamed is Trust for what the account itself names over https: it is not followed further inside of a network than the account is.
func (c *Client) TrustNamed(u *url.URL) error {
	if err := c.settings.suits(u); err != nil {
		return providers.Classed(providers.Refused, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trusted[origin(u)] = true
	if u.Scheme == "http" && port(u) == "80" {
		c.trusted["https://"+net.JoinHostPort(strings.ToLower(u.Hostname()), "443")] = true
	}
	return nil
}

// Trusts reports whether credentials may go to the host of u.
func (c *Client) Trusts(u *url.URL) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trusted[origin(u)]
}

// Close gives back connections that are kept open. Bodies are closed by whoever has them.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// noGate lets everything pass.
type noGate struct{}

func (noGate) Pass(ctx context.Context, _ string) (func(), error) { return func() {}, ctx.Err() }
func (noGate) Hold(time.Duration)                                 {}

// origin is what an address has in common with those that the same server answers.
func origin(u *url.URL) string { return strings.ToLower(u.Scheme) + "://" + hostPort(u) }

func hostPort(u *url.URL) string { return net.JoinHostPort(strings.ToLower(u.Hostname()), port(u)) }

func port(u *url.URL) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	}
	return "443"
}

// IsLoopback reports whether what is sent to an address stays on this machine.
func IsLoopback(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.IsLoopback()
}

// shown is an address without what may be secret in it.
func shown(u *url.URL) string {
	s := *u
	s.User, s.Fragment, s.RawFragment = nil, "", ""
	if s.RawQuery != "" {
		s.RawQuery = "…"
	}
	return s.String()
}
