package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/accord-sync/accord/providers"
)

var methods = map[string]bool{
	"GET": true, "HEAD": true, "OPTIONS": true, "PROPFIND": true, "REPORT": true,
	"PUT": false, "DELETE": false, "MKCALENDAR": false, "MKCOL": false, "PROPPATCH": false, "POST": false,
}

// reset ends a connection as a crash does: without a word.
func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0) // the worst end is enough
	conn.Close()
}

// A server acts, and is gone before it answers: on a new connection, and on one that served before. What changes something is asked for once.
func TestNothingIsDoneTwice(t *testing.T) {
	for method, safe := range methods {
		for _, used := range []bool{false, true} {
			var acts atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/act" {
					io.Copy(io.Discard, r.Body)
					acts.Add(1)
					reset(w)
				}
			})
			c := client(t, s.URL, anna, Options{})
			if used {
				if _, _, err := ask(t, c, "OPTIONS", s.URL+"/", ""); err != nil {
					t.Fatal(err)
				}
			}
			body := "body"
			if method == "DELETE" {
				body = ""
			}
			_, _, err := ask(t, c, method, s.URL+"/act", body)
			class := providers.Unknown
			if safe {
				class = providers.Transient
			}
			wants(t, method, err, class, "connection")
			if n := acts.Load(); n != 1 && !(safe && used && n == 2) {
				t.Errorf("%s, connection used before: %v: acted %d times", method, used, n)
			}
		}
	}
}

// The same over HTTP/2, where package http has reasons of its own to send a request again.
func TestNothingIsDoneTwiceOverHTTP2(t *testing.T) {
	var acts atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/act" {
			io.Copy(io.Discard, r.Body)
			acts.Add(1)
			panic(http.ErrAbortHandler)
		}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	c := client(t, s.URL, anna, Options{Transport: s.Client().Transport})
	for method, safe := range methods {
		acts.Store(0)
		if _, _, err := ask(t, c, "OPTIONS", s.URL, ""); err != nil {
			t.Fatal(err)
		}
		_, _, err := ask(t, c, method, s.URL+"/act", "")
		class := providers.Unknown
		if safe {
			class = providers.Transient
		}
		wants(t, method, err, class, "connection")
		if acts.Load() != 1 {
			t.Errorf("%s: acted %d times", method, acts.Load())
		}
	}
}

// A server that closes a connection which nothing was sent on is no failure of what changes nothing.
func TestAConnectionFoundDead(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var answered atomic.Int64
	go func() { // one answer on each connection, the end at the next request; ends with the listener
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			in := bufio.NewReader(conn)
			for i := range 2 {
				r, err := http.ReadRequest(in)
				if err != nil {
					break
				}
				io.Copy(io.Discard, r.Body)
				if i == 0 {
					answered.Add(1)
					io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
			}
			conn.Close()
		}
	}()
	c := client(t, "http://"+listener.Addr().String(), nil, Options{})
	for range 3 {
		if status, _, err := ask(t, c, "REPORT", "http://"+listener.Addr().String(), "body"); status != 200 || err != nil {
			t.Fatalf("%d, %v", status, err)
		}
	}
	if answered.Load() != 3 {
		t.Errorf("%d answers, want 3", answered.Load())
	}
	_, _, err = ask(t, c, "PUT", "http://"+listener.Addr().String(), "body")
	wants(t, "put", err, providers.Unknown, "connection")
}

func TestNobodyThere(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	for method := range methods {
		_, _, err := ask(t, client(t, s.URL, anna, Options{}), method, s.URL, "")
		wants(t, method, err, providers.Unreachable, "see whether the server runs")
		_, _, err = ask(t, client(t, s.URL, anna, Options{Transport: &Counter{}}), method, s.URL, "")
		wants(t, method+" through another transport", err, providers.Unreachable, "see whether the server runs")
	}
	notFound := &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "dav.example.com", IsNotFound: true}}
	c := client(t, "http://dav.example.com", nil, Options{Transport: transportOf(func(*http.Request) (*http.Response, error) { return nil, notFound })})
	_, _, err := ask(t, c, "PUT", "http://dav.example.com", "body")
	wants(t, "no such host", err, providers.Unreachable, "there is no host dav.example.com")
}

// transportOf is a transport that tells nothing of its connections.
type transportOf func(*http.Request) (*http.Response, error)

func (f transportOf) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSilence(t *testing.T) {
	silent := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	for method, safe := range methods {
		c := client(t, silent.URL, providers.Attributes{"timeout": "200ms"}, Options{})
		_, _, err := ask(t, c, method, silent.URL, "")
		wants(t, method, err, map[bool]providers.Class{true: providers.Transient, false: providers.Unknown}[safe], "no answer within 200ms")
	}
	// A connection that is never made.
	c := client(t, "http://127.0.0.1:1", providers.Attributes{"timeout": "200ms"}, Options{})
	c.own.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
	_, _, err := ask(t, c, "PUT", "http://127.0.0.1:1", "")
	wants(t, "no connection", err, providers.Unreachable, "no answer within 200ms")
}

func TestAnEndedContext(t *testing.T) {
	arrived := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { arrived <- struct{}{}; <-r.Context().Done() })
	for method, want := range map[string]providers.Class{"PROPFIND": providers.Transient, "PUT": providers.Unknown} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		_, err := client(t, s.URL, nil, Options{}).Do(ctx, Request{Method: method, URL: parse(t, s.URL)})
		wants(t, method, err, want, "")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v does not say that it was cancelled", method, err)
		}
		_, err = client(t, s.URL, nil, Options{}).Do(ctx, Request{Method: method, URL: parse(t, s.URL)})
		wants(t, method+" with an ended context", err, providers.Transient, "")
	}
}
