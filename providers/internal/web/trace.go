package web

import (
	"context"
	"log/slog"
	"net/url"
	"time"
)

// exchange is one request and its answer, from the gate to the end.
type exchange struct {
	client     *Client
	patience   *patience
	done       func() // of the gate
	request    int64  // which one of the client's
	method     string
	url        *url.URL
	began      time.Time
	sent       int // octets of the body
	status     int
	retryAfter string
}

// end lets the next one pass the gate, and traces: what was asked and how much was sent and received, never what it said.
func (x *exchange) end(received, unpacked int64, err error) {
	x.patience.end()
	x.done()
	if x.client.trace == nil {
		return
	}
	line := []slog.Attr{
		slog.Int64("request", x.request), slog.String("method", x.method), slog.String("url", x.client.Hide(x.client.show(x.url))),
		slog.Duration("took", x.client.now().Sub(x.began)), slog.Int("sent", x.sent),
	}
	if err != nil {
		line = append(line, slog.String("error", x.client.Hide(err.Error())))
	} else {
		line = append(line, slog.Int("status", x.status), slog.Int64("received", received))
	}
	if unpacked > received {
		line = append(line, slog.Int64("unpacked", unpacked))
	}
	if x.retryAfter != "" {
		line = append(line, slog.String("retry_after", words(x.client.Hide(x.retryAfter))))
	}
	x.client.trace.LogAttrs(context.Background(), slog.LevelInfo, "http", line...)
}
