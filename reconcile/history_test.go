package reconcile_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema"
)

// TestHistories is section 6 of the design under fire. Random people and a random administrator work in random workspaces of all three kinds of stores, while stores
// fail, hang, lie and rewrite what they are given, processes are killed, clocks jump, and the state is lost. After every apply the invariants hold; when an
// apply is left alone, nothing is left to do, and the sides are what the policies say that they are.
//
// ACCORD_HISTORIES=N lives through N of them, in as many processes as there are processors; otherwise it is as many as RAPID_CHECKS says. A history that
// fails is made as short as it can be and kept in testdata/rapid/TestHistories, from where every later run takes it first.
func TestHistories(t *testing.T) {
	if n := os.Getenv("ACCORD_HISTORIES"); n != "" {
		inProcesses(t, n)
		return
	}
	v := loadViews(t)
	var counted tally
	rapid.Check(t, func(t *rapid.T) {
		newRandom(t, v).live(&counted)
	})
	t.Logf("%d applies, %d accidents in them, %d states lost, %d times a replica was compared with its original", counted.applies, counted.accidents, counted.losses, counted.compared)
}

// tally counts what histories were about.
type tally struct{ applies, accidents, losses, compared int }

// live is one history.
func (r *random) live(counted *tally) {
	r.tally, r.lying = counted, true
	tame := rapid.Bool().Draw(r.rt, "tame")
	for range rapid.IntRange(1, 5).Draw(r.rt, "rounds") {
		r.wait()
		r.work()
		if tame {
			r.tame()
		}
		before, sure := r.seen(), tame
		if rapid.Bool().Draw(r.rt, "accident") {
			r.accident(before)
			if rapid.IntRange(0, 7).Draw(r.rt, "lost with it") == 0 {
				sure = sure && r.sharp && r.plain() // else what was made a moment ago is nobody's
				r.lose()
			}
		}
		r.disturb()
		r.round()
		if sure {
			r.noneTwice(before)
		}
		if rapid.IntRange(0, 5).Draw(r.rt, "loss") == 0 {
			r.lose()
		}
	}
}

// tame takes the policies out that make items of lost versions: every new item is a replica then, or an original made again.
func (r *random) tame() {
	for _, rel := range r.ws.Relations {
		if rel.Policies.DestinationEdit == schema.DestinationEditPreserve {
			rel.Policies.DestinationEdit = schema.DestinationEditDiscard
		}
		if rel.Policies.Conflict == schema.ConflictPreserve {
			rel.Policies.Conflict = schema.ConflictMerge
		}
	}
}

// inProcesses has processes of their own live through n histories, for one process has one seed. The seed is RAPID_SEED, or one by chance.
func inProcesses(t *testing.T, n string) {
	all, err := strconv.Atoi(n)
	if err != nil || all < 1 {
		t.Fatalf("ACCORD_HISTORIES is %q, and should be a number of histories", n)
	}
	seed, err := strconv.ParseUint(os.Getenv("RAPID_SEED"), 10, 64)
	if err != nil || seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	processes := runtime.GOMAXPROCS(0)
	t.Logf("%d histories in %d processes: RAPID_SEED=%d", all, processes, seed)
	said := make([]string, processes)
	failed := make([]error, processes)
	var running sync.WaitGroup
	for i := range processes {
		share := all / processes
		if i < all%processes {
			share++
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestHistories$", "-test.v", "-test.timeout=30m")
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ACCORD_HISTORIES=") }),
			fmt.Sprintf("RAPID_CHECKS=%d", share), fmt.Sprintf("RAPID_SEED=%d", seed+uint64(i)<<40), "GOMAXPROCS=1")
		running.Go(func() {
			out, err := cmd.CombinedOutput()
			said[i], failed[i] = string(out), err
		})
	}
	running.Wait()
	for i, text := range said {
		if failed[i] != nil {
			t.Errorf("process %d: %v\n%s", i+1, failed[i], text)
			continue
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, "applies,") || strings.Contains(line, "[rapid] OK") {
				t.Logf("process %d: %s", i+1, strings.TrimSpace(line))
			}
		}
	}
}
