package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema"
)

// older has the state be as it was before something happened, as a backup of it is that was restored.
func (s *scene) older(happens func()) {
	before := s.clone()
	happens()
	s.pairs, s.recorded = before.pairs, before.recorded
}

// TestOlderState: what was decided since a state was backed up is not undone, nor done again, when the backup is restored.
func TestOlderState(t *testing.T) {
	replica := derived("r", "x", 0)
	keep := func(p *schema.Policies) { p.SourceDelete = schema.SourceDeleteKeep }
	begin := func(t *testing.T, rels ...*decide.Relationship) *scene {
		s := newScene(t, rels...)
		s.put("A", event("x", lunch, 0))
		s.apply()
		return s
	}
	t.Run("what was retired is not deleted", func(t *testing.T) {
		s := begin(t, joins("r", "AB", keep))
		s.older(func() { s.remove("A", "x"); s.apply() })
		s.rels = []*decide.Relationship{joins("r", "AB")}
		s.does()
		s.says("B", replica, lunch)
	})
	t.Run("what was released is not deleted with its original", func(t *testing.T) {
		s := begin(t, joins("r", "AB"))
		s.older(func() {
			s.rels, s.onRemove = nil, schema.RemoveRelease
			s.recorded[0].OnRemove = string(schema.RemoveRelease)
			s.apply()
			s.remove("A", "x")
		})
		s.rels = []*decide.Relationship{joins("r", "AB")}
		s.does()
		s.says("B", replica, lunch)
	})
	t.Run("nor with its relationship", func(t *testing.T) {
		s := begin(t, joins("r", "AB"))
		s.older(func() {
			s.rels = nil
			s.recorded[0].OnRemove = string(schema.RemoveRelease)
			s.apply()
		})
		s.recorded[0].OnRemove = string(schema.RemoveDelete)
		s.does()
		s.says("B", replica, lunch)
	})
	t.Run("what was made again twice is not made again", func(t *testing.T) {
		s := begin(t, joins("r", "AB"))
		s.older(func() {
			s.remove("B", replica)
			s.apply()
			s.remove("B", derived("r", "x", 1))
			s.apply()
		})
		s.does()
		if p := s.pair("r", "x"); p.Replica != derived("r", "x", 2) || p.Generation != 2 {
			t.Errorf("the pair is %+v", p)
		}
	})
	t.Run("nor does it look deleted", func(t *testing.T) {
		s := begin(t, joins("r", "AB"))
		s.older(func() { s.remove("B", replica); s.apply() })
		s.rels = []*decide.Relationship{joins("r", "AB", twoWay)}
		s.does()
		s.says("A", "x", lunch)
	})
	t.Run("what was released and made beside it", func(t *testing.T) {
		s := begin(t, joins("r", "AB", destinationEdit(schema.DestinationEditPreserve)))
		theirs := history.Fields{Title: "Dinner", Note: "noon", Category: "k"}
		s.older(func() { s.edit("B", replica, event("", theirs, 0)); s.apply() })
		s.does()
		s.says("B", replica, theirs)
		s.says("B", derived("r", "x", 1), lunch)
	})
}
