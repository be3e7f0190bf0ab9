package reconcile_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// student adds an instance of relationship.lessons, from the timetable of a group to a calendar of its own.
func (o *office) student(key, group string) *schema.Relationship {
	o.folder(key, memory.DAV())
	r := &schema.Relationship{Address: fmt.Sprintf("relationship.lessons[%q]", key), Block: "relationship.lessons", Key: key, Source: o.spec(group), Destination: o.spec(key),
		Enabled: true, Policies: oneWay(), Fingerprint: "as written"}
	o.add(r)
	return r
}

// university is a block of eight students in a group of three lessons; another group has two.
func university(t *testing.T) *office {
	o := newOffice(t)
	o.ws.Blocks = []*schema.Block{{Address: "relationship.lessons", Keys: []string{}}}
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	for _, title := range []string{"Algebra", "Botany", "Chemistry"} {
		o.at("a").Put(event(title, title))
	}
	o.at("b").Put(event("Dance", "Dance"))
	o.at("b").Put(event("English", "English"))
	for n := range 8 {
		o.student(fmt.Sprint("s", n), "a")
	}
	o.edit("a", "Algebra", "location", "Hall A")
	o.apply()
	return o
}

// A room is renamed, one joins, one leaves, one moves to the other group: people are counted, and the room is one change.
func TestPeopleAreCounted(t *testing.T) {
	o := university(t)
	o.unrelate(`relationship.lessons["s0"]`)
	o.ws.Relations[slices.IndexFunc(o.ws.Relations, func(r *schema.Relationship) bool { return r.Key == "s1" })].Source = o.spec("b")
	o.student("s8", "a")
	o.edit("a", "Algebra", "location", "Hall B")
	p := o.plan(reconcile.Request{})
	want := plan.People{Block: "relationship.lessons", People: 9, Join: plan.Share{People: 1, Add: 3}, Leave: plan.Share{People: 1, Delete: 3},
		Differ: plan.Share{People: 1, Add: 2, Delete: 3}, Change: plan.Share{People: 6, Edit: 6}}
	if got := p.Document.People; len(got) != 1 || got[0] != want {
		t.Errorf("people: %+v, want %+v:\n%s", got, want, describe(p))
	}
	for key, want := range map[string]plan.Membership{"s0": plan.Leaves, "s1": "", "s2": "", "s8": plan.Joins} {
		if got := relationship(t, p, fmt.Sprintf("relationship.lessons[%q]", key)).Membership; got != want {
			t.Errorf("%s %q, want %q", key, got, want)
		}
	}
	room := plan.Change{Block: "relationship.lessons", Action: plan.Edit, Side: plan.Destination, Reason: "changed_at_source", UID: "Algebra", Title: "Algebra",
		Fields: []plan.Field{{Name: "location", Before: "Hall A", After: "Hall B"}}, Operations: 6, Of: 6, Relationships: 6}
	got := slices.Clone(p.Document.Changes)
	if len(got) != 1 || len(got[0].Such) != 5 || got[0].Such[0] != `relationship.lessons["s2"]` {
		t.Fatalf("changes: %+v", got)
	}
	room.Such, room.Start = got[0].Such, got[0].Start
	if !reflect.DeepEqual(got[0], room) {
		t.Errorf("%+v, want %+v", got[0], room)
	}
	o.carryOut(p)
	p = o.plan(reconcile.Request{})
	if got, want := p.Document.People[0], (plan.People{Block: "relationship.lessons", People: 8, Unchanged: 8}); got != want || len(p.Document.Changes) > 0 {
		t.Errorf("after the apply: %+v and %+v", got, p.Document.Changes)
	}
}

// Several lessons in a room that is renamed are one change, of no single item.
func TestOneChangeBehindManyItems(t *testing.T) {
	o := university(t)
	o.edit("a", "Botany", "location", "Hall A")
	o.apply()
	for _, title := range []string{"Algebra", "Botany"} {
		o.edit("a", title, "location", "Hall B")
	}
	changes := o.plan(reconcile.Request{}).Document.Changes
	if len(changes) != 1 || changes[0].Operations != 16 || changes[0].Relationships != 8 || changes[0].UID+changes[0].Title+changes[0].Start != "" {
		t.Errorf("%+v", changes)
	}
}

// What a guard holds is not in the plan. The change behind it is told all the same, beside the reason: that is recorded, and quotes no item.
func TestGuardTellsTheChangeBehind(t *testing.T) {
	o := university(t)
	for _, r := range o.ws.Relations {
		r.Guard.MaxEdits = schema.Limit{Set: true}
	}
	o.edit("a", "Algebra", "location", "Hall B")
	p := o.plan(reconcile.Request{})
	r := relationship(t, p, `relationship.lessons["s3"]`)
	if r.Status != plan.Blocked || r.Behind == nil || r.Behind.Operations != 8 || r.Behind.Of != 8 || r.Behind.Fields[0].After != "Hall B" || strings.Contains(r.Reason, "Hall") {
		t.Errorf("%s: %s, %+v", r.Status, r.Reason, r.Behind)
	}
	if !strings.Contains(r.Reason, ". To allow all 8 edits in relationship.lessons: -allow-edits=relationship.lessons:8. To allow exactly this: '-allow-edits=relationship.lessons[\"s3\"]:1'") {
		t.Errorf("the reason is %q", r.Reason)
	}
	allowed := o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "edits", Address: "relationship.lessons", Count: 8}}})
	if n := allowed.Document.Summary.Edit; n != 8 {
		t.Errorf("allowed for the block, %d are planned", n)
	}
	if got := p.Document.People[0]; got.Held != 8 || got.Change.People != 0 || len(p.Document.Changes) != 0 {
		t.Errorf("%+v %+v", got, p.Document.Changes)
	}
}

// Leavers beyond their guard are counted as people, with what they would lose.
func TestGuardSpeaksOfPeople(t *testing.T) {
	o := university(t)
	o.ws.Guard.MaxLeavers = schema.Limit{Set: true, Value: 1}
	o.unrelate(`relationship.lessons["s0"]`)
	o.unrelate(`relationship.lessons["s1"]`)
	p := o.plan(reconcile.Request{})
	want := "2 of 8 people (keys of its for_each) left relationship.lessons, with 6 replicas, and the guard allows 1. To allow exactly this: -allow-leavers=2"
	if r := relationship(t, p, `relationship.lessons["s0"]`); r.Status != plan.Blocked || r.Reason != want || r.Membership != plan.Leaves {
		t.Errorf("%s: %s", r.Status, r.Reason)
	}
	if got := p.Document.People[0]; got.Held != 2 || got.Leave.People != 0 {
		t.Errorf("%+v", got)
	}
}

// Nobody leaves when everything is taken out of all.
func TestNobodyLeavesWhenAllIsTakenOut(t *testing.T) {
	o := university(t)
	p := o.plan(reconcile.Request{Destroy: true})
	if got := p.Document.People[0]; got.Leave.People != 0 || got.Differ.People != 8 || len(p.Document.Changes) != 3 || p.Document.Changes[0].Operations != 8 {
		t.Errorf("%+v, %+v", got, p.Document.Changes)
	}
}
