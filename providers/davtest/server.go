// Package davtest is a CalDAV and CardDAV server in memory for tests. How it answers is data ([Behaviour]), so that what real servers do otherwise than the
// RFCs can be switched on one by one; what goes wrong on the way is scripted ([Server.Fail]); and every request is remembered ([Server.Requests]).
package davtest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// users have the passwords alicepw, bobpw and carolpw.
var users = [...]string{"alice", "bob", "carol"}

// Server is an http.Handler. It is safe for concurrent use.
type Server struct {
	stop chan struct{} // closed when a stalled request is to end

	mu          sync.Mutex
	behaviour   Behaviour
	collections map[string]*collection
	made        int
	requests    []Request
	faults      []*scripted
	failed      int
	messages    []Message
}

// New makes a server without collections.
func New(b Behaviour) *Server {
	return &Server{stop: make(chan struct{}), behaviour: b.complete(), collections: map[string]*collection{}}
}

// complete fills in what the zero value stands for.
func (b Behaviour) complete() Behaviour {
	or := func(value *string, otherwise string) {
		if *value == "" {
			*value = otherwise
		}
	}
	or(&b.Paths.Root, "/dav/")
	or(&b.Paths.Principal, "/dav/principals/USER/")
	or(&b.Paths.Calendars, "/dav/calendars/USER/")
	or(&b.Paths.Contacts, "/dav/contacts/USER/")
	or(&b.DAV, "1, 3, access-control, calendar-access, addressbook, extended-mkcol")
	or(&b.Token, "https://davtest.example/sync/%d/%d")
	if b.Scheduling && !strings.Contains(b.DAV, "calendar-auto-schedule") {
		b.DAV += ", calendar-auto-schedule"
	}
	return b
}

// Start serves on loopback until the test ends. A server may be started more than once: it then has several hosts.
func (s *Server) Start(t testing.TB) *httptest.Server {
	ts := httptest.NewServer(s)
	t.Cleanup(func() {
		s.mu.Lock()
		select {
		case <-s.stop:
		default:
			close(s.stop)
		}
		s.mu.Unlock()
		ts.Close()
	})
	return ts
}

// Change changes how the server answers from the next request on.
func (s *Server) Change(change func(*Behaviour)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.behaviour)
	s.behaviour = s.behaviour.complete()
}

// Request is a request that came.
type Request struct {
	Op     string // the method, and after REPORT the report's local name
	Path   string // as sent
	Header http.Header
	User   string // "": it was not let in
}

func (r Request) String() string { return r.Op + " " + r.Path }

// Requests are those that came since the start or the last Forget, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Count is how many of the Requests have an Op that begins with op; "": all.
func (s *Server) Count(op string) int {
	n := 0
	for _, r := range s.Requests() {
		if strings.HasPrefix(r.Op, op) {
			n++
		}
	}
	return n
}

// Forget forgets the requests that came.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Message is what a server with scheduling sent to an attendee.
type Message struct{ Method, From, To, UID string }

// Messages are those that were sent.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}
