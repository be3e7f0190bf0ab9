package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

func coalesce(p *schema.Policies) { p.Coalesce = true }

// sequenced is an event with a SEQUENCE.
func sequenced(uid string, f history.Fields, n int) *pim.Item {
	text := string(timed(uid, f, 0).Bytes())
	it, err := pim.Parse(pim.Calendar, []byte(strings.Replace(text, "UID:", fmt.Sprintf("SEQUENCE:%d\r\nUID:", n), 1)))
	if err != nil {
		panic(err)
	}
	return it
}

var (
	mine   = history.Fields{Title: "Mine"}
	theirs = history.Fields{Title: "Theirs"}
)

// shared is a scene in which A and B hold the same meeting, and C has one replica of it, which A's original leads.
func shared(t *testing.T, policy ...func(*schema.Policies)) *scene {
	s := newScene(t, joins("r", "AC", append(policy, coalesce)...), joins("r2", "BC", append(policy, coalesce)...))
	s.put("A", sequenced("x", mine, 0))
	s.put("B", sequenced("x", theirs, 0))
	s.does("add C/r(x)0 new_at_source")
	s.says("C", derived("r", "x", 0), mine)
	s.shares("r(x)0", "r", "r2")
	s.does()
	return s
}

// shares compares which relationships' pairs have a replica, the one that leads first.
func (s *scene) shares(replica string, relationships ...string) {
	s.t.Helper()
	var lead, follow []string
	for k, p := range s.pairs {
		switch {
		case s.name(p.Replica) != replica || p.Status != state.Active:
		case len(p.BaseReplica) > 0:
			lead = append(lead, k.Relationship)
		default:
			follow = append(follow, k.Relationship)
		}
	}
	slices.Sort(follow)
	if got := append(lead, follow...); len(lead) != 1 || !slices.Equal(got, relationships) {
		s.t.Fatalf("%s is led by %v and followed by %v", replica, lead, follow)
	}
}

// TestCoalesce: the same meeting in several folders is one entry in their common destination.
func TestCoalesce(t *testing.T) {
	first := derived("r", "x", 0)
	t.Run("only the lead's edits are carried", func(t *testing.T) {
		s := shared(t)
		s.put("B", sequenced("x", history.Fields{Title: "Nobody asks"}, 0))
		s.does()
		s.put("A", sequenced("x", lunch, 0))
		s.does("edit C/r(x)0 changed_at_source")
		s.says("C", first, lunch)
	})
	t.Run("the greatest SEQUENCE leads", func(t *testing.T) {
		s := shared(t)
		s.put("B", sequenced("x", lunch, 1))
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, lunch)
		s.shares("r(x)0", "r2", "r")
		if m := s.folders["C"][first].Marker; m.Relationship != "r2" {
			t.Errorf("the marker is %+v", m)
		}
		if w := s.last.Writes[0]; len(w.Sharing) != 2 {
			t.Errorf("the write names %v", w.Sharing)
		}
		s.does()
		s.put("A", sequenced("x", mine, 1))
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, mine)
		s.does()
	})
	t.Run("another original joins", func(t *testing.T) {
		s := shared(t)
		s.remove("B", "x")
		s.does()
		s.shares("r(x)0", "r")
		s.put("B", sequenced("x", theirs, 0))
		s.does()
		s.shares("r(x)0", "r", "r2")
		s.remove("B", "x")
		s.does()
		s.put("B", sequenced("x", theirs, 4))
		s.does("edit C/r(x)0 lead_changed")
		s.does()
	})
	t.Run("it goes with the last", func(t *testing.T) {
		s := shared(t)
		s.remove("A", "x")
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, theirs)
		s.does()
		s.remove("B", "x")
		s.does("delete C/r(x)0 gone_at_source")
		s.does()
	})
	t.Run("both at once", func(t *testing.T) {
		s := shared(t)
		s.remove("A", "x")
		s.remove("B", "x")
		s.does("delete C/r(x)0 gone_at_source")
		if w := s.last.Writes[0]; len(w.Sharing) != 2 {
			t.Errorf("the write names %v", w.Sharing)
		}
		if len(s.pairs) > 0 {
			t.Errorf("pairs are left: %v", s.pairs)
		}
	})
	t.Run("the last one's relationship keeps it; another original wakes it", func(t *testing.T) {
		s := shared(t)
		s.rels[1].Policies.SourceDelete = schema.SourceDeleteKeep
		s.remove("A", "x")
		s.does("edit C/r(x)0 lead_changed")
		s.remove("B", "x")
		s.does("retire C/r(x)0 gone_at_source")
		s.does()
		s.put("A", sequenced("x", mine, 0))
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, mine)
		s.shares("r(x)0", "r")
		s.does()
	})
	t.Run("an original out of the filter does not hold it", func(t *testing.T) {
		s := shared(t)
		s.rels[0].Match = func(o *pim.Item) (bool, error) { return fieldsOf(o) != lunch, nil }
		s.rels[1].Match = s.rels[0].Match
		s.put("A", sequenced("x", lunch, 0))
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, theirs)
		s.put("B", sequenced("x", lunch, 0))
		s.does("delete C/r(x)0 left_filter")
		s.does()
	})
	t.Run("a source that cannot be read still holds it", func(t *testing.T) {
		s := shared(t)
		s.folders["B"]["x"] = &decide.Item{Key: "x", Ref: "x.ics", Unknown: true}
		s.remove("A", "x")
		s.does()
		s.does()
		s.put("B", sequenced("x", theirs, 0))
		s.does("edit C/r(x)0 lead_changed")
		s.does()
	})
	t.Run("a frozen relationship still holds it", func(t *testing.T) {
		s := shared(t)
		s.input = func(in *decide.Input) { in.Frozen = map[string]bool{"r2": true} }
		s.remove("A", "x")
		s.does()
		s.input = func(in *decide.Input) { in.Frozen = map[string]bool{"r": true} }
		s.put("B", sequenced("x", lunch, 3))
		s.does()
		s.input = nil
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, lunch)
		s.does()
	})
	t.Run("a template of the lead's", func(t *testing.T) {
		s := shared(t)
		s.rels[1] = relationship(history.Rel{Name: "r2", Source: "B", Destination: "C", Template: true})
		s.rels[1].Policies = s.rels[0].Policies
		s.put("B", sequenced("x", lunch, 1))
		s.does("edit C/r(x)0 lead_changed")
		s.says("C", first, history.Fields{Title: "[C] Lunch", Note: "noon", Category: "k"})
		s.does()
	})
}

