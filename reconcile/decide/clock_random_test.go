package decide_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema/pim"
)

// TestTimeChangesNothingBeforeItIsDue lets random people work in random workspaces while time passes. After every apply what always holds is looked at, and
// that nothing has to be done, or recorded, before the first item is due.
func TestTimeChangesNothingBeforeItIsDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorkspace(t)
		for range rapid.IntRange(2, 5).Draw(t, "rounds") {
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

// randomWorkspace is a world of folders, relationships and people.
type randomWorkspace struct {
	*sim
	t    *rapid.T
	rels []*decide.Relationship
	due  time.Time // the first instant at which something has to be done; zero: there is none
	n    int       // edits so far
}

func newWorkspace(t *rapid.T) *randomWorkspace {
	w := &randomWorkspace{sim: newSim([]string{"A", "B", "C"}), t: t}
	for _, ends := range strings.Fields(rapid.SampledFrom([]string{"AB", "AB AC", "AB BA", "AB BC", "AB BA AC CA BC CB"}).Draw(t, "ends")) {
		w.rels = append(w.rels, w.relationship(ends))
	}
	for _, uid := range []string{"x", "y", "z"} {
		folder := rapid.SampledFrom([]string{"A", "A", "B"}).Draw(t, "folder of "+uid)
		w.put(folder, w.event(uid, history.Fields{Title: uid, Note: "note", Category: "k"}, ""))
	}
	return w
}

// relationship is one with random policies, on which time acts in random ways.
func (w *randomWorkspace) relationship(ends string) *decide.Relationship {
	word := func(dim int) string {
		return rapid.SampledFrom(dimensions[dim].values).Draw(w.t, ends+" "+dimensions[dim].name)
	}
	is := func(what string) bool { return rapid.IntRange(0, 2).Draw(w.t, ends+" "+what) == 0 }
	hours := func(what string) time.Duration {
		return time.Duration(rapid.IntRange(0, 30).Draw(w.t, ends+" "+what)) * time.Hour
	}
	r := relationship(history.Rel{Name: ends, Source: ends[:1], Destination: ends[1:], Filter: is("filter"), Template: is("template"),
		SourceEdit: word(dimSourceEdit), SourceDelete: word(dimSourceDelete), DestinationEdit: word(dimDestinationEdit),
		DestinationDelete: word(dimDestinationDelete), Conflict: word(dimConflict), OnUnmatched: word(dimOnUnmatched), Existing: "adopt"})
	if is("owned") {
		owned(r, "description")
	}
	if is("trigger") {
		triggered(r, "summary", "start")
	}
	if is("window") {
		windowed(r, w.clock, hours("past"), hours("future"))
	}
	if is("settle") {
		r.Settle = time.Hour
	}
	if is("late") {
		late(r, w.clock)
	}
	return r
}

// event is an event at a random time about now.
func (w *randomWorkspace) event(uid string, f history.Fields, status string) *pim.Item {
	at := w.clock.now.Sub(noon) + time.Duration(rapid.SampledFrom([]int{-20, -2, 0, 1, 1, 2, 5, 40}).Draw(w.t, "starts"))*time.Hour
	lines := []string{"LAST-MODIFIED:" + ticks(w.n).Format("20060102T150405Z")}
	for _, p := range [][2]string{{"SUMMARY", f.Title}, {"DESCRIPTION", f.Note}, {"LOCATION", f.Category}, {"STATUS", status}} {
		if p[1] != "" {
			lines = append(lines, p[0]+":"+p[1])
		}
	}
	return takes(uid, at, lines...)
}

// edit is what a person does to some item.
func (w *randomWorkspace) edit() {
	w.n++
	at := places(w.sim)
	what := rapid.SampledFrom([]string{"title", "note", "filter", "time", "cancel", "delete", "delete", "new"}).Draw(w.t, "edit")
	if what == "new" || len(at) == 0 {
		uid := rapid.SampledFrom([]string{"x", "y", "z"}).Draw(w.t, "uid")
		if folder := rapid.SampledFrom([]string{"A", "B", "C"}).Draw(w.t, "folder"); w.folders[folder][uid] == nil {
			w.put(folder, w.event(uid, history.Fields{Title: fmt.Sprint("new ", w.n), Category: "k"}, ""))
		}
		return
	}
	p := rapid.SampledFrom(at).Draw(w.t, "item")
	before := w.folders[p[0]][p[1]]
	f, content := fieldsOf(before.Content), before.Content
	set := func(field, words string) { content = content.WithFields(pim.Fields{field: text(field, words)}) }
	switch what {
	case "title":
		set("summary", fmt.Sprint("title ", w.n))
	case "note":
		set("description", fmt.Sprint("note ", w.n))
	case "filter":
		set("location", map[string]string{"k": "-", "-": "k"}[f.Category])
	case "time":
		content = w.event("", f, "")
	case "cancel":
		set("status", "cancelled")
	case "delete":
		delete(w.folders[p[0]], p[1])
		return
	}
	it := *before
	it.Content = content.WithUID(before.Content.UID()).Touch(ticks(w.n))
	it.Since = w.clock.now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(w.t, "minutes ago")) * time.Minute)
	w.folders[p[0]][p[1]] = &it
}

// quiet looks that nothing happens before something is due.
func (w *randomWorkspace) quiet(c *check) {
	start := w.clock.now
	w.due = earliest(decide.Decide(w.input(w.rels)))
	until := w.due
	if until.IsZero() {
		until = start.Add(1000 * time.Hour)
	}
	for _, share := range []float64{rapid.Float64Range(0, 1).Draw(w.t, "share"), 1} {
		w.clock.now = start.Add(min(time.Duration(share*float64(until.Sub(start))), until.Sub(start)-1))
		wrong := len(c.wrong)
		if c.converged(w.rels); len(c.wrong) > wrong {
			c.fail("that was %v after the apply, and %v before anything is due", w.clock.now.Sub(start), until.Sub(w.clock.now))
		}
	}
	w.clock.now = start
}

// pass lets time pass: until something is due, or some while more or less.
func (w *randomWorkspace) pass() {
	if !w.due.IsZero() && rapid.Bool().Draw(w.t, "until it is due") {
		w.clock.now = w.due
		return
	}
	w.clock.pass(time.Duration(rapid.IntRange(0, 30*60).Draw(w.t, "minutes")) * time.Minute)
}
