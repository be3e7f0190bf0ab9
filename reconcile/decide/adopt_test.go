package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestExisting: what becomes of an item that the destination already has under the original's UID. The person's item there says something else of the title,
// and has a note that the original has not; the original has a place.
func TestExisting(t *testing.T) {
	original := history.Fields{Title: "Lunch", Category: "k"}
	found := history.Fields{Title: "Dinner", Note: "bring cake"}
	union := history.Fields{Title: "Dinner", Note: "bring cake", Category: "k"}
	merged := history.Fields{Title: "Lunch", Note: "bring cake", Category: "k"}
	propagate := func(c schema.Conflict) func(*schema.Policies) {
		return func(p *schema.Policies) { twoWay(p); p.Conflict = c }
	}
	later, earlier := 9, 1
	for _, test := range []struct {
		name     string
		policy   func(*schema.Policies)
		modified int // when the item in the destination was; the original was at 5
		does     []string
		a, b     history.Fields
	}{
		{"discard: the original's value where it has one, the rest is kept", destinationEdit(schema.DestinationEditDiscard), later,
			[]string{"adopt B/x adopted_uid"}, original, merged},
		{"keep: its values stay and are its own", destinationEdit(schema.DestinationEditKeep), later, []string{"adopt B/x adopted_uid"}, original, found},
		{"preserve: it stays as it is, and a replica is added beside it", destinationEdit(schema.DestinationEditPreserve), later,
			[]string{"add B/r(x)0 new_at_source"}, original, found},
		{"propagate, merge: what only one side has is kept, the original's where both have something", propagate(schema.ConflictMerge), later,
			[]string{"edit A/x conflict_merge", "adopt B/x adopted_uid"}, merged, merged},
		{"propagate, source: the original's where both have something", propagate(schema.ConflictSource), later,
			[]string{"edit A/x conflict_merge", "adopt B/x adopted_uid"}, merged, merged},
		{"propagate, destination: the other's where both have something", propagate(schema.ConflictDestination), earlier,
			[]string{"edit A/x conflict_destination", "adopt B/x adopted_uid"}, union, union},
		{"propagate, newest: the item in the destination", propagate(schema.ConflictNewest), later,
			[]string{"edit A/x conflict_newest", "adopt B/x adopted_uid"}, union, union},
		{"propagate, newest: the original", propagate(schema.ConflictNewest), earlier,
			[]string{"edit A/x conflict_merge", "adopt B/x adopted_uid"}, merged, merged},
		{"propagate, preserve: a replica is added beside it", propagate(schema.ConflictPreserve), later, []string{"add B/r(x)0 new_at_source"}, original, found},
		{"propagate, manual: the pair waits", propagate(schema.ConflictManual), later, nil, original, found},
		{"copy: it is not looked at", existing(schema.ExistingCopy), later, []string{"add B/r(x)0 new_at_source"}, original, found},
		{"ignore: what the source holds at the first apply is never copied", existing(schema.ExistingIgnore), later, nil, original, found},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(t, joins("r", "AB", test.policy))
			s.put("A", event("x", original, 5))
			s.put("B", event("x", found, test.modified))
			s.does(test.does...)
			s.says("A", "x", test.a)
			s.says("B", "x", test.b)
			s.does()
			if len(test.does) > 0 { // what was in it before stays, too, when the state is lost
				s.forget()
				s.does()
				s.says("A", "x", test.a)
				s.says("B", "x", test.b)
			}
		})
	}
}

// TestExistingEqual: where both say the same only a marker is written.
func TestExistingEqual(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	s.put("A", event("x", lunch, 0))
	s.put("B", event("x", lunch, 0))
	s.does("adopt B/x adopted_uid")
	if m := s.folders["B"]["x"].Marker; m == nil || !m.Adopted || m.Status != pim.Live || m.Original != "x" || m.Written != s.folders["A"]["x"].Content.Fields().Digest() {
		t.Errorf("the marker is %+v", m)
	}
	if p := s.pair("r", "x"); !p.Adopted || p.Replica != "x" {
		t.Errorf("the pair is %+v", p)
	}
	s.put("A", event("y", lunch, 0))
	s.rels[0].Policies.Existing = schema.ExistingIgnore
	s.does("add B/r(y)0 new_at_source") // the first apply is over
}

