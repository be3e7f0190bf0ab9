package markdown_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/cmd/accord/internal/markdown"
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile/plan"
)

// A comment stays below the limit, or deletes alone fill it; no delete is ever cut; whatever is cut is counted; rows are whole.
func TestLimit(t *testing.T) {
	row := regexp.MustCompile(`(?m)^\| (add|edit|delete|conflict) \| .* \|$`)
	more := regexp.MustCompile(`(?m)^(\d+) more (?:rows?|items? that waits?): ` + "`accord show office.plan`$")
	rapid.Check(t, func(t *rapid.T) {
		var relationships []plan.Relationship
		var s plan.Summary
		for i := range rapid.IntRange(1, 12).Draw(t, "relationships") {
			var ops []plan.Operation
			for _, a := range []plan.Action{plan.Add, plan.Edit, plan.Delete, plan.Conflict} {
				most := rapid.SampledFrom([]int{0, 0, 3, 30, 200}).Draw(t, string(a))
				title := strings.Repeat(rapid.SampledFrom([]string{"a", "é", "*", "日本", "👨\u200d👩", "<|>"}).Draw(t, "letter"), rapid.IntRange(1, 90).Draw(t, "letters"))
				for n := range rapid.IntRange(0, most).Draw(t, "n") {
					s.Count(a, 1)
					ops = append(ops, plan.Operation{Action: a, Title: title, Reason: "x", Fields: []plan.Field{{Name: "location", Before: title, After: fmt.Sprint(title, n)}}})
				}
			}
			r := sample.Relationship(fmt.Sprintf("relationship.r%d", i), ops...)
			r.Status = rapid.SampledFrom([]plan.Status{plan.OK, plan.Blocked}).Draw(t, "status")
			r.Reason = strings.Repeat("because ", rapid.IntRange(0, 150).Draw(t, "because"))
			relationships = append(relationships, r)
		}
		doc := sample.Document(s, relationships...)
		for range rapid.IntRange(0, 200).Draw(t, "diagnostics") {
			doc.Diagnostics = append(doc.Diagnostics, plan.Diagnostic{Severity: "warning", Summary: strings.Repeat("note ", 40)})
		}
		got := written(t, doc)
		if !utf8.ValidString(got) {
			t.Errorf("it is cut within a character")
		}
		rows := map[string]int{}
		deletes := 0
		for _, m := range row.FindAllStringSubmatch(got, -1) {
			rows[m[1]]++
			if m[1] == "delete" {
				deletes += len(m[0]) + 1
			}
		}
		if rows["delete"] != s.Delete {
			t.Errorf("%d of %d deletes are there", rows["delete"], s.Delete)
		}
		cut := 0
		for _, m := range more.FindAllStringSubmatch(got, -1) {
			n, _ := strconv.Atoi(m[1])
			cut += n
		}
		if shown := rows["add"] + rows["edit"] + rows["conflict"]; shown+cut != s.Add+s.Edit+s.Conflict {
			t.Errorf("%d rows are shown and %d counted, of %d", shown, cut, s.Add+s.Edit+s.Conflict)
		}
		if len(got) < markdown.Limit {
			return
		}
		const heads = 12*250 + 3000 // of the page and of the deletes of each relationship
		if deletes+heads < markdown.Limit {
			t.Errorf("%d bytes, of which %d are deletes", len(got), deletes)
		}
		if deletes > markdown.Limit && rows["add"]+rows["edit"]+rows["conflict"] > 0 {
			t.Errorf("deletes fill the comment, and it has rows of other kinds: %v", rows)
		}
	})
}

// Each relationship has its share: a large one does not take the place of those after it.
func TestEveryRelationshipHasItsShare(t *testing.T) {
	many := sample.Many(10_000).Relationships[0]
	var ops []plan.Operation
	for op := range many.Operations.All() {
		if op.Action != plan.Delete {
			ops = append(ops, op)
		}
	}
	many.Operations = plan.List(ops...)
	last := sample.Relationship("relationship.last", plan.Operation{Action: plan.Add, Title: "The last one", Reason: "new_at_source"})
	got := written(t, sample.Document(plan.Summary{Add: len(ops) + 1}, many, last))
	if !strings.Contains(got, "The last one") || len(got) >= markdown.Limit || len(got) < markdown.Limit/2 {
		t.Errorf("%d bytes, which end in\n%s", len(got), got[len(got)-500:])
	}
}
