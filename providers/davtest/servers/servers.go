// Package servers gives tests collections of their own on the real CalDAV and CardDAV servers that a test runner started (package running).
package servers

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest/running"
)

// Names are the servers that there are scripts for.
func Names() []string { return []string{"radicale", "xandikos", "davical", "cyrus", "sogo"} }

// Server is one that runs. Its users are alice, bob and carol.
type Server struct {
	Name string
	Base string // http://127.0.0.1:5232

	calendars, addressBooks, principal string // paths in which USER stands for the user
	invited                            []string
}

// CalendarHome is the path in which a user's calendars are made. It ends in a slash, as the other paths do.
func (s Server) CalendarHome(user string) string { return of(user, s.calendars) }

// AddressBookHome is the path in which a user's address books are made.
func (s Server) AddressBookHome(user string) string { return of(user, s.addressBooks) }

// Principal is the path of a user's principal.
func (s Server) Principal(user string) string { return of(user, s.principal) }

// Schedules reports whether the server delivers invitations to its users (RFC 6638).
func (s Server) Schedules() bool { return len(s.invited) > 0 }

// Password is what a user signs in with.
func (s Server) Password(user string) string { return user + "pw" }

// Account is what a provider block says to sign a user in.
func (s Server) Account(user string) providers.Attributes {
	return providers.Attributes{"url": s.Base + s.Principal(user), "username": user, "password": s.Password(user)}
}

// Email is a user's address.
func (s Server) Email(user string) string { return user + "@example.com" }

func of(user, path string) string { return strings.ReplaceAll(path, "USER", user) }

// Each runs a subtest for every server, under its name; see [One].
func Each(t *testing.T, test func(t *testing.T, s Server)) {
	t.Helper()
	running.Each(t, Names(), func(t *testing.T, name string) { test(t, One(t, name)) })
}

// One is a server by name. The test is skipped, or fails, as [running.One] says.
func One(t *testing.T, name string) Server {
	t.Helper()
	running.One(t, name)
	s, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Find reads where a server is, as [running.Find] does.
func Find(name string) (Server, error) {
	s, err := running.Find(name, "BASE", "CALHOME", "ABHOME", "PRINCIPAL")
	if err != nil {
		return Server{}, err
	}
	return Server{
		Name: name, Base: s.Value("BASE"),
		calendars: s.Value("CALHOME"), addressBooks: s.Value("ABHOME"), principal: s.Value("PRINCIPAL"),
		invited: strings.Fields(s.Value("INVITED")),
	}, nil
}
