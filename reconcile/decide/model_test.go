package decide_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

const workspace = "w"

// TestModelHistories replays the recorded histories of the executable model of the rules and compares folders and pairs after every apply. A history ends
// before a round in which the model is known to differ from the design.
func TestModelHistories(t *testing.T) {
	histories, rounds, bad := 0, 0, 0
	for h, err := range history.Read("../testdata/model/histories.jsonl.gz") {
		if err != nil {
			t.Fatal(err)
		}
		histories++
		w := newSim(h.Folders)
		for n, round := range h.Rounds {
			if len(round.Differs) > 0 || w.endsRetired(round) {
				break
			}
			rounds++
			if diff := w.replay(round); diff != "" {
				if bad++; bad <= 5 {
					t.Errorf("%s history, seed %d, round %d: %s", h.Mode, h.Seed, n, diff)
				}
				break
			}
		}
	}
	t.Logf("%d histories, %d rounds, %d differ", histories, rounds, bad)
	if histories < 5000 {
		t.Errorf("only %d histories were read", histories)
	}
}

// endsRetired reports whether the model is known to do something else with retired replicas: it releases them when their relationship leaves with on_remove = "delete",
// where the design leaves them; and after a loss of state it keeps the title of a replica that was marked and lives again.
func (s *sim) endsRetired(round history.Round) bool {
	if round.Lost {
		return s.holdsMarked()
	}
	for k, p := range s.pairs {
		stays := slices.ContainsFunc(round.Rels, func(r history.Rel) bool { return r.Name == k.Relationship })
		deletes := slices.ContainsFunc(s.recorded, func(r state.Relationship) bool {
			return r.Address == k.Relationship && r.OnRemove == string(schema.RemoveDelete)
		})
		if p.Status == state.Retired && !stays && deletes {
			return true
		}
	}
	return false
}

func (s *sim) holdsMarked() bool {
	for _, items := range s.folders {
		for _, it := range items {
			if it.Marker != nil && it.Marker.Status == pim.Retired && strings.HasPrefix(it.Content.Title(), decide.MarkedPrefix) {
				return true
			}
		}
	}
	return false
}

// sim is a world of folders and a state, driven by Decide alone: whatever it decides happens.
type sim struct {
	folders  map[string]map[string]*decide.Item
	pairs    map[state.PairKey]state.Pair
	recorded []state.Relationship
}

func newSim(folders []string) *sim {
	s := &sim{folders: map[string]map[string]*decide.Item{}, pairs: map[state.PairKey]state.Pair{}}
	for _, f := range folders {
		s.folders[f] = map[string]*decide.Item{}
	}
	return s
}

// replay does what users did, decides, and says how the result differs from what the model made of it.
func (s *sim) replay(round history.Round) string {
	if round.Lost {
		s.pairs, s.recorded = map[state.PairKey]state.Pair{}, nil
	}
	for _, e := range round.Edits {
		uid := realUID(e.UID)
		if e.Delete {
			delete(s.folders[e.Folder], uid)
			continue
		}
		it := &decide.Item{Key: uid, Ref: uid + ".ics"}
		if before := s.folders[e.Folder][uid]; before != nil {
			*it = *before
		}
		it.Content = event(uid, e.Fields, e.Modified)
		s.folders[e.Folder][uid] = it
	}
	var rels []*decide.Relationship
	for _, r := range round.Rels {
		rels = append(rels, relationship(r))
	}
	s.apply(rels, onRemove(round.Rels))
	return s.compare(round)
}

// apply decides and does it.
func (s *sim) apply(rels []*decide.Relationship, remove map[string]string) *decide.Decision {
	d := decide.Decide(s.input(rels))
	for _, w := range d.Writes {
		if w.After == nil {
			delete(s.folders[w.Folder], w.Key)
			continue
		}
		it := *w.After
		it.Ref = w.Key + ".ics"
		s.folders[w.Folder][w.Key] = &it
	}
	for _, c := range d.Pairs {
		delete(s.pairs, c.Key)
		if c.New != nil {
			s.pairs[c.Key] = *c.New
		}
	}
	s.recorded = nil
	for _, rec := range d.Recorded {
		if i := slices.IndexFunc(rels, func(r *decide.Relationship) bool { return r.Address == rec.Address }); i >= 0 {
			rec.Source, rec.Destination, rec.OnRemove = rels[i].Source, rels[i].Destination, remove[rec.Address]
		}
		s.recorded = append(s.recorded, rec)
	}
	return d
}

func (s *sim) input(rels []*decide.Relationship) *decide.Input {
	in := &decide.Input{Workspace: workspace, Relationships: rels, Recorded: s.recorded, Folders: map[string]*decide.Folder{},
		Taken: func(string) bool { return false }}
	for name, items := range s.folders {
		in.Folders[name] = &decide.Folder{Items: items, Held: func(string) bool { return false },
			Capable: decide.Capable{Markers: true, UIDs: true, Holds: func(string) bool { return true }}}
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.pairs), func(a, b state.PairKey) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) {
		in.Pairs = append(in.Pairs, s.pairs[k])
	}
	return in
}

