package decide_test

import (
	"errors"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

const day = 24 * time.Hour

func TestWindowLetsItemsInAndTimeOnlyFreezesThem(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", 3*day, "SUMMARY:later"))
	s.put("A", takes("y", time.Hour, "SUMMARY:soon"))
	s.does("add B/r(y)0 new_at_source")
	if s.last.Counts.Out["r"] != 1 {
		t.Errorf("%d are out of the window instead of one", s.last.Counts.Out["r"])
	}
	if passed := s.untilDue(); passed != time.Hour+time.Hour+day {
		t.Errorf("the item of today leaves the window after %v", passed)
	}
	s.does()
	s.rests("r", "y", state.Out)
	if s.last.Counts.Out["r"] != 2 || s.last.Counts.Unchanged["r"] != 0 {
		t.Errorf("counted are %+v", s.last.Counts)
	}
	s.edit("A", "y", takes("y", time.Hour, "SUMMARY:what was"))
	s.does()
	s.untilDue()
	s.does("add B/r(x)0 new_at_source")
	if got := s.titles("B"); got != "later, soon" {
		t.Errorf("B holds %s", got)
	}
}

func TestEditThatTakesAnItemOutOfTheWindowFlows(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.does("add B/r(x)0 new_at_source")
	s.edit("A", "x", takes("x", 7*day, "SUMMARY:in a week"))
	s.does("edit B/r(x)0 changed_at_source")
	s.rests("r", "x", state.Out)
	s.edit("A", "x", takes("x", 8*day, "SUMMARY:in eight days"))
	s.does()
	if got := s.titles("B"); got != "in a week" {
		t.Errorf("B holds %s", got)
	}
	if passed := s.untilDue(); passed != 6*day {
		t.Errorf("what B says comes into the window after %v", passed)
	}
	s.does("edit B/r(x)0 changed_at_source")
	s.does()
}

func TestDeleteFlowsOutOfTheWindow(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.apply()
	s.clock.pass(7 * day)
	s.does()
	s.remove("A", "x")
	s.does("delete B/r(x)0 gone_at_source")
}

func TestReplicaTidiedAwayOutOfTheWindowDeletesNothing(t *testing.T) {
	s := windowScene(t, func(r *decide.Relationship) { twoWay(&r.Policies) })
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.apply()
	s.clock.pass(7 * day)
	s.does()
	s.remove("B", derived("r", "x", 0))
	s.does()
	if s.folders["A"]["x"] == nil || len(s.pairs) != 0 {
		t.Errorf("A holds %s, and there are %d pairs", s.titles("A"), len(s.pairs))
	}
}

func TestEditOfAReplicaTakesItsOriginalOutOfTheWindow(t *testing.T) {
	s := windowScene(t, func(r *decide.Relationship) { twoWay(&r.Policies) })
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.apply()
	s.edit("B", derived("r", "x", 0), takes("x", 5*day, "SUMMARY:moved"))
	s.does("edit A/x changed_at_destination")
	s.rests("r", "x", state.Out)
	s.does()
}

func TestOutOfTheWindowNothingIsAdopted(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", 5*day, "SUMMARY:later"))
	s.put("B", takes("x", 5*day, "SUMMARY:later"))
	s.does()
	if len(s.pairs) != 0 {
		t.Fatal("they were paired")
	}
	s.untilDue()
	s.does("adopt B/x adopted_uid")
}

func TestAdoptionThatMovesTheOriginalIsSettled(t *testing.T) {
	s := windowScene(t, func(r *decide.Relationship) { twoWay(&r.Policies); conflict(schema.ConflictDestination)(&r.Policies) })
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.put("B", takes("x", 5*day, "SUMMARY:lunch"))
	s.does("edit A/x conflict_destination", "adopt B/x adopted_uid")
	s.rests("r", "x", state.Out)
	s.does()
}

func TestIgnoreMeansWhatIsOutOfTheWindowToo(t *testing.T) {
	s := windowScene(t, func(r *decide.Relationship) { existing(schema.ExistingIgnore)(&r.Policies) })
	s.put("A", takes("x", 5*day, "SUMMARY:later"))
	s.does()
	s.clock.pass(5 * day)
	s.does()
}

func TestWindowThatCannotTellIsAProblem(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.apply()
	s.rels[0].Window = func(*pim.Item) (bool, time.Time, error) { return true, time.Time{}, errors.New("too many instances") }
	s.edit("A", "x", takes("x", 2*time.Hour, "SUMMARY:changed"))
	s.put("A", takes("y", time.Hour, "SUMMARY:new"))
	s.does()
	if len(s.last.Problems) != 2 || len(s.last.Waiting) != 2 {
		t.Errorf("%d problems, and %d pairs wait", len(s.last.Problems), len(s.last.Waiting))
	}
}

func TestRelationshipWithoutWindowRecordsNoExtent(t *testing.T) {
	s := windowScene(t)
	s.put("A", takes("x", time.Hour, "SUMMARY:soon"))
	s.apply()
	if p := s.pair("r", "x"); !p.From.Equal(noon.Add(time.Hour)) || !p.To.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("the pair agreed on %v to %v", p.From, p.To)
	}
	s.rels[0].Window = nil
	s.does()
	if p := s.pair("r", "x"); !p.From.IsZero() || !p.To.IsZero() {
		t.Errorf("without a window the pair agreed on %v to %v", p.From, p.To)
	}
}
