package view_test

import (
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
)

func TestBlock(t *testing.T) {
	doc := sample.University(60)
	show := func(v *view.View) error { return v.Plan(doc) }
	golden(t, "university.txt", drawn(t, view.Options{}, show))
	golden(t, "university.ansi", drawn(t, view.Options{ColorOut: true, WidthOut: 80}, show))
}

// What one line of a block tells is told of nobody again, and -v tells all of it.
func TestBlockOpens(t *testing.T) {
	doc := sample.University(60)
	folded, opened := told(t, view.Options{}, doc), told(t, view.Options{Verbose: true}, doc)
	if n := strings.Count(folded, `"Hall A" → "Hall B"`); n != 2 { // the line, and the guard
		t.Errorf("the room is told %d times:\n%s", n, folded)
	}
	s := doc.Summary
	if n := len(regexp.MustCompile(`(?m)^  [-+~] `).FindAllString(opened, -1)); n != s.Changes() {
		t.Errorf("%d of %d operations are told with -v", n, s.Changes())
	}
}

// Hidden, a change of many says of what kind it is and nothing else, and stands for no other change.
func TestBlockHidden(t *testing.T) {
	doc := sample.University(60)
	other := sample.Relationship(`relationship.lessons["t"]`, plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: "other", Title: "Other", Reason: "changed_at_source",
		Fields: []plan.Field{{Name: "location", Before: "Hall C", After: "Hall D"}}})
	doc.Relationships = append(doc.Relationships, other)
	got := told(t, view.Options{}, review.Hide(doc))
	if strings.Contains(got, "Hall") || strings.Contains(got, "Lesson") {
		t.Errorf("it is shown:\n%s", got)
	}
	if !strings.Contains(got, "~ edit location of 47 items for 23 of 61 people: (private); the original was changed") || !strings.Contains(got, "relationship.lessons[\"t\"]: ") {
		t.Errorf("a change is missing:\n%s", got)
	}
}

// Of many people with changes of their own the first are told, all in which something is deleted or waits, and the rest is counted.
func TestBlockIsCut(t *testing.T) {
	var all []plan.Relationship
	for n := range 200 {
		op := plan.Operation{Action: plan.Edit, Title: fmt.Sprint("Lesson ", n), Reason: "changed_at_source", Fields: []plan.Field{{Name: "location", After: fmt.Sprint("Room ", n)}}}
		switch n {
		case 150:
			op = plan.Operation{Action: plan.Delete, Title: "Gone", Reason: "gone_at_source"}
		case 151:
			op = plan.Operation{Action: plan.Conflict, Title: "Waits", Reason: "conflict_manual"}
		}
		all = append(all, sample.Relationship(fmt.Sprintf("relationship.lessons[%q]", fmt.Sprintf("%03d", n)), op))
	}
	got := told(t, view.Options{}, sample.Document(plan.Summary{Conflict: 1}, all...))
	for text, n := range map[string]int{"~ edit": 50, "- delete": 1, "! conflict": 1, "relationship.lessons: 148 people more: 148 to edit\n": 1} {
		if strings.Count(got, text) != n {
			t.Errorf("%q is told %d times, want %d", text, strings.Count(got, text), n)
		}
	}
}

// TestBlockNeedsNoMemory reads many operations of many people, and looks at what is alive when most of them were told.
func TestBlockNeedsNoMemory(t *testing.T) {
	alive := func(people, each int) uint64 {
		var most uint64
		doc := sample.University(60)
		room := doc.Changes[0].Operation()
		doc.Relationships = doc.Relationships[:0]
		for n := range people {
			r := sample.Relationship(fmt.Sprintf("relationship.lessons[%q]", fmt.Sprintf("%05d", n)))
			r.Operations = plan.Stream(each, func(yield func(plan.Operation, error) bool) {
				if n == people-1 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
				for i := range each {
					op := room
					if op.UID = fmt.Sprint(i); i%100 == 0 {
						op.Fields = []plan.Field{{Name: "summary", After: fmt.Sprint(n, i)}}
					}
					if !yield(op, nil) {
						return
					}
				}
			})
			doc.Relationships = append(doc.Relationships, r)
		}
		if err := view.New(io.Discard, io.Discard, view.Options{}).Plan(doc); err != nil {
			t.Fatal(err)
		}
		return most
	}
	few, many := alive(200, 10), alive(200, 1000)
	const slack = 1 << 20
	if many > few+slack {
		t.Errorf("%d bytes are alive with 200,000 operations, and %d with 2,000", many, few)
	}
}
