package reconcile_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile"
)

// about is what an explanation says of the only relationship that touches an item.
func (o *office) about(folder, item string) reconcile.ExplainedRelationship {
	o.t.Helper()
	x, err := o.engine().Explain(context.Background(), o.state, "folder."+folder, item)
	if err != nil {
		o.t.Fatalf("%v", err)
	}
	if len(x.Relationships) != 1 {
		o.t.Fatalf("%d relationships touch %s", len(x.Relationships), item)
	}
	return x.Relationships[0]
}

// A change that triggers nothing waits, and explain says for what.
func TestExplainWhatWaitsForATrigger(t *testing.T) {
	o := templateOffice(t, "triggered")
	o.at("a").Put(o.in(1, "Concert"))
	o.apply()
	if got := o.about("b", "Concert"); got.Outcome != reconcile.Settled {
		t.Errorf("without a change it is %s", got.Outcome)
	}
	o.edit("a", "Concert", "location", "Great Hall")
	o.settled()
	for _, folder := range []string{"a", "b"} {
		got := o.about(folder, "Concert")
		if want := "location changed, and waits for a change of start or summary"; got.Outcome != reconcile.Untriggered || got.Reason != want {
			t.Errorf("in %s it is %s: %s", folder, got.Outcome, got.Reason)
		}
	}
	o.edit("a", "Concert", "summary", "Recital")
	if got := o.about("b", "Concert"); got.Outcome != reconcile.Planned {
		t.Errorf("with a change that triggers it is %s", got.Outcome)
	}
}

// What is marked as late says so, and until when.
func TestExplainMarksOfLateChanges(t *testing.T) {
	o := lateOffice(t)
	o.at("a").Put(o.in(1, "Lunch"))
	o.at("a").Put(o.in(1, "Trip"))
	o.apply()
	if got := o.about("b", "Lunch"); got.Pair.Late != nil {
		t.Errorf("nothing is late, and it is marked as %s", got.Pair.Late.Mark)
	}
	o.edit("a", "Lunch", "location", "Great Hall")
	o.erase("a", "Trip")
	o.apply()
	for title, want := range map[string]struct {
		outcome reconcile.Outcome
		mark    string
	}{"Lunch": {reconcile.Settled, "changed"}, "Trip": {reconcile.Lingers, "cancelled"}} {
		got := o.about("b", title)
		if got.Outcome != want.outcome || got.Pair.Late == nil || got.Pair.Late.Mark != want.mark || got.SettledBy == nil || got.SettledBy.Number != 2 {
			t.Errorf("%s is explained by %+v", title, got)
			continue
		}
		if until := got.Pair.Late.Until; !until.After(o.now) || until.After(o.now.Add(48*time.Hour)) {
			t.Errorf("the mark of %s stays until %v", title, until)
		}
	}
}

// A copy that another program left is known by what the template makes of its original, and explain compares the two.
func TestExplainMatchOfWhatTheTemplateMakes(t *testing.T) {
	o := templateOffice(t, "prefixed")
	o.at("a").Put(o.in(1, "Trade fair"))
	o.at("b").Put(o.in(1, "[C] Trade fair"))
	for _, folder := range []string{"a", "b"} { // before and after it is adopted
		got := o.about(folder, "Trade fair")
		if len(got.Matches) != 1 || !got.Matches[0].Made || len(got.Matches[0].Differ) > 0 || !slices.Contains(got.Matches[0].Same, "title") {
			t.Errorf("%s in %s is explained by %+v", got.Outcome, folder, got.Matches)
		}
		o.apply()
	}
}