// compare says how folders and pairs differ from the model's, and takes over the model's modification times.
func (s *sim) compare(round history.Round) string {
	var diffs []string
	for folder, want := range round.World {
		seen := map[string]bool{}
		for _, it := range want {
			uid := realUID(it.UID)
			seen[uid] = true
			got := s.folders[folder][uid]
			if got == nil {
				diffs = append(diffs, fmt.Sprintf("%s lacks %s %v", folder, it.UID, it.Fields))
				continue
			}
			if f := fieldsOf(got.Content); f != it.Fields {
				diffs = append(diffs, fmt.Sprintf("%s/%s is %v instead of %v", folder, it.UID, f, it.Fields))
			}
			if g, w := markerText(got.Marker), wantMarker(it); g != w {
				diffs = append(diffs, fmt.Sprintf("%s/%s has marker %q instead of %q", folder, it.UID, g, w))
			}
			modified := *got
			modified.Content = got.Content.Touch(ticks(it.Modified))
			s.folders[folder][uid] = &modified
		}
		for uid, it := range s.folders[folder] {
			if !seen[uid] {
				diffs = append(diffs, fmt.Sprintf("%s has %s %v too much, marker %s", folder, uid, fieldsOf(it.Content), markerText(it.Marker)))
			}
		}
	}
	want := map[string]bool{}
	for _, p := range round.Pairs {
		want[fmt.Sprintf("%s|%s → %s %s adopted %v", p.Relationship, realUID(p.Original), realUID(p.Replica), p.Status, p.Adopted)] = true
	}
	for _, p := range s.pairs {
		text := fmt.Sprintf("%s|%s → %s %s adopted %v", p.Relationship, p.Original, p.Replica, p.Status, p.Adopted)
		if !want[text] {
			diffs = append(diffs, "pair "+text+" is not the model's")
		}
		delete(want, text)
	}
	for text := range want {
		diffs = append(diffs, "pair "+text+" is missing")
	}
	slices.Sort(diffs)
	return strings.Join(diffs, "\n\t")
}

func ticks(n int) time.Time { return time.Unix(1_000_000_000+int64(n), 0).UTC() }

// event is an item of the model: title, note and category stand in summary, description and location.
func event(uid string, f history.Fields, modified int) *pim.Item {
	fields := pim.Fields{}
	for name, text := range map[string]string{"summary": f.Title, "description": f.Note, "location": f.Category} {
		if text == "" {
			continue
		}
		v, err := pim.FieldValue(pim.Calendar, name, text)
		if err != nil {
			panic(err)
		}
		fields[name] = v
	}
	return pim.New(pim.Calendar, uid).WithFields(fields).Touch(ticks(modified))
}

func fieldsOf(it *pim.Item) history.Fields {
	text := func(name string) string { s, _ := it.Fields()[name].Plain().(string); return s }
	return history.Fields{Title: text("summary"), Note: text("description"), Category: text("location")}
}

func markerText(m *pim.Marker) string {
	if m == nil || m.Status == pim.Released {
		return "" // the model marks a version set apart as released, which its UID says here
	}
	return fmt.Sprint(m.Status, m.Relationship, m.Original, m.Generation, m.Adopted)
}

func wantMarker(it history.Item) string {
	if it.Marker == nil || it.Marker.Status == "released" {
		return ""
	}
	return fmt.Sprint(it.Marker.Status, it.Marker.Relationship, realUID(it.Marker.Original), it.Marker.Generation, it.Marker.Adopted)
}

// realUID is the UID that a symbolic one stands for.
func realUID(symbolic string) string {
	u, err := history.ParseUID(symbolic)
	switch {
	case err != nil || u.Kind == history.Plain:
		return symbolic
	case u.Kind == history.SetApart:
		return decide.ApartUID(workspace, u.Relationship, realUID(u.Original), event("", u.Version, 0).Fields().Digest())
	}
	return decide.ReplicaUID(workspace, u.Relationship, realUID(u.Original), u.Generation)
}

// relationship is one of the model's with its filter and template.
func relationship(r history.Rel) *decide.Relationship {
	prefix := "[" + r.Destination + "] "
	retitle := func(f pim.Fields, edit func(string) string) pim.Fields {
		out := maps.Clone(f)
		title, _ := f["summary"].Plain().(string)
		if v, err := pim.FieldValue(pim.Calendar, "summary", edit(title)); err == nil {
			out["summary"] = v
		}
		return out
	}
	return &decide.Relationship{
		Address: r.Name, Source: r.Source, Destination: r.Destination, Policies: policies(r),
		Match: func(o *pim.Item) (bool, error) { return !r.Filter || fieldsOf(o).Category == "k", nil },
		Render: func(o *pim.Item) (*pim.Item, error) {
			if !r.Template {
				return o, nil
			}
			return o.WithFields(retitle(o.Fields(), func(s string) string { return prefix + s })), nil
		},
		Back: func(_, f pim.Fields) pim.Fields {
			if !r.Template {
				return f
			}
			return retitle(f, func(s string) string { return strings.TrimPrefix(s, prefix) })
		},
		Flows:     func(string) bool { return true },
		DependsOn: func(field string) []string { return []string{field} },
	}
}

func policies(r history.Rel) schema.Policies {
	p := schema.Policies{
		SourceEdit: schema.SourceEdit(r.SourceEdit), SourceDelete: schema.SourceDelete(r.SourceDelete),
		DestinationEdit: schema.DestinationEdit(r.DestinationEdit), DestinationDelete: schema.DestinationDelete(r.DestinationDelete),
		Conflict: schema.Conflict(r.Conflict), Existing: schema.Existing(r.Existing), OnUnmatched: schema.OnUnmatched(r.OnUnmatched),
		AdoptOnDelete: schema.AdoptDelete, // as in the model
	}
	return p
}

func onRemove(rels []history.Rel) map[string]string {
	out := map[string]string{}
	for _, r := range rels {
		out[r.Name] = r.OnRemove
		if r.OnRemove == "leave" {
			out[r.Name] = string(schema.RemoveRetire)
		}
	}
	return out
}
