package main

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/reconcile"
)

// TestPlannedRequests counts what an apply sends at the server, and compares that with what the plan and the result say.
func TestPlannedRequests(t *testing.T) {
	for server, behaviour := range davServers {
		t.Run(server, func(t *testing.T) {
			a := newAccount(t, behaviour())
			check := func(what string, writes int) {
				t.Helper()
				made := a.planned()
				if len(made.Document.Requests) != 1 {
					t.Fatalf("%s: the plan says %+v", what, made.Document.Requests)
				}
				plan := made.Document.Requests[0]
				a.server.Forget()
				a.with(func(e *reconcile.Engine) {
					result, err := e.Apply(t.Context(), a.state, made)
					if err != nil || len(result.Failures) > 0 || len(result.Requests) != 1 {
						t.Fatalf("%s: %v, %+v", what, err, result)
					}
					came, sent := a.server.Count(""), result.Requests[0].Requests
					if plan.Provider != "provider.caldav.server" || plan.Writes != writes || sent != came || sent > plan.AtMost {
						t.Errorf("%s: the plan says %+v, the apply %d, and %d requests came:\n%s", what, plan, sent, came, lines(a.server.Requests()))
					}
				})
			}
			for i := range 30 {
				a.local(fmt.Sprint("New", i))
			}
			check("adds", 30)
			for i := range 7 {
				a.edit("here", fmt.Sprint("New", i), "Paris", "Rome")
			}
			check("edits", 7)
			for i := range 3 {
				a.remove("here", fmt.Sprint("New", i))
			}
			check("deletes", 3)
		})
	}
}

// lines are requests, one a line.
func lines(requests []davtest.Request) (all string) {
	for _, r := range requests {
		all += fmt.Sprintln(r)
	}
	return all
}
