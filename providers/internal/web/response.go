package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
)

const (
	mostOctets  = 4 << 30     // of one answer, unpacked: none goes on for ever
	mostRatio   = 200         // octets that one octet may unpack to, on the whole: DEFLATE allows for a thousand
	freeOfRatio = 1 << 20     // octets that are unpacked whatever the ratio
	mostDrained = 16 << 10    // octets read so that a connection can be used again
	patienceEnd = time.Second // for them
)

// Response is the answer to a request.
type Response struct {
	Status int
	Header http.Header
	URL    *url.URL // that answered: behind all redirects

	// Body is what the server sends, unpacked, as it arrives; it is never nil. Its errors are of class Transient, except where what arrives should not be read on: Refused.
	Body io.ReadCloser

	method        string
	body          *body
	client        *Client
	proof         account // nil: sent without
	authorization string  // as it was sent
}

// IsPage reports whether the answer is a web page, whatever its headers say. It may be asked before anything was read.
func (r *Response) IsPage() bool {
	return isPage(r.body.begins())
}

// isPage looks at what an answer begins with.
func isPage(text []byte) bool {
	text = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for bytes.HasPrefix(text, []byte("<!--")) || bytes.HasPrefix(text, []byte("<?xml")) {
		_, rest, ended := bytes.Cut(text, []byte(">"))
		if !ended {
			return false
		}
		text = bytes.TrimLeft(rest, " \t\r\n")
	}
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if bytes.HasPrefix(text, []byte(start)) {
			return true
		}
	}
	return false
}

// body is an answer as it arrives.
type body struct {
	ctx      context.Context
	exchange *exchange
	raw      io.ReadCloser
	received int64
	coding   string
	in       *bufio.Reader // unpacked; nil: nothing was read yet
	unpacked int64
	err      error // how it ended
	closed   bool
}

func newBody(ctx context.Context, x *exchange, answer *http.Response) *body {
	x.status, x.retryAfter = answer.StatusCode, answer.Header.Get("Retry-After")
	return &body{ctx: ctx, exchange: x, raw: answer.Body, coding: strings.ToLower(answer.Header.Get("Content-Encoding"))}
}

// begins is what the answer begins with: at most 512 octets, which are read all the same later.
func (b *body) begins() []byte {
	if b.start() != nil {
		return nil
	}
	text, _ := b.in.Peek(512) // an error shows when it is read
	return text
}

// start sees how the answer is packed.
func (b *body) start() error {
	if b.in != nil || b.err != nil {
		return b.err
	}
	arriving := bufio.NewReader(arrival{b})
	switch b.coding {
	case "", "identity":
		b.in = arriving
	case "gzip", "x-gzip":
		if _, err := arriving.Peek(1); err != nil { // nothing, or nothing more: not even packed
			b.in = arriving
			return nil
		}
		z, err := gzip.NewReader(arriving)
		if err != nil {
			b.err = b.broken(err)
			return b.err
		}
		b.in = bufio.NewReader(z)
	default:
		b.err = providers.Classed(providers.Refused, fmt.Errorf("the answer is packed as %q, which was not asked for", b.coding))
	}
	return b.err
}

// arrival is what comes over the network. Waiting for it has an end.
type arrival struct{ *body }

func (a arrival) Read(to []byte) (int, error) {
	a.exchange.patience.start()
	n, err := a.raw.Read(to)
	a.exchange.patience.stop()
	a.received += int64(n)
	return n, err
}

func (b *body) Read(to []byte) (int, error) {
	if err := b.start(); err != nil {
		return 0, err
	}
	n, err := b.in.Read(to)
	b.unpacked += int64(n)
	switch {
	case err == io.EOF:
		b.err = err
	case err != nil:
		b.err = b.broken(err)
	case b.unpacked > b.exchange.client.most:
		b.err = providers.Classed(providers.Refused, fmt.Errorf("the answer has more than %d octets, which no honest one has: ask whoever runs the server", b.exchange.client.most))
	case b.unpacked > freeOfRatio && b.unpacked/mostRatio > b.received:
		b.err = providers.Classed(providers.Refused, fmt.Errorf("the answer unpacks to more than %d times its size, which no honest one does: ask whoever runs the server", mostRatio))
	}
	return n, b.err
}

func (b *body) broken(err error) error {
	switch {
	case b.ctx.Err() != nil:
		err = context.Cause(b.ctx)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		err = fmt.Errorf("the answer cannot be unpacked: %w", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = fmt.Errorf("the answer ends early: %w", io.ErrUnexpectedEOF)
	default:
		err = fmt.Errorf("the answer cannot be read to its end: %w", err)
	}
	return providers.Classed(providers.Transient, err)
}

// Close ends the exchange. A little that is left is read first, so that the connection can serve again.
func (b *body) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	if b.err == nil {
		b.exchange.patience.shorten(patienceEnd)
		_, _ = io.CopyN(io.Discard, arrival{b}, mostDrained) // what cannot be read costs a connection, no more
	}
	err := b.raw.Close()
	if b.err == nil {
		b.err = errors.New("the answer was closed")
	}
	b.exchange.end(b.received, b.unpacked, nil)
	return err
}
