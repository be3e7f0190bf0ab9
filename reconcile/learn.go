package reconcile

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// quiet reports whether nothing may have changed.
func (p *planning) quiet() bool {
	for _, f := range p.folders {
		if v := f.view; v != nil && v.news.Len() > 0 || f.missing {
			return false
		}
	}
	return len(p.restless) == 0 && len(p.anew()) == 0
}

// stirred are the folders in which something may have changed, and those that relationships join with them, over however many others.
func (p *planning) stirred() map[string]bool {
	next := map[string][]string{}
	join := func(a, b string) { next[a], next[b] = append(next[a], b), append(next[b], a) }
	out := map[string]bool{}
	var todo []string
	stir := func(address string) {
		if !out[address] {
			out[address] = true
			todo = append(todo, address)
		}
	}
	for _, e := range p.ends {
		join(e[0], e[1])
	}
	for _, r := range p.rels {
		join(r.Source, r.Destination)
	}
	for address, f := range p.folders {
		if v := f.view; v != nil && v.news.Len() > 0 || f.missing || len(p.unanswered[address]) > 0 {
			stir(address)
		}
	}
	for _, at := range p.restless {
		stir(at.folder)
	}
	for address := range p.anew() {
		stir(p.ends[address][0])
		if r := p.related(address); r != nil {
			stir(r.Source)
		}
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, address := range next[at] {
			stir(address)
		}
	}
	return out
}

// everything are all folders, also where nothing has changed.
func (p *planning) everything() map[string]bool {
	out := map[string]bool{}
	for address := range p.folders {
		out[address] = true
	}
	return out
}

// learn gives the items of some folders their keys, and finds out which may have to do with each other. Of the other folders nothing is known but how many items
// there are.
func (p *planning) learn(ctx context.Context, in map[string]bool) error {
	if err := p.recallReplicas(in); err != nil {
		return err
	}
	for _, address := range sortedKeys(p.folders) {
		f := p.folders[address]
		if !in[address] {
			p.index[address] = newIndex(p.room, f.kind(), p.shared)
			if f.view != nil {
				p.index[address].unreadable = f.view.unreadable
			}
			continue
		}
		if err := p.indexFolder(ctx, f); err != nil {
			return err
		}
	}
	p.alerts() // of what only reading the items shows
	p.holdRehoming(nil)
	fresh := p.anew()
	for _, address := range sortedKeys(p.folders) {
		from, into := uses(p.bySource[address], fresh), uses(p.byTarget[address], fresh)
		if f := p.folders[address]; f.view != nil && (from || into) {
			if err := p.readUnpaired(ctx, f, fresh, into); err != nil {
				return err
			}
		}
	}
	for _, address := range sortedKeys(p.folders) {
		if p.folders[address].view == nil {
			continue
		}
		if err := p.findLost(p.folders[address]); err != nil {
			return err
		}
	}
	return p.room.Err()
}

// uses reports whether one of some relationships is among others.
func uses(list []*decide.Relationship, among map[string]bool) bool {
	return slices.ContainsFunc(list, func(r *decide.Relationship) bool { return among[r.Address] })
}

// seeds are the items that may have changed, and those of relationships that are looked at as a whole.
func (p *planning) seeds() iter.Seq2[spot, error] {
	fresh := p.anew()
	whole := map[string]bool{} // folders
	for address := range fresh {
		if r := p.specs[address]; r != nil {
			whole[r.Source.Address], whole[r.Destination.Address] = true, true
		}
	}
	return func(yield func(spot, error) bool) {
		for _, at := range p.restless {
			if !yield(at, nil) {
				return
			}
		}
		for _, address := range sortedKeys(p.folders) {
			for key, en := range p.index[address].byKey.All() {
				if (whole[address] || en.is(isChanged)) && !yield(spot{address, key}, nil) {
					return
				}
			}
		}
		for _, address := range sortedKeys(fresh) {
			stopped := errors.New("stopped")
			err := p.eachOriginal(address, func(at spot) error {
				if !yield(at, nil) {
					return stopped
				}
				return nil
			})
			if err == stopped || err != nil && !yield(spot{}, err) {
				return
			}
		}
	}
}

// anew are the relationships that have to be looked at as a whole: new, changed, replaced or gone.
func (p *planning) anew() map[string]bool {
	out := map[string]bool{}
	known := map[string]state.Relationship{}
	for _, r := range p.recorded {
		known[r.Address] = r
		if p.specs[r.Address] == nil {
			out[r.Address] = true
		}
	}
	for _, r := range p.rels {
		rec, recorded := known[r.Address]
		shares, matches := rec.Coalesce != r.Policies.Coalesce, rec.Existing != string(r.Policies.Existing)
		if !recorded || rec.Fingerprint != p.specs[r.Address].Fingerprint || shares || matches || rec.Source != r.Source || rec.Destination != r.Destination {
			out[r.Address] = true
		}
	}
	maps.Copy(out, p.resync)
	for address := range p.holds {
		delete(out, address)
	}
	return out
}

// marked notes what the marker of an item names.
func (w *world) marked(f *folder, x *index, key string, it *pim.Item) {
	if _, replica := w.replicas.Get(spot{f.address, key}.name()); replica {
		return
	}
	switch m, ok := it.Marker(); {
	case ok && m.Workspace == w.e.ws.Name && m.Status != pim.Released:
		x.name(&x.byMark, m.Original, key)
	case !ok && f.caps.UIDs && decide.IsReplicaUID(it.UID()):
		x.lost = append(x.lost, key)
	}
}

// readUnpaired reads the items of a folder of which too little is known to look at a relationship as a whole: those that no pair has where it leads to, for their
// markers may name originals, those without match keys, and all whose replicas may be found by what a template makes of them.
func (p *planning) readUnpaired(ctx context.Context, f *folder, fresh map[string]bool, target bool) error {
	x, matched := p.index[f.address], p.matched(f.address)
	rendered := slices.ContainsFunc(p.bySource[f.address], func(r *decide.Relationship) bool {
		return fresh[r.Address] && r.Rendered != nil && r.Policies.Existing == schema.ExistingAdopt
	})
	var refs []string
	byRef := map[string]string{}
	read := func() error {
		got, err := p.fetchAll(ctx, f, refs)
		for _, one := range got {
			if one.Err == nil { // if not, it is asked for again when it is decided
				p.body(f, x, byRef[one.Ref], one.Item)
				p.marked(f, x, byRef[one.Ref], one.Item)
			}
		}
		refs = nil
		clear(byRef)
		return err
	}
	for key, en := range x.byKey.All() {
		_, replica := p.replicas.Get(spot{f.address, key}.name())
		needed := target && !replica && !p.paired[f.address].has(key) || matched && !en.is(isKeyed) || rendered
		if _, known := x.bodies.Get(key); known || !needed || en.unreadable != "" || en.is(isGone|isUnseen) {
			continue
		}
		refs = append(refs, en.ref)
		if byRef[en.ref] = key; len(refs) == p.e.limits.read {
			if err := read(); err != nil {
				return err
			}
		}
	}
	return read()
}

// findLost gives the items whose UIDs say that they are replicas the originals that they are replicas of.
func (w *world) findLost(f *folder) error {
	x := w.index[f.address]
	for _, key := range x.lost {
		en, _ := x.byKey.Get(key)
		m, err := w.markerOfUID(f, en.uid)
		if err != nil {
			return err
		}
		if m.Original != "" {
			x.name(&x.byMark, m.Original, key)
		}
	}
	return nil
}
