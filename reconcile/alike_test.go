package reconcile

import (
	"fmt"
	"slices"
	"testing"

	"github.com/accord-sync/accord/reconcile/plan"
)

// However many different changes there are, a bounded number is held, and what most say is found when it came in time.
func TestCommonIsBounded(t *testing.T) {
	relationships := make([]plan.Relationship, 300)
	for i := range relationships {
		relationships[i].Address = fmt.Sprintf(`relationship.lessons["%03d"]`, i)
	}
	edit := func(room string) plan.Operation {
		return plan.Operation{Action: plan.Edit, UID: room, Fields: []plan.Field{{Name: "location", After: room}}}
	}
	c := newCommon()
	for n := range 10 * commonMost {
		i := n % len(relationships)
		c.look(&relationships[i], i, edit(fmt.Sprint(n)))
		c.look(&relationships[i], i, edit("Hall"))
	}
	if len(c.changes) != commonMost {
		t.Errorf("%d changes are held", len(c.changes))
	}
	got := c.list(relationships)
	if len(got) != 1 || got[0].Operations != 10*commonMost || got[0].Of != 20*commonMost || got[0].Relationships != 300 {
		t.Errorf("%+v", got)
	}
	if want := []string{`relationship.lessons["000"]`, `relationship.lessons["001"]`}; !slices.Equal(got[0].Such[:2], want) {
		t.Errorf("such as %q", got[0].Such)
	}
}

// A long list is cut, and the most frequent stand first.
func TestCommonListIsCut(t *testing.T) {
	relationships := make([]plan.Relationship, 10)
	c := newCommon()
	for n := range 2 * commonShown {
		for i := range 10 - n%5 {
			c.look(&relationships[i], i, plan.Operation{Action: plan.Delete, UID: fmt.Sprint(n)})
		}
	}
	got := c.list(relationships)
	if len(got) != commonShown || got[0].Operations != 10 || got[commonShown-1].Operations != 8 {
		t.Errorf("%d changes, from %d operations to %d", len(got), got[0].Operations, got[len(got)-1].Operations)
	}
	if len(c.behind(map[string]plan.Action{"": plan.Delete}, relationships)) > 0 {
		t.Error("one of many is no change behind them")
	}
}

// Items that come alike and differ in their times are told without them, in whatever order they are decided.
func TestCommonFieldsAreThoseOfAll(t *testing.T) {
	relationships := make([]plan.Relationship, commonFrom)
	for first := range relationships {
		c := newCommon()
		for n := range relationships {
			i := (first + n) % len(relationships)
			start := "2026-10-05T09:00:00Z"
			if i == 0 {
				start = "2026-10-06T09:00:00Z"
			}
			c.look(&relationships[i], i, plan.Operation{Action: plan.Add, UID: "lesson", Title: "Lesson", Start: start, Fields: []plan.Field{
				{Name: "start", After: start}, {Name: "due", After: "2026-12-01"},
			}})
		}
		if got := c.list(relationships); len(got) != 1 || got[0].Start != "" || len(got[0].Fields) != 1 || got[0].Fields[0].Name != "due" {
			t.Errorf("from %d on: %+v", first, got)
		}
	}
}
