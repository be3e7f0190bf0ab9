package reconcile_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/window"
)

// gathering is a random mesh, in which members differ.
type gathering struct {
	*random
	members  []string
	policies schema.Policies
	window   *window.Window
	settle   time.Duration
	shown    map[string]view // by member: what leaves its folder
}

func newGathering(t *rapid.T, v views) *gathering {
	m := &gathering{random: newRandom(t, v), shown: map[string]view{}}
	m.tally = &tally{}
	for len(m.names) < 3 {
		name := fmt.Sprintf("more%d", len(m.names))
		m.folderOf(name, m.stores[m.names[0]].Mode(), m.kind)
		m.names = append(m.names, name)
	}
	m.ws.Relations, m.related = nil, 0
	m.members = slices.Clone(m.names[:rapid.IntRange(3, min(4, len(m.names))).Draw(t, "met")])
	m.policies, m.window, m.settle = m.random.policies(twoWay()), m.random.window(), m.settling()
	m.policies.SourceDelete = schema.SourceDeletePropagate // what is retired and has lost its marker, or never had one, is an ordinary item once its relationship is forgotten
	views := []view{{name: "plain"}}
	if m.kind == pim.Calendar {
		views = v.twoWay
	}
	for _, name := range m.members {
		m.shown[name] = rapid.SampledFrom(views).Draw(t, "shown")
		t.Logf("what leaves %s is %s", name, m.shown[name].name)
	}
	m.gather(schema.LeaverRehome, m.members...)
	m.related = len(m.ws.Relations)
	t.Logf("the mesh: %+v, window %s, settle %s", m.policies, m.window, m.settle)
	return m
}

// gather makes the mesh one of these members.
func (m *gathering) gather(originals schema.OnLeaver, members ...string) {
	m.meet(originals, m.policies, members...)
	m.members = members
	for _, rel := range m.ws.Relations {
		if rel.Block != "mesh.team" {
			continue
		}
		v := m.shown[rel.Source.Address[len("folder."):]]
		rel.Template, rel.Filter = v.template, v.filter
		rel.Window, rel.Settle = m.window, m.settle
		rel.Fingerprint = v.name + " " + m.window.String()
		rel.Guard.MaxDeletes = schema.Limit{Set: true, Value: 1e6}
		m.joined[rel.Address] = ends{rel.Source.Address, rel.Destination.Address}
	}
}

// leave lets some members leave.
func (m *gathering) leave(originals schema.OnLeaver) {
	stay := slices.Clone(m.members)
	for range rapid.IntRange(1, len(stay)-1).Draw(m.rt, "leavers") {
		i := rapid.IntRange(0, len(stay)-1).Draw(m.rt, "leaver")
		m.rt.Logf("%s leaves: %s", stay[i], originals)
		m.veiled = m.veiled || m.shown[stay[i]].template != nil
		stay = slices.Delete(stay, i, i+1)
	}
	m.rehomed = true
	m.gather(originals, stay...)
}

// said is what the items of the members say.
func (m *gathering) said() map[string]int {
	out := map[string]int{}
	for _, name := range m.members {
		for _, it := range m.at(name).Items() {
			if it.Item != nil {
				out[fmt.Sprintf("%s/%s: %s %x %q", name, it.Ref, it.Item.UID(), it.Item.Fields().Digest(), it.Item.Title())]++
			}
		}
	}
	return out
}

// alike reports whether the replicas of each original say the same: none has anything of its own.
func (m *gathering) alike() bool {
	said := map[[2]string]uint64{}
	for _, name := range m.members {
		for _, it := range m.at(name).Items() {
			if it.Item == nil {
				continue
			}
			mark, ok := it.Item.Marker()
			if !ok || mark.Status != pim.Live {
				continue
			}
			original, now := [2]string{mark.Source, mark.Original}, it.Item.Fields().Digest()
			if was, other := said[original]; other && was != now {
				return false
			}
			said[original] = now
		}
	}
	return true
}

// In folders that hold what they should, nobody who stays sees that somebody left, and nothing is left to do.
func TestNobodySeesARehome(t *testing.T) {
	v := loadViews(t)
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		m := newGathering(t, v)
		for range rapid.IntRange(1, 3).Draw(t, "rounds") {
			m.work()
			m.gather(schema.LeaverRehome, m.members...)
			m.wait()
			m.round()
		}
		m.now = m.now.Add(3 * time.Hour)
		m.round()
		if s := m.plan(reconcile.Request{}).Document.Summary; s.Conflict+s.Ambiguous+s.Settling+s.Unreadable+s.Refused > 0 {
			return // what is on the way flows on, and who left may have been what was in its way
		}
		m.leave(schema.LeaverRehome)
		before, p := m.said(), m.plan(reconcile.Request{})
		result := m.carryOut(p)
		moved += result.Summary.Release
		if after := m.said(); !maps.Equal(before, after) {
			t.Fatalf("somebody sees it:\n%s\n%s", difference(before, after), describe(p))
		}
		m.quiet()
	})
	if t.Logf("%d originals moved", moved); moved == 0 {
		t.Error("there was nothing to see")
	}
}

// Members leave and come back while people work and other relationships copy what is in their folders: the invariants hold.
func TestMembersLeaveAndReturn(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		m := newGathering(t, v)
		everybody := m.members
		for range rapid.IntRange(0, 2).Draw(t, "relationships") {
			m.addRelationship()
		}
		for range rapid.IntRange(1, 3).Draw(t, "rounds") {
			m.wait()
			if !slices.ContainsFunc(m.names, func(name string) bool { return m.stores[name].Mode().MakesUIDs }) { // there a create is known by its token, which says the same again
				m.gather(schema.LeaverRehome, everybody...)
			}
			m.round()
			m.work()
			m.gather(schema.LeaverRehome, m.members...)
			if len(m.members) < 2 {
				return
			}
			originals := rapid.SampledFrom([]schema.OnLeaver{schema.LeaverRehome, schema.LeaverRehome, schema.LeaverDelete, schema.LeaverRelease, ""}).Draw(t, "originals")
			if originals != schema.LeaverRehome {
				m.made += len(m.seen()) // what is released counts as an original
			}
			m.leave(originals)
			m.round()
		}
	})
}

// Undoing an apply in which a member left puts every marker back, and the next plan sees the member leave again.
func TestUndoOfARehome(t *testing.T) {
	v := loadViews(t)
	rapid.Check(t, func(t *rapid.T) {
		m := newGathering(t, v)
		m.work()
		m.gather(schema.LeaverRehome, m.members...)
		m.round()
		m.leave(schema.LeaverRehome)
		before, plain, p := m.contents(), m.alike(), m.plan(reconcile.Request{})
		if len(writes(p)) == 0 {
			return
		}
		result := m.carryOut(p)
		after, back := m.contents(), m.undo(result.Apply)
		if got := m.carryOut(back); len(got.Failures) > 0 {
			t.Fatalf("not everything was taken back: %v", got.Failures)
		}
		if got := m.contents(); !maps.Equal(got, before) {
			t.Fatalf("before the apply and after it was undone differ:\n%s\n%s\n%s", difference(before, got), describe(p), describe(back))
		}
		m.round()
		plain = plain && !slices.ContainsFunc(slices.Collect(maps.Values(m.shown)), func(v view) bool { return v.template != nil })
		if got := m.contents(); plain && !maps.Equal(got, after) { // what is looked at as a whole gets what new originals and their templates say
			t.Fatalf("applied again, it is not as it was:\n%s", difference(after, got))
		}
	})
}
