package ical

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

const userAgent = "accord/calendar-feed"

// answer is what a server says to one request. Whoever gets one with a body closes it.
type answer struct {
	unchanged bool
	page      bool          // for people to read
	body      io.ReadCloser // unpacked; reading it ends with errors of a class
	etag      string
	modified  string
}

// get asks for a feed: with what the last answer said of itself, so that a server can say that nothing changed.
func (p *feeds) get(ctx context.Context, a address, etag, modified string) (*answer, error) {
	fail := func(err error) (*answer, error) { return nil, fmt.Errorf("ical: get %q: %w", a.shown, err) }
	header := http.Header{"Accept": {"text/calendar, text/vcard, text/x-vcard;q=0.9, */*;q=0.1"}, "Accept-Encoding": {"gzip"}}
	if etag != "" {
		header.Set("If-None-Match", etag)
	}
	if modified != "" {
		header.Set("If-Modified-Since", modified)
	}
	resp, err := p.client.Do(ctx, web.Request{Method: http.MethodGet, URL: a.URL, Header: header})
	if err != nil {
		return fail(err)
	}
	switch {
	case resp.Status == http.StatusNotModified && etag+modified != "":
		return &answer{unchanged: true}, resp.Body.Close()
	case resp.Status == http.StatusNotFound, resp.Status == http.StatusGone:
		return fail(fmt.Errorf("%w: correct the address, or ask whoever publishes the feed", resp.Fail()))
	case resp.Status != http.StatusOK:
		return fail(resp.Fail())
	}
	return &answer{
		page: resp.IsPage(),
		body: &bounded{ReadCloser: resp.Body, left: p.most, most: p.most, shown: a.shown},
		etag: resp.Header.Get("ETag"), modified: lastModified(resp.Header),
	}, nil
}

// lastModified is the server's word for when the feed last changed, if a later change cannot have the same: it names whole seconds
// (RFC 9110 section 8.8.2.2).
func lastModified(h http.Header) string {
	text := h.Get("Last-Modified")
	changed, err := http.ParseTime(text)
	if err != nil {
		return ""
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil || sent.Sub(changed) < 2*time.Second {
		return ""
	}
	return text
}

// bounded is an answer of at most so many octets. Its errors have a class and the operation's own words.
type bounded struct {
	io.ReadCloser
	left, most int64
	shown      string
}

func (b *bounded) Read(to []byte) (int, error) {
	if int64(len(to)) > b.left+1 {
		to = to[:b.left+1]
	}
	n, err := b.ReadCloser.Read(to)
	if b.left -= int64(n); b.left < 0 {
		n, err = 0, providers.Classed(providers.Refused, fmt.Errorf("it is larger than %d octets: raise max_bytes if it should be", b.most))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("ical: get %q: %w", b.shown, err)
	}
	return n, err
}
