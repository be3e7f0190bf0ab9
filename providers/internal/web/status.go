package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/accord-sync/accord/providers"
)

const (
	mostWords   = 200     // characters of a server's that are repeated
	mostHref    = 2000    // octets of a server's href
	mostFailing = 8 << 10 // octets read of an answer that is no success
	longestWait = 24 * time.Hour
)

// Status is a status that is no success, as an error.
type Status struct {
	Code       int
	Conditions []string // that were not met: the elements in DAV:error (RFC 4918 section 16), without their namespaces
	Href       string   // of what stands in the way, if DAV:error names it
	Words      string   // what the server says of it: one line, not long
	Advice     string   // what to do
}

// Says reports whether the server says that a condition was not met.
func (s *Status) Says(condition string) bool { return slices.Contains(s.Conditions, condition) }

func (s *Status) Error() string {
	text := "the server answers " + strings.TrimSpace(fmt.Sprint(s.Code, " ", http.StatusText(s.Code)))
	if len(s.Conditions) > 0 {
		text += " (" + strings.Join(s.Conditions, ", ") + ")"
	}
	if s.Words != "" {
		text += fmt.Sprintf(", and says %q", s.Words)
	}
	if s.Advice != "" {
		text += ": " + s.Advice
	}
	return text
}

// StatusError is the error of a status that stands inside of an answer, with the server's words and the conditions that were not met, if it says.
func StatusError(method string, code int, said string, conditions ...string) *providers.Error {
	return &providers.Error{Class: ClassOf(method, code), Err: &Status{Code: code, Conditions: conditions, Words: words(said)}}
}

// Hide is what a server says, without the account's secrets: some repeat in their errors what they were sent. It comes before anything is cut.
func (c *Client) Hide(said string) string { return c.secrets.Hide(said) }

// ClassOf is what a status says of a request: Done for every success. That a write was forbidden is Unauthorized too, which a driver that knows
// better makes Refused.
func ClassOf(method string, code int) providers.Class {
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return providers.Unauthorized
	case http.StatusNotFound, http.StatusGone:
		return providers.Missing
	case http.StatusPreconditionFailed:
		return providers.Stale
	case http.StatusTooManyRequests:
		return providers.Throttled
	case http.StatusRequestTimeout, http.StatusMisdirectedRequest, http.StatusTooEarly, http.StatusLocked, http.StatusServiceUnavailable:
		return providers.Transient
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusInsufficientStorage:
		return providers.Refused
	}
	switch {
	case code >= 500 && isSafe(method):
		return providers.Transient
	case code >= 500:
		return providers.Unknown
	case code/100 == 2:
		return providers.Done
	}
	return providers.Refused
}

// Fail is the error of an answer that is not what was asked for, with what the server says of it; it wraps a [Status]. The answer's body is read and closed.
func (r *Response) Fail() *providers.Error {
	defer r.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(r.Body, mostFailing)) // what cannot be read was not said
	s := &Status{Code: r.Status, Advice: r.advice()}
	s.Conditions, s.Href, s.Words = explanation([]byte(r.client.Hide(string(text))))
	e := &providers.Error{Class: ClassOf(r.method, r.Status), Err: s}
	if e.Class == providers.Done {
		e.Class = providers.Refused
	}
	if r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable {
		if e.RetryAfter = RetryAfter(r.Header, r.client.now()); e.RetryAfter > 0 {
			e.Class = providers.Throttled
		}
	}
	if e.Class == providers.Throttled {
		r.client.gate.Hold(e.RetryAfter)
	}
	return e
}

const proxyAdvice = "correct the user name and password of the proxy in HTTPS_PROXY or HTTP_PROXY"

// advice is what to do about a status that concerns the account.
func (r *Response) advice() string {
	switch {
	case r.Status == http.StatusProxyAuthRequired:
		return proxyAdvice
	case r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden:
		return ""
	case r.client.account == nil && r.Status == http.StatusUnauthorized:
		return "write username and password, or a token, in the provider's block"
	case r.client.account == nil:
		return "ask for access, or write username and password in the provider's block"
	case r.proof == nil:
		return "credentials are not sent to " + r.URL.Host + ", to which it is redirected: correct the address if it should get them"
	case r.Status == http.StatusForbidden:
		return "ask for access"
	}
	return r.proof.advice()
}

// RetryAfter is how long a server asks to be left alone, in seconds or until a date (RFC 9110 section 10.2.3), at most a day; 0 when it does not say.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 0 { // a fraction is not in the RFC, but in the world
		return time.Duration(min(n, longestWait.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), longestWait)
	}
	return 0
}

// explanation is what the body of a failure says: the conditions and the href in DAV:error, and words for a person.
func explanation(text []byte) (conditions []string, href, said string) {
	begins := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(begins, []byte("<")) {
		if isPage(text) {
			return nil, "", ""
		}
		return davError(begins)
	}
	if len(text) == mostFailing || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, "", ""
	}
	return nil, "", words(string(text))
}

// davError reads DAV:error (RFC 4918 section 16), to where it can be read.
func davError(text []byte) (conditions []string, href, said string) {
	d := xml.NewDecoder(bytes.NewReader(text))
	depth, spoken := 0, ""
	for {
		token, err := d.Token()
		if err != nil {
			if href = strings.TrimSpace(href); len(href) > mostHref || strings.ContainsFunc(href, func(r rune) bool { return !unicode.IsPrint(r) }) {
				href = ""
			}
			return conditions, href, words(said)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth == 1 && (t.Name.Local != "error" || strings.TrimSuffix(t.Name.Space, ":") != "DAV"): // SOGo leaves out the colon
				return nil, "", ""
			case t.Name.Local == "href" || t.Name.Local == "message" || t.Name.Local == "responsedescription" || t.Name.Local == "error-message":
				spoken = t.Name.Local
			case depth == 2 && (t.Name.Space == "DAV:" || strings.HasPrefix(t.Name.Space, "urn:ietf:params:xml:ns:")) && len(conditions) < 5:
				conditions = append(conditions, words(t.Name.Local))
			}
		case xml.CharData:
			switch {
			case spoken == "href" && href == "":
				href = string(t)
			case (spoken != "" || depth == 1) && strings.TrimSpace(said) == "":
				said = string(t)
			}
		case xml.EndElement:
			depth--
			spoken = ""
		}
	}
}

// words are a server's, fit to be shown: one line, without what cannot be seen, and not long.
func words(text string) string {
	var b strings.Builder
	n := 0
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError }) {
		if n > 0 {
			b.WriteByte(' ')
		}
		for _, r := range field {
			if n++; n > mostWords {
				return b.String() + "…"
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
