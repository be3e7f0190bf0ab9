package decide_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

const workspace = "w"

// sim is a world of folders and a state, driven by Decide alone: whatever it decides happens.
type sim struct {
	clock    *clock
	folders  map[string]map[string]*decide.Item
	pairs    map[state.PairKey]state.Pair
	recorded []state.Relationship
	touches  bool // a write raises SEQUENCE, as the engine's do
}

func newSim(folders []string) *sim {
	s := &sim{clock: &clock{noon}, folders: map[string]map[string]*decide.Item{}, pairs: map[state.PairKey]state.Pair{}}
	for _, f := range folders {
		s.folders[f] = map[string]*decide.Item{}
	}
	return s
}

// apply decides and does it.
func (s *sim) apply(rels []*decide.Relationship, remove map[string]string) *decide.Decision {
	d := decide.Decide(s.input(rels))
	s.carryOut(d, rels, remove)
	return d
}

// carryOut does what was decided.
func (s *sim) carryOut(d *decide.Decision, rels []*decide.Relationship, remove map[string]string) {
	for _, w := range d.Writes {
		if w.After == nil {
			delete(s.folders[w.Folder], w.Key)
			continue
		}
		it := *w.After
		it.Ref, it.Since = w.Key+".ics", s.clock.now
		if s.touches && w.Before != nil {
			it.Content = it.Content.Touch(it.Content.Modified())
		}
		s.folders[w.Folder][w.Key] = &it
	}
	for _, c := range d.Pairs {
		delete(s.pairs, c.Key)
		if c.New != nil {
			s.pairs[c.Key] = s.withRefs(*c.New, rels)
		}
	}
	s.recorded = nil
	for _, rec := range d.Recorded {
		if i := slices.IndexFunc(rels, func(r *decide.Relationship) bool { return r.Address == rec.Address }); i >= 0 {
			rec.Source, rec.Destination, rec.OnRemove = rels[i].Source, rels[i].Destination, remove[rec.Address]
		}
		s.recorded = append(s.recorded, rec)
	}
}

// withRefs is a pair with the refs that its items got when they were created.
func (s *sim) withRefs(p state.Pair, rels []*decide.Relationship) state.Pair {
	for _, r := range rels {
		if r.Address != p.Relationship {
			continue
		}
		if o := s.folders[r.Source][p.Original]; o != nil {
			p.OriginalRef = o.Ref
		}
		if replica := s.folders[r.Destination][p.Replica]; replica != nil {
			p.ReplicaRef = replica.Ref
		}
	}
	return p
}

func (s *sim) input(rels []*decide.Relationship) *decide.Input {
	in := &decide.Input{Workspace: workspace, Now: s.clock.now, Relationships: rels, Recorded: s.recorded, Folders: map[string]*decide.Folder{},
		Taken: func(string) bool { return false }}
	for name, items := range s.folders {
		in.Folders[name] = &decide.Folder{Items: items, Held: func(string) bool { return false },
			Capable: decide.Capable{Markers: true, UIDs: true, Holds: func(string) bool { return true }}}
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.pairs), func(a, b state.PairKey) int {
		return cmp.Or(cmp.Compare(a.Relationship, b.Relationship), cmp.Compare(a.Original, b.Original))
	}) {
		in.Pairs = append(in.Pairs, s.pairs[k])
	}
	return in
}

func ticks(n int) time.Time { return time.Unix(1_000_000_000+int64(n), 0).UTC() }

// event is an item of the model: title, note and category stand in summary, description and location.
func event(uid string, f history.Fields, modified int) *pim.Item {
	var b strings.Builder
	fmt.Fprintf(&b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:%s\r\nLAST-MODIFIED:%s\r\n", uid, ticks(modified).Format("20060102T150405Z"))
	for _, p := range [][2]string{{"SUMMARY", f.Title}, {"DESCRIPTION", f.Note}, {"LOCATION", f.Category}} {
		if p[1] != "" {
			fmt.Fprintf(&b, "%s:%s\r\n", p[0], p[1])
		}
	}
	b.WriteString("END:VEVENT\r\nEND:VCALENDAR\r\n")
	it, err := pim.Parse(pim.Calendar, []byte(b.String()))
	if err != nil {
		panic(err)
	}
	return it
}

// timed is an event at a time, which is always the same one: its title alone tells what it matches.
func timed(uid string, f history.Fields, modified int) *pim.Item {
	noon, err := pim.FieldValue(pim.Calendar, "start", "2026-03-01T12:00:00Z")
	if err != nil {
		panic(err)
	}
	return event(uid, f, modified).WithFields(pim.Fields{"start": noon})
}

func fieldsOf(it *pim.Item) history.Fields {
	text := func(name string) string { s, _ := it.Fields()[name].Plain().(string); return s }
	return history.Fields{Title: text("summary"), Note: text("description"), Category: text("location")}
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
		Back: func(_, f pim.Fields, _ uint64) pim.Fields {
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
