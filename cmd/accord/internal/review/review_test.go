package review_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Every operation is in one part, and is counted once.
func TestPartsAreTheWhole(t *testing.T) {
	for _, r := range sample.Everything().Relationships {
		tally, err := review.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		read := map[review.Part]int{}
		for _, part := range []review.Part{review.Waits, review.Deletes, review.Rest} {
			for op, err := range review.Operations(r, part) {
				if err != nil || review.PartOf(op) != part {
					t.Errorf("%s of part %d: %v", op.Action, review.PartOf(op), err)
				}
				read[part]++
			}
		}
		if read[review.Waits] != tally.Waits || read[review.Deletes] != tally.Delete || read[review.Rest] != tally.Add+tally.Edit+tally.Other {
			t.Errorf("%s: %v are read, and %+v counted", r.Address, read, tally)
		}
		if all := tally.Changes() + tally.Waits; all != r.Operations.Len() {
			t.Errorf("%s: %d of %d are counted", r.Address, all, r.Operations.Len())
		}
	}
}

func TestBrokenListIsAnError(t *testing.T) {
	broken := errors.New("the disk is gone")
	r := plan.Relationship{Address: "relationship.a", Operations: sample.Failing(broken)}
	if _, err := review.Count(r); !errors.Is(err, broken) {
		t.Errorf("Count: %v", err)
	}
	var failed error
	for _, err := range review.Operations(r, review.Rest) {
		failed = errors.Join(failed, err)
	}
	if !errors.Is(failed, broken) {
		t.Errorf("Operations: %v", failed)
	}
}

func TestVerdict(t *testing.T) {
	held := sample.Relationship("relationship.a")
	held.Status = plan.Blocked
	paused := sample.Relationship("relationship.b")
	paused.Status = plan.Paused
	for want, doc := range map[string]*plan.Document{
		"nothing to do":                             sample.Document(plan.Summary{Unchanged: 3}, paused),
		"1 change":                                  sample.Document(plan.Summary{Adopt: 1}),
		"1 change, a delete":                        sample.Document(plan.Summary{Delete: 1}),
		"2 changes, all of them deletes":            sample.Document(plan.Summary{Delete: 2}),
		"3 changes, 1 of them a delete":             sample.Document(plan.Summary{Add: 2, Delete: 1}),
		"5 changes, 2 of them deletes":              sample.Document(plan.Summary{Add: 2, CreateFolder: 1, Delete: 2}),
		"nothing to do; 1 thing waits for a person": sample.Document(plan.Summary{Blocked: 1}, held, paused),
		"1 change; 4 things wait for a person":      sample.Document(plan.Summary{Edit: 1, Conflict: 2, Ambiguous: 1, Blocked: 1}, held),
	} {
		if got := review.Verdict(doc); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOverride(t *testing.T) {
	for reason, want := range map[string][2]string{
		"it would delete 3. To allow exactly this: -allow-deletes=relationship.b:3":        {"it would delete 3. To allow exactly this:", "-allow-deletes=relationship.b:3"},
		`it would delete 3. To allow exactly this: '-allow-deletes=relationship.b["x"]:3'`: {"it would delete 3. To allow exactly this:", `'-allow-deletes=relationship.b["x"]:3'`},
		"folder.a is not there": {"folder.a is not there", ""},
		"":                      {"", ""},
	} {
		if why, flag := review.Override(reason); why != want[0] || flag != want[1] {
			t.Errorf("%q: %q and %q", reason, why, flag)
		}
	}
}

func TestHide(t *testing.T) {
	doc := sample.Everything()
	before := fmt.Sprint(doc.Relationships[0].NotReviewed, doc.Relationships[2].NotReviewed)
	hidden := review.Hide(doc)
	if after := fmt.Sprint(doc.Relationships[0].NotReviewed, doc.Relationships[2].NotReviewed); after != before {
		t.Error("the document itself was changed")
	}
	for i, r := range hidden.Relationships {
		if r.Operations.Len() != doc.Relationships[i].Operations.Len() || len(r.NotReviewed) != len(doc.Relationships[i].NotReviewed) {
			t.Errorf("%s has lost operations", r.Address)
		}
		all := slices.Clone(r.NotReviewed)
		for op := range r.Operations.All() {
			all = append(all, op)
		}
		for _, op := range all {
			if op.Action != plan.CreateFolder && op.Title != "(private)" || op.Start != "" {
				t.Errorf("the title %q is shown, or the start %q", op.Title, op.Start)
			}
			for _, f := range op.Fields {
				for _, v := range []any{f.Before, f.After} {
					if v != nil && v != "(private)" {
						t.Errorf("%s says %v", f.Name, v)
					}
				}
			}
		}
	}
}

// One edit stands for those that say the same, when they are many; what differs in anything that is told is told.
func TestAlike(t *testing.T) {
	room := func(n int) plan.Operation {
		return plan.Operation{Action: plan.Edit, Title: fmt.Sprint(n), Reason: "changed_at_source", Fields: []plan.Field{{Name: "location", Before: "Room 4", After: "Room 5"}}}
	}
	other := room(7)
	other.Reason = "template_changed"
	detailed := room(8)
	detailed.Detail = "its own"
	added := room(9)
	added.Action = plan.Add
	for _, n := range []int{4, 5, 412} {
		alike := review.NewAlike()
		for i := range n {
			alike.Look(room(i))
		}
		for _, op := range []plan.Operation{other, detailed, added} {
			alike.Look(op)
		}
		rows := 0
		for i := range n {
			stands, first := alike.Of(room(i))
			if want := n >= 5; (stands == n) != want || first != (want && i == 0) {
				t.Errorf("%d of %d: it stands for %d, %v", i, n, stands, first)
			}
			if stands == 0 || first {
				rows++
			}
		}
		if want := map[int]int{4: 4, 5: 1, 412: 1}[n]; rows != want {
			t.Errorf("%d edits make %d rows", n, rows)
		}
		for _, op := range []plan.Operation{other, detailed, added} {
			if stands, _ := alike.Of(op); stands != 0 {
				t.Errorf("%+v is one of %d", op, stands)
			}
		}
	}
}
