package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestOrderOfWrites: a replica's write comes after its original's and needs it; the next generation needs the release of the one before.
func TestOrderOfWrites(t *testing.T) {
	write := func(s *scene, folder, key string) (*decide.Write, int) {
		i := slices.IndexFunc(s.last.Writes, func(w *decide.Write) bool { return w.Folder == folder && w.Key == key })
		if i < 0 {
			t.Fatalf("%s/%s is not written", folder, s.name(key))
		}
		return s.last.Writes[i], i
	}
	needs := func(t *testing.T, s *scene, folder, key, first, before string) {
		t.Helper()
		w, at := write(s, folder, key)
		need, earlier := write(s, first, before)
		if !slices.Contains(w.Needs, need) || earlier > at {
			t.Errorf("the write of %s/%s does not wait for that of %s/%s", folder, s.name(key), first, s.name(before))
		}
		if slices.Contains(need.Needs, w) {
			t.Errorf("the writes of %s and %s wait for one another", s.name(key), s.name(before))
		}
	}
	t.Run("what came from a replica goes on to the others", func(t *testing.T) {
		s := newScene(t, joins("r", "CA", twoWay), joins("r2", "CB", twoWay))
		s.put("C", event("x", lunch, 0))
		s.apply()
		s.edit("B", derived("r2", "x", 0), event("", history.Fields{Title: "Dinner"}, 1))
		s.does("edit C/x changed_at_destination", "edit A/r(x)0 changed_at_source")
		needs(t, s, "A", derived("r", "x", 0), "C", "x")
		s.does()
	})
	t.Run("a delete goes on too", func(t *testing.T) {
		s := newScene(t, joins("r", "CA", twoWay), joins("r2", "CB", twoWay))
		s.put("C", event("x", lunch, 0))
		s.apply()
		s.remove("B", derived("r2", "x", 0))
		s.does("delete C/x gone_at_destination", "delete A/r(x)0 gone_at_source")
		needs(t, s, "A", derived("r", "x", 0), "C", "x")
	})
	t.Run("released, then added again", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", destinationEdit(schema.DestinationEditPreserve)))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.edit("B", derived("r", "x", 0), event("", history.Fields{Title: "Dinner"}, 1))
		s.does("release B/r(x)0 changed_at_destination", "add B/r(x)1 changed_at_destination")
		needs(t, s, "B", derived("r", "x", 1), "B", derived("r", "x", 0))
		s.does()
	})
	t.Run("a pair is recorded when all its writes are done", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.edit("A", "x", event("", history.Fields{Title: "Lunch", Note: "one", Category: "k"}, 1))
		s.edit("B", derived("r", "x", 0), event("", history.Fields{Title: "Dinner", Note: "noon", Category: "k"}, 1))
		s.does("edit A/x conflict_merge", "edit B/r(x)0 changed_at_source")
		if c := s.last.Pairs; len(c) != 1 || !slices.Equal(c[0].Needs, s.last.Writes) {
			t.Errorf("the pairs are %+v", c)
		}
	})
}

// TestReasonsOfConflicts: the reason for the write that settles a conflict names the policy, also where one field was edited on both sides.
func TestReasonsOfConflicts(t *testing.T) {
	for c, want := range map[schema.Conflict]string{
		schema.ConflictMerge: "edit B/r(x)0 conflict_merge", schema.ConflictSource: "edit B/r(x)0 conflict_source", schema.ConflictNewest: "edit B/r(x)0 conflict_newest",
		schema.ConflictDestination: "edit A/x conflict_destination",
	} {
		s := newScene(t, joins("r", "AB", twoWay, conflict(c)))
		s.put("A", event("x", lunch, 0))
		s.apply()
		s.edit("A", "x", event("", history.Fields{Title: "Brunch", Note: "noon", Category: "k"}, 2))
		s.edit("B", derived("r", "x", 0), event("", history.Fields{Title: "Dinner", Note: "noon", Category: "k"}, 1))
		s.does(want)
		s.does()
	}
}

// TestMergeByValue: of a field with several values both sides' additions and removals count.
func TestMergeByValue(t *testing.T) {
	categories := func(values string) *pim.Item { return ics("x", "SUMMARY:Lunch", "CATEGORIES:"+values) }
	start := func(t *testing.T, r *decide.Relationship) *scene {
		s := newScene(t, r)
		s.put("A", categories("a,b,c"))
		s.apply()
		return s
	}
	same := func(t *testing.T, s *scene, want string) {
		t.Helper()
		for _, it := range []*decide.Item{s.folders["A"]["x"], s.folders["B"][derived("r", "x", 0)]} {
			got, _ := it.Content.Fields()["categories"].Plain().([]string)
			slices.Sort(got)
			if strings.Join(got, ",") != want {
				t.Errorf("the categories are %v instead of %s", got, want)
			}
		}
	}
	t.Run("merge: both edits stay", func(t *testing.T) {
		s := start(t, joins("r", "AB", twoWay))
		s.edit("A", "x", categories("a,b,c,ours"))
		s.edit("B", derived("r", "x", 0), categories("b,c,theirs"))
		s.does("edit A/x conflict_merge", "edit B/r(x)0 conflict_merge")
		same(t, s, "b,c,ours,theirs")
		s.does()
	})
	t.Run("source: the original's", func(t *testing.T) {
		s := start(t, joins("r", "AB", twoWay, conflict(schema.ConflictSource)))
		s.edit("A", "x", categories("a,ours"))
		s.edit("B", derived("r", "x", 0), categories("a,b,c,theirs"))
		s.does("edit B/r(x)0 conflict_source")
		same(t, s, "a,ours")
	})
}

