package main

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
)

// TestAnswersCutAtEveryByte cuts each answer that a plan reads at every byte, with the connection and as a proxy that lost the rest by turns.
func TestAnswersCutAtEveryByte(t *testing.T) {
	for _, server := range []string{"radicale", "another"} {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, davServers[server]())
			a.local("Old")
			a.settle()
			a.remote("Old", "Oslo")
			a.remote("New", "Bern")
			would := a.work(a.planned())
			a.server.Forget()
			a.planned()
			cuts, seen := 0, map[string]int{}
			for _, request := range a.server.Requests() {
				if server == "another" && request.Op == "REPORT calendar-multiget" {
					continue // is radicale's
				}
				for n := 1; ; n++ {
					a.server.Fail(davtest.Match{Op: request.Op, Skip: seen[request.Op]}, davtest.Fault{Cut: n, Clean: n%2 == 0})
					work := a.work(a.planned())
					if a.server.Heal() == 0 {
						break
					}
					cuts++
					a.less(fmt.Sprintf("%s, cut at %d", request, n-1), would, work)
				}
				seen[request.Op]++
			}
			if cuts < 1000 {
				t.Errorf("%d cuts of %v: the test does not do what it says", cuts, seen)
			}
			a.settle()
			a.agree("healed", "Old Oslo", "New Bern")
		})
	}
}
