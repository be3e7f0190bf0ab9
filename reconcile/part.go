package reconcile

import (
	"context"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// part is what is decided at a time: originals with everything that hangs together with them. What other parts have decided is in it where something of this
// one refers to it; it is decided the same way again, and only the first counts.
type part struct {
	*planning
	all     bool // it has to do with all relationships, whatever it touches
	touched map[spot]bool
	todo    []spot                     // touched originals whose neighbours are not looked at yet
	want    map[string]map[string]bool // by folder: keys whose content is needed
	loaded  map[string]map[string]*decide.Item
	pairs   map[state.PairKey]*state.Pair // of touched originals; nil: there is none
	err     error
}

func (p *planning) newPart() *part {
	return &part{planning: p, touched: map[spot]bool{}, want: map[string]map[string]bool{}, loaded: map[string]map[string]*decide.Item{},
		pairs: map[state.PairKey]*state.Pair{}}
}

// parts decides everything that may have changed, part by part. The first one touches nothing, and decides what becomes of the relationships as such.
func (p *planning) parts(ctx context.Context, each func(*part) error) error {
	pt, size := p.newPart(), 0
	pt.all = true
	finish := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := pt.load(ctx); err != nil {
			return err
		}
		if err := each(pt); err != nil {
			return err
		}
		for at := range pt.spots() {
			p.index[at.folder].visit(at.key)
		}
		pt, size = p.newPart(), 0
		return p.room.Err()
	}
	if err := finish(); err != nil {
		return err
	}
	for at, err := range p.seeds() {
		if err != nil {
			return err
		}
		if pt.touched[at] || p.index[at.folder].isVisited(at.key) {
			continue
		}
		pt.item(at)
		if size += 1 + len(p.bySource[at.folder]); size >= p.e.limits.part {
			if err := finish(); err != nil {
				return err
			}
		}
	}
	if size > 0 {
		return finish()
	}
	return nil
}

// spots are all items that the part has to do with.
func (pt *part) spots() map[spot]bool {
	out := map[spot]bool{}
	for at := range pt.touched {
		out[at] = true
	}
	for folder, items := range pt.loaded {
		for key := range items {
			out[spot{folder, key}] = true
		}
	}
	return out
}

// elsewhere reports whether another part has decided an item.
func (pt *part) elsewhere(folder, key string) bool {
	x := pt.index[folder]
	return x != nil && x.isVisited(key)
}

// item touches whatever an item may be: an original, or the replica of one.
func (pt *part) item(at spot) {
	if k, ok := pt.replicas.Get(at.name()); ok {
		pt.original(spot{pt.ends[k.Relationship][0], k.Original})
	}
	pt.original(at)
}

func (pt *part) original(at spot) {
	if !pt.touched[at] {
		pt.touched[at] = true
		pt.todo = append(pt.todo, at)
	}
}

func (pt *part) need(at spot) {
	if pt.want[at.folder] == nil {
		pt.want[at.folder] = map[string]bool{}
	}
	pt.want[at.folder][at.key] = true
}

// pairOf is a recorded pair; nil: there is none.
func (pt *part) pairOf(relationship, original string) *state.Pair {
	k := state.PairKey{Relationship: relationship, Original: original}
	p, asked := pt.pairs[k]
	if !asked {
		var err error
		if p, err = pt.pair(k); err != nil && pt.err == nil {
			pt.err = err
		}
		pt.pairs[k] = p
	}
	return p
}

// spread works through touched originals: their content, their replicas, and what they could be matched with is needed.
func (pt *part) spread() {
	for len(pt.todo) > 0 {
		at := pt.todo[len(pt.todo)-1]
		pt.todo = pt.todo[:len(pt.todo)-1]
		pt.need(at)
		pt.spreadPairs(at)
		pt.spreadTwins(at)
		pt.spreadShared(at)
		pt.spreadReferring(at)
		pt.spreadCreates(at)
	}
}

// spreadPairs touches the replicas of an original. Where its relationship has another source now, the item of the same key there may carry them on.
func (pt *part) spreadPairs(at spot) {
	for _, address := range pt.recordedFrom[at.folder] {
		p := pt.pairOf(address, at.key)
		if p == nil {
			continue
		}
		if p.Replica != "" {
			replica := spot{pt.ends[address][1], p.Replica}
			pt.need(replica)
			pt.original(replica)
		}
		if r := pt.specs[address]; r != nil {
			pt.original(spot{r.Source.Address, at.key})
		}
	}
	for _, r := range pt.bySource[at.folder] {
		if old := pt.ends[r.Address][0]; old != at.folder && pt.pairOf(r.Address, at.key) != nil {
			pt.original(spot{old, at.key})
		}
	}
}

// seeks reports whether what an original could be matched with matters: it has no pair, or none that is sure to be left when its match is looked for.
func (pt *part) seeks(r *decide.Relationship, original string) bool {
	p := pt.pairOf(r.Address, original)
	return p == nil || p.Status == state.Retired || len(p.BaseReplica) == 0 || pt.ends[r.Address] != [2]string{r.Source, r.Destination}
}