// TestCoalescePolicies: what a person does to a shared replica.
func TestCoalescePolicies(t *testing.T) {
	first := derived("r", "x", 0)
	edit := func(s *scene) { s.edit("C", first, timed("", lunch, 0)) }
	t.Run("edit, discard", func(t *testing.T) {
		s := shared(t)
		edit(s)
		s.does("edit C/r(x)0 changed_at_destination")
		s.says("C", first, mine)
	})
	t.Run("edit, keep", func(t *testing.T) {
		s := shared(t, destinationEdit(schema.DestinationEditKeep))
		edit(s)
		s.does()
		s.put("B", sequenced("x", theirs, 1))
		s.does("edit C/r(x)0 lead_changed") // the marker
		s.says("C", first, lunch)
		s.does()
	})
	t.Run("edit, preserve", func(t *testing.T) {
		s := shared(t, destinationEdit(schema.DestinationEditPreserve))
		edit(s)
		s.does("release C/r(x)0 changed_at_destination", "add C/r(x)1 changed_at_destination")
		s.shares("r(x)1", "r", "r2")
		s.does()
	})
	t.Run("delete, recopy", func(t *testing.T) {
		s := shared(t)
		s.remove("C", first)
		s.does("add C/r(x)1 gone_at_destination")
		s.shares("r(x)1", "r", "r2")
		s.does()
	})
	t.Run("delete, prune", func(t *testing.T) {
		s := shared(t, func(p *schema.Policies) { p.DestinationDelete = schema.DestinationDeletePrune })
		s.rels = append(s.rels, joins("r3", "DC", coalesce))
		s.folders["D"] = map[string]*decide.Item{}
		s.remove("C", first)
		s.does()
		s.put("D", sequenced("x", lunch, 9))
		s.does()
		for _, r := range []string{"r", "r2", "r3"} {
			if p := s.pair(r, "x"); p.Status != state.Pruned {
				t.Errorf("the pair of %s is %+v", r, p)
			}
		}
		s.remove("A", "x")
		s.remove("B", "x")
		s.does()
		s.remove("D", "x")
		s.does()
		s.put("B", sequenced("x", lunch, 0))
		s.does("add C/r2(x)0 new_at_source")
	})
}

