package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// troubled is a random plan that leaves things undone, with the workspace and the state that it is of.
func troubled(t *rapid.T) (*schema.Workspace, *state.InMemory, *plan.Document) {
	ws, recorded := &schema.Workspace{Name: "office"}, state.Memory()
	doc := sample.Document(plan.Summary{})
	few := func(what string) int { return rapid.IntRange(0, 2).Draw(t, what) }
	for i := range rapid.IntRange(0, 3).Draw(t, "relationships") {
		r := sample.Relationship(fmt.Sprintf("relationship.r%d", i))
		var ops []plan.Operation
		switch r.Status = rapid.SampledFrom([]plan.Status{plan.OK, plan.OK, plan.Blocked, plan.Alert, plan.Paused, plan.Disabled}).Draw(t, "status"); r.Status {
		case plan.Blocked:
			doc.Summary.Blocked++
			r.Reason = rapid.SampledFrom([]string{"it would delete 9 of 20 items", "it would delete 10 of 20 items"}).Draw(t, "guard")
		case plan.Alert:
			r.Reason = "folder.a: no answer"
			r.Fault = &plan.Fault{Folder: "folder.a", Cause: rapid.SampledFrom([]string{"unreachable", "unauthorized", "unknown"}).Draw(t, "cause")}
		case plan.OK:
			for n := range few("conflicts") {
				ops = append(ops, plan.Operation{Action: plan.Conflict, UID: fmt.Sprint("c", n), Reason: "conflict_manual"})
			}
			for n := range few("ambiguous") {
				ops = append(ops, plan.Operation{Action: plan.Ambiguous, UID: fmt.Sprint("a", n), Reason: "ambiguous"})
			}
			var pairs []state.Pair
			for n := range few("refused") {
				pairs = append(pairs, state.Pair{Relationship: r.Address, Original: fmt.Sprint("r", n), Status: state.Active, Refused: 7})
				doc.Summary.Refused++
			}
			if err := recorded.Commit(&state.Batch{Relationships: []state.Relationship{{Address: r.Address}}, Pairs: pairs}); err != nil {
				t.Fatal(err)
			}
		}
		for _, op := range ops {
			doc.Summary.Count(op.Action, 1)
		}
		r.Operations = plan.List(ops...)
		doc.Relationships = append(doc.Relationships, r)
	}
	for n := range few("unreadable") {
		doc.Summary.Unreadable++
		doc.Diagnostics = append(doc.Diagnostics, plan.Diagnostic{Severity: "warning", Code: plan.ItemUnreadable, Address: "folder.a", Ref: fmt.Sprint(n, ".ics"), Summary: "s", Detail: "line 3"})
	}
	for n := range few("undecided") {
		doc.Diagnostics = append(doc.Diagnostics, plan.Diagnostic{Severity: "error", Code: plan.ItemUndecided, Address: "relationship.r0", Ref: fmt.Sprint(n), Summary: "s"})
	}
	for n := range few("unresolved") {
		doc.Summary.Unresolved++
		ws.Folders = append(ws.Folders, &schema.Folder{Address: fmt.Sprint("folder.u", n), Unresolved: true})
	}
	return ws, recorded, doc
}

// TestKnownProblemsHideNoOthers: the exit code is that of the problems that nobody acknowledged, whatever is acknowledged beside them, and without any that of
// the whole plan.
func TestKnownProblemsHideNoOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ws, recorded, doc := troubled(t)
		dir, err := os.MkdirTemp("", "known")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		ws.StatePath = dir
		p := testProgram()
		met := func() condition {
			got, err := p.leftOpen(ws, recorded, doc)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := met(); got != openEnds(doc) {
			t.Fatalf("nothing is acknowledged, and it ends with %08b instead of %08b", got, openEnds(doc))
		}
		found, err := reconcile.Problems(ws, recorded, doc)
		if err != nil {
			t.Fatal(err)
		}
		ack := state.Ack{Address: "*", Since: p.now(), Until: p.now().Add(time.Hour)}
		var want condition
		for _, f := range found {
			switch {
			case rapid.Bool().Draw(t, "known"):
				ack.Problems = append(ack.Problems, state.Known(f.Problem))
			case f.Kind == state.Blocked, f.Kind == state.Conflict, f.Kind == state.Ambiguous:
				want |= waits
			default:
				want |= partly
			}
		}
		if err := state.SetAck(dir, ack); err != nil {
			t.Fatal(err)
		}
		if got := met(); got != want {
			t.Fatalf("with %+v of %+v acknowledged, it ends with %08b instead of %08b", ack.Problems, found, got, want)
		}
		p.now = func() time.Time { return ack.Until }
		if got := met(); got != openEnds(doc) {
			t.Fatalf("the time is over, and it ends with %08b instead of %08b", got, openEnds(doc))
		}
	})
}
