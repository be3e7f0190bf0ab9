// Package running finds the real servers that a test runner started, and gives tests databases and directories of their own on them.
//
// A runner names a directory in ACCORD_SERVERS; each server that runs has a file NAME/env there. The scripts of testdata/servers start them:
//
//	testdata/servers/run postgres slapd -- go test ./providers/...
package running

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Server is one that runs.
type Server struct {
	Name   string
	values map[string]string
}

// Value is what the server's file says under a name: HOST, BASE, …; empty when it says nothing.
func (s Server) Value(name string) string { return s.values[name] }

// Each runs a subtest for every one of the servers, under its name; see [One].
func Each(t *testing.T, names []string, test func(t *testing.T, name string)) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) { test(t, name) })
	}
}

// One is a server by name. When it does not run, the test is skipped, with how to start it; ACCORD_REQUIRE (names with commas between) makes that a failure.
func One(t testing.TB, name string) Server {
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

// Find reads where a server is, in the directory that ACCORD_SERVERS names. A file that lacks one of the values is an error.
func Find(name string, values ...string) (Server, error) {
	dir := os.Getenv("ACCORD_SERVERS")
	if dir == "" {
		return Server{}, fmt.Errorf("ACCORD_SERVERS is not set")
	}
	file := filepath.Join(dir, name, "env")
	text, err := os.ReadFile(file)
	if err != nil {
		return Server{}, err
	}
	s := Server{Name: name, values: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			s.values[key] = strings.Trim(value, "'")
		}
	}
	for _, value := range values {
		if s.values[value] == "" {
			return Server{}, fmt.Errorf("%s says nothing of %s", file, value)
		}
	}
	return s, nil
}

// unused is a name that nobody else has.
func unused() string { return "accord_" + strings.ToLower(rand.Text()[:12]) }