// TestCoalesceRelationships: relationships that come and go.
func TestCoalesceRelationships(t *testing.T) {
	first := derived("r", "x", 0)
	t.Run("the one that leads leaves", func(t *testing.T) {
		s := shared(t)
		s.rels = s.rels[1:]
		s.does("edit C/r(x)0 lead_changed")
		s.shares("r(x)0", "r2")
		s.says("C", first, theirs)
		s.does()
	})
	t.Run("one that follows leaves", func(t *testing.T) {
		s := shared(t)
		s.rels = s.rels[:1]
		s.does()
		s.shares("r(x)0", "r")
	})
	t.Run("both leave", func(t *testing.T) {
		s := shared(t)
		s.rels = nil
		s.does("delete C/r(x)0 relationship_removed")
		if len(s.pairs) > 0 {
			t.Errorf("pairs are left: %v", s.pairs)
		}
	})
	t.Run("from now on", func(t *testing.T) {
		s := newScene(t, joins("r", "AC"), joins("r2", "BC"))
		s.put("A", sequenced("x", mine, 0))
		s.put("B", sequenced("x", theirs, 0))
		s.does("add C/r(x)0 new_at_source", "add C/r2(x)0 new_at_source")
		for _, r := range s.rels {
			r.Policies.Coalesce = true
		}
		s.does("delete C/r2(x)0 lead_changed")
		s.shares("r(x)0", "r", "r2")
		s.does()
	})
	t.Run("no more", func(t *testing.T) {
		s := shared(t)
		s.rels[0].Policies.Coalesce, s.rels[1].Policies.Coalesce = false, false
		s.does("add C/r2(x)0 new_at_source")
		s.does()
	})
	t.Run("the state is lost", func(t *testing.T) {
		for _, lead := range []int{0, 1} {
			s := shared(t)
			s.put("B", sequenced("x", theirs, lead))
			s.apply()
			s.forget()
			s.does()
			s.shares("r(x)0", [][]string{{"r", "r2"}, {"r2", "r"}}[lead]...)
			s.forget()
			s.remove("A", "x")
			s.apply()
			s.shares("r(x)0", "r2")
			s.does()
			s.forget()
			s.remove("B", "x")
			s.does("retire C/r(x)0 original_unknown")
			s.does()
		}
	})
	t.Run("the state is lost, and the one that leads is frozen", func(t *testing.T) {
		s := shared(t)
		s.forget()
		s.input = func(in *decide.Input) { in.Frozen = map[string]bool{"r": true} }
		for range 2 {
			s.apply()
		}
		if len(s.folders["C"]) != 1 {
			t.Errorf("C holds %v", s.folders["C"])
		}
	})
}

// TestCoalesceAdopts: an item that the destination has is adopted for all, by the lead.
func TestCoalesceAdopts(t *testing.T) {
	start := func(t *testing.T, policy ...func(*schema.Policies)) *scene {
		s := newScene(t, joins("r", "AC", append(policy, coalesce)...), joins("r2", "BC", append(policy, coalesce)...))
		s.put("A", sequenced("x", mine, 0))
		s.put("B", sequenced("x", theirs, 1))
		return s
	}
	t.Run("by UID", func(t *testing.T) {
		s := start(t)
		s.put("C", timed("x", history.Fields{Title: "Old", Note: "note"}, 0))
		s.does("adopt C/x adopted_uid")
		s.shares("x", "r2", "r")
		s.says("C", "x", history.Fields{Title: "Theirs", Note: "note"})
		s.does()
		s.remove("B", "x")
		s.does("edit C/x lead_changed")
		s.does()
		s.remove("A", "x")
		s.does("release C/x gone_at_source")
		s.does()
	})
	t.Run("by match key", func(t *testing.T) {
		s := start(t)
		s.put("C", timed("c", theirs, 0))
		s.does("adopt C/c adopted_match")
		s.shares("c", "r2", "r")
		s.does()
	})
	t.Run("not at all", func(t *testing.T) {
		s := start(t, existing(schema.ExistingCopy))
		s.put("C", timed("x", theirs, 0))
		s.does("add C/r2(x)0 new_at_source")
		s.shares("r2(x)0", "r2", "r")
		s.does()
	})
	t.Run("what one ignores is the others'", func(t *testing.T) {
		s := start(t)
		s.rels[1].Policies.Existing = schema.ExistingIgnore
		s.does("add C/r(x)0 new_at_source")
		s.shares("r(x)0", "r")
		s.does()
	})
}
