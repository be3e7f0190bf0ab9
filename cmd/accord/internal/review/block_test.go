package review_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile/plan"
)

// What lines of a block tell and what is left of its relationships is the whole, and nothing is told twice.
func TestBlocksAreTheWhole(t *testing.T) {
	for name, doc := range map[string]*plan.Document{"university": sample.University(300), "everything": sample.Everything(), "hidden": review.Hide(sample.University(300))} {
		relationships, together := 0, 0
		for _, b := range review.Blocks(doc) {
			relationships += len(b.Relationships)
			got, want := b.Tally(), review.Tally{}
			if b.Together() {
				together++
			} else if got != want {
				t.Errorf("%s: %s tells nothing, and %+v", name, b.Address, got)
			}
			for _, r := range b.Relationships {
				left, err := b.Left(r)
				if err != nil {
					t.Fatal(err)
				}
				add(t, &got, left)
				add(t, &want, r)
			}
			if got != want {
				t.Errorf("%s: %s tells %+v of %+v", name, b.Address, got, want)
			}
		}
		if relationships != len(doc.Relationships) || together != map[string]int{"university": 1, "hidden": 1}[name] {
			t.Errorf("%s: %d relationships of %d, %d blocks are told together", name, relationships, len(doc.Relationships), together)
		}
	}
}

func add(t *testing.T, to *review.Tally, r plan.Relationship) {
	t.Helper()
	n, err := review.Count(r)
	if err != nil {
		t.Fatal(err)
	}
	if n.Changes()+n.Waits != r.Operations.Len() {
		t.Errorf("%s says that it has %d operations, and has %+v", r.Address, r.Operations.Len(), n)
	}
	to.Add, to.Edit, to.Delete, to.Other, to.Waits = to.Add+n.Add, to.Edit+n.Edit, to.Delete+n.Delete, to.Other+n.Other, to.Waits+n.Waits
	s := &to.ByAction
	s.Add, s.Edit, s.Delete, s.CreateFolder = s.Add+n.ByAction.Add, s.Edit+n.ByAction.Edit, s.Delete+n.ByAction.Delete, s.CreateFolder+n.ByAction.CreateFolder
}

// A relationship without for_each is a block of its own, and one whose name begins alike is another.
func TestBlocksAreApart(t *testing.T) {
	doc := sample.Document(plan.Summary{}, sample.Relationship("relationship.a"), sample.Relationship(`relationship.ab["x"]`), sample.Relationship(`relationship.ab["y"]`), sample.Relationship("relationship.abc"))
	var got []int
	for _, b := range review.Blocks(doc) {
		got = append(got, len(b.Relationships))
	}
	if len(got) != 3 || got[1] != 2 {
		t.Errorf("%v", got)
	}
}

func TestBlockThatCannotBeRead(t *testing.T) {
	broken := errors.New("the disk is gone")
	doc := sample.University(60)
	doc.Relationships[20].Operations = sample.Failing(broken)
	b := review.Blocks(doc)[0]
	if _, err := b.Left(doc.Relationships[20]); !errors.Is(err, broken) {
		t.Errorf("Left: %v", err)
	}
	if _, err := b.Such(50); !errors.Is(err, broken) {
		t.Errorf("Such: %v", err)
	}
}

// What cannot be understood in a hundred partitions of one folder is told once; another item, folder or reason is told too.
func TestDiagnosticsOfManyAreOne(t *testing.T) {
	doc := sample.Document(plan.Summary{})
	for n := range 100 {
		address := fmt.Sprintf("folder.timetable.partition[%q]", fmt.Sprint(n))
		doc.Diagnostics = append(doc.Diagnostics, plan.Diagnostic{Severity: "warning", Address: address, Ref: "5", Summary: "An item cannot be understood", Detail: address + " row 5: it has no start"})
	}
	doc.Diagnostics = append(doc.Diagnostics,
		plan.Diagnostic{Severity: "warning", Address: `folder.timetable.partition["7"]`, Ref: "6", Summary: "An item cannot be understood"},
		plan.Diagnostic{Severity: "warning", Address: "folder.company", Ref: "5", Summary: "An item cannot be understood"},
		plan.Diagnostic{Severity: "warning", Address: "folder.company", Ref: "5", Summary: "An item cannot be understood"})
	got := review.Diagnostics(doc)
	if len(got) != 4 || got[0].Summary != "An item cannot be understood; it is the same in 99 more of folder.timetable.partition" || got[1].Summary != "An item cannot be understood" {
		t.Errorf("%+v", got)
	}
	if doc.Diagnostics[0].Summary != "An item cannot be understood" {
		t.Error("the document itself was changed")
	}
}
