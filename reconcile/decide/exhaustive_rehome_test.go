package decide_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// losing are small meshes that lose A.
var losing = []small{
	{"mesh of three loses one", map[string]string{"A": "x", "B": "", "C": ""}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "delete"}},
	{"mesh of three loses one, filter", map[string]string{"A": "x", "B": "", "C": ""}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "delete", Filter: true}},
	{"mesh of three loses one, filter that freezes", map[string]string{"A": "x", "B": "", "C": ""}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "freeze", Filter: true}},
	{"mesh of three loses one, the same item in all", map[string]string{"A": "x", "B": "p", "C": "Q"}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "delete"}},
	{"mesh of two loses one", map[string]string{"A": "x", "B": "y"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
}

// TestExhaustiveRehome tries every edit of every item of small meshes under every combination of policies, before one more apply or just before A leaves, and looks
// whether what must always hold does hold then. ACCORD_EXHAUSTIVE is as for TestExhaustive.
func TestExhaustiveRehome(t *testing.T) {
	oneIn := 97
	if n, err := strconv.Atoi(os.Getenv("ACCORD_EXHAUSTIVE")); err == nil && n > 0 {
		oneIn = n
	}
	var tried, moved atomic.Int64
	t.Cleanup(func() {
		if t.Logf("%d cases, %d originals moved", tried.Load(), moved.Load()); moved.Load() == 0 {
			t.Error("no original moved")
		}
	})
	for _, w := range losing {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			x := explorer{small: w, items: map[version]*pim.Item{}}
			for n, p := range allPolicies() {
				x.reached = map[uint64]bool{}
				start, rels, wrong := x.start(p)
				if wrong != "" {
					t.Fatalf("%+v\nat the start: %s", p, wrong)
				}
				for _, r := range rels {
					r.Block = "mesh"
				}
				count := power(len(edits), len(places(start)))
				step := oneIn * (1 + count/many)
				for c := (step - n*count%step) % step; c < count; c += step {
					for _, applied := range []bool{false, true} {
						tried.Add(1)
						if log, wrong := x.lose(start, rels, c, applied, &moved); wrong != "" {
							t.Fatalf("%+v\n%s, applied: %t\n%s", p, log, applied, wrong)
						}
					}
				}
			}
		})
	}
}

// lose makes the edits of a case, applies them if that is asked for, and lets A leave. It says what is wrong then.
func (x *explorer) lose(start *sim, rels []*decide.Relationship, c int, applied bool, moved *atomic.Int64) (log, wrong string) {
	s := start.clone()
	s.clock.now = noon
	log = x.edit(s, c, c%3)
	if applied {
		if wrong, _ := x.settle(s, rels); wrong != "" {
			return log, wrong
		}
	}
	s.recorded = slices.Clone(s.recorded)
	for i := range s.recorded {
		r := &s.recorded[i]
		if r.OnRemove = string(schema.RemoveDelete); r.Source == "A" {
			r.Block, r.OnLeaver = "mesh", string(schema.LeaverRehome)
		}
	}
	before, stay := s.clone(), without(rels, "A")
	k := &check{before: before, decision: s.apply(stay, nil), after: s, rels: map[string]*decide.Relationship{}}
	for _, r := range rels {
		k.rels[r.Address] = r
	}
	for _, w := range k.decision.Writes {
		if w.Verb == decide.Release {
			moved.Add(1)
		}
	}
	k.nothingLost()
	k.onlyPairsTouched()
	k.noDuplicates("a duplicate", s)
	k.neverBoth()
	k.neverShared()
	k.noNeedlessCopies()
	k.converged(stay)
	if applied {
		k.unseen()
	}
	return log, strings.Join(k.wrong, "\n")
}

// unseen: where nothing was on the way, and both had a pair of what A leaves behind, nothing of what the folders that stay hold has changed.
func (c *check) unseen() {
	pairs := map[string]int{}
	for k, p := range c.before.pairs {
		if p.Status == state.Waiting {
			return
		}
		r := c.rels[k.Relationship]
		if r.Source == "A" {
			pairs[k.Original]++
		}
		rep := c.before.folders[r.Destination][p.Replica]
		if rep != nil && r.Policies.DestinationEdit != schema.DestinationEditKeep && len(p.BaseReplica.Edited(rep.Content.Fields())) > 0 {
			return // a filter holds back what was edited
		}
	}
	for _, n := range pairs {
		if n != len(c.before.folders)-1 {
			return
		}
	}
	for folder, items := range c.before.folders {
		for key, it := range items {
			if now := c.after.folders[folder][key]; folder != "A" && (now == nil || fieldsOf(now.Content) != fieldsOf(it.Content)) {
				c.fail("%s/%s said %v, and is %v", folder, key, fieldsOf(it.Content), now)
			}
		}
		if folder != "A" && len(items) != len(c.after.folders[folder]) {
			c.fail("%s held %d items, and holds %d", folder, len(items), len(c.after.folders[folder]))
		}
	}
}
