package decide_test

import (
	"slices"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestRemoval: what becomes of the replicas of a relationship that left. Of x a replica was made, of y one was adopted, that of z was retired.
func TestRemoval(t *testing.T) {
	for _, test := range []struct {
		onRemove schema.OnRemove
		does     []string
		markers  [3]pim.MarkerStatus // of those of x, y and z; "": it is gone
		returns  []string            // what is done when the relationship returns
	}{
		{schema.RemoveDelete, []string{"delete B/r(x)0 relationship_removed", "release B/y relationship_removed"}, [3]pim.MarkerStatus{"", pim.Released, pim.Retired},
			[]string{"add B/r(x)0 new_at_source", "adopt B/y adopted_uid"}},
		{schema.RemoveRetire, nil, [3]pim.MarkerStatus{pim.Live, pim.Live, pim.Retired}, nil},
		{schema.RemoveRelease, []string{"release B/r(x)0 relationship_removed", "release B/y relationship_removed", "release B/r(z)0 relationship_removed"},
			[3]pim.MarkerStatus{pim.Released, pim.Released, pim.Released}, []string{"add B/r(x)1 new_at_source", "adopt B/y adopted_uid"}},
	} {
		t.Run(string(test.onRemove), func(t *testing.T) {
			s := newScene(t, joins("r", "AB"))
			s.onRemove = test.onRemove
			s.rels[0].Policies.SourceDelete = schema.SourceDeleteKeep
			for _, uid := range []string{"x", "y", "z"} {
				s.put("A", event(uid, lunch, 0))
			}
			s.put("B", event("y", lunch, 0))
			s.apply()
			s.remove("A", "z")
			s.does("retire B/r(z)0 gone_at_source")

			rels := s.rels
			s.rels = nil
			s.does(test.does...)
			for i, key := range []string{derived("r", "x", 0), "y", derived("r", "z", 0)} {
				status := pim.MarkerStatus("")
				if it := s.folders["B"][key]; it != nil {
					status = it.Marker.Status
				}
				if status != test.markers[i] {
					t.Errorf("the marker of %s says %q instead of %q", s.name(key), status, test.markers[i])
				}
			}
			if len(s.pairs) > 0 || len(s.recorded) > 0 {
				t.Errorf("the state still has %v %v", s.pairs, s.recorded)
			}
			s.does()
			s.rels = rels
			s.does(test.returns...)
			s.does()
		})
	}
}

// TestReplacedSource: a relationship that gets another source keeps the replicas whose original is there under the same UID.
func TestReplacedSource(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	s.put("A", event("x", lunch, 0))
	s.put("A", event("y", lunch, 0))
	s.apply()
	s.put("C", event("x", lunch, 0))
	s.put("C", event("z", lunch, 0))
	s.rels = []*decide.Relationship{joins("r", "CB")}
	s.does("delete B/r(y)0 relationship_replaced", "add B/r(z)0 new_at_source")
	if p := s.pair("r", "x"); p.Replica != derived("r", "x", 0) || p.Generation != 0 {
		t.Errorf("the pair that goes on is %+v", p)
	}
	s.edit("C", "x", event("", history.Fields{Title: "Dinner"}, 1))
	s.does("edit B/r(x)0 changed_at_source")
	s.remove("A", "x")
	s.does()
}

// TestReplacedDestination: nothing is carried over to another folder.
func TestReplacedDestination(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	s.put("A", event("x", lunch, 0))
	s.apply()
	s.rels = []*decide.Relationship{joins("r", "AC")}
	s.does("delete B/r(x)0 relationship_replaced", "add C/r(x)0 new_at_source")
	s.does()
}

// TestRemovedOriginalFollows: a released replica is an original for the relationships that stay, in the same plan.
func TestRemovedOriginalFollows(t *testing.T) {
	s := newScene(t, joins("r", "AB"), joins("r2", "BC"))
	s.onRemove = schema.RemoveRelease
	s.put("A", event("x", lunch, 0))
	s.does("add B/r(x)0 new_at_source")
	s.rels = s.rels[1:]
	got := s.apply()
	if len(got) != 2 || !slices.Contains(got, "release B/r(x)0 relationship_removed") || s.folders["C"][derived("r2", derived("r", "x", 0), 0)] == nil {
		t.Fatalf("writes are %v", got)
	}
	s.does()
}

// TestRefKey: an original without a UID is known by its ref. It is copied, and followed, but it cannot be made again: the last version is released.
func TestRefKey(t *testing.T) {
	start := func(t *testing.T) *scene {
		s := newScene(t, joins("r", "AB", twoWay))
		s.add("A", decide.Item{Key: "ref:x.ics", Ref: "x.ics", Content: ics("", "SUMMARY:Lunch")})
		s.put("B", ics("", "SUMMARY:Lunch")) // of no UID either: never taken for the same
		s.does("add B/r(ref:x.ics)0 new_at_source")
		s.does()
		return s
	}
	replica := derived("r", "ref:x.ics", 0)
	t.Run("an edit goes back", func(t *testing.T) {
		s := start(t)
		s.edit("B", replica, ics("", "SUMMARY:Dinner"))
		s.does("edit A/ref:x.ics changed_at_destination")
		if it := s.folders["A"]["ref:x.ics"].Content; it.Title() != "Dinner" || it.UID() != "" {
			t.Errorf("the original is\n%s", it.Bytes())
		}
		s.does()
	})
	t.Run("deleted, and the replica edited", func(t *testing.T) {
		s := start(t)
		s.edit("B", replica, ics("", "SUMMARY:Dinner"))
		s.remove("A", "ref:x.ics")
		s.does("release B/r(ref:x.ics)0 gone_at_source")
		s.does()
	})
}

// TestRefused: what a provider would not take is not tried again until something changes, and is counted.
func TestRefused(t *testing.T) {
	k := state.PairKey{Relationship: "r", Original: "x"}
	refuse := func(s *scene, content *pim.Item) {
		p := s.pairs[k]
		p.Relationship, p.Original, p.Status, p.Refused = "r", "x", state.Active, content.Fields().Digest()
		s.pairs[k] = p
	}
	dinner := event("", history.Fields{Title: "Dinner"}, 1)
	t.Run("a replica", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.recorded = []state.Relationship{{Address: "r", Source: "A", Destination: "B"}}
		refuse(s, event("", lunch, 0))
		for range 2 {
			s.does()
			if s.last.Counts.Refused != 1 {
				t.Errorf("%d refused", s.last.Counts.Refused)
			}
		}
		s.edit("A", "x", dinner)
		s.does("add B/r(x)0 new_at_source")
		if p := s.pair("r", "x"); p.Refused != 0 {
			t.Errorf("the pair is %+v", p)
		}
		s.does()
	})
	t.Run("an edit of a replica", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.edit("A", "x", dinner)
		refuse(s, dinner)
		s.does()
		if s.last.Counts.Refused != 1 {
			t.Errorf("%d refused", s.last.Counts.Refused)
		}
		s.edit("A", "x", event("", history.Fields{Title: "Tea"}, 2))
		s.does("edit B/r(x)0 changed_at_source")
	})
	t.Run("an edit of an original", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.edit("B", derived("r", "x", 0), dinner)
		refuse(s, dinner)
		s.does()
		if s.last.Counts.Refused != 1 || !s.last.Waiting[k] {
			t.Errorf("%d refused, %v waits", s.last.Counts.Refused, s.last.Waiting)
		}
		s.edit("B", derived("r", "x", 0), event("", history.Fields{Title: "Tea"}, 2))
		s.does("edit A/x changed_at_destination")
	})
}
