// Package servers finds the real CalDAV and CardDAV servers that a test runner started, and gives tests collections of their own on them.
//
// A runner names a directory in ACCORD_SERVERS; each server that runs has a file NAME/env there. The scripts of testdata/servers start them:
//
//	testdata/servers/run radicale -- go test ./providers/caldav
package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
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

// Each runs a subtest for every server, under its name. One that does not run is skipped, with how to start it; ACCORD_REQUIRE (names with commas
// between) makes that a failure.
func Each(t *testing.T, test func(t *testing.T, s Server)) {
	t.Helper()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { test(t, One(t, name)) })
	}
}

// One is a server by name. The test is skipped, or fails, as with [Each].
func One(t *testing.T, name string) Server {
	t.Helper()
	s, err := Find(name)
	switch {
	case err == nil:
	case slices.Contains(strings.Split(os.Getenv("ACCORD_REQUIRE"), ","), name):
		t.Fatalf("ACCORD_REQUIRE says that %s runs: %v", name, err)
	default:
		t.Skipf("%s does not run (%v); this starts it: testdata/servers/run %s -- go test …", name, err, name)
	}
	return s
}

// Find reads where a server is, in the directory that ACCORD_SERVERS names.
func Find(name string) (Server, error) {
	dir := os.Getenv("ACCORD_SERVERS")
	if dir == "" {
		return Server{}, fmt.Errorf("ACCORD_SERVERS is not set")
	}
	file := filepath.Join(dir, name, "env")
	text, err := os.ReadFile(file)
	if err != nil {
		return Server{}, err
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[key] = strings.Trim(value, "'")
		}
	}
	for _, key := range []string{"BASE", "CALHOME", "ABHOME", "PRINCIPAL"} {
		if values[key] == "" {
			return Server{}, fmt.Errorf("%s says nothing of %s", file, key)
		}
	}
	return Server{
		Name: name, Base: values["BASE"],
		calendars: values["CALHOME"], addressBooks: values["ABHOME"], principal: values["PRINCIPAL"],
		invited: strings.Fields(values["INVITED"]),
	}, nil
}
