package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/reconcile/state"
)

// TestRequestsAreFew counts what a server is asked: for a first plan, one without changes, one after changes on the server, and for an apply of new items, each
// with what it takes to know that it came right: items that a server may have rewritten are read back together, and one that may overwrite is looked at before.
func TestRequestsAreFew(t *testing.T) {
	const items, edits, adds = 250, 130, 7
	for server, c := range map[string]struct {
		behaviour                        func() davtest.Behaviour
		first, unchanged, changed, apply string
	}{
		"radicale": {davtest.Radicale,
			"1 PROPFIND, 2 REPORT calendar-multiget, 1 REPORT sync-collection", "1 REPORT sync-collection",
			"1 REPORT calendar-multiget, 1 REPORT sync-collection", "7 PUT, 1 REPORT calendar-multiget"},
		"cyrus": {davtest.Cyrus,
			"1 PROPFIND, 2 REPORT calendar-multiget, 1 REPORT sync-collection", "1 REPORT sync-collection",
			"1 REPORT calendar-multiget, 1 REPORT sync-collection", "7 PUT, 1 REPORT calendar-multiget"},
		"davical": {davtest.DAViCal,
			"1 PROPFIND, 2 REPORT calendar-multiget, 1 REPORT calendar-query", "1 PROPFIND",
			"1 PROPFIND, 1 REPORT calendar-multiget, 1 REPORT calendar-query", "7 PUT"},
		"another": {func() davtest.Behaviour { return davtest.Behaviour{} },
			"2 PROPFIND, 3 REPORT calendar-multiget", "1 PROPFIND", "2 PROPFIND, 2 REPORT calendar-multiget", "7 PUT, 2 REPORT calendar-multiget"},
	} {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, c.behaviour())
			a.server.Fill(a.path, items)
			check := func(what, want string, do func()) {
				t.Helper()
				a.server.Forget()
				if do(); counted(a.server) != want {
					t.Errorf("%s: %s, want %s", what, counted(a.server), want)
				}
			}
			check("the first plan", c.first, func() { a.planned() })
			a.settle()
			check("a plan without changes", c.unchanged, func() { a.planned() })
			for name, text := range a.server.Items(a.path) {
				if n := strings.TrimSuffix(strings.TrimPrefix(name, "item-"), ".ics"); n < fmt.Sprintf("%06d", edits) {
					a.server.Put(a.path+name, strings.Replace(text, "SUMMARY:", "SUMMARY:New ", 1))
				}
			}
			check("a plan after edits", c.changed, func() { a.planned() })
			a.settle()
			for n := range adds {
				a.local(fmt.Sprint("Added ", n))
			}
			made := a.planned()
			check("an apply of new items", c.apply, func() { a.carryOut(made) })
		})
	}
}

// TestAMeshReadsEachFolderOnce counts the requests for four calendars of a mesh, each in six relationships.
func TestAMeshReadsEachFolderOnce(t *testing.T) {
	s := davtest.New(davtest.Radicale())
	ts := s.Start(t)
	text, names := accountBlocks(ts.URL, s.AddCalendar("alice", "work")), []string{"folder.there"}
	for _, name := range []string{"two", "three", "four"} {
		text += fmt.Sprintf("folder %q {\n  provider = provider.caldav.server\n  kind = \"calendar\"\n  path = %q\n}\n", name, s.AddCalendar("alice", name))
		names = append(names, "folder."+name)
	}
	a := account{place: newPlace(t, text+"mesh \"all\" {\n  folders = ["+strings.Join(names, ", ")+"]\n  profile = \"two_way\"\n}\n"), state: state.Memory(), server: s}
	a.load()
	a.settle()
	s.Forget()
	a.planned()
	if got := counted(s); got != "4 REPORT sync-collection" {
		t.Errorf("it asked %s", got)
	}
}

// counted are the requests that came, by what they are: "1 PROPFIND, 7 PUT".
func counted(s *davtest.Server) string {
	n := map[string]int{}
	for _, r := range s.Requests() {
		n[r.Op]++
	}
	var list []string
	for _, op := range slices.Sorted(maps.Keys(n)) {
		list = append(list, fmt.Sprintf("%d %s", n[op], op))
	}
	return strings.Join(list, ", ")
}
