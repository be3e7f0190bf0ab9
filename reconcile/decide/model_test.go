package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestModelHistories replays the recorded histories of the executable model of the rules and compares folders and pairs after every apply. A history ends
// before a round in which the model is known to differ from the design.
func TestModelHistories(t *testing.T) {
	var all []history.History
	for h, err := range history.Read("../testdata/model/histories.jsonl.gz") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, h)
	}
	if len(all) < 5000 {
		t.Errorf("only %d histories were read", len(all))
	}
	var rounds atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d histories, %d rounds", len(all), rounds.Load())
		if rounds.Load() < 24500 {
			t.Error("too few rounds agree")
		}
	})
	n := 0
	for part := range slices.Chunk(all, 625) {
		from := n
		n += len(part)
		t.Run(fmt.Sprintf("%d to %d", from, n), func(t *testing.T) {
			t.Parallel()
			bad := 0
			for _, h := range part {
				done, diff := replay(h)
				rounds.Add(int64(done))
				if diff == "" {
					continue
				}
				if bad++; bad <= 3 {
					t.Errorf("%s history, seed %d, round %d: %s", h.Mode, h.Seed, done, diff)
				}
			}
			if bad > 3 {
				t.Errorf("%d of %d histories differ", bad, len(part))
			}
		})
	}
}

// replay replays one history and says how many rounds agreed with the model and how the next one differs.
func replay(h history.History) (rounds int, diff string) {
	s := newSim(h.Folders)
	for n, round := range h.Rounds {
		if len(round.Differs) > 0 || s.endsRetired(round) || copiesTwice(round) || round.Lost && s.holdsOwn(round) {
			return n, ""
		}
		before := s.clone()
		if diff := s.replay(round); diff != "" {
			if s.keepsMore(before, round) {
				return n, ""
			}
			return n, diff
		}
	}
	return len(h.Rounds), ""
}

// copiesTwice reports whether two relationships join the same folders: the model copies what both let through twice, and the design lists it.
func copiesTwice(round history.Round) bool {
	joined := map[[2]string]bool{}
	for _, r := range round.Rels {
		e := [2]string{r.Source, r.Destination}
		if joined[e] {
			return true
		}
		joined[e] = true
	}
	return false
}

// keepsMore reports whether a match was made in a round in which the model takes from the losing side what only that side had, and the design keeps it.
func (s *sim) keepsMore(before *sim, round history.Round) bool {
	return slices.ContainsFunc(round.Rels, func(r history.Rel) bool {
		if r.DestinationEdit != "propagate" || r.Conflict != "source" && r.Conflict != "destination" && r.Conflict != "newest" {
			return false
		}
		for k, p := range s.pairs {
			was, known := before.pairs[k]
			if k.Relationship != r.Name || known && was.Status != state.Waiting && was.Replica == p.Replica || !p.Adopted || s.folders[r.Source][p.Original] == nil {
				continue
			}
			kept := fieldsOf(s.folders[r.Source][p.Original].Content)
			if !slices.ContainsFunc(round.World[r.Source], func(it history.Item) bool { return realUID(it.UID) == p.Original && it.Fields == kept }) {
				return true
			}
		}
		return false
	})
}

// holdsOwn reports whether replicas say something that is theirs: under keep, or what they said before they were adopted. The model takes it from them when the
// state is lost.
func (s *sim) holdsOwn(round history.Round) bool {
	for k, p := range s.pairs {
		keeps := slices.ContainsFunc(round.Rels, func(r history.Rel) bool { return r.Name == k.Relationship && r.DestinationEdit == "keep" })
		if p.Adopted || keeps {
			return true
		}
	}
	return false
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
			if at := ticks(it.Modified); !got.Content.Modified().Equal(at) {
				modified := *got
				modified.Content = got.Content.Touch(at)
				s.folders[folder][uid] = &modified
			}
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
