package reconcile_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// TestHealthAgreesWithPlans: what an apply records of random workspaces is what a plan right after it says, and the problems of a plan are as many as it counts.
func TestHealthAgreesWithPlans(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 4).Draw(t, "applies") {
			r.wait()
			r.work()
			r.disturb()
			p := r.office.plan(reconcile.Request{})
			r.counted(p)
			r.carryOut(p)
			if r.partial != "" { // another read may show another part
				continue
			}
			again := r.office.plan(reconcile.Request{})
			r.counted(again)
			now := r.look(again).Health
			if recorded := r.health(); !slices.EqualFunc(recorded, now, state.Health.Equal) {
				t.Fatalf("recorded: %+v\nthe plan: %+v\n%s\n%s", recorded, now, describe(p), describe(again))
			}
			r.now = r.now.Add(time.Hour)
			r.carryOut(r.office.plan(reconcile.Request{}))
			if !slices.EqualFunc(r.health(), now, state.Health.Equal) && !r.settles(again) {
				t.Fatalf("nothing happened, and what was %+v is %+v", now, r.health())
			}
		}
	})
}

// settles reports whether time alone may have changed something.
func (r *random) settles(p *plan.Plan) bool {
	return p.Document.Summary.Settling > 0 || slices.ContainsFunc(r.ws.Relations, func(rel *schema.Relationship) bool { return rel.Window != nil || rel.Settle > 0 })
}

// counted fails unless a plan's problems are those that its document counts.
func (r *random) counted(p *plan.Plan) {
	got := map[state.ProblemKind]int{}
	seen := map[string]bool{}
	for _, f := range r.look(p).Found {
		if seen[f.Fingerprint()] {
			r.t.Fatalf("%+v is found twice", f)
		}
		seen[f.Fingerprint()] = true
		got[f.Kind]++
	}
	alerts, undecided := 0, 0
	for _, rel := range p.Document.Relationships {
		if rel.Status == plan.Alert {
			alerts++
		}
	}
	for _, d := range p.Document.Diagnostics {
		if d.Severity == "error" {
			undecided++
		}
	}
	s := p.Document.Summary
	for kind, want := range map[state.ProblemKind]int{state.Conflict: s.Conflict, state.Ambiguous: s.Ambiguous, state.Blocked: s.Blocked, state.Unreadable: s.Unreadable,
		state.Unresolved: s.Unresolved, state.Alert: alerts, state.Undecided: undecided} {
		if got[kind] != want {
			r.t.Fatalf("%s: %d problems, and the plan counts %d:\n%s", kind, got[kind], want, describe(p))
		}
	}
}

func (o *office) look(p *plan.Plan) *reconcile.Checkup {
	o.t.Helper()
	c, err := reconcile.Look(o.ws, o.state, p)
	if err != nil {
		o.t.Fatalf("look: %v", err)
	}
	return c
}

func (o *office) health() []state.Health {
	o.t.Helper()
	list, err := o.state.Health()
	if err != nil {
		o.t.Fatalf("health: %v", err)
	}
	return list
}

// healthOf is what is recorded of one relationship or folder.
func (o *office) healthOf(address string) state.Health {
	o.t.Helper()
	for _, h := range o.health() {
		if h.Address == address {
			return h
		}
	}
	return state.Health{}
}

// counting counts commits.
type counting struct {
	state.Store
	commits int
}

func (c *counting) Commit(b *state.Batch) error {
	c.commits++
	return c.Store.Commit(b)
}

func (c *counting) Enqueue(b *state.Batch) (durable func() error, err error) {
	c.commits++
	return c.Store.Enqueue(b)
}

// TestSince: since when it is in sync and since when something is wrong are told by the first apply that found it so, and quiet applies write nothing.
func TestSince(t *testing.T) {
	o := company(t, memory.DAV())
	quiet := &counting{Store: o.state}
	o.state = quiet
	o.fill("a", 3)
	o.apply()
	first := o.now
	if h := o.healthOf("relationship.copy"); !h.Synced.Equal(first) || len(h.Problems)+h.Pending > 0 {
		t.Fatalf("after the first apply: %+v", h)
	}
	o.apply() // a folder's cursor may go on
	before := quiet.commits
	o.apply()
	if h := o.healthOf("relationship.copy"); !h.Synced.Equal(first) || quiet.commits != before {
		t.Fatalf("after quiet applies: %+v, %d commits", h, quiet.commits-before)
	}

	o.strike = unreachable("folder.a")
	o.apply()
	failed := o.now
	for range 3 {
		before = quiet.commits
		h := o.healthOf("relationship.copy")
		if len(h.Problems) != 1 || !h.Synced.IsZero() || !h.Failure.At.Equal(failed) || !strings.HasPrefix(h.Failure.Text, "folder.a: ") {
			t.Fatalf("while a folder is out of reach: %+v", h)
		}
		if p := h.Problems[0]; p.Kind != state.Alert || p.Item != "folder.a" || p.Cause != "unreachable" || !p.Since.Equal(failed) {
			t.Fatalf("the problem is %+v", p)
		}
		o.apply()
		if quiet.commits != before {
			t.Errorf("an apply that finds what was so already commits")
		}
	}

	o.strike = nil
	o.apply()
	if h := o.healthOf("relationship.copy"); len(h.Problems) > 0 || !h.Synced.Equal(o.now) || !h.Failure.At.Equal(failed) {
		t.Fatalf("after it is back: %+v", h)
	}
}

