package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
)

// answers are what servers say to a token that they cannot use.
var davAnswers = []davtest.Answer{
	{}, {Bare: true}, {Status: 400}, {Status: 400, Bare: true}, {Status: 409}, {Status: 410}, {Status: 410, Bare: true}, {Status: 412}, {Status: 418, Bare: true}, {Status: 500, Bare: true},
}

// TestATokenThatExpires lets the token of a changed folder expire: before it is read, and between two pages.
func TestATokenThatExpires(t *testing.T) {
	want := []string{"One Paris", "Two Rome", "Three Oslo", "Four Bern", "Five Paris", "Six Kyiv"}
	for _, answer := range davAnswers {
		for _, page := range []int{0, 1, 2} {
			for _, skip := range []int{0, 1, 2} {
				name := fmt.Sprintf("%+v, pages of %d, token %d", answer, page, skip)
				b := davtest.Radicale()
				b.Page, b.ExpiredToken = page, answer
				a := changed(t, b)
				would := a.work(a.planned())
				a.server.Fail(davtest.Match{Op: "REPORT sync-collection", Skip: skip, Times: 1}, davtest.Fault{ExpireToken: true})
				made := a.planned()
				a.less(name, would, a.work(made))
				a.carryOut(made)
				a.server.Heal()
				a.settle()
				a.agree(name, want...)
			}
		}
	}
}

// TestAnotherCollectionOfTheName replaces the calendar by another one of its name: an empty one, one with the same items, and one where someone went on. That a token of the old
// one is answered, by nothing or by everything, deletes nothing.
func TestAnotherCollectionOfTheName(t *testing.T) {
	behaviours := map[string]davtest.Behaviour{
		"radicale": davtest.Radicale(), "xandikos": davtest.Xandikos(), "davical": davtest.DAViCal(), "sogo": davtest.SOGo(), "another": {},
		"another that answers nothing":    {RemadeToken: davtest.Answer{Status: 207, Lists: davtest.Nothing}},
		"another that answers everything": {RemadeToken: davtest.Answer{Status: 207, Lists: davtest.Everything}},
		"another without tokens":          {Unsupported: []string{"sync-collection"}, Hidden: []string{"sync-token"}},
	}
	for server, b := range behaviours {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, b)
			a.local("One", "Two", "Three", "Four")
			a.settle()
			items := a.server.Items(a.path)
			a.server.Remake(a.path)
			empty := a.planned()
			a.less("the empty one", nil, slices.DeleteFunc(a.work(empty), func(op string) bool { return strings.HasPrefix(op, "add destination") }))
			a.server.Remake(a.path)
			for name, text := range items {
				a.server.Put(a.path+name, text)
			}
			a.less("the same items", nil, a.work(a.planned()))
			a.remote("Two", "Rome")
			a.settle()
			a.agree("the one where someone went on", "One Paris", "Two Rome", "Three Paris", "Four Paris")
		})
	}
}
