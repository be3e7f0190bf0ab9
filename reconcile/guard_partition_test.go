package reconcile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// A query that lacks half of its rows takes a little from each of many people: too little for the guard of each, and too much altogether.
func TestGuardOverPartitions(t *testing.T) {
	const people = 4
	timetable := func(t *testing.T) *office {
		o := newOffice(t)
		for i := range people {
			from, to := fmt.Sprintf("p%d", i), fmt.Sprintf("s%d", i)
			o.folder(from, memory.DAV())
			o.folder(to, memory.DAV())
			spec := o.spec(from)
			spec.Address = fmt.Sprintf("folder.timetable.partition[%q]", from)
			spec.Config.Address, spec.Config.Partition = spec.Address, &from
			r := &schema.Relationship{Address: fmt.Sprintf("relationship.lessons[%q]", to), Block: "relationship.lessons", Key: to, Source: spec, Destination: o.spec(to), Enabled: true, Policies: oneWay(), Fingerprint: "as written"}
			o.add(r)
			o.fill(from, 5)
		}
		o.apply()
		return o
	}
	for gone, blocked := range map[int]bool{1: false, 2: true, 4: true} {
		t.Run(fmt.Sprintf("%d of 5 gone", gone), func(t *testing.T) {
			o := timetable(t)
			for i := range people {
				o.empty(fmt.Sprintf("p%d", i), gone)
			}
			p := o.plan(reconcile.Request{})
			if got := p.Document.Summary.Blocked == people; got != blocked {
				t.Fatalf("blocked is %v, want %v:\n%s", got, blocked, describe(p))
			}
			if !blocked {
				return
			}
			override := fmt.Sprintf("To allow all that relationship.lessons would delete: -allow-deletes=relationship.lessons:%d", people*gone)
			want := fmt.Sprintf("with 3 other relationships it would delete %d of 20 items that come from folder.timetable, and the guard allows 30 %% (6). ", people*gone) + override
			if r := relationship(t, p, `relationship.lessons["s1"]`); r.Reason != want {
				t.Errorf("%s, want\n%s", r.Reason, want)
			}
			if p := o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.lessons", Count: people*gone - 1}}}); p.Document.Summary.Blocked == 0 {
				t.Error("an override of one fewer is enough")
			}
			if p := o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.lessons", Count: people * gone}}}); p.Document.Summary.Delete != people*gone {
				t.Errorf("the override is not enough:\n%s", describe(p))
			}
		})
	}
	o := timetable(t)
	for i := range people {
		o.empty(fmt.Sprintf("p%d", i), 2)
	}
	o.ws.Relations[0].Guard.MaxDeletes = schema.Limit{Set: true, Value: 2}
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Blocked != people-1 || !strings.Contains(describe(p), "6 of 15 items") {
		t.Errorf("a guard that is written down decides for itself:\n%s", describe(p))
	}
}
