package decide_test

import (
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

const wait = 5 * time.Minute

func settleScene(t *testing.T, rels ...*decide.Relationship) *scene {
	s := newScene(t, rels...)
	for _, r := range rels {
		r.Settle = wait
	}
	return s
}

func TestEditsWaitUntilTheySettle(t *testing.T) {
	s := settleScene(t, joins("r", "AB", twoWay))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:note"))
	s.does("add B/r(x)0 new_at_source")
	s.clock.pass(time.Hour)
	s.edit("A", "x", ics("x", "SUMMARY:dinner", "DESCRIPTION:note"))
	s.does()
	s.rests("r", "x", state.Settling)
	if s.last.Counts.Settling["r"] != 1 || s.last.Counts.Unchanged["r"] != 0 || len(s.last.Waiting) != 0 {
		t.Errorf("counted are %+v, and %d pairs wait", s.last.Counts, len(s.last.Waiting))
	}
	s.clock.pass(time.Minute)
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:lunch", "DESCRIPTION:changed"))
	s.does()
	if passed := s.untilDue(); passed != wait-time.Minute {
		t.Errorf("the original settles after %v", passed)
	}
	s.does()
	if passed := s.untilDue(); passed != time.Minute {
		t.Errorf("the replica settles after %v", passed)
	}
	s.does("edit A/x conflict_merge", "edit B/r(x)0 changed_at_source")
	s.says("A", "x", history.Fields{Title: "dinner", Note: "changed"})
	s.rests("r", "x", state.Flowing)
}

func TestAgeOfAnEdit(t *testing.T) {
	for name, c := range map[string]struct {
		since time.Time
		waits time.Duration
	}{
		"just now":      {noon, wait},
		"a while ago":   {noon.Add(-time.Minute), wait - time.Minute},
		"long ago":      {noon.Add(-time.Hour), 0},
		"nobody knows":  {time.Time{}, wait},
		"in the future": {noon.Add(time.Hour), wait},
	} {
		t.Run(name, func(t *testing.T) {
			s := settleScene(t, joins("r", "AB"))
			s.put("A", ics("x", "SUMMARY:lunch"))
			s.apply()
			s.add("A", decide.Item{Key: "x", Content: ics("x", "SUMMARY:dinner"), Since: c.since})
			if c.waits == 0 {
				s.does("edit B/r(x)0 changed_at_source")
				return
			}
			s.does()
			if due := s.due("A", "x"); !due.Equal(noon.Add(c.waits)) {
				t.Errorf("it is due at %v", due)
			}
		})
	}
}

func TestOneReplicaThatSettlesHoldsNoOther(t *testing.T) {
	s := settleScene(t, joins("r", "AB", twoWay), joins("r2", "AC", twoWay))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:note"))
	s.apply()
	s.clock.pass(time.Hour)
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:supper", "DESCRIPTION:note"))
	s.clock.pass(2 * wait)
	s.edit("C", derived("r2", "x", 0), ics("", "SUMMARY:tea", "DESCRIPTION:note"))
	s.does("edit A/x changed_at_destination")
	s.says("A", "x", history.Fields{Title: "supper", Note: "note"})
	s.rests("r", "x", state.Flowing)
	s.rests("r2", "x", state.Settling)
	s.does()
	s.untilDue()
	s.does("edit C/r2(x)0 conflict_merge")
}

func TestWhatFlowsBackIsAsOldAsTheEdit(t *testing.T) {
	s := newScene(t, joins("r", "AB", twoWay), joins("r2", "AC"))
	s.rels[1].Settle = wait
	s.put("A", ics("x", "SUMMARY:lunch"))
	s.apply()
	s.clock.pass(time.Hour)
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:supper"))
	s.does("edit A/x changed_at_destination")
	s.rests("r2", "x", state.Settling)
	s.untilDue()
	s.does("edit C/r2(x)0 changed_at_source")
}

func TestFirstCopiesAdoptionsAndDeletesDoNotWait(t *testing.T) {
	s := settleScene(t, joins("r", "AB"))
	s.put("A", ics("x", "SUMMARY:lunch"))
	s.put("A", ics("y", "SUMMARY:dinner"))
	s.put("B", ics("y", "SUMMARY:supper"))
	s.does("add B/r(x)0 new_at_source", "adopt B/y adopted_uid")
	s.remove("A", "x")
	s.does("delete B/r(x)0 gone_at_source")
}

func TestPersonsDecisionDoesNotWait(t *testing.T) {
	s := settleScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
	s.put("A", ics("x", "SUMMARY:lunch"))
	s.apply()
	s.edit("A", "x", ics("x", "SUMMARY:dinner"))
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:supper"))
	s.does()
	s.rests("r", "x", state.Settling)
	s.clock.pass(wait)
	s.does()
	if len(s.last.Notices) != 1 || s.pair("r", "x").Rest != state.Flowing {
		t.Fatalf("the conflict is not listed: %v", s.last.Notices)
	}
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:a late supper"))
	s.input = func(in *decide.Input) {
		in.Choices = map[state.PairKey]decide.Choice{{Relationship: "r", Original: "x"}: {Conflict: schema.ConflictSource}}
	}
	s.does("edit B/r(x)0 resolved")
}