// TestCandidates: of several items of the destination that could be the original's, equal ones are one; ones that differ are a question for a person.
func TestCandidates(t *testing.T) {
	twin := func(ref string, f history.Fields) decide.Item {
		return decide.Item{Key: "ref:" + ref, Ref: ref, Content: event("x", f, 0)}
	}
	start := func(t *testing.T, first, second history.Fields) *scene {
		s := newScene(t, joins("r", "AB"), joins("r2", "BA"))
		s.put("A", event("x", lunch, 0))
		s.add("B", twin("2.ics", second))
		s.add("B", twin("1.ics", first))
		return s
	}
	t.Run("equal: the first by ref", func(t *testing.T) {
		s := start(t, lunch, lunch)
		s.rels = s.rels[:1]
		s.does("adopt B/ref:1.ics adopted_uid")
		s.does()
	})
	t.Run("different: nothing is copied, there or back", func(t *testing.T) {
		s := start(t, lunch, history.Fields{Title: "Dinner"})
		for range 2 {
			s.does()
			n := s.last.Notices
			if len(n) != 1 || n[0].Code != decide.Ambiguous || n[0].Original.Key != "x" || len(n[0].Candidates) != 2 || n[0].Candidates[0].Ref != "1.ics" {
				t.Errorf("notices are %+v", n)
			}
		}
		s.remove("B", "ref:2.ics")
		s.does("adopt B/ref:1.ics adopted_uid")
	})
	t.Run("one that belongs to a pair is none", func(t *testing.T) {
		s := newScene(t, joins("r", "AB"), joins("r2", "BC"))
		s.put("B", event("x", history.Fields{Title: "Dinner"}, 0))
		s.does("add C/r2(x)0 new_at_source")
		s.put("A", event("x", lunch, 0))
		s.does("add B/r(x)0 new_at_source")
		s.does()
	})
	t.Run("what one relationship adopted is a replica for the next", func(t *testing.T) {
		s := newScene(t, joins("r", "CA"), joins("old", "AB"))
		for _, folder := range []string{"A", "B", "C"} {
			s.put(folder, event("x", lunch, 0))
		}
		s.does("adopt A/x adopted_uid")
		s.does()
	})
}

// TestAdoptedAttendees: the attendees of a person's own copy of a meeting are its own. They are no difference, and no edit takes them out.
func TestAdoptedAttendees(t *testing.T) {
	r := joins("r", "AB")
	r.Render = func(o *pim.Item) (*pim.Item, error) {
		return o.WithFields(pim.Fields{"attendees": pim.Value{}, "organizer": pim.Value{}}), nil
	}
	s := newScene(t, r)
	people := []string{"ORGANIZER:mailto:ann@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com"}
	s.put("A", ics("x", append(people, "SUMMARY:Meeting")...))
	s.put("B", ics("x", append(people, "SUMMARY:Meeting")...))
	s.put("A", ics("y", append(people, "SUMMARY:Meeting")...))
	s.does("adopt B/x adopted_uid", "add B/r(y)0 new_at_source")
	s.does()
	s.edit("A", "x", ics("x", append(people, "SUMMARY:Moved")...))
	s.does("edit B/x changed_at_source")
	s.does()
	s.edit("B", "x", ics("x", people[0], "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com", "SUMMARY:Moved"))
	s.does()
	s.does()
	if it := s.folders["B"]["x"].Content; it.Title() != "Moved" || it.Fields()["attendees"].IsZero() || it.Fields()["organizer"].IsZero() {
		t.Errorf("the adopted meeting is\n%s", it.Bytes())
	}
	if it := s.folders["B"][derived("r", "y", 0)].Content; !it.Fields()["attendees"].IsZero() {
		t.Errorf("the replica that was made is\n%s", it.Bytes())
	}
}

// TestAdoptedIsReleased: a person's item is never deleted because of what happens to the original, unless the policy says so.
func TestAdoptedIsReleased(t *testing.T) {
	start := func(t *testing.T) *scene {
		s := newScene(t, joins("r", "AB"))
		s.rels[0].Match = func(o *pim.Item) (bool, error) { return fieldsOf(o).Category == "k", nil }
		s.put("A", event("x", lunch, 0))
		s.put("B", event("x", lunch, 0))
		s.apply()
		return s
	}
	t.Run("the original is deleted", func(t *testing.T) {
		s := start(t)
		s.remove("A", "x")
		s.does("release B/x gone_at_source")
		s.does()
	})
	t.Run("the original is deleted, and adopt.on_delete is delete", func(t *testing.T) {
		s := start(t)
		s.rels[0].Policies.AdoptOnDelete = schema.AdoptDelete
		s.remove("A", "x")
		s.does("delete B/x gone_at_source")
	})
	t.Run("the original leaves the filter", func(t *testing.T) {
		s := start(t)
		s.edit("A", "x", event("", history.Fields{Title: "Lunch"}, 1))
		s.does("release B/x left_filter")
		s.does()
	})
	t.Run("it waits for a person and the original goes", func(t *testing.T) {
		s := newScene(t, joins("r", "AB", twoWay, conflict(schema.ConflictManual)))
		s.put("A", event("x", lunch, 0))
		s.put("B", event("x", history.Fields{Title: "Dinner"}, 0))
		s.does()
		if p := s.pair("r", "x"); p.Status != state.Waiting || s.folders["B"]["x"].Marker != nil {
			t.Errorf("the pair is %+v", p)
		}
		s.edit("B", "x", event("", lunch, 1))
		s.does("adopt B/x adopted_uid")
	})
}
