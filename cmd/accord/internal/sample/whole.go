package sample

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Everything is one plan that holds every action on every side that it can have, every status, each severity, allowances, requests, operations that were
// not reviewed, occurrences of a series, lists, long texts and long runs of one change.
func Everything() *plan.Document {
	doc := Document(plan.Summary{}, people(), rooms(), partners())
	doc.PlanID = "01KATZ5V7M8Q4D2N9RHW3XBEYC"
	doc.Fingerprint = "5f1c0a9e2b7d4836"
	held := EveryStatus()
	doc.Relationships = append(doc.Relationships, held.Relationships...)
	doc.Allowed, doc.Diagnostics = held.Allowed, held.Diagnostics
	doc.Requests = []plan.Requests{{Provider: "provider.caldav.office", Writes: 14, AtMost: 16, PerMinute: 30, Seconds: 32}, {Provider: "provider.caldav.town", Writes: 1, AtMost: 2}}
	s := held.Summary
	s.Unchanged, s.LeftAlone, s.Settling, s.OutOfWindow = 0, 0, 0, 0
	for i := range doc.Relationships {
		r := &doc.Relationships[i]
		for op := range r.Operations.All() {
			s.Count(op.Action, 1)
		}
		s.Unchanged += r.Unchanged
		s.LeftAlone += r.LeftAlone
		s.Settling += r.Settling
		s.OutOfWindow += r.OutOfWindow
	}
	doc.Summary = s
	return doc
}

// people is a calendar whose every action is planned, in words that an office would use.
func people() plan.Relationship {
	r := EveryAction().Relationships[0]
	agenda := "Agenda\n\n1. What was decided last time\n2. The new office: who moves when, and what is left behind\n3. Budget of the first quarter\n" +
		"4. Any other business\n\nPlease send further points to the front desk by Monday. The minutes of the last meeting are in the shared folder."
	more := []plan.Operation{
		{Action: plan.Edit, Side: plan.Destination, UID: "u20", Title: "Board meeting", Reason: "changed_at_source", Fields: []plan.Field{
			{Name: "description", Before: agenda, After: strings.Replace(strings.Replace(agenda, "Monday", "Tuesday noon", 1), "3. Budget of the first quarter\n", "3. Budget of the first quarter, and who signs it\n", 1)},
			{Name: "start", Before: "2027-01-11T09:00:00+01:00", After: "2027-01-12T14:30:00+01:00"},
			{Name: "end", Before: "2027-01-11T10:00:00+01:00", After: "2027-01-12T15:30:00+01:00"},
		}},
		{Action: plan.Edit, Side: plan.Destination, UID: "u21", Title: "Jour fixe", Reason: "changed_at_source", Fields: []plan.Field{
			{Name: "recurrence", Before: "FREQ=WEEKLY;BYDAY=TU", After: "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630"},
			{Name: "location", Occurrence: "2027-02-02T09:00:00+01:00", Before: "Room 4", After: "Room 5"},
			{Name: "summary", Occurrence: "2027-02-09T09:00:00+01:00", Before: nil, After: "Jour fixe with guests"},
		}},
		{Action: plan.Edit, Side: plan.Destination, UID: "u22", Title: "Kick-off", Start: "2027-01-07T11:00:00+01:00", Reason: "template_changed", Fields: []plan.Field{
			{Name: "attendees", Before: []any{"Ann Lee <ann@example.com>"}, After: []any{"Ann Lee <ann@example.com>", "Bob Ray <bob@example.com>"}},
			{Name: "alarms", Before: []any{"15m"}, After: []any{}},
		}},
		{Action: plan.Delete, Side: plan.Destination, UID: "u23", Title: "Farewell for Émile", Reason: "gone_at_source", Fields: []plan.Field{
			{Name: "start", Before: "2026-12-18T16:00:00+01:00"}, {Name: "summary", Before: "Farewell for Émile"},
		}},
		{Action: plan.Add, Side: plan.Destination, UID: "u24", Title: "(private)", Reason: "new_at_source", Fields: []plan.Field{{Name: "summary", After: "(private)"}}},
	}
	r.Operations = Relationship(r.Address, append(collected(r), more...)...).Operations
	r.Settling, r.OutOfWindow = 2, 12
	return r
}

