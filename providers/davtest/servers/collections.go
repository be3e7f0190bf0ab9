package servers

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long one request may take.
const patience = 2 * time.Minute

// MakeCalendar makes a calendar that nobody else knows, for the components (VEVENT, VTODO, …; none: what the server likes), and returns its path. It is
// removed when the test ends.
func (s Server) MakeCalendar(t testing.TB, user string, components ...string) string {
	t.Helper()
	path := s.CalendarHome(user) + unused()
	var set strings.Builder
	for _, name := range components {
		set.WriteString(`<C:comp name="` + name + `"/>`)
	}
	body := ""
	if set.Len() > 0 {
		body = `<?xml version="1.0" encoding="utf-8"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>` +
			`<C:supported-calendar-component-set>` + set.String() + `</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`
	}
	s.make(t, user, "MKCALENDAR", path, body)
	return path
}

// MakeAddressBook makes an address book that nobody else knows, and returns its path. It is removed when the test ends.
func (s Server) MakeAddressBook(t testing.TB, user string) string {
	t.Helper()
	path := s.AddressBookHome(user) + unused()
	s.make(t, user, "MKCOL", path, `<?xml version="1.0" encoding="utf-8"?><D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>`+
		`<D:resourcetype><D:collection/><A:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>`)
	return path
}

// Unused is the path of a calendar that is not there. Should the test make it, it is removed when the test ends.
func (s Server) Unused(t testing.TB, user string) string {
	t.Helper()
	return s.reserve(t, user, s.CalendarHome(user))
}

// UnusedAddressBook is the path of an address book that is not there. Should the test make it, it is removed when the test ends.
func (s Server) UnusedAddressBook(t testing.TB, user string) string {
	t.Helper()
	return s.reserve(t, user, s.AddressBookHome(user))
}

func (s Server) reserve(t testing.TB, user, home string) string {
	path := home + unused()
	s.removeAfter(t, user, path)
	return path
}

func unused() string { return "accord-" + strings.ToLower(rand.Text()[:12]) + "/" }

func (s Server) make(t testing.TB, user, method, path, body string) {
	t.Helper()
	s.removeAfter(t, user, path)
	header := []string{}
	if body != "" {
		header = append(header, "Content-Type", "application/xml; charset=utf-8")
	}
	if a := s.Do(t, user, method, path, body, header...); a.Status != http.StatusCreated {
		t.Fatalf("%s: %s %s: status %d: %s", s.Name, method, path, a.Status, a.Body)
	}
}

func (s Server) removeAfter(t testing.TB, user, path string) {
	t.Cleanup(func() {
		if a := s.Do(t, user, http.MethodDelete, path, ""); a.Status >= 300 && a.Status != http.StatusNotFound {
			t.Errorf("%s: DELETE %s: status %d: %s", s.Name, path, a.Status, a.Body)
		}
	})
}

// Answer is what a server said.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends one request as a user, as another client of the server would: no driver is involved. header alternates names and values.
func (s Server) Do(t testing.TB, user, method, path, body string, header ...string) Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, method, s.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %s %s: %v", s.Name, method, path, err)
	}
	q.Close = true // SOGo ends connections without saying so
	q.SetBasicAuth(user, s.Password(user))
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	defer a.Body.Close()
	content, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatalf("%s: %s %s: the answer ended early: %v", s.Name, method, path, err)
	}
	return Answer{Status: a.StatusCode, Header: a.Header, Body: string(content)}
}
