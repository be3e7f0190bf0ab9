package decide_test

import (
	"slices"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// What an item names is, in its replica, named by what the destination has; and by what the source has on the way back.
func TestReferences(t *testing.T) {
	const lunch, walk = "SUMMARY:Lunch", "SUMMARY:Walk"
	related := func(s *scene, folder, key string) any {
		return s.folders[folder][key].Content.Fields()["related_to"].Plain()
	}
	replica := func(original string) string { return decide.ReplicaUID(workspace, "r", original, 0) }
	one := func(v any) string {
		list, _ := v.([]string)
		if len(list) != 1 {
			t.Fatalf("it names %v", v)
		}
		return list[0]
	}

	s := newScene(t, joins("r", "AB", twoWay))
	s.add("A", decide.Item{Key: "a", Content: ics("a", lunch, "RELATED-TO;RELTYPE=SIBLING:z")}) // made before the item that it names
	s.add("A", decide.Item{Key: "z", Content: ics("z", walk)})
	s.add("A", decide.Item{Key: "far", Content: ics("far", walk, "RELATED-TO;RELTYPE=SIBLING:elsewhere")})
	s.apply()
	if got := one(related(s, "B", replica("a"))); got != replica("z") {
		t.Errorf("the replica names %q, not the replica of z", got)
	}
	if got := one(related(s, "B", replica("far"))); got != "elsewhere" {
		t.Errorf("what is not copied is named %q", got)
	}
	if more := s.apply(); len(more) > 0 {
		t.Errorf("a second plan writes %v", more)
	}

	s.edit("B", replica("z"), ics("", walk, "RELATED-TO;RELTYPE=SIBLING:"+replica("a")))
	s.apply()
	if got := one(related(s, "A", "z")); got != "a" {
		t.Errorf("the original names %q, not a", got)
	}
	s.edit("A", "a", ics("", "SUMMARY:Late lunch", "RELATED-TO;RELTYPE=SIBLING:far"))
	s.apply()
	if got := one(related(s, "B", replica("a"))); got != replica("far") {
		t.Errorf("the edit names %q, not the replica of far", got)
	}
	if more := s.apply(); len(more) > 0 {
		t.Errorf("a second plan writes %v", more)
	}
}

// Two folders that hold the same items with the same references agree as they are.
func TestReferencesOfAdoptedItems(t *testing.T) {
	s := newScene(t, joins("ab", "AB", twoWay), joins("ba", "BA", twoWay))
	for _, folder := range []string{"A", "B"} {
		s.add(folder, decide.Item{Key: "a", Content: ics("a", "SUMMARY:Lunch", "RELATED-TO;RELTYPE=SIBLING:z")})
		s.add(folder, decide.Item{Key: "z", Content: ics("z", "SUMMARY:Walk")})
	}
	for _, line := range s.apply() {
		if line != "adopt B/a adopted_uid" && line != "adopt B/z adopted_uid" {
			t.Errorf("it writes %q", line)
		}
	}
}

// TestReferencesInAnyOrder: what an item names gets its replica later, another one, or none any more; each time the replica names what there is by then.
func TestReferencesInAnyOrder(t *testing.T) {
	names := func(s *scene, folder, key string, want ...string) {
		t.Helper()
		got, _ := s.folders[folder][key].Content.Fields()["related_to"].Plain().([]string)
		for i := range got {
			got[i] = s.name(got[i])
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s/%s names %v instead of %v", folder, s.name(key), got, want)
		}
	}
	list := func(uids ...string) *pim.Item {
		lines := []string{"SUMMARY:List"}
		for _, uid := range uids {
			lines = append(lines, "RELATED-TO;RELTYPE=SIBLING:"+uid)
		}
		return ics("x", lines...)
	}
	start := func(t *testing.T, policy ...func(*schema.Policies)) *scene {
		s := newScene(t, joins("r", "AB", policy...))
		s.add("A", decide.Item{Key: "x", Content: list("y", "z")})
		s.put("A", event("z", history.Fields{Title: "Z"}, 0))
		s.apply()
		return s
	}
	replica := derived("r", "x", 0)
	for name, policy := range map[string]func(*schema.Policies){
		"one way": func(*schema.Policies) {}, "two way": twoWay, "the original's edits are ignored": func(p *schema.Policies) { p.SourceEdit = schema.SourceEditIgnore },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, policy)
			names(s, "B", replica, "r(z)0", "y")
			s.put("A", event("y", history.Fields{Title: "Y"}, 0))
			s.does("add B/r(y)0 new_at_source", "edit B/r(x)0 changed_at_source")
			names(s, "B", replica, "r(y)0", "r(z)0")
			s.does()
			s.rels[0].Policies.DestinationDelete = schema.DestinationDeleteRecopy
			s.remove("B", derived("r", "z", 0))
			s.does("add B/r(z)1 gone_at_destination", "edit B/r(x)0 changed_at_source")
			names(s, "B", replica, "r(y)0", "r(z)1")
			s.does()
			s.remove("A", "y")
			s.does("delete B/r(y)0 gone_at_source", "edit B/r(x)0 changed_at_source")
			names(s, "B", replica, "r(z)1", "y")
			s.does()
			names(s, "A", "x", "y", "z")
		})
	}
	t.Run("an item that is adopted", func(t *testing.T) {
		s := start(t)
		s.put("B", timed("b1", lunch, 0))
		s.put("A", timed("y", lunch, 0))
		s.does("adopt B/b1 adopted_match", "edit B/r(x)0 changed_at_source")
		names(s, "B", replica, "b1", "r(z)0")
		s.does()
	})
	t.Run("both new, the one that is named by a match", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"))
		s.put("B", timed("b1", lunch, 0))
		s.put("A", timed("y", lunch, 0))
		s.add("A", decide.Item{Key: "x", Content: list("y")})
		s.does("adopt B/b1 adopted_match", "add B/r(x)0 new_at_source")
		names(s, "B", replica, "b1")
		s.does()
	})
	t.Run("what a person names in the replica is not touched", func(t *testing.T) {
		s := start(t, destinationEdit(schema.DestinationEditKeep))
		s.edit("B", replica, list("z"))
		s.does()
		s.put("A", event("y", history.Fields{Title: "Y"}, 0))
		s.does("add B/r(y)0 new_at_source")
		names(s, "B", replica, "z")
		s.does()
	})
	t.Run("a mesh: each folder names what it has", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay), joins("r2", "BA", twoWay))
		s.add("A", decide.Item{Key: "x", Content: list()})
		s.put("B", event("y", history.Fields{Title: "Y"}, 0))
		s.apply()
		s.edit("B", replica, list("y"))
		s.does("edit A/x changed_at_destination")
		names(s, "A", "x", "r2(y)0")
		s.does()
		s.edit("A", "x", list(derived("r2", "y", 0), "z"))
		s.does("edit B/r(x)0 changed_at_source")
		names(s, "B", replica, "y", "z")
		s.does()
	})
}
