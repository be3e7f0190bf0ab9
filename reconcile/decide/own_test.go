package decide_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// owned leaves fields of a replica to its owner.
func owned(r *decide.Relationship, fields ...string) *decide.Relationship {
	r.Owns = func(field string) bool { return slices.Contains(fields, field) }
	r.Keep = func(want, have pim.Fields) pim.Fields {
		out := maps.Clone(want)
		for _, field := range fields {
			if delete(out, field); !have[field].IsZero() {
				out[field] = have[field]
			}
		}
		return out
	}
	r.Flows = func(field string) bool { return !r.Owns(field) }
	return r
}

// triggered carries changes of an original when one of some fields changes.
func triggered(r *decide.Relationship, fields ...string) *decide.Relationship {
	r.Triggers = func(changed []string) bool {
		return slices.ContainsFunc(changed, func(field string) bool { return slices.Contains(fields, field) })
	}
	return r
}

func TestOwnedFieldIsWrittenOnceAndStays(t *testing.T) {
	for _, edit := range []schema.DestinationEdit{schema.DestinationEditDiscard, schema.DestinationEditPreserve,
		schema.DestinationEditPropagate, schema.DestinationEditKeep} {
		t.Run(string(edit), func(t *testing.T) {
			s := newScene(t, owned(joins("r", "AB", destinationEdit(edit)), "description"))
			s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:theirs"))
			s.does("add B/r(x)0 new_at_source")
			replica := derived("r", "x", 0)
			s.says("B", replica, history.Fields{Title: "lunch", Note: "theirs"})
			s.edit("B", replica, ics("", "SUMMARY:lunch", "DESCRIPTION:mine"))
			s.does()
			s.edit("A", "x", ics("x", "SUMMARY:lunch", "DESCRIPTION:changed"))
			s.does()
			s.edit("A", "x", ics("x", "SUMMARY:dinner", "DESCRIPTION:changed again"))
			s.edit("B", replica, ics("", "SUMMARY:lunch"))
			s.does("edit B/r(x)0 changed_at_source")
			s.says("B", replica, history.Fields{Title: "dinner"})
			s.rels[0].Changed = true
			s.does()
			s.remove("A", "x")
			s.edit("B", replica, ics("", "SUMMARY:dinner", "DESCRIPTION:mine again"))
			s.does("delete B/r(x)0 gone_at_source")
		})
	}
}

func TestAdoptedItemKeepsWhatItsOwnerOwns(t *testing.T) {
	s := newScene(t, owned(joins("r", "AB", twoWay), "description", "location"))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:theirs", "LOCATION:there"))
	s.put("B", ics("x", "SUMMARY:lunch", "DESCRIPTION:mine"))
	s.does("adopt B/x adopted_uid")
	s.says("B", "x", history.Fields{Title: "lunch", Note: "mine"})
	s.says("A", "x", history.Fields{Title: "lunch", Note: "theirs", Category: "there"})
}

func TestLossOfStateLeavesWhatIsOwned(t *testing.T) {
	s := newScene(t, owned(joins("r", "AB"), "description"))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:theirs"))
	s.apply()
	s.edit("B", derived("r", "x", 0), ics("", "SUMMARY:lunch", "DESCRIPTION:mine"))
	s.forget()
	s.does()
}

func TestReplicaMadeAgainStartsWithItsOriginalsFields(t *testing.T) {
	s := newScene(t, owned(joins("r", "AB"), "description"))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:theirs"))
	s.apply()
	s.remove("B", derived("r", "x", 0))
	s.does("add B/r(x)1 gone_at_destination")
	s.says("B", derived("r", "x", 1), history.Fields{Title: "lunch", Note: "theirs"})
}

func TestOwnersEditOfAnOccurrenceIsNoEdit(t *testing.T) {
	r := owned(joins("r", "AB", destinationEdit(schema.DestinationEditPreserve)), "description")
	override := ""
	r.Keep = func(want, have pim.Fields) pim.Fields { // the owner's words of one occurrence stay
		out := maps.Clone(want)
		for name := range want {
			if pim.IsOverride(name) {
				override, out[name] = name, have[name]
			}
		}
		return out
	}
	s := newScene(t, r)
	series := func(note string) *pim.Item {
		return ics("x", "SUMMARY:lunch", "DTSTART:20260105T100000Z", "RRULE:FREQ=DAILY", "END:VEVENT", "BEGIN:VEVENT", "UID:x",
			"RECURRENCE-ID:20260106T100000Z", "DTSTART:20260106T110000Z", "SUMMARY:lunch", "DESCRIPTION:"+note)
	}
	s.put("A", series("theirs"))
	s.apply()
	s.edit("B", derived("r", "x", 0), series("mine"))
	s.does()
	if override == "" {
		t.Fatal("there is no override")
	}
}

func TestOnlyTriggersCarry(t *testing.T) {
	s := newScene(t, triggered(joins("r", "AB", twoWay), "summary"))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:note", "LOCATION:here"))
	s.apply()
	replica := derived("r", "x", 0)
	s.edit("A", "x", ics("x", "SUMMARY:lunch", "DESCRIPTION:changed", "LOCATION:here"))
	s.does()
	s.does()
	s.edit("B", replica, ics("", "SUMMARY:lunch", "DESCRIPTION:note", "LOCATION:there"))
	s.does("edit A/x changed_at_destination")
	s.says("A", "x", history.Fields{Title: "lunch", Note: "changed", Category: "there"})
	s.says("B", replica, history.Fields{Title: "lunch", Note: "note", Category: "there"})
	s.does()
	s.edit("A", "x", ics("x", "SUMMARY:dinner", "DESCRIPTION:changed", "LOCATION:there"))
	s.does("edit B/r(x)0 changed_at_source")
	s.says("B", replica, history.Fields{Title: "dinner", Note: "changed", Category: "there"})
	s.does()
}

func TestReplicaDeletedWhileNothingTriggeredDeletesItsOriginal(t *testing.T) {
	s := newScene(t, triggered(joins("r", "AB", twoWay), "summary"))
	s.put("A", ics("x", "SUMMARY:lunch", "DESCRIPTION:note"))
	s.apply()
	s.edit("A", "x", ics("x", "SUMMARY:lunch", "DESCRIPTION:changed"))
	s.remove("B", derived("r", "x", 0))
	s.does("delete A/x gone_at_destination")
}
