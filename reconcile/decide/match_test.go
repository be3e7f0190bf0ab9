package decide_test

import (
	"slices"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// TestMatchKey: what becomes of an item that is the same thing as an original under another UID.
func TestMatchKey(t *testing.T) {
	noted, cake := history.Fields{Title: "Lunch"}, history.Fields{Title: "Lunch"}
	noted.Note, cake.Note = "note", "cake"
	propagate := func(c schema.Conflict) func(*schema.Policies) {
		return func(p *schema.Policies) { twoWay(p); p.Conflict = c }
	}
	for _, test := range []struct {
		name   string
		policy func(*schema.Policies)
		does   []string
		a, b   history.Fields
	}{
		{"discard", destinationEdit(schema.DestinationEditDiscard), []string{"adopt B/y adopted_match"}, noted, noted},
		{"keep", destinationEdit(schema.DestinationEditKeep), []string{"adopt B/y adopted_match"}, noted, cake},
		{"preserve", destinationEdit(schema.DestinationEditPreserve), []string{"add B/r(x)0 new_at_source"}, noted, cake},
		{"propagate, merge", twoWay, []string{"adopt B/y adopted_match"}, noted, noted},
		{"propagate, destination", propagate(schema.ConflictDestination), []string{"edit A/x conflict_destination", "adopt B/y adopted_match"}, cake, cake},
		{"propagate, manual", propagate(schema.ConflictManual), nil, noted, cake},
		{"copy", existing(schema.ExistingCopy), []string{"add B/r(x)0 new_at_source"}, noted, cake},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(t, joins("r", "AB", test.policy))
			s.put("A", timed("x", noted, 0))
			s.put("B", timed("y", cake, 0))
			s.does(test.does...)
			s.says("A", "x", test.a)
			s.says("B", "y", test.b)
			s.does()
		})
	}
}

// TestMatchOrder: the same UID comes before the same key, and what is equal before what is not.
func TestMatchOrder(t *testing.T) {
	noted := history.Fields{Title: "Lunch", Note: "note"}
	t.Run("the same UID first, whatever the order of originals", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", timed("x", lunch, 0))
		s.put("A", timed("y", lunch, 0))
		s.put("B", timed("y", noted, 0))
		s.does("adopt B/y adopted_uid", "add B/r(x)0 new_at_source")
		s.does()
	})
	t.Run("two originals that are the same thing adopt an item each", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		for _, uid := range []string{"x", "y", "z"} {
			s.put("A", timed(uid, lunch, 0))
		}
		s.put("B", timed("b1", lunch, 0))
		s.put("B", timed("b2", lunch, 0))
		s.does("adopt B/b1 adopted_match", "adopt B/b2 adopted_match", "add B/r(z)0 new_at_source")
		s.does()
	})
	t.Run("of several originals the one that says the same", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", timed("x", lunch, 0))
		s.put("A", timed("y", noted, 0))
		s.put("B", timed("b1", noted, 0))
		s.put("B", timed("b2", lunch, 0))
		s.does("adopt B/b1 adopted_match", "adopt B/b2 adopted_match")
		if p := s.pair("r", "x"); p.Replica != "b2" {
			t.Errorf("x is paired with %s", p.Replica)
		}
	})
	t.Run("an original that comes later", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("B", timed("b", noted, 0))
		s.does()
		s.put("A", timed("x", lunch, 0))
		s.does("adopt B/b adopted_match")
		s.does()
	})
	t.Run("what a relationship made is no match", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", timed("x", lunch, 0))
		s.apply()
		s.put("A", timed("y", lunch, 0))
		s.does("add B/r(y)0 new_at_source")
	})
	t.Run("floating times are read in the zone of their folder", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.input = func(in *decide.Input) { in.Folders["A"].Floating = time.FixedZone("", 3600) }
		s.add("A", decide.Item{Key: "x", Content: ics("x", "SUMMARY:Lunch", "DTSTART:20260301T130000")})
		s.put("B", timed("b", lunch, 0))
		s.does("adopt B/b adopted_match")
	})
}

