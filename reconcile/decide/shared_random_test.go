package decide_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// TestSharedReplicas lets random people work where originals of several relationships share replicas and much is the same thing under different UIDs, while
// time passes, folders cannot be read, relationships are frozen, leave and come back, and the state is lost. After every apply what always holds is looked at.
func TestSharedReplicas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newSharing(t)
		for range rapid.IntRange(2, 6).Draw(t, "rounds") {
			w.disturb()
			for range rapid.IntRange(0, 3).Draw(t, "edits") {
				w.edit()
			}
			c := settled(w.sim, w.rels)
			c.converged(w.rels)
			w.quiet(c)
			if len(c.wrong) > 0 {
				t.Fatalf("%s", strings.Join(c.wrong, "\n"))
			}
			w.pass()
		}
	})
}

// newSharing is a random workspace of which the relationships into C coalesce, and of which all items have one of two titles.
func newSharing(t *rapid.T) *randomWorkspace {
	w := &randomWorkspace{sim: newSim([]string{"A", "B", "C", "D"}), t: t}
	w.touches = true
	for _, ends := range strings.Fields(rapid.SampledFrom([]string{"AC BC", "AC BC DC", "AC BC AB BA", "AB BA AD DA BD DB", "AC BC CD"}).Draw(t, "ends")) {
		r := w.relationship(ends)
		if strings.HasSuffix(ends, "C") {
			r.Policies.Coalesce = true
			r.Policies.DestinationEdit = rapid.SampledFrom([]schema.DestinationEdit{"discard", "preserve", "keep"}).Draw(t, "edit of "+ends)
			r.Policies.DestinationDelete = rapid.SampledFrom([]schema.DestinationDelete{"recopy", "prune"}).Draw(t, "delete of "+ends)
		}
		w.rels = append(w.rels, r)
	}
	for _, uid := range []string{"x", "x", "y", "z", "z"} {
		folder := rapid.SampledFrom([]string{"A", "B", "B", "C", "D"}).Draw(t, "folder of "+uid)
		w.put(folder, w.event(uid, history.Fields{Title: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "title"), Note: fmt.Sprint("note ", len(w.folders[folder])), Category: "k"}, ""))
	}
	return w
}

// disturb does to a workspace what no person with a calendar does.
func (w *randomWorkspace) disturb() {
	switch rapid.SampledFrom([]string{"", "", "", "lost", "frozen", "unknown", "fewer", "resolve", "resolve"}).Draw(w.t, "disturbance") {
	case "lost":
		held := slices.ContainsFunc(slices.Collect(maps.Values(w.pairs)), func(p state.Pair) bool { return p.Status != state.Active })
		if !held { // what waits, and what was pruned, is known to the state alone
			w.forget()
		}
	case "frozen":
		w.passively(func(in *decide.Input) {
			in.Frozen = map[string]bool{rapid.SampledFrom(w.rels).Draw(w.t, "frozen").Address: true}
		})
	case "unknown":
		if at := places(w.sim); len(at) > 0 {
			p := rapid.SampledFrom(at).Draw(w.t, "unknown")
			before := w.folders[p[0]][p[1]]
			w.folders[p[0]][p[1]] = &decide.Item{Key: before.Key, Ref: before.Ref, Unknown: true}
			w.passively(func(*decide.Input) {})
			w.folders[p[0]][p[1]] = before
		}
	case "resolve":
		choices := map[state.PairKey]decide.Choice{}
		for _, n := range decide.Decide(w.input(w.rels)).Notices {
			choices[n.Pair] = w.choice(n)
		}
		w.passively(func(in *decide.Input) { in.Choices = choices })
	case "fewer":
		all := w.rels
		n := rapid.IntRange(0, len(all)-1).Draw(w.t, "the one that leaves")
		w.rels = slices.Delete(slices.Clone(all), n, n+1)
		w.recorded = slices.Clone(w.recorded)
		for i := range w.recorded {
			w.recorded[i].OnRemove = string(schema.RemoveDelete)
		}
		w.passively(func(*decide.Input) {})
		w.rels = all
	}
}

// choice is what a person decides of what waits.
func (w *randomWorkspace) choice(n decide.Notice) decide.Choice {
	if n.Code != decide.Ambiguous {
		return decide.Choice{Conflict: rapid.SampledFrom([]schema.Conflict{"source", "destination", "preserve"}).Draw(w.t, "choice")}
	}
	i := rapid.IntRange(0, len(n.Candidates)).Draw(w.t, "candidate")
	if i == len(n.Candidates) {
		return decide.Choice{Copy: true}
	}
	return decide.Choice{Candidate: n.Candidates[i].Ref}
}

// passively applies under some disturbance: nothing is lost, and a second time there is nothing to do.
func (w *randomWorkspace) passively(disturb func(*decide.Input)) {
	remove := map[string]string{}
	for _, r := range w.rels {
		remove[r.Address] = string(schema.RemoveDelete)
	}
	var frozen map[string]bool
	decided := func() *decide.Decision {
		in := w.input(w.rels)
		if disturb(in); frozen == nil {
			frozen = in.Frozen
		}
		in.Frozen = frozen
		return decide.Decide(in)
	}
	w.carryOut(decided(), w.rels, remove)
	if again := decided(); len(again.Writes) > 0 {
		first := again.Writes[0]
		w.t.Fatalf("disturbed, a second plan would %s %s/%s: %v", first.Verb, first.Folder, first.Key, first.Reasons)
	}
}
