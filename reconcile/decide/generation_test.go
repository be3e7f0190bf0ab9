package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

var lunch = history.Fields{Title: "Lunch", Note: "noon", Category: "k"}

// TestGeneration: a replica takes the first generation whose UID nobody has.
func TestGeneration(t *testing.T) {
	taken := derived("r", "x", 0)
	for name, prepare := range map[string]func(s *scene){
		"an item of a person has it": func(s *scene) { s.put("B", event(taken, history.Fields{Title: "mine"}, 0)) },
		"an item whose UID is not its key has it": func(s *scene) {
			s.add("B", decide.Item{Key: "ref:1.ics", Content: event(taken, history.Fields{Title: "mine"}, 0)})
		},
		"an unreadable item has it": func(s *scene) { s.add("B", decide.Item{Key: taken, Unknown: true}) },
		"an item that was not looked at has it": func(s *scene) {
			s.input = func(in *decide.Input) { in.Folders["B"].Held = func(uid string) bool { return uid == taken } }
		},
		"an original of another folder has it": func(s *scene) {
			s.input = func(in *decide.Input) { in.Taken = func(uid string) bool { return uid == taken } }
		},
		"a replica that is another pair's has it": func(s *scene) {
			s.rels = append(s.rels, joins("r2", "CB"))
			s.put("C", event("y", lunch, 0))
			s.add("B", decide.Item{Key: taken, Content: event(taken, lunch, 0)})
			s.recorded = []state.Relationship{{Address: "r", Source: "A", Destination: "B"}, {Address: "r2", Source: "C", Destination: "B"}}
			s.pairs[state.PairKey{Relationship: "r2", Original: "y"}] = state.Pair{Relationship: "r2", Original: "y", OriginalRef: "y.ics", Replica: taken,
				ReplicaRef: taken + ".ics", Status: state.Active, BaseOriginal: event("", lunch, 0).Fields().Digests(), BaseReplica: event("", lunch, 0).Fields().Digests()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, joins("r", "AB"))
			s.put("A", event("x", lunch, 0))
			prepare(s)
			s.does("add B/r(x)1 new_at_source")
			s.does()
		})
	}
	t.Run("nobody has it", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.does("add B/r(x)0 new_at_source")
		s.says("B", taken, lunch)
		s.does()
	})
	t.Run("it is freed by this very plan", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.add("B", decide.Item{Key: taken, Content: event(taken, lunch, 0), Marker: &pim.Marker{Workspace: workspace, Relationship: "old", Original: "x", Source: "C", Status: pim.Live}})
		s.recorded = []state.Relationship{{Address: "old", Source: "C", Destination: "B", OnRemove: string(schema.RemoveDelete)}}
		s.pairs[state.PairKey{Relationship: "old", Original: "x"}] = state.Pair{Relationship: "old", Original: "x", Replica: taken, Status: state.Active}
		s.does("delete B/r(x)0 relationship_removed", "add B/r(x)1 new_at_source")
	})
}

// TestGenerationAfterCrash: what a create before a crash made is found again, and made no second time.
func TestGenerationAfterCrash(t *testing.T) {
	t.Run("of a first replica", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.crash()
		s.does()
		if p := s.pair("r", "x"); p.Replica != derived("r", "x", 0) || p.Status != state.Active {
			t.Errorf("the pair is %+v", p)
		}
	})
	t.Run("of a replica made again", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.remove("B", derived("r", "x", 0))
		s.crash()
		s.does()
		if p := s.pair("r", "x"); p.Replica != derived("r", "x", 1) || p.Generation != 1 {
			t.Errorf("the pair is %+v", p)
		}
	})
	t.Run("of a version set apart", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictPreserve)))
		s.put("A", event("x", lunch, 0))
		s.apply()
		replica := derived("r", "x", 0)
		theirs := history.Fields{Title: "Dinner", Note: "noon", Category: "k"}
		s.edit("A", "x", event("", history.Fields{Title: "Brunch", Note: "noon", Category: "k"}, 0))
		s.edit("B", replica, event("", theirs, 0))
		before := s.clone()
		s.apply()
		apart := decide.ApartUID(workspace, "r", "x", event("", theirs, 0).Fields().Digest())
		s.says("B", apart, theirs)
		if s.folders["B"][apart].Marker != nil || decide.IsReplicaUID(apart) {
			t.Errorf("a version set apart is an ordinary item, not %+v", s.folders["B"][apart])
		}
		made := s.folders["B"][apart]
		s.sim = before
		s.folders["B"][apart] = made
		s.does("edit B/r(x)0 conflict_preserve")
	})
}
