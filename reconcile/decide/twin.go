package decide

import (
	"cmp"
	"slices"
)

// twins are the ordinary items of a folder that belong to no pair, by what they are found by; each list is by ref.
type twins struct {
	byUID map[string][]*Item
	byKey map[uint64][]*Item
}

// reading is an item's content as a folder is read.
type reading struct {
	folder string
	item   *Item
}

// matchKeys are the match keys of an item of a folder.
func (d *decider) matchKeys(folder string, it *Item) []uint64 {
	at := reading{folder, it}
	keys, known := d.keyed[at]
	if !known {
		keys = it.Content.MatchKeys(d.in.Folders[folder].Floating)
		d.keyed[at] = keys
	}
	return keys
}

// sought are the match keys by which an original is looked for in the destination: its own, and those of what its replica would say.
func (d *decider) sought(r *Relationship, o *Item) []uint64 {
	keys := d.matchKeys(r.Source, o)
	if r.Rendered == nil {
		return keys
	}
	rendered, known := d.soughtAs[derived{r.Address, o.Content}]
	if !known {
		rendered = r.Rendered(o.Content)
		d.soughtAs[derived{r.Address, o.Content}] = rendered
	}
	return slices.Concat(keys, rendered)
}

// twinsIn is the hash table of a folder that originals without a pair are joined with, made once for each step that does so.
func (d *decider) twinsIn(folder string) *twins {
	if t := d.twins[folder]; t != nil {
		return t
	}
	t := &twins{map[string][]*Item{}, map[uint64][]*Item{}}
	for _, it := range d.view[folder] {
		if it.Unknown || d.isReplica(folder, it) || d.paired(folder, it.Key) {
			continue
		}
		if uid := it.Content.UID(); uid != "" {
			t.byUID[uid] = append(t.byUID[uid], it)
		}
		if isRef(it.Key) && it.Content.UID() != "" {
			continue // another item has its UID, so that its marker would be taken for a copied one
		}
		for _, key := range d.matchKeys(folder, it) {
			t.byKey[key] = append(t.byKey[key], it)
		}
	}
	for _, list := range t.byUID {
		slices.SortFunc(list, byRef)
	}
	d.twins[folder] = t
	return t
}

func byRef(a, b *Item) int { return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Key, b.Key)) }

// sameUID are the items of the destination with the original's UID that it could be paired with, by ref.
func (d *decider) sameUID(r *Relationship, o *Item) []*Item {
	if o.Content.UID() == "" {
		return nil
	}
	return d.free(r.Destination, d.twinsIn(r.Destination).byUID[o.Content.UID()])
}

// sameKey are the items of the destination that share a match key with the original and that it could be paired with, by ref.
func (d *decider) sameKey(r *Relationship, o *Item) []*Item {
	byKey := d.twinsIn(r.Destination).byKey
	if len(byKey) == 0 {
		return nil
	}
	var found []*Item
	for _, key := range d.sought(r, o) {
		found = append(found, byKey[key]...)
	}
	slices.SortFunc(found, byRef)
	return d.free(r.Destination, slices.Compact(found))
}

// free are those of some items that belong to no pair by now, as they will be.
func (d *decider) free(folder string, items []*Item) []*Item {
	var out []*Item
	for _, it := range items {
		now := d.view[folder][it.Key]
		if now == nil || d.isReplica(folder, now) || d.paired(folder, it.Key) || d.alone[place{folder, it.Key}] {
			continue
		}
		out = append(out, now)
	}
	return out
}

// rivals are those of some originals that share a match key with another one.
func (d *decider) rivals(r *Relationship, originals []*Item) map[*Item]bool {
	first := map[uint64]*Item{}
	out := map[*Item]bool{}
	for _, o := range originals {
		for _, key := range d.sought(r, o) {
			if other := first[key]; other != nil && other != o {
				out[o], out[other] = true, true
			} else {
				first[key] = o
			}
		}
	}
	return out
}

// likely is the item of the destination that an original without a pair will be paired with; nil: it will get a copy.
func (d *decider) likely(r *Relationship, o *Item) *Item {
	found := d.sameUID(r, o)
	if len(found) == 0 {
		found = d.sameKey(r, o)
	}
	if len(found) == 0 || isRef(found[0].Key) {
		return nil
	}
	return found[0]
}
