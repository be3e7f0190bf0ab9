package dav

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// namespaces are declared on the root element of every request, with the prefixes that property names have here.
const namespaces = ` xmlns:D="` + nsDAV + `" xmlns:C="` + nsCal + `" xmlns:A="` + nsCard + `" xmlns:I="` + nsICal + `"`

// client sends requests to one account.
type client struct {
	*web.Client
	hasty bool // see [Profile]
}

// do sends one request.
func (c client) do(ctx context.Context, r web.Request) (*web.Response, error) {
	if c.hasty {
		r.Header = r.Header.Clone()
		r.Header.Set("Connection", "close")
	}
	return c.Do(ctx, r)
}

// reply is what an answer with a multistatus says beside its entries.
type reply struct {
	trailer
	header http.Header
	url    *url.URL // where redirects led
}

// multistatus sends a request that is answered by a multistatus, and gives its entries to each as they arrive. Errors are of a class; those of each are
// returned as they are.
func (c client) multistatus(ctx context.Context, method string, u *url.URL, depth, body string, each func(*response) error) (reply, error) {
	header := http.Header{"Content-Type": {"application/xml; charset=utf-8"}, "Depth": {depth}}
	resp, err := c.do(ctx, web.Request{Method: method, URL: u, Header: header, Body: []byte(xml.Header + body)})
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	if resp.Status != http.StatusMultiStatus {
		return reply{}, c.unexpected(resp)
	}
	got := reply{header: resp.Header, url: resp.URL}
	got.trailer, err = readMultistatus(resp.Body, func(r *response) error {
		r.words = c.Hide(r.words)
		return each(r)
	})
	var bad malformed
	switch {
	case errors.Is(err, errNotMultistatus), errors.As(err, &bad):
		err = providers.Classed(providers.Refused, fmt.Errorf("the server's answer to %s cannot be read: %w", method, err))
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = providers.Classed(providers.Transient, errors.New("the server's answer ends early"))
	}
	return got, err
}

// unexpected is the error of an answer that should have been a multistatus.
func (c client) unexpected(resp *web.Response) error {
	if resp.Status/100 != 2 {
		return resp.Fail()
	}
	if resp.IsPage() {
		return providers.Classed(providers.Unauthorized, errors.New("the server answers with a web page, as a login page does: correct url, username and password"))
	}
	return providers.Classed(providers.Refused, fmt.Errorf("the server answers with status %d instead of a multistatus: correct url, it is no address of a DAV server", resp.Status))
}

// change sends a request that changes something: PUT, DELETE, MKCALENDAR, MKCOL. Some servers answer 207 to one that failed.
func (c client) change(ctx context.Context, r web.Request) (http.Header, error) {
	resp, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.Status == http.StatusMultiStatus:
		return resp.Header, c.failedInside(r.Method, resp.Body)
	case resp.Status/100 != 2:
		return resp.Header, resp.Fail()
	case resp.IsPage():
		return resp.Header, c.unexpected(resp)
	case resp.Status == http.StatusAccepted, resp.Status == http.StatusOK && saysNothing(r.Method, resp):
		return resp.Header, providers.Classed(providers.Unknown, fmt.Errorf("the server answers %d, which does not say that it did what was asked", resp.Status))
	}
	return resp.Header, nil
}

// saysNothing reports whether a 200 to a write is one that what stands before a server could give as well. A server that stored an item says 201 or 204, one that removed it
// 204, or 200 with something to read (RFC 9110 sections 9.3.4 and 9.3.5), and one that made a collection 201 (RFC 4791 section 5.3.1).
func saysNothing(method string, resp *web.Response) bool {
	switch method {
	case http.MethodPut:
		return resp.Header.Get("ETag") == ""
	case http.MethodDelete:
		_, err := io.ReadFull(resp.Body, make([]byte, 1))
		return err != nil
	}
	return true
}

// failedInside is the first error that a multistatus holds.
func (c client) failedInside(method string, body io.Reader) error {
	var failed error
	_, err := readMultistatus(body, func(r *response) error {
		if r.words = c.Hide(r.words); failed == nil {
			failed = r.failure(method)
		}
		return nil
	})
	if err != nil && failed == nil {
		failed = providers.Classed(providers.Unknown, fmt.Errorf("the server's answer cannot be read: %w", err))
	}
	return failed
}

// propfind asks for properties: of u itself with depth "0", of what is in it too with "1".
func (c client) propfind(ctx context.Context, u *url.URL, depth, names string, each func(*response) error) (reply, error) {
	return c.multistatus(ctx, "PROPFIND", u, depth, `<D:propfind`+namespaces+`><D:prop>`+names+`</D:prop></D:propfind>`, each)
}

// escaped is text as XML holds it.
func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes all
	return b.String()
}

// elements are hrefs as a multiget names them.
func elements(hrefs []string) string {
	var b strings.Builder
	for _, h := range hrefs {
		b.WriteString("<D:href>" + escaped(h) + "</D:href>")
	}
	return b.String()
}
