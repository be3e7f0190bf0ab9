package reconcile

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// recallUnanswered reads the creates and updates whose outcome is not recorded: an apply that was killed left them, or a store that did not answer.
func (p *planning) recallUnanswered() error {
	open, err := p.st.Open()
	if err != nil {
		return err
	}
	rename := moves(p.e.ws)
	for _, e := range open {
		e.Relationship, e.Folder = rename(e.Relationship), rename(e.Folder)
		switch e.Kind {
		case providers.Create:
			p.unanswered[e.Folder] = append(p.unanswered[e.Folder], e)
			k := state.PairKey{Relationship: e.Relationship, Original: e.Original}
			p.creates[k] = append(p.creates[k], e)
		case providers.Update:
			k := updated{e.Relationship, e.Folder, e.Ref}
			p.updates[k] = append(p.updates[k], update{e.Digest, p.wasBefore(e)})
		}
	}
	return p.recallUnfinished()
}

// recallUnfinished has the originals looked at again that the last applies wrote something for, which were killed, and that are not recorded themselves: their pairs
// may be, and of one that is gone since, nothing else would tell.
func (p *planning) recallUnfinished() error {
	applies, err := p.st.Applies()
	if err != nil {
		return err
	}
	rename := moves(p.e.ws)
	items := recordedKeys{p: p}
	for _, a := range slices.Backward(applies) {
		if !a.Finished.IsZero() {
			break
		}
		err := p.st.Entries(a.Number, func(e state.Entry) error {
			ends, known := p.ends[rename(e.Relationship)]
			if !known {
				return nil
			}
			recorded, err := items.has(ends[0], e.Original)
			if !recorded {
				p.restless = append(p.restless, spot{ends[0], e.Original})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recordedKeys are the keys of the items that are recorded of some folders: those that were asked about last.
type recordedKeys struct {
	p      *planning
	byName map[string]keySet
}

// mostRecordedKeys is of how many folders keys are kept: an apply writes several at a time.
const mostRecordedKeys = 256

func (k *recordedKeys) has(folder, key string) (bool, error) {
	keys, known := k.byName[folder]
	if known {
		return keys.has(key), nil
	}
	f := k.p.folders[folder]
	if f == nil || !f.recorded {
		return false, nil
	}
	found := map[string]keySet{}
	err := k.p.st.Items(f.record.Address, func(it state.Item) error {
		belongs(found, folder, it.Key)
		return nil
	})
	if k.byName == nil || len(k.byName) == mostRecordedKeys {
		k.byName = map[string]keySet{}
	}
	k.byName[folder] = found[folder].settled()
	return k.byName[folder].has(key), err
}

// updated is an item that was to be written for a relationship.
type updated struct{ relationship, folder, ref string }

// update is what was sent for an item, and what the item said before; nil: the journal is sealed, and nobody knows.
type update struct {
	digest uint64
	before pim.Digests
}

// wasBefore is what the item of an entry said before it was written.
func (p *planning) wasBefore(e state.Entry) pim.Digests {
	f := p.folders[e.Folder]
	if f == nil || f.spec == nil {
		return nil
	}
	was, _, err := image.Unpack(e.Images, nil)
	if err != nil {
		return nil
	}
	it, err := pim.Parse(f.spec.Kind, was)
	if err != nil {
		return nil
	}
	return it.Fields().Digests()
}

// asWritten is a recorded pair with what an update whose outcome is not recorded has written as its base: what Accord wrote is no edit of a person's, to be
// weighed against what people did since.
func (pt *part) asWritten(p state.Pair) state.Pair {
	r := pt.specs[p.Relationship]
	if len(pt.updates) == 0 || r == nil || p.Status != state.Active || len(p.BaseReplica) == 0 || r.Policies.DestinationEdit == schema.DestinationEditKeep {
		return p
	}
	written := func(folder, key string) (now, before pim.Digests) {
		it, f := pt.loaded[folder][key], pt.folders[folder]
		if it == nil || it.Content == nil || f == nil {
			return nil, nil
		}
		digest := heldDigest(f, it.Content)
		for _, u := range pt.updates[updated{p.Relationship, folder, it.Ref}] {
			if u.digest == digest {
				return it.Content.Fields().Digests(), u.before
			}
		}
		return nil, nil
	}
	ends := pt.ends[p.Relationship]
	if now, before := written(ends[0], p.Original); before != nil {
		p.BaseOriginal = brought(p.BaseOriginal, before, now)
	}
	if now, _ := written(ends[1], p.Replica); now != nil {
		p.BaseReplica = now
	}
	return p
}

// brought is the base of an original with what replicas brought to it: the fields that no person had edited before, and that say something else now.
func brought(base, before, now pim.Digests) pim.Digests {
	out := maps.Clone(base)
	names := maps.Clone(before)
	maps.Copy(names, now)
	for name := range names {
		switch {
		case !before[name].Equal(base[name]) || now[name].Equal(before[name]):
		case len(now[name]) == 0:
			delete(out, name)
		default:
			out[name] = now[name]
		}
	}
	return out
}

// spreadCreates touches the replicas of an original that creates may have made.
func (pt *part) spreadCreates(at spot) {
	for _, r := range pt.bySource[at.folder] {
		for _, e := range pt.creates[state.PairKey{Relationship: r.Address, Original: at.key}] {
			if replica := (spot{r.Destination, e.UID}); pt.index[r.Destination].there(e.UID) {
				pt.need(replica)
				pt.original(replica)
			}
		}
	}
}

// asMade are pairs whose replicas were made by creates whose outcome is not recorded, and whose originals are gone since. What becomes of such a replica is what would
// have become of it if the apply had not been killed.
func (pt *part) asMade() (pairs []state.Pair) {
	for _, k := range slices.SortedFunc(maps.Keys(pt.creates), decide.ComparePairs) {
		r := pt.specs[k.Relationship]
		if r == nil || !pt.touched[spot{r.Source.Address, k.Original}] || pt.index[r.Source.Address].there(k.Original) {
			continue
		}
		if p := pt.pairs[k]; p != nil && (p.Status != state.Active || pt.index[r.Destination.Address].there(p.Replica)) {
			continue
		}
		f := pt.folders[r.Destination.Address]
		for _, e := range pt.creates[k] {
			it := pt.loaded[f.address][e.UID]
			if e.UID != decide.ReplicaUID(pt.e.ws.Name, k.Relationship, k.Original, e.Generation) || it == nil || it.Content == nil || heldDigest(f, it.Content) != e.Digest {
				continue
			}
			base := it.Content.Fields().Digests()
			pairs = append(pairs, state.Pair{Relationship: k.Relationship, Original: k.Original, Replica: it.Key, ReplicaRef: it.Ref, Status: state.Active,
				Generation: e.Generation, BaseOriginal: base, BaseReplica: base})
			break
		}
	}
	return pairs
}

// remember records which items a folder held before the first write to it, where a create is recognised by its content alone: what an apply that was
// killed has made is then among the others. They are looked at again.
func (a *applying) remember(f *folder) error {
	if f.store == nil || f.caps.Markers || f.caps.UIDs {
		return nil
	}
	for part, err := range a.plan.Parts() {
		if err != nil {
			return err
		}
		b := &state.Batch{}
		for _, it := range part.Items {
			if it.Folder == f.address {
				it.Version = ""
				b.Items = append(b.Items, it)
			}
		}
		if err := a.st.Commit(b); err != nil {
			return err
		}
	}
	return nil
}

// made is the marker that a new item would carry if its folder kept any: where it keeps no UIDs either, a create whose outcome is not known is
// recognised by its content alone.
func (w *world) made(f *folder, it *pim.Item) *pim.Marker {
	if f.caps.Markers || f.caps.UIDs {
		return nil
	}
	e, found := w.answered(f, it, 1)
	if !found {
		return nil
	}
	return &pim.Marker{Workspace: w.e.ws.Name, Relationship: e.Relationship, Original: e.Original, Source: w.ends[e.Relationship][0], Generation: e.Generation, Status: pim.Live}
}

// madeAgain is the key of the original that a new item is, made again by a create whose outcome is not known in a folder that makes UIDs of its own;
// "": it is none.
func (w *world) madeAgain(f *folder, it *pim.Item) string {
	if f.caps.UIDs {
		return ""
	}
	e, _ := w.answered(f, it, 0)
	return e.Original
}

// answered finds the open create that an item answers by its content: of an original (side 0) or a replica (1). It is open no more.
func (w *world) answered(f *folder, it *pim.Item, side int) (state.Entry, bool) {
	open := w.unanswered[f.address]
	if len(open) == 0 {
		return state.Entry{}, false
	}
	digest := heldDigest(f, it)
	i := slices.IndexFunc(open, func(e state.Entry) bool {
		ends, known := w.ends[e.Relationship]
		return known && e.Digest == digest && ends[side] == f.address
	})
	if i < 0 {
		return state.Entry{}, false
	}
	e := open[i]
	w.unanswered[f.address] = slices.Delete(open, i, i+1)
	return e, true
}
