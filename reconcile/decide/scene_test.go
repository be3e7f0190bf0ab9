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

// scene is a world of folders A, B and C that a test changes step by step.
type scene struct {
	*sim
	t        *testing.T
	rels     []*decide.Relationship
	onRemove schema.OnRemove
	input    func(*decide.Input) // what a test would have Decide told besides; nil: nothing
	last     *decide.Decision
}

func newScene(t *testing.T, rels ...*decide.Relationship) *scene {
	return &scene{sim: newSim([]string{"A", "B", "C"}), t: t, rels: rels, onRemove: schema.RemoveDelete}
}

// joins is a relationship between two folders, a letter each, that propagates from the first to the second unless a test says otherwise.
func joins(address, ends string, change ...func(*schema.Policies)) *decide.Relationship {
	r := relationship(history.Rel{Name: address, Source: ends[:1], Destination: ends[1:]})
	r.Policies = schema.Policies{
		SourceEdit: schema.SourceEditPropagate, SourceDelete: schema.SourceDeletePropagate,
		DestinationEdit: schema.DestinationEditDiscard, DestinationDelete: schema.DestinationDeleteRecopy,
		Conflict: schema.ConflictMerge, Existing: schema.ExistingAdopt, OnUnmatched: schema.UnmatchedDelete, AdoptOnDelete: schema.AdoptRelease,
	}
	for _, f := range change {
		f(&r.Policies)
	}
	return r
}

func twoWay(p *schema.Policies) {
	p.DestinationEdit, p.DestinationDelete = schema.DestinationEditPropagate, schema.DestinationDeletePropagate
}

func conflict(c schema.Conflict) func(*schema.Policies) {
	return func(p *schema.Policies) { p.Conflict = c }
}

func existing(e schema.Existing) func(*schema.Policies) {
	return func(p *schema.Policies) { p.Existing = e }
}

func destinationEdit(e schema.DestinationEdit) func(*schema.Policies) {
	return func(p *schema.Policies) { p.DestinationEdit = e }
}

// ics is an event with some more lines than a UID.
func ics(uid string, lines ...string) *pim.Item {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
	if uid != "" {
		text += "UID:" + uid + "\r\n"
	}
	it, err := pim.Parse(pim.Calendar, []byte(text+strings.Join(lines, "\r\n")+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		panic(err)
	}
	return it
}

// add puts an item in a folder whose key is not its UID, or that has more to it than content.
func (s *scene) add(folder string, it decide.Item) {
	if it.Ref == "" {
		it.Ref = it.Key + ".ics"
	}
	s.folders[folder][it.Key] = &it
}

// edit changes what an item says.
func (s *scene) edit(folder, key string, content *pim.Item) {
	s.t.Helper()
	before := s.folders[folder][key]
	if before == nil {
		s.t.Fatalf("%s holds no %s", folder, s.name(key))
	}
	it := *before
	it.Content, it.Since = content.WithUID(before.Content.UID()), s.clock.now
	s.folders[folder][key] = &it
}

func (s *scene) remove(folder, key string) { delete(s.folders[folder], key) }

// crash applies, but the state does not get to know of it.
func (s *scene) crash() {
	before := s.clone()
	s.apply()
	s.pairs, s.recorded = before.pairs, before.recorded
}

// apply decides and does it, and is a line for each write: what is done where, and why.
func (s *scene) apply() []string {
	remove := map[string]string{}
	for _, r := range s.rels {
		remove[r.Address] = string(s.onRemove)
	}
	in := s.sim.input(s.rels)
	if s.input != nil {
		s.input(in)
	}
	s.last = decide.Decide(in)
	s.carryOut(s.last, s.rels, remove)
	var lines []string
	for _, w := range s.last.Writes {
		lines = append(lines, fmt.Sprintf("%s %s/%s %s", w.Verb, w.Folder, s.name(w.Key), w.Reasons[0].Code))
	}
	return lines
}

// does applies and compares what is done, in whatever order.
func (s *scene) does(want ...string) {
	s.t.Helper()
	got := s.apply()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.t.Fatalf("writes are\n\t%s\ninstead of\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// says compares what an item says.
func (s *scene) says(folder, key string, want history.Fields) {
	s.t.Helper()
	it := s.folders[folder][key]
	if it == nil {
		s.t.Fatalf("%s holds no %s", folder, s.name(key))
	}
	if got := fieldsOf(it.Content); got != want {
		s.t.Errorf("%s/%s is %+v instead of %+v", folder, s.name(key), got, want)
	}
}

// pair is a pair that has to be there.
func (s *scene) pair(relationship, original string) state.Pair {
	s.t.Helper()
	p, ok := s.pairs[state.PairKey{Relationship: relationship, Original: original}]
	if !ok {
		s.t.Fatalf("there is no pair of %s and %s", relationship, original)
	}
	return p
}

// derived is the UID of a replica.
func derived(relationship, original string, generation int) string {
	return decide.ReplicaUID(workspace, relationship, original, generation)
}

// name is a key for people: replicas are named after their relationship, original and generation.
func (s *scene) name(key string) string {
	for _, relationship := range []string{"r", "r2", "old"} {
		for _, original := range []string{"x", "y", "z", "b1", "b2", "ref:x.ics"} {
			for generation := range 4 {
				if key == derived(relationship, original, generation) {
					return fmt.Sprintf("%s(%s)%d", relationship, original, generation)
				}
			}
		}
	}
	return key
}
