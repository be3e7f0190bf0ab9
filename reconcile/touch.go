package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// tangle knows which pairs hang together: an original with all its replicas is decided as one.
type tangle struct {
	w          *world
	byOriginal map[spot][]int // pairs by index
	byReplica  map[spot]int
	byKey      map[state.PairKey]int
	bySource   map[string][]*decide.Relationship
	byTarget   map[string][]*decide.Relationship

	todo []spot                     // touched originals whose neighbours are not looked at yet
	want map[string]map[string]bool // by folder: keys whose content is needed
}

func newTangle(w *world) *tangle {
	t := &tangle{w: w, byOriginal: map[spot][]int{}, byReplica: map[spot]int{}, byKey: map[state.PairKey]int{},
		bySource: map[string][]*decide.Relationship{}, byTarget: map[string][]*decide.Relationship{}, want: map[string]map[string]bool{}}
	for i, p := range w.pairs {
		e := w.ends[p.relationship]
		t.byOriginal[spot{e[0], p.original}] = append(t.byOriginal[spot{e[0], p.original}], i)
		t.byKey[p.key()] = i
		if p.replica != "" {
			t.byReplica[spot{e[1], p.replica}] = i
		}
	}
	for _, r := range w.rels {
		t.bySource[r.Source] = append(t.bySource[r.Source], r)
		t.byTarget[r.Destination] = append(t.byTarget[r.Destination], r)
	}
	return t
}

// item touches whatever an item may be: an original, or the replica of one.
func (t *tangle) item(at spot) {
	if i, ok := t.byReplica[at]; ok {
		p := t.w.pairs[i]
		t.original(spot{t.w.ends[p.relationship][0], p.original})
	}
	t.original(at)
}

func (t *tangle) original(at spot) {
	if !t.w.touched[at] {
		t.w.touched[at] = true
		t.todo = append(t.todo, at)
	}
}

func (t *tangle) need(at spot) {
	if t.want[at.folder] == nil {
		t.want[at.folder] = map[string]bool{}
	}
	t.want[at.folder][at.key] = true
}

// spread works through touched originals: their content, their replicas, and what they could be matched with is needed.
func (t *tangle) spread() {
	for len(t.todo) > 0 {
		at := t.todo[len(t.todo)-1]
		t.todo = t.todo[:len(t.todo)-1]
		t.need(at)
		paired := map[string]bool{}
		for _, i := range t.byOriginal[at] {
			p := t.w.pairs[i]
			paired[p.relationship] = true
			if p.replica != "" {
				replica := spot{t.w.ends[p.relationship][1], p.replica}
				t.need(replica)
				t.original(replica)
			}
		}
		uid := at.key
		if x := t.w.index[at.folder]; x != nil && x.byKey[at.key].uid != "" {
			uid = x.byKey[at.key].uid
		}
		for _, r := range t.bySource[at.folder] {
			if x := t.w.index[r.Destination]; x != nil && !paired[r.Address] && !strings.HasPrefix(uid, decide.RefKey) {
				for _, key := range x.keysOf(uid) {
					t.item(spot{r.Destination, key})
				}
			}
		}
	}
}

// marked touches the originals that an item's marker names.
func (t *tangle) marked(folder string, m pim.Marker) {
	for _, r := range t.byTarget[folder] {
		if m.Relationship == r.Address || m.Source == r.Source {
			t.original(spot{r.Source, m.Original})
		}
	}
}

// load reads all content that a decision needs: rounds of touching and fetching until nothing more is touched.
func (w *world) load(ctx context.Context, t *tangle) error {
	for {
		t.spread()
		progress := false
		for _, address := range sortedKeys(t.want) {
			f, keys := w.folders[address], t.want[address]
			delete(t.want, address)
			more, err := w.loadFolder(ctx, t, f, keys)
			if err != nil {
				return err
			}
			progress = progress || more
		}
		if !progress && len(t.todo) == 0 {
			return nil
		}
	}
}

