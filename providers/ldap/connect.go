package ldap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// connections is how many a provider has at a time. A run of pages needs one of its own: OpenLDAP knows of one such run for each connection.
const connections = 4

// provider is one directory.
type provider struct {
	config   providers.Config
	settings settings
	now      func() time.Time
	free     chan struct{} // holds one for each connection that is in use

	mu   sync.Mutex
	idle []*session
}

// session is one connection, to one server: behind one name there may be several.
type session struct {
	provider *provider
	raw      *bounded // closed, it ends whatever waits for an answer
	conn     *goldap.Conn
	server   *server // nil: not asked yet
}

// with does something on a connection. What went wrong ends the connection.
func (p *provider) with(ctx context.Context, do func(*session) error) error {
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	case <-ctx.Done():
		return providers.Classed(providers.Transient, context.Cause(ctx))
	}
	s, err := p.connected(ctx)
	if err != nil {
		return p.config.Secrets.HideError(err)
	}
	if err := do(s); err != nil {
		s.conn.Close()
		return p.config.Secrets.HideError(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, s)
	return nil
}

// connected is a connection that is there already, or a new one.
func (p *provider) connected(ctx context.Context) (*session, error) {
	for {
		p.mu.Lock()
		n := len(p.idle) - 1
		if n < 0 {
			p.mu.Unlock()
			return p.connect(ctx)
		}
		s := p.idle[n]
		p.idle = p.idle[:n]
		p.mu.Unlock()
		if !s.conn.IsClosing() {
			return s, nil
		}
	}
}

// Close ends the connections.
func (p *provider) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.idle {
		s.conn.Close()
	}
	p.idle = nil
	return nil
}

// connect makes a connection and signs in.
func (p *provider) connect(ctx context.Context) (*session, error) {
	host := p.settings.address
	done, err := p.pass(ctx)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, p.settings.timeout)
	raw, err := p.dial(limited)
	cancel()
	done()
	switch {
	case ctx.Err() != nil:
		if err == nil {
			_ = raw.Close()
		}
		return nil, providers.Classed(providers.Transient, context.Cause(ctx))
	case errors.As(err, new(*providers.Error)):
		return nil, err
	case errors.Is(err, context.DeadlineExceeded):
		return nil, providers.Classed(providers.Unreachable, fmt.Errorf("ldap: no connection to %s within %s: correct the address, or see whether the server runs", host, p.settings.timeout))
	case errors.As(err, new(tls.RecordHeaderError)):
		return nil, providers.Classed(providers.Unreachable, fmt.Errorf("ldap: %s does not speak TLS: correct the port, or write ldap instead of ldaps, with start_tls = true", host))
	case err != nil:
		return nil, fmt.Errorf("ldap: %w", web.Unreached(host, err))
	}
	s := &session{provider: p, raw: &bounded{Conn: raw}}
	s.raw.left.Store(mostOctets)
	s.conn = goldap.NewConn(s.raw, p.settings.implicit || p.settings.start)
	s.conn.SetTimeout(p.settings.timeout)
	s.conn.Start()
	if err := s.bind(ctx); err != nil {
		s.conn.Close()
		return nil, err
	}
	return s, nil
}

// dial connects, encrypted where the block says so.
func (p *provider) dial(ctx context.Context) (net.Conn, error) {
	raw, err := (&net.Dialer{}).DialContext(ctx, p.settings.network, p.settings.address)
	if err != nil {
		return nil, err
	}
	if p.settings.start {
		stop := context.AfterFunc(ctx, func() { raw.Close() })
		plain := &bounded{Conn: raw}
		plain.left.Store(mostOctets)
		err := startTLS(plain)
		if !stop() {
			return nil, ctx.Err()
		}
		if err != nil {
			raw.Close()
			return nil, err
		}
	}
	if !p.settings.start && !p.settings.implicit {
		return raw, nil
	}
	encrypted := tls.Client(raw, p.settings.security)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return encrypted, nil
}

// startTLS has the server expect TLS from here on (RFC 4511 section 4.14). The answer is read to its last octet and no further, so that nothing that came
// unencrypted is taken for what is encrypted.
func startTLS(raw net.Conn) error {
	ask := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	ask.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 1, ""))
	extended := ber.Encode(ber.ClassApplication, ber.TypeConstructed, goldap.ApplicationExtendedRequest, nil, "")
	extended.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, "1.3.6.1.4.1.1466.20037", ""))
	ask.AppendChild(extended)
	if _, err := raw.Write(ask.Bytes()); err != nil {
		return err
	}
	answer, err := ber.ReadPacket(raw)
	if err != nil {
		return err
	}
	if err := goldap.GetLDAPError(answer); err != nil {
		return providers.Classed(providers.Refused, fmt.Errorf("ldap: start TLS: %w: write an ldaps address, or set up TLS at the server", reason(err)))
	}
	return nil
}

// bind signs in.
func (s *session) bind(ctx context.Context) error {
	set := s.provider.settings
	var err error
	switch {
	case set.user != "":
		err = s.request(ctx, func() error { return s.conn.Bind(set.user, set.password) })
	case set.external:
		err = s.request(ctx, s.conn.ExternalBind)
	}
	if err != nil {
		return failure(err, "sign in")
	}
	return nil
}

// request passes the gate, and makes one request that ends with its context.
func (s *session) request(ctx context.Context, send func() error) error {
	done, err := s.provider.pass(ctx)
	if err != nil {
		return err
	}
	defer done()
	s.raw.left.Store(mostOctets)
	stop := context.AfterFunc(ctx, func() { s.raw.Close() })
	err = send()
	switch {
	case !stop():
		return providers.Classed(providers.Transient, context.Cause(ctx))
	case err != nil && s.raw.left.Load() <= 0:
		return providers.Classed(providers.Refused, fmt.Errorf("ldap: %w: write a smaller page_size", errTooMuch))
	}
	return err
}

// mostOctets is how much one answer may have: a page of entries, with their photos.
const mostOctets = 256 << 20

var errTooMuch = fmt.Errorf("the server's answer has more than %d MiB", mostOctets>>20)

// bounded is a connection that gives no more than is left. Whoever asks says how much that is.
type bounded struct {
	net.Conn
	left atomic.Int64
}

func (b *bounded) Read(p []byte) (int, error) {
	left := b.left.Load()
	if left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p[:min(int64(len(p)), left)])
	b.left.Add(int64(-n))
	return n, err
}

func (p *provider) pass(ctx context.Context) (done func(), err error) {
	if p.config.Gate == nil {
		return func() {}, providers.Classed(providers.Transient, ctx.Err())
	}
	done, err = p.config.Gate.Pass(ctx, p.settings.address)
	if err != nil && providers.ClassOf(err) != providers.Throttled {
		err = providers.Classed(providers.Transient, err)
	}
	return done, err
}
