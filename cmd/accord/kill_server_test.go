package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/davtest"
)

// A server that stops answering in the middle of an apply does not hold the program for ever: it ends by itself and says which folder could not be reached. When the
// server answers again one apply does the rest, and no item is there twice. An answer that is lost is looked up.
func TestServerThatHangs(t *testing.T) {
	accord := runner{"accord"}
	for name, f := range map[string]davtest.Fault{"hangs": {Stall: true}, "dies when it is done": {Reset: davtest.ResetAfter}} {
		for _, op := range []string{"REPORT sync-collection", "REPORT calendar-multiget", "PUT", "DELETE"} {
			t.Run(name+"/"+op, func(t *testing.T) {
				t.Parallel()
				a := newAccount(t, davtest.Radicale())
				a.configure(strings.Replace(a.config, "  username", "  timeout  = \"300ms\"\n  username", 1))
				a.local("One", "Two", "Three")
				a.remote("Four", "Bern")
				a.apply(accord)
				a.local("Five")
				a.edit("here", "Two", "Paris", "Rome")
				a.remote("Three", "Oslo")
				a.remote("Six", "Kyiv")
				a.remove("here", "One")
				a.server.Fail(davtest.Match{Op: op}, f)
				began := time.Now()
				code, out := accord.run(a.place, "apply", "-auto-approve")
				if code != 3 && (f.Stall || code != 0) || code == 3 && !strings.Contains(out, "folder.there") {
					t.Errorf("exit code %d, want 3\n%s", code, out)
				}
				t.Logf("%s %s: it ended after %s with exit code %d", op, name, time.Since(began).Round(100*time.Millisecond), code)
				a.server.Heal()
				a.apply(accord)
				a.nothingLeft(accord)
				a.agree(fmt.Sprint(op, " ", name), "Two Rome", "Three Oslo", "Four Bern", "Five Paris", "Six Kyiv")
			})
		}
	}
}