func (w *world) loadFolder(ctx context.Context, t *tangle, f *folder, keys map[string]bool) (bool, error) {
	x, have := w.index[f.address], w.loaded[f.address]
	if x == nil || f.view == nil {
		return false, nil
	}
	var refs []string
	var ready []string
	for key := range keys {
		en, known := x.byKey[key]
		if _, done := have[key]; done || !known || en.gone {
			continue
		}
		if en.content == nil && en.unreadable == "" && !en.unseen {
			refs = append(refs, en.ref)
		}
		ready = append(ready, key)
	}
	slices.Sort(refs)
	err := w.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		key := x.byRef[got.Ref]
		en := x.byKey[key]
		if got.Err != nil {
			en.unreadable = got.Err.Error()
		} else {
			en.content, en.changed, en.version = got.Item, en.changed || en.version != got.Version, got.Version
		}
		x.byKey[key] = en
	})
	if err != nil {
		return false, err
	}
	slices.Sort(ready)
	for _, key := range ready {
		en := x.byKey[key]
		it := &decide.Item{Key: key, Ref: en.ref, Version: en.version, Content: en.content, Unknown: en.content == nil}
		if en.content != nil {
			it.Marker = w.marker(t, f, key, en)
			if it.Marker != nil {
				t.marked(f.address, *it.Marker)
			}
			for _, uid := range decide.References(en.content) {
				t.item(spot{f.address, uid})
			}
		}
		have[key] = it
		en.content = nil
		x.byKey[key] = en
		t.item(spot{f.address, key})
	}
	return len(ready) > 0, nil
}

// marker is the marker of an item that counts. A marker that a person copied along counts for nothing: the item is an ordinary one.
func (w *world) marker(t *tangle, f *folder, key string, en entry) *pim.Marker {
	m, ok := en.content.Marker()
	_, replica := t.byReplica[spot{f.address, key}]
	switch {
	case replica && ok:
		return &m
	case replica:
		return nil
	case !ok && f.caps.UIDs && decide.IsReplicaUID(en.uid):
		return w.markerOfUID(t, f, en.uid)
	case !ok:
		return w.made(f, en)
	case m.Status == pim.Released:
		return &m
	}
	copied := strings.HasPrefix(key, decide.RefKey) && en.uid != "" || f.caps.UIDs && m.UID != "" && m.UID != en.uid
	if m.Workspace == w.e.ws.Name {
		if e, known := w.ends[m.Relationship]; known && e[1] != f.address {
			copied = true
		}
		if i, paired := t.byKey[state.PairKey{Relationship: m.Relationship, Original: m.Original}]; paired && w.pairs[i].generation == m.Generation {
			at, there := w.index[f.address].byKey[w.pairs[i].replica]
			copied = copied || w.pairs[i].replica != key && there && !at.gone
		}
	}
	if copied {
		w.e.note(plan.Diagnostic{Severity: "info", Address: f.address, Ref: en.ref, Summary: "A person copied a replica",
			Detail: fmt.Sprintf("%q carries the marker of another item: it is treated as an ordinary item.", en.content.Title())})
		return nil
	}
	return &m
}

// markerOfUID is the marker of a replica that lost it, or whose folder keeps none: its UID says that it is a replica, and an original without a pair may
// say whose.
func (w *world) markerOfUID(t *tangle, f *folder, uid string) *pim.Marker {
	for _, r := range t.byTarget[f.address] {
		x := w.index[r.Source]
		if x == nil {
			continue
		}
		for key, en := range x.byKey {
			_, paired := t.byKey[state.PairKey{Relationship: r.Address, Original: key}]
			if en.gone || paired {
				continue
			}
			for g := range 3 {
				if decide.ReplicaUID(w.e.ws.Name, r.Address, key, g) == uid {
					return &pim.Marker{Workspace: w.e.ws.Name, Relationship: r.Address, Original: key, Source: r.Source, Generation: g, Status: pim.Live, UID: uid}
				}
			}
		}
	}
	return &pim.Marker{Status: pim.Live, UID: uid}
}