func unreachable(folder string) faults.Plan {
	return func(c faults.Call) faults.Fault {
		if c.Folder == folder && c.Operation == faults.Changes {
			return faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}
		}
		return faults.Fault{}
	}
}

// TestHealthOfItems: what is wrong with items is known for as long as nobody sees that it is over, and goes when it is.
func TestHealthOfItems(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.at("a").Break(o.find("a", "a 00").Ref, "line 3: it has no colon")
	o.apply()
	found := o.now
	bad := o.healthOf("folder.a").Problems
	if len(bad) != 1 || bad[0].Kind != state.Unreadable || bad[0].Item == "" || !bad[0].Since.Equal(found) || !strings.Contains(bad[0].Reason, "it has no colon") {
		t.Fatalf("recorded: %+v", bad)
	}
	o.strike = unreachable("folder.a")
	o.apply()
	if now := o.healthOf("folder.a").Problems; len(now) != 1 || now[0] != bad[0] {
		t.Fatalf("out of reach, and recorded: %+v", now)
	}
	o.strike = nil
	o.at("a").Delete(bad[0].Item)
	o.apply()
	if now := o.healthOf("folder.a"); now.Address != "" {
		t.Fatalf("it is gone, and recorded: %+v", now)
	}
}

// TestHealthOfWhatIsNotRecorded: what is wrong from the first apply on is known though no folder or relationship is recorded yet.
func TestHealthOfWhatIsNotRecorded(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.at("a").Break(o.find("a", "a 00").Ref, "it is damaged")
	o.strike = unreachable("folder.b")
	o.apply()
	first := o.health()
	if len(first) != 2 || len(first[0].Problems) != 1 || len(first[1].Problems) != 1 {
		t.Fatalf("recorded: %+v", first)
	}
	for range 2 {
		o.apply()
		if now := o.health(); !slices.EqualFunc(now, first, state.Health.Equal) {
			t.Fatalf("nothing changed, and recorded: %+v", now)
		}
	}
}

// TestPending: what could not be written is pending, with the error, until an apply writes it.
func TestPending(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.strike = func(c faults.Call) faults.Fault {
		if c.Folder == "folder.b" && c.Operation == faults.Create {
			return faults.Fault{Effect: faults.Fail, Class: providers.Unauthorized}
		}
		return faults.Fault{}
	}
	o.apply()
	h := o.healthOf("relationship.copy")
	if h.Pending != 3 || !h.Synced.IsZero() || !strings.HasPrefix(h.Failure.Text, "folder.b: ") {
		t.Fatalf("recorded: %+v", h)
	}
	if now := o.look(o.plan(reconcile.Request{})).Health; len(now) != 1 || now[0].Pending != 3 {
		t.Fatalf("a plan says %+v", now)
	}
	o.strike = nil
	o.apply()
	if h := o.healthOf("relationship.copy"); h.Pending != 0 || !h.Synced.Equal(o.now) {
		t.Fatalf("after all was written: %+v", h)
	}
}

// TestHealthIsForgotten: with what left the configuration.
func TestHealthIsForgotten(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.at("a").Break(o.find("a", "a 00").Ref, "it is damaged")
	o.apply()
	o.unrelate("relationship.copy")
	o.ws.Folders = nil
	o.apply()
	if list := o.health(); len(list) > 0 {
		t.Fatalf("recorded: %+v", list)
	}
}

// TestHealthGoesWithAName: a relationship that a `moved` block gives another name is as it was.
func TestHealthGoesWithAName(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.apply()
	was := o.healthOf("relationship.copy")
	o.unrelate("relationship.copy")
	o.relate("renamed", "a", "b", oneWay())
	o.ws.Moved = []schema.Moved{{From: "relationship.copy", To: "relationship.renamed"}}
	o.apply()
	if h := o.healthOf("relationship.renamed"); !h.Synced.Equal(was.Synced) || o.healthOf("relationship.copy").Address != "" {
		t.Fatalf("recorded: %+v, and it was %+v", o.health(), was)
	}
}

// TestCausesOfAlerts: an error in other words is the same problem, another class of errors is another one.
func TestCausesOfAlerts(t *testing.T) {
	prints := map[providers.Class]string{}
	for _, class := range []providers.Class{providers.Unreachable, providers.Unauthorized, providers.Throttled} {
		for range 2 {
			o := company(t, memory.DAV())
			o.fill("a", 3)
			o.apply()
			o.strike = func(c faults.Call) faults.Fault {
				if c.Folder == "folder.a" && c.Operation == faults.Changes {
					return faults.Fault{Effect: faults.Fail, Class: class}
				}
				return faults.Fault{}
			}
			o.apply()
			p := o.healthOf("relationship.copy").Problems[0]
			if was, known := prints[class]; known && was != p.Fingerprint() || p.Cause != string(class) {
				t.Errorf("%s: %+v is not what it was", class, p)
			}
			prints[class] = p.Fingerprint()
		}
	}
	if prints[providers.Unreachable] == prints[providers.Unauthorized] {
		t.Error("a folder that refuses is taken for one that is out of reach")
	}
}
