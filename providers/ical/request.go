package ical

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
)

const (
	mostRedirects = 5
	userAgent     = "accord/calendar-feed"
)

// answer is what a server says to one request. Whoever gets one with a body closes it.
type answer struct {
	unchanged bool
	body      io.ReadCloser // unpacked; reading it ends with errors of a class
	etag      string
	modified  string
}

// get asks for a feed: with what the last answer said of itself, so that a server can say that nothing changed.
func (p *feeds) get(ctx context.Context, a address, etag, modified string) (*answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.timeout, fmt.Errorf("no answer within %s", p.timeout))
	ans, err := p.ask(ctx, a, etag, modified)
	if err != nil || ans.unchanged {
		cancel()
		return ans, err
	}
	ans.body = &ending{ans.body, cancel}
	return ans, nil
}

// ending is a body whose context ends with it.
type ending struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (e *ending) Close() error {
	defer e.cancel()
	return e.ReadCloser.Close()
}

func (p *feeds) ask(ctx context.Context, a address, etag, modified string) (*answer, error) {
	fail := func(class providers.Class, format string, args ...any) (*answer, error) {
		return nil, providers.Classed(class, fmt.Errorf("ical: get %q: %w", a.shown, fmt.Errorf(format, args...)))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL.String(), nil)
	if err != nil {
		return fail(providers.Refused, "the address cannot be asked")
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "text/calendar, text/vcard, text/x-vcard;q=0.9, */*;q=0.1")
	req.Header.Set("Accept-Encoding", "gzip")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if modified != "" {
		req.Header.Set("If-Modified-Since", modified)
	}
	p.sign(req, a.URL)
	client := http.Client{Transport: p.transport, CheckRedirect: p.redirect(a.URL)}
	resp, err := client.Do(req)
	if err != nil {
		class, reason := unanswered(ctx, err)
		return fail(class, "%w", reason)
	}
	if resp.StatusCode == http.StatusNotModified && (etag != "" || modified != "") {
		resp.Body.Close()
		return &answer{unchanged: true}, nil
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		e := p.status(resp)
		e.Err = fmt.Errorf("ical: get %q: %w", a.shown, e.Err)
		return nil, e
	}
	body, err := p.unpack(ctx, resp, a)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return &answer{body: body, etag: resp.Header.Get("ETag"), modified: lastModified(resp)}, nil
}

// lastModified is the server's word for when the feed last changed, if a later change cannot have the same: it names whole seconds
// (RFC 9110 section 8.8.2.2).
func lastModified(resp *http.Response) string {
	text := resp.Header.Get("Last-Modified")
	changed, err := http.ParseTime(text)
	if err != nil {
		return ""
	}
	sent, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil || sent.Sub(changed) < 2*time.Second {
		return ""
	}
	return text
}

// sign adds the password, for the host of the address alone.
func (p *feeds) sign(req *http.Request, to *url.URL) {
	req.Header.Del("Authorization")
	if p.username+p.password != "" && req.URL.Host == to.Host && req.URL.Scheme == to.Scheme {
		req.SetBasicAuth(p.username, p.password)
	}
}

// redirect follows a server that names another address: a few times, never from https to http, and to another host without the password and without saying
// where it comes from.
func (p *feeds) redirect(first *url.URL) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		switch {
		case len(via) > mostRedirects:
			return fmt.Errorf("it is redirected more than %d times: %w", mostRedirects, errRedirect)
		case via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https":
			return fmt.Errorf("it is redirected from https to %s, which is not followed: %w", req.URL.Scheme, errRedirect)
		}
		req.Header.Del("Referer")
		p.sign(req, first)
		return nil
	}
}

var errRedirect = errors.New("correct the address")

// unanswered is the class and reason of a request without answer. The address, which may be a secret, is left out.
func unanswered(ctx context.Context, err error) (providers.Class, error) {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var unknown x509.UnknownAuthorityError
	var op *net.OpError
	switch {
	case errors.Is(err, errRedirect):
		return providers.Refused, err
	case ctx.Err() != nil:
		return providers.Transient, context.Cause(ctx)
	case errors.As(err, &unknown):
		return providers.Unreachable, fmt.Errorf("its certificate is not trusted: %w", err)
	case errors.As(err, &op) && op.Op != "dial":
		return providers.Transient, fmt.Errorf("the connection broke: %w", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return providers.Transient, errors.New("the server closed the connection without an answer")
	}
	return providers.Unreachable, err
}

// status is the error of an answer that is no feed.
func (p *feeds) status(resp *http.Response) *providers.Error {
	e := &providers.Error{Class: providers.Refused}
	words := ""
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		e.Class, words = providers.Unauthorized, ": correct username and password, or ask for access"
	case code == http.StatusNotFound, code == http.StatusGone:
		e.Class, words = providers.Missing, ": correct the address, or ask whoever publishes the feed"
	case code == http.StatusTooManyRequests:
		e.Class, e.RetryAfter = providers.Throttled, p.retryAfter(resp)
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code >= 500:
		e.Class, e.RetryAfter = providers.Transient, p.retryAfter(resp)
	}
	e.Err = fmt.Errorf("the server answers %s%s", strings.TrimSpace(fmt.Sprint(resp.StatusCode, " ", http.StatusText(resp.StatusCode))), words)
	return e
}

// retryAfter is what the server asks for, in seconds or as a date (RFC 9110 section 10.2.3); 0 when it says nothing.
func (p *feeds) retryAfter(resp *http.Response) time.Duration {
	text := resp.Header.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return min(time.Duration(n), 24*60*60) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(p.now())), 24*time.Hour)
	}
	return 0
}

// unpack is the body of an answer, unpacked, with an error where it is too large, ends early or cannot be unpacked.
func (p *feeds) unpack(ctx context.Context, resp *http.Response, a address) (io.ReadCloser, error) {
	fail := func(class providers.Class, err error) error {
		return providers.Classed(class, fmt.Errorf("ical: get %q: %w", a.shown, err))
	}
	b := &body{ctx: ctx, fail: fail, left: p.most, most: p.most, Closer: resp.Body}
	b.in = bufio.NewReader(resp.Body)
	switch coding := strings.ToLower(resp.Header.Get("Content-Encoding")); coding {
	case "", "identity":
		if resp.ContentLength > p.most {
			return nil, b.tooLarge()
		}
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(b.in)
		if err != nil {
			return nil, b.broken(err)
		}
		b.in = z
	default:
		return nil, fail(providers.Refused, fmt.Errorf("the answer is packed as %q, which was not asked for", coding))
	}
	return b, nil
}

// body reads at most so many octets. Its errors have a class.
type body struct {
	io.Closer
	ctx        context.Context
	in         io.Reader
	left, most int64
	fail       func(providers.Class, error) error
}

func (b *body) Read(to []byte) (int, error) {
	if int64(len(to)) > b.left+1 {
		to = to[:b.left+1]
	}
	n, err := b.in.Read(to)
	if b.left -= int64(n); b.left < 0 {
		return 0, b.tooLarge()
	}
	if err != nil && err != io.EOF {
		err = b.broken(err)
	}
	return n, err
}

func (b *body) tooLarge() error {
	return b.fail(providers.Refused, fmt.Errorf("it is larger than %d octets: raise max_bytes if it should be", b.most))
}

func (b *body) broken(err error) error {
	switch {
	case b.ctx.Err() != nil:
		err = context.Cause(b.ctx)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		err = fmt.Errorf("the answer cannot be unpacked: %w", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the answer ends early")
	default:
		err = fmt.Errorf("the answer cannot be read: %w", err)
	}
	return b.fail(providers.Transient, err)
}
