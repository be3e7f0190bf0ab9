package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
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
