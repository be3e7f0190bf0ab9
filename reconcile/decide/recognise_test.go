package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestMarkers: what an item with a marker is to a plan that has no state. A has x, B has an item of the same UID that carries the marker; r goes
// from A to B and back from B to A.
func TestMarkers(t *testing.T) {
	live := pim.Marker{Workspace: workspace, Relationship: "r", Original: "x", Source: "A", Status: pim.Live}
	with := func(change func(*pim.Marker)) *pim.Marker {
		m := live
		change(&m)
		return &m
	}
	for _, test := range []struct {
		name   string
		marker *pim.Marker
		does   []string
	}{
		{"none: an ordinary item is adopted", nil, []string{"adopt B/x adopted_uid"}},
		{"its own: the pair is known again", &live, nil},
		{"its own, retired: the original is there, so it lives again", with(func(m *pim.Marker) { m.Status = pim.Retired }), []string{"edit B/x back_at_source"}},
		{"its own, of an original that is gone: retired", with(func(m *pim.Marker) { m.Original = "gone" }),
			[]string{"retire B/x original_unknown", "add B/r(x)0 new_at_source"}},
		{"released: an ordinary item again", with(func(m *pim.Marker) { m.Status = pim.Released }), []string{"adopt B/x adopted_uid"}},
		{"another workspace's: a replica that is none of ours", with(func(m *pim.Marker) { m.Workspace = "home" }), []string{"add B/r(x)0 new_at_source"}},
		{"of a relationship that was renamed: known by its original", with(func(m *pim.Marker) { m.Relationship = "old" }), nil},
		{"of an unknown relationship from elsewhere: a replica, left alone", with(func(m *pim.Marker) { m.Relationship, m.Source = "old", "C" }),
			[]string{"add B/r(x)0 new_at_source"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(t, joins("r", "AB"), joins("r2", "BA"))
			s.put("A", event("x", lunch, 0))
			s.add("B", decide.Item{Key: "x", Content: event("x", lunch, 0), Marker: test.marker})
			s.does(test.does...)
			s.does()
		})
	}
}

// TestReleasedIsCopiedOn: what was released is an original like any other, in spite of its UID.
func TestReleasedIsCopiedOn(t *testing.T) {
	s := newScene(t, joins("r", "AB"), joins("r2", "BA"))
	uid := derived("r", "y", 0)
	s.add("B", decide.Item{Key: uid, Content: event(uid, lunch, 0),
		Marker: &pim.Marker{Workspace: workspace, Relationship: "r", Original: "y", Source: "A", Status: pim.Released}})
	if got := s.apply(); len(got) != 1 || s.last.Writes[0].Folder != "A" || s.last.Writes[0].Verb != decide.Add {
		t.Fatalf("writes are %v", got)
	}
	if m := s.folders["B"][uid].Marker; m.Status != pim.Released {
		t.Errorf("its marker says %s", m.Status)
	}
	s.does()
}

// TestRebuiltDeletesNothing: a plan that makes pairs again from markers retires what it would delete.
func TestRebuiltDeletesNothing(t *testing.T) {
	r := joins("r", "AB")
	r.Match = func(o *pim.Item) (bool, error) { return fieldsOf(o).Category == "k", nil }
	s := newScene(t, r)
	s.put("A", event("x", lunch, 0))
	s.apply()
	s.edit("A", "x", event("", history.Fields{Title: "Lunch", Note: "noon", Category: "-"}, 0))
	s.forget()
	s.does("retire B/r(x)0 original_unknown")
	if p := s.pair("r", "x"); p.Status != state.Retired {
		t.Errorf("the pair is %s", p.Status)
	}
	s.does()
}

// TestRebuiltKeepsWhatItKnewNothingOf: nor does it delete when another replica takes the original away in that very plan.
func TestRebuiltKeepsWhatItKnewNothingOf(t *testing.T) {
	s := newScene(t, joins("r", "AB"), joins("r2", "AC", twoWay))
	s.put("A", event("x", lunch, 0))
	s.apply()
	delete(s.pairs, state.PairKey{Relationship: "r", Original: "x"})
	s.remove("C", derived("r2", "x", 0))
	s.does("delete A/x gone_at_destination", "retire B/r(x)0 gone_at_source")
	s.does()
}

// TestReplicaIsNoOriginal: a marker that names an item which is a replica itself makes no pair.
func TestReplicaIsNoOriginal(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	foreign := pim.Marker{Workspace: "home", Relationship: "r", Original: "x", Source: "C", Status: pim.Live}
	own := pim.Marker{Workspace: workspace, Relationship: "r", Original: "x", Source: "A", Status: pim.Live}
	s.add("A", decide.Item{Key: "x", Content: event("x", lunch, 0), Marker: &foreign})
	s.add("B", decide.Item{Key: "x", Content: event("x", history.Fields{Title: "Dinner"}, 0), Marker: &own})
	s.does()
	if len(s.pairs) > 0 {
		t.Errorf("the pairs are %v", s.pairs)
	}
}