// spreadTwins touches what an item could be matched with: by UID, or by a marker.
func (pt *part) spreadTwins(at spot) {
	uid := at.key
	x := pt.index[at.folder]
	if en, known := x.byKey.Get(at.key); known && en.uid != "" {
		uid = en.uid
	}
	named := !strings.HasPrefix(uid, decide.RefKey)
	for _, r := range pt.bySource[at.folder] {
		target := pt.index[r.Destination]
		marked, _ := target.byMark.Get(at.key)
		for _, key := range marked {
			pt.item(spot{r.Destination, key})
		}
		if named && pt.seeks(r, at.key) {
			for _, key := range target.keysOf(uid) {
				pt.item(spot{r.Destination, key})
			}
		}
	}
	if !named || !x.there(at.key) || decide.IsReplicaUID(uid) {
		return
	}
	for _, r := range pt.byTarget[at.folder] {
		for _, key := range pt.index[r.Source].keysOf(uid) {
			if pt.seeks(r, key) {
				pt.item(spot{r.Source, key})
			}
		}
	}
}

// spreadMatches touches what an item could be matched with by what it says. A replica is one of them: this plan may make it an ordinary item.
func (pt *part) spreadMatches(at spot, it *pim.Item) {
	if !pt.matched(at.folder) {
		return
	}
	match := it.MatchKeys(pt.folders[at.folder].floating())
	for _, r := range pt.bySource[at.folder] {
		if r.Policies.Existing == schema.ExistingAdopt && pt.seeks(r, at.key) {
			sought := match
			if r.Rendered != nil {
				sought = slices.Concat(match, r.Rendered(it))
			}
			for _, key := range pt.index[r.Destination].sharing(sought) {
				pt.item(spot{r.Destination, key})
			}
		}
	}
	for _, r := range pt.byTarget[at.folder] {
		for _, key := range pt.index[r.Source].sharing(match) {
			if r.Policies.Existing == schema.ExistingAdopt && pt.seeks(r, key) {
				pt.item(spot{r.Source, key})
			}
		}
	}
}

// spreadShared touches the originals that share their replicas with one, or did: when its relationship leaves, or shares no more, another one may have to lead.
func (pt *part) spreadShared(at spot) {
	for _, destination := range pt.sharedIn[at.folder] {
		for _, source := range pt.sharers[destination] {
			pt.original(spot{source, at.key})
		}
	}
}

// spreadReferring touches what refers to an item whose replica may be another one from now on: it is new, gone, or made again.
func (pt *part) spreadReferring(at spot) {
	moves := !pt.index[at.folder].there(at.key)
	for _, r := range pt.bySource[at.folder] {
		p := pt.pairOf(r.Address, at.key)
		moves = moves || pt.resync[r.Address] || p == nil || p.Replica == "" || !pt.index[r.Destination].there(p.Replica)
	}
	if !moves {
		return
	}
	for _, key := range pt.index[at.folder].sharing(hashes([]string{at.key})) {
		pt.item(spot{at.folder, key})
	}
}

// namedBy touches the originals that an item's marker names.
func (pt *part) namedBy(folder string, m pim.Marker) {
	for _, r := range pt.byTarget[folder] {
		if m.Relationship == r.Address || m.Source == r.Source {
			pt.original(spot{r.Source, m.Original})
		}
	}
}

// load reads all content that a decision needs: rounds of touching and fetching until nothing more is touched.
func (pt *part) load(ctx context.Context) error {
	for {
		pt.spread()
		if pt.err != nil {
			return pt.err
		}
		progress := false
		for _, address := range sortedKeys(pt.want) {
			keys := pt.want[address]
			delete(pt.want, address)
			more, err := pt.loadFolder(ctx, pt.folders[address], keys)
			if err != nil {
				return err
			}
			progress = progress || more
		}
		if !progress && len(pt.todo) == 0 {
			return pt.room.Err()
		}
	}
}

func (pt *part) loadFolder(ctx context.Context, f *folder, keys map[string]bool) (bool, error) {
	if f.view == nil {
		return false, nil
	}
	x, have := pt.index[f.address], pt.loaded[f.address]
	if have == nil {
		have = map[string]*decide.Item{}
		pt.loaded[f.address] = have
	}
	var refs []string
	byRef, ready, bodies := map[string]string{}, map[string]entry{}, map[string]*pim.Item{}
	for key := range keys {
		en, known := x.byKey.Get(key)
		if _, done := have[key]; done || !known || en.is(isGone) {
			continue
		}
		ready[key] = en
		if body, read := x.bodies.Get(key); read {
			bodies[key] = body
		} else if en.unreadable == "" && !en.is(isUnseen) {
			refs = append(refs, en.ref)
			byRef[en.ref] = key
		}
	}
	slices.Sort(refs)
	err := pt.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		key := byRef[got.Ref]
		en := ready[key]
		if got.Err != nil {
			en.unreadable = got.Err.Error()
			x.unreadable[got.Ref] = en.unreadable
		} else {
			if en.version != got.Version {
				en.flags |= isChanged
			}
			bodies[key], en.version = pt.shared.one(got.Item), got.Version
		}
		ready[key] = en
		x.byKey.Set(key, en)
	})
	if err != nil {
		return false, err
	}
	for _, key := range sortedKeys(ready) {
		en, body := ready[key], bodies[key]
		it := &decide.Item{Key: key, Ref: en.ref, Version: en.version, Content: body, Unknown: body == nil, Since: en.since}
		if body != nil {
			if it.Marker, err = pt.marker(f, key, en, body); err != nil {
				return false, err
			}
			if it.Marker != nil {
				pt.namedBy(f.address, *it.Marker)
			}
			for _, uid := range decide.References(body) {
				pt.item(spot{f.address, uid})
			}
			pt.spreadMatches(spot{f.address, key}, body)
		}
		have[key] = it
		pt.item(spot{f.address, key})
	}
	return len(ready) > 0, nil
}
