package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/reconcile/plan"
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

// TestAnotherCollectionOfTheName replaces the calendar by another one of its name: an empty one, one with the same items, and one where someone went on. Nothing is deleted,
// also where the token of the old one is answered by nothing or by everything. A server that marks its collections shows that it is another one, and nothing is done at all.
func TestAnotherCollectionOfTheName(t *testing.T) {
	for server, c := range map[string]struct {
		behaviour davtest.Behaviour
		marked    bool
	}{
		"radicale":                        {davtest.Radicale(), false},
		"xandikos":                        {davtest.Xandikos(), false},
		"davical":                         {davtest.DAViCal(), true},
		"sogo":                            {davtest.SOGo(), false},
		"another":                         {davtest.Behaviour{}, true},
		"another without marks":           {davtest.Behaviour{Hidden: []string{"resource-id", "creationdate"}}, false},
		"another that answers nothing":    {davtest.Behaviour{Hidden: []string{"resource-id"}, RemadeToken: davtest.Answer{Status: 207, Lists: davtest.Nothing}}, false},
		"another that answers everything": {davtest.Behaviour{Hidden: []string{"resource-id"}, RemadeToken: davtest.Answer{Status: 207, Lists: davtest.Everything}}, false},
		"another without tokens":          {davtest.Behaviour{Unsupported: []string{"sync-collection"}, Hidden: []string{"sync-token", "resource-id"}}, false},
	} {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, c.behaviour)
			a.local("One", "Two", "Three", "Four")
			a.settle()
			items := a.server.Items(a.path)
			a.server.Remake(a.path)
			a.less("an empty one", nil, a.work(a.planned()))
			a.server.Remake(a.path)
			for name, text := range items {
				a.server.Put(a.path+name, text)
			}
			a.less("one with the same items", nil, a.work(a.planned()))
			a.remote("Two", "Rome")
			if !c.marked {
				a.settle()
				a.agree("one where someone went on", "One Paris", "Two Rome", "Three Paris", "Four Paris")
				return
			}
			made := a.planned()
			if r := made.Document.Relationships[0]; r.Status != plan.Alert || !strings.Contains(r.Reason, "replaced") {
				t.Errorf("one where someone went on is %s: %s", r.Status, r.Reason)
			}
			a.less("one where someone went on", nil, a.work(made))
		})
	}
}