// TestMeshOfTheSame: folders that hold the same under different UIDs get no copy, and agree after one apply.
func TestMeshOfTheSame(t *testing.T) {
	all := []string{"AB", "AC", "BA", "BC", "CA", "CB"}
	start := func(t *testing.T, a, b, c history.Fields) *scene {
		s := newScene(t)
		for _, ends := range all {
			s.rels = append(s.rels, joins(ends, ends, twoWay))
		}
		s.put("A", timed("a", a, 0))
		s.put("B", timed("b", b, 0))
		s.put("C", timed("c", c, 0))
		return s
	}
	t.Run("equal", func(t *testing.T) {
		s := start(t, lunch, lunch, lunch)
		s.does("adopt B/b adopted_match", "adopt C/c adopted_match")
		s.does()
	})
	t.Run("each has something that the others have not", func(t *testing.T) {
		s := start(t, history.Fields{Title: "Lunch"}, history.Fields{Title: "lunch", Note: "note"}, history.Fields{Title: "Lunch", Category: "k"})
		s.does("edit A/a conflict_merge", "adopt B/b adopted_match", "adopt C/c adopted_match")
		for folder, key := range map[string]string{"A": "a", "B": "b", "C": "c"} {
			s.says(folder, key, history.Fields{Title: "Lunch", Note: "note", Category: "k"})
		}
		s.does()
	})
}

// TestAmbiguousKey: of items that differ, a person says which one an original is.
func TestAmbiguousKey(t *testing.T) {
	cake, pie := history.Fields{Title: "Lunch", Note: "cake"}, history.Fields{Title: "Lunch", Note: "pie"}
	k := state.PairKey{Relationship: "r", Original: "x"}
	start := func(t *testing.T, policy ...func(*schema.Policies)) *scene {
		s := newScene(t, joins("r", "AB", policy...), joins("r2", "BA", policy...))
		s.put("A", timed("x", lunch, 0))
		s.put("B", timed("b2", pie, 0))
		s.put("B", timed("b1", cake, 0))
		for range 2 {
			s.does()
			n := s.last.Notices
			if len(n) != 1 || n[0].Code != decide.Ambiguous || n[0].Pair != k || n[0].Candidates[0].Ref != "b1.ics" || n[0].Candidates[1].Ref != "b2.ics" {
				t.Fatalf("notices are %+v", n)
			}
		}
		return s
	}
	choose := func(s *scene, choices map[state.PairKey]decide.Choice) {
		s.input = func(in *decide.Input) { in.Choices = choices }
	}
	t.Run("one of them", func(t *testing.T) {
		s := start(t)
		choose(s, map[state.PairKey]decide.Choice{k: {Candidate: "b2.ics"}})
		s.does("adopt B/b2 resolved", "add A/r2(b1)0 new_at_source")
		if len(s.last.Unused) > 0 {
			t.Errorf("choices %v are not used", s.last.Unused)
		}
		s.does()
		if !slices.Equal(s.last.Unused, []state.PairKey{k}) {
			t.Errorf("unused choices are %v", s.last.Unused)
		}
	})
	t.Run("one of them, where what differs is not adopted else", func(t *testing.T) {
		s := start(t, destinationEdit(schema.DestinationEditPreserve))
		choose(s, map[state.PairKey]decide.Choice{k: {Candidate: "b2.ics"}})
		s.does("adopt B/b2 resolved", "add A/r2(b1)0 new_at_source")
		s.does()
	})
	t.Run("none of them", func(t *testing.T) {
		s := start(t)
		choose(s, map[state.PairKey]decide.Choice{k: {Copy: true}})
		s.does("add B/r(x)0 new_at_source", "add A/r2(b1)0 new_at_source", "add A/r2(b2)0 new_at_source")
		choose(s, nil)
		s.does()
	})
	t.Run("something that is not there", func(t *testing.T) {
		s := start(t)
		choose(s, map[state.PairKey]decide.Choice{k: {Candidate: "b3.ics"}, {Relationship: "r", Original: "none"}: {Conflict: schema.ConflictSource}})
		s.does()
		if len(s.last.Unused) != 2 || len(s.last.Notices) != 1 {
			t.Errorf("unused are %v, notices %+v", s.last.Unused, s.last.Notices)
		}
	})
	t.Run("another original that could be one of them is asked for too", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("A", timed("x", lunch, 0))
		s.put("A", timed("y", lunch, 0))
		s.put("B", timed("b1", cake, 0))
		s.put("B", timed("b2", pie, 0))
		s.does()
		if len(s.last.Notices) != 2 {
			t.Fatalf("notices are %+v", s.last.Notices)
		}
		choose(s, map[state.PairKey]decide.Choice{k: {Candidate: "b2.ics"}})
		s.does("adopt B/b2 resolved", "adopt B/b1 adopted_match")
		choose(s, nil)
		s.does()
	})
}

