package davtest

import (
	"encoding/xml"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
)

// exchange is one request and what it is about.
type exchange struct {
	*Server
	b    Behaviour
	w    http.ResponseWriter
	r    *http.Request
	body []byte
	root *node // of a request with XML; nil: it has no body
	user string
	at   resource
	met  Fault
}

// bodies is the most that a request may send.
const bodies = 64 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodies))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	x := &exchange{Server: s, b: s.behaviour, w: w, r: r, body: body}
	s.mu.Unlock()
	x.user = x.authenticated()
	wrong := x.understand()
	x.met = s.note(Request{x.op(), r.URL.EscapedPath(), r.Header.Clone(), x.user})
	if x.met.happens() {
		x.fail(wrong)
		return
	}
	if !x.b.HTTP10 {
		x.answer(wrong)
		return
	}
	recorder := httptest.NewRecorder()
	x.w = recorder
	x.answer(wrong)
	x.raw(w, recorder, -1, true)
}

// xmlMethods are the methods whose bodies are XML.
var xmlMethods = []string{"PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL"}

// understand reads the body of a method that has XML, and gives what is wrong with it.
func (x *exchange) understand() string {
	if !slices.Contains(xmlMethods, x.r.Method) || len(x.body) == 0 {
		return ""
	}
	kind, _, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/xml" && kind != "text/xml" {
		return "the Content-Type of XML is application/xml"
	}
	if x.root, err = parse(x.body); err != nil {
		return err.Error()
	}
	return ""
}

// op is what a request is called.
func (x *exchange) op() string {
	if x.r.Method == "REPORT" && x.root != nil {
		return "REPORT " + x.root.name.Local
	}
	return x.r.Method
}

// answer carries a request out.
func (x *exchange) answer(wrong string) {
	for key, values := range x.b.Header {
		x.w.Header()[key] = slices.Clone(values)
	}
	if x.wellKnown() {
		return
	}
	if x.user == "" {
		x.challenge()
		return
	}
	if wrong != "" {
		http.Error(x.w, wrong, http.StatusBadRequest)
		return
	}
	var ok bool
	if x.at, ok = x.resolve(x.r.URL.EscapedPath()); !ok {
		http.Error(x.w, "not a path", http.StatusBadRequest)
		return
	}
	if x.at.user != "" && x.at.user != x.user {
		x.refuse(http.StatusForbidden, inDAV("need-privileges"), "it is another user's")
		return
	}
	switch x.r.Method {
	case "OPTIONS":
		x.options()
	case "PROPFIND":
		x.propfind()
	case "PROPPATCH":
		x.proppatch()
	case "REPORT":
		x.report()
	case "GET", "HEAD":
		x.get()
	case "PUT":
		x.put()
	case "DELETE":
		x.delete()
	case "MKCALENDAR", "MKCOL":
		x.mkcol()
	default:
		http.Error(x.w, "no such method here", http.StatusMethodNotAllowed)
	}
}

func (x *exchange) options() {
	x.w.Header().Set("DAV", x.b.DAV)
	x.w.Header().Set("Allow", "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT, MKCOL, MKCALENDAR")
	x.w.WriteHeader(http.StatusOK)
}

// wellKnown answers what RFC 6764 section 5 has clients ask first.
func (x *exchange) wellKnown() bool {
	if x.r.URL.Path != "/.well-known/caldav" && x.r.URL.Path != "/.well-known/carddav" {
		return false
	}
	status := x.b.WellKnown
	if status == 0 {
		status = http.StatusMovedPermanently
	}
	if status >= 300 && status < 400 {
		x.w.Header().Set("Location", x.b.Paths.Root)
	}
	x.w.WriteHeader(status)
	return true
}

// refuse answers with a status and the condition that was not met (RFC 4918 section 16).
func (x *exchange) refuse(status int, condition xml.Name, words string) {
	inner := ""
	if condition.Local != "" {
		inner = "<" + tag(condition) + "/>"
	}
	if x.b.Failures207 && inner != "" && slices.Contains([]string{"PUT", "MKCALENDAR", "MKCOL"}, x.r.Method) {
		x.b.Hrefs = HrefWhole
		m := x.multistatus()
		m.failed(x.r.URL.EscapedPath(), status, inner, words)
		m.end("")
		return
	}
	x.w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	x.w.WriteHeader(status)
	x.write(header + "<D:error" + declared() + ">" + inner + "<D:responsedescription>" + escape(words) + "</D:responsedescription></D:error>\n")
}

// write sends text; that the client has gone is none of the server's business.
func (x *exchange) write(text string) { _, _ = io.WriteString(x.w, text) }

// resource is what a path names.
type resource struct {
	kind kind
	path string // encoded as the server does it
	user string // whose it is; "": everyone's
	*collection
	name string // of an item or a box; "principal" for a home that is one too
}

type kind int

const (
	nowhere kind = iota
	rootKind
	principalKind
	homeKind
	collectionKind // also one that is not there: collection is nil
	itemKind       // in a collection that is there
	boxKind        // the inbox or outbox of scheduling
)

// resolve finds what a path names.
func (x *exchange) resolve(escaped string) (resource, bool) {
	parts, err := segments(escaped)
	if err != nil {
		return resource{}, false
	}
	at := resource{path: join(parts)}
	x.mu.Lock()
	at.collection = x.collections[at.path]
	if at.collection == nil && len(parts) > 0 && !strings.HasSuffix(escaped, "/") {
		if dir := x.collections[join(parts[:len(parts)-1])]; dir != nil {
			at.collection, at.name, at.kind = dir, parts[len(parts)-1], itemKind
			at.path = strings.TrimSuffix(at.path, "/")
		}
	}
	x.mu.Unlock()
	p := x.b.Paths
	switch {
	case at.kind == itemKind:
		at.user = at.owner
		return at, true
	case at.collection != nil:
		at.kind, at.user = collectionKind, at.owner
		return at, true
	}
	for _, user := range users {
		of := func(path string) string { return strings.ReplaceAll(path, "USER", user) }
		switch {
		case at.path == of(p.Calendars), at.path == of(p.Contacts):
			if at.kind, at.user = homeKind, user; at.path == of(p.Principal) {
				at.name = "principal"
			}
			return at, true
		case at.path == of(p.Principal):
			at.kind, at.user = principalKind, user
			return at, true
		case len(parts) > 0 && (join(parts[:len(parts)-1]) == of(p.Calendars) || join(parts[:len(parts)-1]) == of(p.Contacts)):
			at.kind, at.user = collectionKind, user
			return at, true
		}
	}
	if at.path == p.Root || at.path == "/" {
		at.kind = rootKind
	}
	return at, true
}