// rooms is one change to many items.
func rooms() plan.Relationship {
	r := Relationship("relationship.rooms")
	r.Source, r.Destination = "folder.facilities", "folder.reception"
	r.Unchanged = 88
	const bookings = 40
	r.Operations = plan.Stream(bookings, func(yield func(plan.Operation, error) bool) {
		for i := range bookings {
			op := plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: fmt.Sprintf("room-%02d", i), Title: fmt.Sprintf("Booking %d", i+1), Reason: "changed_at_source",
				Fields: []plan.Field{{Name: "location", Before: "Room 4", After: "Room 5"}}}
			if !yield(whole(op), nil) {
				return
			}
		}
	})
	return r
}

// partners is a mesh's edge that an apply within a reviewed plan holds.
func partners() plan.Relationship {
	r := Relationship(`mesh.partners["anna/ben"]`)
	r.Source, r.Destination = "folder.anna", "folder.ben"
	r.Status, r.Reason = plan.Blocked, "it goes beyond the plan that was reviewed: 2 deletes, and 1 was reviewed. Make a new plan, and have it reviewed"
	r.NotReviewed = []plan.Operation{
		whole(plan.Operation{Action: plan.Delete, Side: plan.Destination, UID: "n1", Title: "Supplier visit", Reason: "gone_at_source"}),
		whole(plan.Operation{Action: plan.Delete, Side: plan.Destination, UID: "n2", Title: "Stocktaking", Reason: "gone_at_source"}),
	}
	return r
}

// Many is a plan of n operations that are made as they are read: every tenth is a delete, every third of the rest an edit.
func Many(n int) *plan.Document {
	r := Relationship("relationship.many")
	s := plan.Summary{}
	for i := range n {
		s.Count(nth(i).Action, 1)
	}
	r.Operations = plan.Stream(n, func(yield func(plan.Operation, error) bool) {
		for i := range n {
			if !yield(nth(i), nil) {
				return
			}
		}
	})
	return Document(s, r)
}

func nth(i int) plan.Operation {
	op := plan.Operation{Action: plan.Add, Side: plan.Destination, UID: fmt.Sprintf("uid-%d@example.com", i), OriginalRef: fmt.Sprintf("%d.ics", i),
		Title: fmt.Sprintf("Meeting %d of the day", i), Reason: "new_at_source"}
	switch {
	case i%10 == 9:
		op.Action, op.Reason, op.ReplicaRef = plan.Delete, "gone_at_source", op.OriginalRef
		op.Fields = []plan.Field{{Name: "start", Before: "2027-01-04T10:00:00Z"}}
	case i%3 == 0:
		op.Action, op.Reason, op.ReplicaRef = plan.Edit, "changed_at_source", op.OriginalRef
		op.Fields = []plan.Field{{Name: "location", Before: fmt.Sprintf("Room %d", i%7), After: fmt.Sprintf("Room %d", i%11)}}
	default:
		op.Fields = []plan.Field{{Name: "start", After: "2027-01-04T10:00:00Z"}, {Name: "summary", After: op.Title}}
	}
	return whole(op)
}

func collected(r plan.Relationship) []plan.Operation {
	var ops []plan.Operation
	for op := range r.Operations.All() {
		ops = append(ops, op)
	}
	return ops
}

// Failing is a list whose reading fails after an operation.
func Failing(err error) plan.Operations {
	return plan.Stream(2, func(yield func(plan.Operation, error) bool) {
		if yield(nth(0), nil) {
			yield(plan.Operation{}, err)
		}
	})
}
