package decide_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// three are the edges of a mesh of A, B and C, that is about to lose A.
func three(change ...func(*schema.Policies)) []*decide.Relationship {
	var rels []*decide.Relationship
	for _, ends := range strings.Fields("AB AC BA BC CA CB") {
		r := joins(ends, ends, append([]func(*schema.Policies){twoWay}, change...)...)
		r.Block = "mesh"
		rels = append(rels, r)
	}
	return rels
}

// without are the edges that stay when some members leave.
func without(rels []*decide.Relationship, leavers string) []*decide.Relationship {
	return slices.DeleteFunc(slices.Clone(rels), func(r *decide.Relationship) bool { return strings.ContainsAny(r.Address, leavers) })
}

// leave has the recorded edges of members that left say that their items stay.
func leave(leavers string) func(*decide.Input) {
	return func(in *decide.Input) {
		in.Recorded = slices.Clone(in.Recorded)
		for i := range in.Recorded {
			if r := &in.Recorded[i]; strings.Contains(leavers, r.Source) && !strings.Contains(leavers, r.Destination) {
				r.Block, r.OnLeaver = "mesh", string(schema.LeaverRehome)
			}
		}
	}
}

// rehoming is a mesh of three in which A holds x, which the others have replicas of, and is about to leave.
type rehoming struct {
	*scene
	inB, inC string // keys of the replicas
}

func newRehoming(t *testing.T, rels []*decide.Relationship) *rehoming {
	s := newScene(t, rels...)
	s.put("A", timed("x", history.Fields{Title: "x", Note: "note", Category: "k"}, 0))
	s.apply()
	return &rehoming{s, derived("AB", "x", 0), derived("AC", "x", 0)}
}