// TestSeveralReplicas: edits of two replicas of one original are merged by field; of the same field the first relationship by address counts, with newest
// the latest, with manual a person.
func TestSeveralReplicas(t *testing.T) {
	title := func(title, note string) history.Fields {
		return history.Fields{Title: title, Note: note, Category: "k"}
	}
	start := func(t *testing.T, c schema.Conflict) *scene {
		s := newScene(t, joins("r", "AB", twoWay, conflict(c)), joins("r2", "AC", twoWay, conflict(c)))
		s.put("A", event("x", lunch, 0))
		s.apply()
		return s
	}
	b, c := derived("r", "x", 0), derived("r2", "x", 0)
	for _, test := range []struct {
		name     string
		conflict schema.Conflict
		b, c     history.Fields // B's was edited before C's
		want     history.Fields
	}{
		{"different fields", schema.ConflictMerge, title("Dinner", "noon"), title("Lunch", "one"), title("Dinner", "one")},
		{"the same field: the first by address", schema.ConflictMerge, title("Dinner", "noon"), title("Tea", "noon"), title("Dinner", "noon")},
		{"the same field: the latest", schema.ConflictNewest, title("Dinner", "noon"), title("Tea", "noon"), title("Tea", "noon")},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, test.conflict)
			s.edit("B", b, event("", test.b, 1))
			s.edit("C", c, event("", test.c, 2))
			s.apply()
			s.says("A", "x", test.want)
			s.says("B", b, test.want)
			s.says("C", c, test.want)
			s.does()
		})
	}
	t.Run("the same field: a person decides", func(t *testing.T) {
		s := start(t, schema.ConflictManual)
		s.edit("B", b, event("", title("Dinner", "noon"), 1))
		s.edit("C", c, event("", title("Tea", "noon"), 2))
		s.does("edit A/x changed_at_destination")
		if n := s.last.Notices; len(n) != 1 || n[0].Code != decide.ConflictManual || n[0].Pair.Relationship != "r2" {
			t.Errorf("notices are %+v", n)
		}
		s.does()
	})
	t.Run("an edit beats a delete", func(t *testing.T) {
		s := start(t, schema.ConflictMerge)
		s.edit("B", b, event("", title("Dinner", "noon"), 1))
		s.remove("C", c)
		s.does("edit A/x changed_at_destination", "add C/r2(x)1 gone_at_destination")
		s.does()
	})
	t.Run("a delete beats a mark", func(t *testing.T) {
		s := start(t, schema.ConflictMerge)
		s.rels[0].Policies.DestinationDelete = schema.DestinationDeleteMark
		s.remove("B", b)
		s.remove("C", c)
		s.does("delete A/x gone_at_destination")
	})
	t.Run("a mark is an edit of the original", func(t *testing.T) {
		s := start(t, schema.ConflictMerge)
		s.rels[0].Policies.DestinationDelete = schema.DestinationDeleteMark
		s.remove("B", b)
		s.does("mark A/x gone_at_destination", "edit C/r2(x)0 changed_at_source")
		s.says("A", "x", title(decide.MarkedPrefix+"Lunch", "noon"))
		s.does()
		s.edit("A", "x", event("", title("Lunch", "two"), 3))
		s.does("edit C/r2(x)0 changed_at_source") // marked once, and pruned
	})
}

// TestKeep: what a replica's owner edited is its own, for as long as it is not what it was; the rest goes on to follow the original.
func TestKeep(t *testing.T) {
	says := func(title, note string) history.Fields {
		return history.Fields{Title: title, Note: note, Category: "k"}
	}
	s := newScene(t, joins("r", "AB", destinationEdit(schema.DestinationEditKeep)))
	s.put("A", event("x", lunch, 0))
	s.apply()
	replica := derived("r", "x", 0)
	s.edit("B", replica, event("", says("Dinner", "noon"), 1))
	s.does()
	s.edit("A", "x", event("", says("Brunch", "one"), 2))
	s.does("edit B/r(x)0 changed_at_source")
	s.says("B", replica, says("Dinner", "one"))
	s.does()
	s.edit("B", replica, event("", says("Lunch", "one"), 3))
	s.does("edit B/r(x)0 changed_at_source")
	s.says("B", replica, says("Brunch", "one"))
	s.does()
}