// TestRebuiltOriginalWins: without a base nobody knows who edited; the original wins, and nothing is released or set apart.
func TestRebuiltOriginalWins(t *testing.T) {
	theirs := history.Fields{Title: "Dinner", Note: "noon", Category: "k"}
	for _, p := range []func(*schema.Policies){
		destinationEdit(schema.DestinationEditDiscard), destinationEdit(schema.DestinationEditPreserve), twoWay,
		func(p *schema.Policies) { twoWay(p); p.Conflict = schema.ConflictDestination },
		func(p *schema.Policies) { twoWay(p); p.Conflict = schema.ConflictNewest },
		func(p *schema.Policies) { twoWay(p); p.Conflict = schema.ConflictPreserve },
	} {
		s := newScene(t, joins("r", "AB", p))
		s.put("A", event("x", lunch, 0))
		s.apply()
		replica := derived("r", "x", 0)
		s.edit("B", replica, event("", theirs, 9))
		s.forget()
		if got := s.apply(); len(got) != 1 {
			t.Errorf("%+v: writes are %v", s.rels[0].Policies, got)
		}
		s.says("A", "x", lunch)
		s.says("B", replica, lunch)
		s.does()
	}
}

// TestUnknownItems: what cannot be read is frozen on both sides, and nothing else is.
func TestUnknownItems(t *testing.T) {
	unknown := func(s *scene, folder, key string) {
		it := *s.folders[folder][key]
		it.Content, it.Marker, it.Unknown = nil, nil, true
		s.folders[folder][key] = &it
	}
	start := func(t *testing.T) *scene {
		s := newScene(t, joins("r", "AB", twoWay))
		s.put("A", event("x", lunch, 0))
		s.put("A", event("y", lunch, 0))
		s.apply()
		return s
	}
	other := history.Fields{Title: "Dinner"}
	t.Run("an original", func(t *testing.T) {
		s := start(t)
		unknown(s, "A", "x")
		s.edit("B", derived("r", "x", 0), event("", other, 1))
		s.edit("A", "y", event("", other, 1))
		s.does("edit B/r(y)0 changed_at_source")
		s.remove("B", derived("r", "x", 0))
		s.does()
	})
	t.Run("a replica", func(t *testing.T) {
		s := start(t)
		unknown(s, "B", derived("r", "x", 0))
		s.edit("A", "x", event("", other, 1))
		s.does()
		s.remove("A", "x")
		s.does()
		if !s.last.Waiting[state.PairKey{Relationship: "r", Original: "x"}] {
			t.Error("the pair does not wait")
		}
	})
	t.Run("an item that may be a new original's twin", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", event("x", lunch, 0))
		s.add("B", decide.Item{Key: "x", Unknown: true})
		s.does()
		s.put("B", event("x", lunch, 0))
		s.does("adopt B/x adopted_uid")
	})
	t.Run("a new original", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.add("A", decide.Item{Key: "x", Unknown: true})
		s.does()
	})
}

// TestFrozenRelationship: nothing of a frozen relationship moves, and the others go on.
func TestFrozenRelationship(t *testing.T) {
	s := newScene(t, joins("r", "AB", twoWay), joins("r2", "AC", twoWay))
	s.put("A", event("x", lunch, 0))
	s.apply()
	s.input = func(in *decide.Input) { in.Frozen = map[string]bool{"r": true} }
	dinner := history.Fields{Title: "Dinner"}
	s.edit("A", "x", event("", dinner, 1))
	s.put("A", event("y", lunch, 0))
	s.does("edit C/r2(x)0 changed_at_source", "add C/r2(y)0 new_at_source")
	s.remove("B", derived("r", "x", 0))
	s.does()
	s.rels = s.rels[1:] // even when it leaves the configuration
	s.does()
	if p := s.pair("r", "x"); p.Status != state.Active {
		t.Errorf("the frozen pair is %+v", p)
	}
	s.says("A", "x", dinner)
}

// TestMarkerOfARelationshipThatLeft: a replica that was retired with its relationship is taken over by none that would not copy its original.
func TestMarkerOfARelationshipThatLeft(t *testing.T) {
	r := joins("r", "AB")
	r.Match = func(o *pim.Item) (bool, error) { return fieldsOf(o).Category == "k", nil }
	s := newScene(t, r)
	s.put("A", event("x", history.Fields{Title: "Lunch", Category: "-"}, 0))
	s.add("B", decide.Item{Key: "y", Content: event("y", history.Fields{Title: "Lunch", Category: "-"}, 0),
		Marker: &pim.Marker{Workspace: workspace, Relationship: "left", Original: "x", Source: "A", Status: pim.Live}})
	s.does()
}