// left lets A leave and compares what is done, in whatever order.
func (s *rehoming) left(want ...string) {
	s.t.Helper()
	s.rels, s.input = without(s.rels, "A"), leave("A")
	got := s.apply()
	for i := range got {
		got[i] = strings.NewReplacer(s.inB, "b", s.inC, "c").Replace(got[i])
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		s.t.Fatalf("writes are\n\t%s\ninstead of\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestRehome(t *testing.T) {
	s := newRehoming(t, three())
	s.left("release B/b rehomed", "adopt C/c rehomed")
	p := s.pair("BC", s.inB)
	if p.Replica != s.inC || p.Status != state.Active || p.Adopted || len(s.pairs) != 1 {
		t.Errorf("the pair is %+v, of %d", p, len(s.pairs))
	}
	if m := s.folders["C"][s.inC].Marker; m.Relationship != "BC" || m.Original != s.inB || m.Source != "B" || m.Status != pim.Live || m.Adopted {
		t.Errorf("the marker is %+v", m)
	}
	if len(s.recorded) != 2 {
		t.Errorf("recorded are %v", s.recorded)
	}
	s.does()
	s.forget()
	s.does()
}

// The new original is one that its folder's filter lets out.
func TestRehomeLooksAtFilters(t *testing.T) {
	rels := three()
	lets := map[string]bool{"A": true}
	for _, r := range rels {
		r.Match = func(*pim.Item) (bool, error) { return lets[r.Source], nil }
	}
	lets["C"] = true
	s := newRehoming(t, rels)
	s.left("release C/c rehomed", "adopt B/b rehomed")
	s.does()

	lets["C"] = false
	s = newRehoming(t, rels)
	s.left("release B/b rehomed", "release C/c rehomed")
	s.does()
}

// An edit and a delete that were on the way go on to those that stay.
func TestRehomeOfWhatIsOnTheWay(t *testing.T) {
	s := newRehoming(t, three())
	s.edit("B", s.inB, timed("x", history.Fields{Title: "x", Note: "by B", Category: "k"}, 1))
	s.edit("C", s.inC, timed("x", history.Fields{Title: "by C", Note: "note", Category: "k"}, 1))
	s.left("release B/b rehomed", "adopt C/c rehomed")
	for folder, key := range map[string]string{"B": s.inB, "C": s.inC} {
		s.says(folder, key, history.Fields{Title: "by C", Note: "by B", Category: "k"})
	}
	s.does()

	s = newRehoming(t, three())
	s.remove("B", s.inB)
	s.left("delete C/c gone_at_destination")
	s.does()
}

// What cannot be read may be edited, or be another item: all wait until it can.
func TestRehomeWaitsForWhatCannotBeRead(t *testing.T) {
	s := newRehoming(t, three())
	readable := s.folders["C"][s.inC]
	hidden := *readable
	hidden.Content, hidden.Marker, hidden.Unknown = nil, nil, true
	s.folders["C"][s.inC] = &hidden
	s.left()
	if len(s.pairs) != 2 || len(s.recorded) != 4 {
		t.Errorf("%d pairs of %v are left", len(s.pairs), s.recorded)
	}
	s.folders["C"][s.inC] = readable
	s.left("release B/b rehomed", "adopt C/c rehomed")
	s.does()
}

var errNoAnswer = errors.New("the filter cannot tell")

// A filter that cannot tell makes no ordinary item of what it may want.
func TestRehomeWaitsForAFilterThatCannotTell(t *testing.T) {
	rels := three()
	fails := false
	for _, r := range rels {
		r.Match = func(*pim.Item) (bool, error) {
			if fails && r.Source != "A" {
				return false, errNoAnswer
			}
			return true, nil
		}
	}
	s := newRehoming(t, rels)
	fails = true
	s.left()
	fails = false
	s.left("release B/b rehomed", "adopt C/c rehomed")
}

// A conflict that waits for a person waits on, with another original.
func TestRehomeOfAConflict(t *testing.T) {
	s := newRehoming(t, three(conflict(schema.ConflictManual)))
	s.edit("A", "x", timed("x", history.Fields{Title: "by A", Note: "note", Category: "k"}, 1))
	s.edit("B", s.inB, timed("x", history.Fields{Title: "by B", Note: "note", Category: "k"}, 1))
	s.apply()
	s.left("release C/c rehomed", "adopt B/b rehomed")
	if p := s.pair("CB", s.inC); p.Status != state.Waiting {
		t.Errorf("the pair is %+v", p)
	}
	s.says("B", s.inB, history.Fields{Title: "by B", Note: "note", Category: "k"})
	s.says("C", s.inC, history.Fields{Title: "by A", Note: "note", Category: "k"})
	s.does()
}

// What a person tidied away stays away, and what is retired stays as it is.
func TestRehomeOfPairsThatEnded(t *testing.T) {
	s := newRehoming(t, three(func(p *schema.Policies) { p.DestinationDelete = schema.DestinationDeletePrune }))
	s.remove("C", s.inC)
	s.apply()
	s.left("release B/b rehomed")
	if p := s.pair("BC", s.inB); p.Status != state.Pruned {
		t.Errorf("the pair is %+v", p)
	}
	s.does()

	s = newRehoming(t, three(func(p *schema.Policies) { p.SourceDelete = schema.SourceDeleteKeep }))
	s.remove("A", "x")
	s.apply()
	s.left()
	s.does()
}

// An item that was a person's before it was adopted is one still, for what becomes of it later.
func TestRehomeOfAdopted(t *testing.T) {
	s := newScene(t, three()...)
	f := history.Fields{Title: "x", Note: "note", Category: "k"}
	for folder, uid := range map[string]string{"A": "x", "B": "x", "C": "z"} {
		s.put(folder, timed(uid, f, 0))
	}
	s.apply()
	s.rels, s.input = without(s.rels, "A"), leave("A")
	s.does("release B/x rehomed", "adopt C/z rehomed")
	if p := s.pair("BC", "x"); p.Replica != "z" || !p.Adopted {
		t.Errorf("the pair is %+v", p)
	}
	s.does()
}

// Two members leave at once, and their items find new originals each for itself.
func TestRehomeOfTwoLeavers(t *testing.T) {
	var rels []*decide.Relationship
	for _, from := range "ABCD" {
		for _, to := range "ABCD" {
			if from != to {
				r := joins(string(from)+string(to), string(from)+string(to), twoWay)
				r.Block = "mesh"
				rels = append(rels, r)
			}
		}
	}
	s := newScene(t, rels...)
	s.sim.folders["D"] = map[string]*decide.Item{}
	for _, folder := range []string{"A", "B"} {
		s.put(folder, timed("of "+folder, history.Fields{Title: folder, Note: "note", Category: "k"}, 0))
	}
	s.apply()
	s.rels, s.input = without(s.rels, "AB"), leave("AB")
	s.apply()
	for _, folder := range []string{"C", "D"} {
		titles := []string{}
		for it := range maps.Values(s.folders[folder]) {
			titles = append(titles, fieldsOf(it.Content).Title)
		}
		if slices.Sort(titles); !slices.Equal(titles, []string{"A", "B"}) {
			t.Errorf("%s holds %q", folder, titles)
		}
	}
	if len(s.folders["A"])+len(s.folders["B"]) != 2 {
		t.Errorf("A holds %v and B %v", s.folders["A"], s.folders["B"])
	}
	s.does()
}