// TestChosenConflict: what waits goes on as a person decided, once.
func TestChosenConflict(t *testing.T) {
	ours, theirs := history.Fields{Title: "Ours", Category: "k"}, history.Fields{Title: "Theirs"}
	k := state.PairKey{Relationship: "r", Original: "x"}
	for _, test := range []struct {
		choice schema.Conflict
		does   []string
		a, b   history.Fields
	}{
		{schema.ConflictSource, []string{"edit B/r(x)0 resolved"}, ours, ours},
		{schema.ConflictDestination, []string{"edit A/x resolved"}, theirs, theirs},
		{schema.ConflictPreserve, []string{"add B/apart conflict_preserve", "edit B/r(x)0 resolved"}, ours, ours},
	} {
		t.Run(string(test.choice), func(t *testing.T) {
			s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
			s.put("A", event("x", lunch, 0))
			s.apply()
			s.edit("A", "x", event("", ours, 1))
			s.edit("B", derived("r", "x", 0), event("", theirs, 1))
			s.does()
			s.input = func(in *decide.Input) { in.Choices = map[state.PairKey]decide.Choice{k: {Conflict: test.choice}} }
			apart := decide.ApartUID(workspace, "r", "x", s.folders["B"][derived("r", "x", 0)].Content.Fields().Digest())
			for i, line := range test.does {
				if line == "add B/apart conflict_preserve" {
					test.does[i] = "add B/" + apart + " conflict_preserve"
				}
			}
			s.does(test.does...)
			if len(s.last.Notices) > 0 || len(s.last.Unused) > 0 {
				t.Errorf("notices %+v, unused %v", s.last.Notices, s.last.Unused)
			}
			s.says("A", "x", test.a)
			s.says("B", derived("r", "x", 0), test.b)
			s.does()
			if len(s.last.Unused) != 1 {
				t.Errorf("a conflict that is settled uses a choice")
			}
		})
	}
	for _, test := range []struct {
		choice schema.Conflict
		does   []string
	}{
		{schema.ConflictSource, []string{"adopt B/x adopted_uid"}},
		{schema.ConflictDestination, []string{"edit A/x resolved", "adopt B/x adopted_uid"}},
		{schema.ConflictPreserve, []string{"add B/r(x)0 new_at_source"}},
	} {
		t.Run("a match, "+string(test.choice), func(t *testing.T) {
			s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
			s.put("A", event("x", ours, 0))
			s.put("B", event("x", theirs, 0))
			s.does()
			s.input = func(in *decide.Input) { in.Choices = map[state.PairKey]decide.Choice{k: {Conflict: test.choice}} }
			s.does(test.does...)
			s.does()
		})
	}
	t.Run("no apply has recorded it yet", func(t *testing.T) {
		for _, choice := range []schema.Conflict{schema.ConflictSource, schema.ConflictDestination, schema.ConflictPreserve} {
			s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
			s.put("A", event("x", ours, 0))
			s.put("B", event("x", theirs, 0))
			s.input = func(in *decide.Input) { in.Choices = map[state.PairKey]decide.Choice{k: {Conflict: choice}} }
			if s.apply(); len(s.last.Writes) == 0 || len(s.last.Notices) > 0 || len(s.last.Unused) > 0 {
				t.Errorf("%s of a match: it writes %v, notices are %v, unused %v", choice, s.last.Writes, s.last.Notices, s.last.Unused)
			}
			s.does()
			s = newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
			s.put("A", event("x", lunch, 0))
			s.apply()
			s.edit("A", "x", event("", ours, 1))
			s.edit("B", derived("r", "x", 0), event("", theirs, 1))
			s.input = func(in *decide.Input) { in.Choices = map[state.PairKey]decide.Choice{k: {Conflict: choice}} }
			if s.apply(); len(s.last.Writes) == 0 || len(s.last.Notices) > 0 || len(s.last.Unused) > 0 {
				t.Errorf("%s: it writes %v, notices are %v, unused %v", choice, s.last.Writes, s.last.Notices, s.last.Unused)
			}
			s.does()
			if len(s.last.Unused) != 1 {
				t.Errorf("%s: it is used again", choice)
			}
		}
	})
	t.Run("deleted and edited", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.remove("A", "x")
		s.edit("B", derived("r", "x", 0), event("", theirs, 1))
		s.does()
		s.input = func(in *decide.Input) {
			in.Choices = map[state.PairKey]decide.Choice{k: {Conflict: schema.ConflictDestination}}
		}
		s.does("add A/x resolved")
		s.does()
	})
}
