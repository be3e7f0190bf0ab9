package davtest

import (
	"bytes"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Match says which requests a fault meets.
type Match struct {
	Op    string // how Request.Op begins: "PUT", "REPORT sync-collection"; "": all
	Path  string // how Request.Path begins; "": all
	Skip  int    // so many that match are let through first
	Times int    // so many are met; 0: all
}

// Fault is what goes wrong with a request. The zero value is none.
type Fault struct {
	Status int         // the server does nothing and answers this, with
	Header http.Header // these headers: Retry-After, Content-Type, Location
	Body   string      // and this body. Status 200 with HTML is the login page of a gateway

	// Cut ends the body of the real answer after so many bytes, less one: 1 is before the first. The server did what it was asked.
	Cut   int
	Clean bool // with Cut: the length announced is that of what is sent, as from a proxy that lost the rest

	Reset Reset
	Stall bool // nothing is done or answered until the client goes

	ExpireToken bool // a sync token is answered as an expired one
	Half        bool // a multiget answers every other href only
}

// Reset is when the connection is reset.
type Reset int

const (
	NoReset     Reset = iota
	ResetBefore       // the server did nothing
	ResetAfter        // the server did what it was asked, and the answer is lost
)

// LoginPage is what gateways send instead of an answer.
var LoginPage = Fault{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
	Body: "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form method=post><input name=user></form></body></html>\n"}

// scripted is a fault that waits for its requests.
type scripted struct {
	Match
	Fault
	seen int
}

// Fail makes requests fail from now on. Of several faults for a request the first that was given happens.
func (s *Server) Fail(match Match, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &scripted{Match: match, Fault: fault})
}

// Heal ends all faults, and says how many requests met one since the last time; an answer that was too short to be cut counts as none.
func (s *Server) Heal() (met int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	met, s.failed, s.faults = s.failed, 0, nil
	return met
}

// note remembers a request and gives the fault that it meets.
func (s *Server) note(r Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	for _, f := range s.faults {
		if !strings.HasPrefix(r.Op, f.Op) || !strings.HasPrefix(r.Path, f.Path) {
			continue
		}
		if f.seen++; f.seen > f.Skip && (f.Times == 0 || f.seen <= f.Skip+f.Times) {
			if f.Cut == 0 {
				s.failed++
			}
			return f.Fault
		}
	}
	return Fault{}
}

// happens reports whether a fault is one of the way, and not one of what the server answers.
func (f Fault) happens() bool {
	return f.Status != 0 || f.Cut > 0 || f.Reset != NoReset || f.Stall
}

// fail lets the exchange's fault happen.
func (x *exchange) fail(wrong string) {
	real := x.w
	switch {
	case x.met.Stall:
		select {
		case <-x.r.Context().Done():
		case <-x.stop:
		}
		reset(real)
	case x.met.Reset == ResetBefore:
		reset(real)
	case x.met.Status != 0:
		maps.Copy(real.Header(), x.met.Header)
		real.WriteHeader(x.met.Status)
		x.write(x.met.Body)
	default:
		recorder := httptest.NewRecorder()
		x.w = recorder
		x.answer(wrong)
		if x.met.Reset == ResetAfter {
			reset(real)
			return
		}
		x.raw(real, recorder, x.met.Cut-1, x.met.Clean)
	}
}

// raw sends a recorded answer by hand: cut after so many bytes (-1: whole), with the length of what is sent (clean) or of the whole.
func (x *exchange) raw(w http.ResponseWriter, answer *httptest.ResponseRecorder, cut int, clean bool) {
	body := answer.Body.Bytes()
	whole := len(body)
	if cut >= 0 && cut < whole {
		body = body[:cut]
		x.mu.Lock()
		x.failed++
		x.mu.Unlock()
	}
	var head bytes.Buffer
	version := "HTTP/1.1"
	if x.b.HTTP10 {
		version = "HTTP/1.0"
	}
	if clean {
		whole = len(body)
	}
	fmt.Fprintf(&head, "%s %s\r\n", version, statusText(answer.Code))
	_ = answer.Header().Write(&head)
	if !x.b.HTTP10 || !x.b.NoLength {
		fmt.Fprintf(&head, "Content-Length: %d\r\n", whole)
	}
	head.WriteString("Connection: close\r\n\r\n")
	conn := hijack(w)
	if conn == nil {
		return
	}
	defer conn.Close()
	if x.r.Method == http.MethodHead {
		body = nil
	}
	_, _ = conn.Write(append(head.Bytes(), body...))
}

// reset ends a connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn := hijack(w)
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	if conn != nil {
		_ = conn.Close()
	}
}

// hijack takes the connection; nil: it is gone.
func hijack(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	return conn
}
