package sample

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/plan"
)

// lessons is how many a student of the university has.
const lessons = 60

// University is a plan for so many students: a hall is renamed, a lesson is moved, another is cancelled and a third is added; three students join, one leaves
// with everything, two move to another group, and some are held.
func University(students int) *plan.Document {
	doc := Document(plan.Summary{})
	people := plan.People{Block: "relationship.lessons"}
	common := map[string]*plan.Change{}
	last := map[*plan.Change]string{}
	for n := range students {
		r, actions := student(n, doc, common, last)
		people.Count(&r, actions)
		doc.Relationships = append(doc.Relationships, r)
		doc.Summary.Unchanged += r.Unchanged
		if r.Status == plan.Blocked {
			doc.Summary.Blocked++
		}
	}
	doc.Summary.Unresolved = people.Unresolved
	doc.People = []plan.People{people}
	for _, c := range common {
		for _, other := range common {
			if other.Action == c.Action {
				c.Of += other.Operations
			}
		}
		doc.Changes = append(doc.Changes, *c)
	}
	slices.SortFunc(doc.Changes, func(a, b plan.Change) int {
		return cmp.Or(b.Operations-a.Operations, cmp.Compare(a.Action, b.Action))
	})
	return doc
}

// student is the n-th of the university, with how many operations of each action are planned. What is common to several is counted.
func student(n int, doc *plan.Document, common map[string]*plan.Change, last map[*plan.Change]string) (plan.Relationship, map[plan.Action]int) {
	key := fmt.Sprintf("s%05d", n)
	r := Relationship(fmt.Sprintf("relationship.lessons[%q]", key))
	r.Source, r.Destination = fmt.Sprintf("folder.timetable.partition[%q]", key), fmt.Sprintf("folder.student[%q]", key)
	var ops []plan.Operation
	shared := func(name string, op plan.Operation) {
		ops = append(ops, op)
		c := common[name]
		if c == nil {
			first := plan.ChangeOf("relationship.lessons", op)
			c = &first
			common[name] = c
		}
		if c.UID != op.UID {
			c.UID, c.Title, c.Start = "", "", ""
		}
		c.Operations++
		if last[c] != r.Address {
			last[c] = r.Address
			if c.Relationships++; len(c.Such) < 5 {
				c.Such = append(c.Such, r.Address)
			}
		}
	}
	switch {
	case n < 3:
		r.Membership = plan.Joins
		ops = append(ops, plan.Operation{Action: plan.CreateFolder, Side: plan.Destination, Title: r.Destination, Reason: "folder_missing"})
		for i := range lessons {
			ops = append(ops, lesson(plan.Add, i))
		}
	case n == 3:
		r.Membership = plan.Leaves
		for i := range lessons {
			op := lesson(plan.Delete, i)
			op.Reason = "relationship_removed"
			ops = append(ops, op)
		}
	case n == 4 || n == 5:
		for i := range 4 {
			op := lesson(plan.Add, 100+10*n+i)
			ops = append(ops, op, lesson(plan.Delete, 200+10*n+i))
		}
	case n == 6:
		r.Status, r.Reason = plan.Unresolved, r.Destination+" has no address"
	case n >= 7 && n < 14:
		r.Status, r.Unchanged = plan.Blocked, lessons
		r.Reason = fmt.Sprintf("it would edit 12 of 60 items in %s, and its guard allows 5 %% (3). To allow exactly this: '-allow-edits=%s:12'", r.Destination, r.Address)
		behind := plan.ChangeOf("relationship.lessons", room(1))
		behind.UID, behind.Title, behind.Operations, behind.Of, behind.Relationships = "", "", 82, 84, 7
		r.Behind = &behind
	default:
		r.Unchanged = lessons
		for i := range 1 + n%3 {
			if n%2 == 0 {
				shared("room", room(i))
			}
		}
		if n%5 == 0 {
			op := lesson(plan.Edit, 30)
			op.Reason, op.Start = "changed_at_source", "2027-01-11T09:00:00Z"
			op.Fields = []plan.Field{{Name: "start", Before: "2027-01-11T09:00:00Z", After: "2027-01-12T14:00:00Z"}, {Name: "end", Before: "2027-01-11T10:00:00Z", After: "2027-01-12T15:00:00Z"}}
			shared("moved", op)
		}
		if n%7 == 0 {
			shared("cancelled", lesson(plan.Delete, 40))
		}
		if n%6 == 0 {
			shared("added", lesson(plan.Add, 50))
		}
		if n == 20 {
			op := room(3)
			op.Title, op.Fields = "(private)", []plan.Field{{Name: "description", Before: "(private)", After: "(private)"}}
			ops = append(ops, op)
		}
		r.Unchanged -= len(ops)
	}
	actions := map[plan.Action]int{}
	for i, op := range ops {
		ops[i] = whole(op)
		actions[op.Action]++
		doc.Summary.Count(op.Action, 1)
	}
	r.Operations = plan.List(ops...)
	return r, actions
}

// lesson is one that comes or goes.
func lesson(action plan.Action, n int) plan.Operation {
	op := plan.Operation{Action: action, Side: plan.Destination, UID: fmt.Sprintf("lesson-%d", n), Title: fmt.Sprintf("Lesson %d", n), Reason: "new_at_source"}
	start := fmt.Sprintf("2027-01-%02dT09:00:00Z", 4+n%25)
	field := plan.Field{Name: "start", After: start}
	if action == plan.Delete {
		op.Reason, field = "gone_at_source", plan.Field{Name: "start", Before: start}
	}
	op.Fields = []plan.Field{field}
	return op
}

// room is the renamed one of a lesson.
func room(n int) plan.Operation {
	return plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: fmt.Sprintf("lesson-%d", n), Title: fmt.Sprintf("Lesson %d", n), Start: "2027-01-18T09:00:00Z",
		Reason: "changed_at_source", Fields: []plan.Field{{Name: "location", Before: "Hall A", After: "Hall B"}}}
}
