package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/accord-sync/accord/providers"
)

const mostRedirects = 5

// Request is one request of a driver's.
type Request struct {
	Method string
	URL    *url.URL
	Body   []byte

	// Header is without credentials; it is not changed. PROPFIND and REPORT accept packed answers. To others, whose answers have an ETag that packing would
	// change (as Apache does), it is for a driver to say Accept-Encoding: gzip.
	Header http.Header
}

// Do sends a request and returns the answer that follows, whatever its status; whoever gets it closes its body. Redirects are followed with method and
// body as they are, never from https to http, and to hosts that are not trusted without credentials and cookies; those of PUT and DELETE not to another name.
//
// An error has a class: Unreachable when nothing was sent; when no answer came, Transient for methods that change nothing, and Unknown for those that do. A
// request that a server may have acted on is never sent again. The words of an error name a host, and neither the address nor what is secret.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	r.Header = r.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	for _, name := range []string{"Authorization", "Cookie", "Referer"} {
		r.Header.Del(name)
	}
	for name, values := range r.Header {
		if strings.ContainsFunc(strings.Join(values, ""), unicode.IsControl) {
			return nil, providers.Classed(providers.Refused, fmt.Errorf("header %s holds a control character, and cannot be sent", name))
		}
	}
	for followed := 0; ; followed++ {
		resp, err := c.proven(ctx, r)
		if err != nil {
			return nil, err
		}
		next, err := redirected(resp, followed)
		if err != nil {
			resp.Body.Close()
			return nil, providers.Classed(providers.Refused, err)
		}
		if next == nil {
			return resp, nil
		}
		resp.Body.Close()
		r.URL = next
	}
}

var errRedirect = errors.New("correct the address")

// redirected is where an answer points; nil: nowhere.
func redirected(resp *Response, followed int) (*url.URL, error) {
	location := resp.Header.Get("Location")
	if !slices.Contains([]int{301, 302, 303, 307, 308}, resp.Status) || location == "" {
		return nil, nil
	}
	to, err := resp.URL.Parse(location)
	switch {
	case err != nil || to.Host == "":
		return nil, fmt.Errorf("it is redirected to what is no address: %w", errRedirect)
	case followed >= mostRedirects:
		return nil, fmt.Errorf("it is redirected more than %d times: %w", mostRedirects, errRedirect)
	case resp.URL.Scheme == "https" && to.Scheme != "https":
		return nil, fmt.Errorf("it is redirected from https to %s, which is not followed: %w", to.Scheme, errRedirect)
	case to.Scheme != "https" && to.Scheme != "http":
		return nil, fmt.Errorf("it is redirected to %q, which is not followed: %w", to.Scheme+":", errRedirect)
	case resp.Status == http.StatusSeeOther && resp.method != http.MethodGet && resp.method != http.MethodHead:
		return nil, fmt.Errorf("the answer to %s is to be read at another address on %s, as that of a form is: %w", resp.method, to.Host, errRedirect)
	case (resp.method == http.MethodPut || resp.method == http.MethodDelete) && path.Base(to.Path) != path.Base(resp.URL.Path):
		return nil, fmt.Errorf("%s is redirected to what has another name on %s, and may be more than what was meant: %w", resp.method, to.Host, errRedirect)
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	return to, nil
}

// proven sends a request with credentials where they may go: once more when the server asks for them in another way.
func (c *Client) proven(ctx context.Context, r Request) (*Response, error) {
	if c.account == nil || !c.Trusts(r.URL) {
		return c.send(ctx, r, nil)
	}
	for again := false; ; again = true {
		resp, err := c.send(ctx, r, c.account)
		if err != nil || resp.Status != http.StatusUnauthorized || again || !c.account.challenged(resp, resp.authorization) {
			return resp, err
		}
		resp.Body.Close()
	}
}

// send sends a request once, with the proof of an account or without.
func (c *Client) send(ctx context.Context, r Request, proof account) (*Response, error) {
	req, err := http.NewRequest(r.Method, r.URL.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, providers.Classed(providers.Refused, errors.New("its address or method cannot be asked"))
	}
	req.Header = r.Header.Clone()
	req.Close = r.Header.Get("Connection") == "close" // or package http would use the connection again where the server does not say that it closes it
	req.Header.Set("User-Agent", c.agent)
	if r.Method == "PROPFIND" || r.Method == "REPORT" {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	if isSafe(r.Method) {
		req.Header["Idempotency-Key"] = []string{} // not sent: it tells package http that a connection found dead is no reason to fail
	}
	trusted := c.Trusts(r.URL)
	if trusted {
		for _, cookie := range c.jar.Cookies(r.URL) {
			req.AddCookie(cookie)
		}
	}
	if proof != nil {
		if err := proof.sign(ctx, req); err != nil {
			return nil, err
		}
	}
	ctx, err = c.reaching(ctx, req)
	if err != nil {
		return nil, providers.Classed(providers.Refused, err)
	}
	done, err := c.gate.Pass(ctx, hostPort(r.URL))
	if err != nil {
		if providers.ClassOf(err) != providers.Throttled {
			err = providers.Classed(providers.Transient, err)
		}
		return nil, err
	}
	x := &exchange{client: c, request: c.sent.Add(1), method: r.Method, url: r.URL, sent: len(r.Body), began: c.now(), done: done}
	ctx, x.patience = newPatience(ctx, c.timeout)
	way := &way{}
	req = req.WithContext(httptrace.WithClientTrace(ctx, way.hooks()))
	if len(r.Body) > 0 {
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(moving{bytes.NewReader(r.Body), x.patience}), nil }
		req.Body, _ = req.GetBody() // without error, see above
	}
	x.patience.start()
	answer, err := c.transport.RoundTrip(req)
	x.patience.stop()
	if err != nil {
		err := c.unanswered(ctx, r, way, err)
		x.end(0, 0, err)
		return nil, err
	}
	if trusted {
		c.jar.SetCookies(r.URL, answer.Cookies())
		for _, cookie := range c.jar.Cookies(r.URL) {
			c.secrets.Add(cookie.Value)
		}
	}
	b := newBody(ctx, x, answer)
	return &Response{
		Status: answer.StatusCode, Header: answer.Header, Body: b, URL: r.URL,
		method: r.Method, body: b, client: c, proof: proof, authorization: req.Header.Get("Authorization"),
	}, nil
}

// isSafe reports whether a method changes nothing at the server (RFC 9110 section 9.2.1, RFC 4918 section 9.1, RFC 3253 section 3.6).
func isSafe(method string) bool {
	return slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND", "REPORT"}, strings.ToUpper(method))
}

// way is how far a request came.
type way struct {
	asked, connected, reused atomic.Bool
}

func (w *way) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { w.asked.Store(true); w.connected.Store(false) },
		GotConn: func(got httptrace.GotConnInfo) { w.connected.Store(true); w.reused.Store(got.Reused) },
	}
}

// isSent reports whether the server may have got the request that failed with err.
func (w *way) isSent(err error) bool {
	if w.asked.Load() {
		return w.connected.Load()
	}
	return !isDial(err) // a transport that says nothing of its connections
}
