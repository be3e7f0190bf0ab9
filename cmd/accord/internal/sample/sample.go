// Package sample holds plans that the tests of every form draw, so that one form shows what another does.
package sample

import (
	"time"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Made is when the samples were made.
func Made() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC) }

// Document is a plan of the office workspace.
func Document(summary plan.Summary, relationships ...plan.Relationship) *plan.Document {
	return &plan.Document{
		FormatVersion: plan.FormatVersion, Workspace: "office", PlanID: "p1", CreatedAt: Made(), Fingerprint: "f1",
		Summary: summary, Relationships: relationships, Diagnostics: []plan.Diagnostic{},
	}
}

// Relationship is one from the company's folder to that of one of its staff.
func Relationship(address string, operations ...plan.Operation) plan.Relationship {
	for i, op := range operations {
		operations[i] = whole(op)
	}
	return plan.Relationship{
		Address: address, Source: "folder.company", Destination: `folder.staff["alice"]`, Status: plan.OK, Operations: plan.List(operations...),
	}
}

// whole is an operation as the engine makes it, whose lists are never null in JSON.
func whole(op plan.Operation) plan.Operation {
	if op.Originals == nil {
		op.Originals = []string{}
	}
	if op.Fields == nil {
		op.Fields = []plan.Field{}
	}
	return op
}

// EveryAction has one operation of each action, on either side, with all that an operation can say.
func EveryAction() *plan.Document {
	r := Relationship(`relationship.company_to_staff["alice"]`,
		plan.Operation{Action: plan.CreateFolder, Side: plan.Destination, Title: `folder.staff["alice"]`, Reason: "folder_missing"},
		plan.Operation{Action: plan.Add, Side: plan.Destination, UID: "u1", Title: "Team lunch", Reason: "new_at_source", Fields: []plan.Field{
			{Name: "start", After: "2027-01-04T10:00:00Z"}, {Name: "summary", After: "Team lunch"},
		}},
		plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: "u2", Title: "Stand-up", Reason: "changed_at_source", Fields: []plan.Field{
			{Name: "summary", Before: "Standup", After: "Stand-up"},
			{Name: "location", Before: nil, After: "Room 4"},
			{Name: "categories", Before: []string{"Work"}, After: []any{"Work", "Daily"}},
			{Name: "all_day", Before: false, After: true},
		}},
		plan.Operation{Action: plan.Edit, Side: plan.Source, UID: "u3", Title: "Review", Reason: "changed_at_destination", Detail: "the edit of its location goes back"},
		plan.Operation{Action: plan.Delete, Side: plan.Destination, UID: "u14", Title: "Not for them", Reason: "left_filter"},
		plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: "u15", Title: "Weekly", Reason: "changed_at_source", Fields: []plan.Field{
			{Name: "start", Occurrence: "2026-12-08T10:00:00Z", Before: "2026-12-08T10:00:00Z", After: "2026-12-08T13:00:00Z"},
			{Name: "summary", Occurrence: "2026-12-08T10:00:00Z", Before: "Weekly", After: "Weekly, moved"},
			{Name: "status", Occurrence: "2026-12-15T10:00:00Z", After: "cancelled"},
			{Name: "start", Occurrence: "2026-12-22T10:00:00Z", Before: "2026-12-22T12:00:00Z"},
		}},
		plan.Operation{Action: plan.Delete, Side: plan.Destination, UID: "u4", Title: "Old plan", Reason: "gone_at_source"},
		plan.Operation{Action: plan.Delete, Side: plan.Source, UID: "u5", Title: "Older plan", Reason: "gone_at_destination"},
		plan.Operation{Action: plan.Adopt, Side: plan.Destination, UID: "u6", Title: "Holiday", Reason: "adopted_uid"},
		plan.Operation{Action: plan.Mark, Side: plan.Destination, UID: "u7", Title: "Deleted: Outing", Reason: "gone_at_source"},
		plan.Operation{Action: plan.Retire, Side: plan.Destination, UID: "u8", Title: "Archive", Reason: "original_unknown"},
		plan.Operation{Action: plan.Release, Side: plan.Destination, UID: "u9", Title: "Freed", Reason: "relationship_removed"},
		plan.Operation{Action: plan.Conflict, Side: plan.Destination, UID: "u10", Title: "Budget", Reason: "conflict_manual", Fields: []plan.Field{
			{Name: "location", Before: "Room 4", After: "Room 5"},
		}},
		plan.Operation{Action: plan.Ambiguous, Side: plan.Destination, UID: "u11", Title: "Anna Smith", Reason: "ambiguous", Candidates: []string{"a.ics", "b.ics"}},
		plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: "u12", Title: "Shared", Reason: "a_code_of_tomorrow", Originals: []string{"relationship.a", "relationship.b"}},
		plan.Operation{Action: plan.Add, Side: plan.Destination, UID: "u13", Reason: "new_at_source"},
		plan.Operation{Action: plan.Add, Side: plan.Destination, Reason: "new_at_source"},
	)
	r.Unchanged, r.LeftAlone = 30, 4
	return Document(plan.Summary{
		Add: 3, Edit: 4, Delete: 3, Adopt: 1, Mark: 1, Retire: 1, Release: 1, CreateFolder: 1, Conflict: 1, Ambiguous: 1, Unchanged: 30, LeftAlone: 4,
	}, r)
}

// EveryStatus has a relationship in each status, and diagnostics of each severity.
func EveryStatus() *plan.Document {
	with := func(address string, s plan.Status, reason string) plan.Relationship {
		r := Relationship(address)
		r.Status, r.Reason = s, reason
		return r
	}
	doc := Document(plan.Summary{
		Blocked: 1, Unresolved: 1, Unreadable: 2, Stale: 1, Refused: 1, Settling: 3, Pruned: 4, OutOfWindow: 5, Unchanged: 6, LeftAlone: 7, Notified: 1,
	},
		with("relationship.a", plan.OK, ""),
		with("relationship.b", plan.Blocked, "it would delete 120 of 200 items in folder.company. To allow exactly this: -allow-deletes=relationship.b:120"),
		with("relationship.c", plan.Alert, "folder.company is not there"),
		with("relationship.d", plan.Paused, "paused by anna@office: the room is being moved"),
		with("relationship.e", plan.Disabled, ""),
		with("relationship.f", plan.Unresolved, "folder.staff[\"alice\"] has no address"),
		with("relationship.g", plan.OK, ""),
	)
	doc.Diagnostics = []plan.Diagnostic{
		{Severity: "warning", Address: "folder.company", Ref: "broken.ics", Summary: "line 4: it ends early", Detail: "Mend the file, or take it away."},
		{Severity: "error", Address: "folder.company", Summary: "it cannot be read"},
		{Severity: "info", Summary: "2 items have no UID"},
	}
	doc.Allowed = []plan.Allowance{{Kind: "deletes", Address: "relationship.g", Count: 12}, {Kind: "leavers", Count: 3}}
	return doc
}
