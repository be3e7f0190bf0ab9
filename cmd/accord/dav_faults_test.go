package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
)

// davFaults are what goes wrong with a request.
var davFaults = map[string]davtest.Fault{
	"401":                {Status: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {`Basic realm="x"`}}},
	"403":                {Status: http.StatusForbidden},
	"404":                {Status: http.StatusNotFound},
	"429":                {Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"2"}}},
	"500":                {Status: http.StatusInternalServerError},
	"503":                {Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"Fri, 01 Jan 2010 00:00:00 GMT"}}},
	"login page":         davtest.LoginPage,
	"an empty 200":       {Status: http.StatusOK},
	"an empty 207":       {Status: http.StatusMultiStatus},
	"an Atom feed":       {Status: http.StatusMultiStatus, Header: http.Header{"Content-Type": {"application/xml"}}, Body: `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>`},
	"cut":                {Cut: 200},
	"cut cleanly":        {Cut: 200, Clean: true},
	"reset before":       {Reset: davtest.ResetBefore},
	"reset after":        {Reset: davtest.ResetAfter},
	"half of a multiget": {Half: true},
	"the token expired":  {ExpireToken: true},
}

// davRequests are which requests meet a fault.
var davRequests = map[string]davtest.Match{
	"all":               {},
	"but the first":     {Skip: 1},
	"multiget":          {Op: "REPORT calendar-multiget"},
	"the first PUT":     {Op: "PUT", Times: 1},
	"but the first PUT": {Op: "PUT", Skip: 1},
	"DELETE":            {Op: "DELETE"},
}

// untouched is an account where nothing was done yet, and both sides hold something, one item of it alike.
func untouched(t *testing.T, b davtest.Behaviour) account {
	t.Helper()
	a := newAccount(t, b)
	a.local("One", "Two", "Five")
	a.remote("One", "Paris")
	a.remote("Six", "Kyiv")
	return a
}

// removed is an account whose sides were the same, and where an item was removed on either.
func removed(t *testing.T, b davtest.Behaviour) account {
	t.Helper()
	a := newAccount(t, b)
	a.local("One", "Two", "Three")
	a.remote("Four", "Bern")
	a.settle()
	a.remove("here", "One")
	a.server.Delete(a.path + "Four.ics")
	return a
}

// TestFaults lets each fault meet each kind of request while a plan is made and carried out. Nothing is deleted, what is planned is what would be planned without the
// fault, or less, and when the fault is gone one apply brings both sides to what they should be: no item is doubled, and none is missing.
func TestFaults(t *testing.T) {
	for server, behaviour := range davServers {
		for begin, s := range map[string]struct {
			account func(*testing.T, davtest.Behaviour) account
			want    []string
		}{
			"changed":   {changed, []string{"One Paris", "Two Rome", "Three Oslo", "Four Bern", "Five Paris", "Six Kyiv"}},
			"untouched": {untouched, []string{"One Paris", "Two Paris", "Five Paris", "Six Kyiv"}},
			"removed":   {removed, []string{"Two Paris", "Three Paris"}},
		} {
			t.Run(server+"/"+begin, func(t *testing.T) {
				t.Parallel()
				healthy := s.account(t, behaviour())
				would := healthy.work(healthy.planned())
				if len(would) == 0 {
					t.Fatal("there is nothing to do")
				}
				healthy.settle()
				healthy.agree("no fault", s.want...)
				for fault, f := range davFaults {
					for requests, match := range davRequests {
						if server == "sogo" && f.Status == http.StatusNotFound && requests != "multiget" {
							continue // it says so to an item that it will never take, and means it
						}
						name := fault + ", " + requests
						a := s.account(t, behaviour())
						a.server.Fail(match, f)
						made := a.planned()
						a.less(name, would, a.work(made))
						a.carryOut(made)
						a.server.Heal()
						a.settle()
						a.agree(name, s.want...)
					}
				}
			})
		}
	}
}

// TestFaultsWhileAFolderIsMade lets each fault meet the making of a calendar. It is made once, and then filled.
func TestFaultsWhileAFolderIsMade(t *testing.T) {
	for fault, f := range davFaults {
		for _, b := range []davtest.Behaviour{{}, davtest.Xandikos()} {
			a := newAccount(t, b)
			a.server.Delete(a.path)
			a.configure(strings.Replace(a.config, fmt.Sprintf("%q", a.path), fmt.Sprintf("%q\n  create   = true", a.path), 1))
			a.load()
			a.local("One", "Two")
			a.server.Fail(davtest.Match{Op: "MKCALENDAR"}, f)
			a.carryOut(a.planned())
			a.server.Heal()
			a.settle()
			if there := a.server.Collections(); len(there) != 1 {
				t.Errorf("%s: %q are there", fault, there)
				continue
			}
			a.agree(fault, "One Paris", "Two Paris")
		}
	}
}
