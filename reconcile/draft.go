package reconcile

import (
	"cmp"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// draft is one part of a plan that is being made.
type draft struct {
	*composing
	pt       *part
	decision *decide.Decision
	part     plan.Part
	ops      []plan.Placed
	number   map[*decide.Write]int
	waits    map[spot]bool // items that are looked at again next time
	later    map[spot]decide.Later
	mates    map[state.PairKey]*state.Pair // pairs that change, as they will be; nil: it ends
}

// part adds what was decided for one part.
func (c *composing) part(pt *part, d *decide.Decision) error {
	dr := c.drafted(pt, d)
	return c.out.Add(&dr.part, dr.ops)
}

// drafted is what was decided for one part. It is counted.
func (c *composing) drafted(pt *part, d *decide.Decision) *draft {
	dr := &draft{composing: c, pt: pt, decision: d, number: map[*decide.Write]int{}, later: map[spot]decide.Later{}, mates: map[state.PairKey]*state.Pair{}}
	dr.waits = dr.waiting()
	for _, later := range d.Later {
		dr.later[spot{later.Folder, later.Key}] = later
	}
	for _, change := range d.Pairs {
		dr.mates[change.Key] = change.New
	}
	for i, w := range d.Writes {
		dr.number[w] = i
		dr.write(w)
		dr.notify(w)
		dr.lacks(w)
		dr.writesTo(w)
	}
	c.idle = slices.DeleteFunc(c.idle, func(k state.PairKey) bool { return !slices.Contains(d.Unused, k) })
	dr.traffic(&dr.part)
	dr.pairChanges()
	dr.notices()
	dr.items()
	dr.belonging()
	for _, r := range d.Recorded {
		c.keep[r.Address] = true
	}
	for _, p := range pt.pairs {
		if p != nil && pt.touched[spot{pt.ends[p.Relationship][0], p.Original}] && !pt.elsewhere(pt.ends[p.Relationship][0], p.Original) {
			n := c.pairs[p.Relationship]
			n.forget(p)
			c.pairs[p.Relationship] = n
		}
	}
	c.count(d.Counts.Unchanged, func(n *tallied) *int { return &n.unchanged })
	c.count(d.Counts.Out, func(n *tallied) *int { return &n.out })
	c.count(d.Counts.Settling, func(n *tallied) *int { return &n.settling })
	c.doc.Summary.Pruned += d.Counts.Pruned
	c.doc.Summary.Refused += d.Counts.Refused
	return dr
}

// count adds to one of the counts of relationships.
func (c *composing) count(by map[string]int, of func(*tallied) *int) {
	for address, n := range by {
		r := c.pairs[address]
		*of(&r) += n
		c.pairs[address] = r
	}
}

// belonging counts the items of a part that belong to a pair by now, or did.
func (dr *draft) belonging() {
	mine := map[spot]bool{}
	belong := func(p *state.Pair, e [2]string) {
		mine[spot{e[0], p.Original}] = true
		if p.Replica != "" {
			mine[spot{e[1], p.Replica}] = true
		}
	}
	for _, p := range dr.pt.pairs {
		if p != nil && dr.pt.touched[spot{dr.ends[p.Relationship][0], p.Original}] {
			belong(p, dr.ends[p.Relationship])
		}
	}
	for _, change := range dr.decision.Pairs {
		if change.New != nil {
			belong(change.New, dr.endsNow(change.Key.Relationship))
		}
	}
	for at := range dr.pt.spots() {
		if dr.pt.elsewhere(at.folder, at.key) {
			continue
		}
		if mine[at] && dr.index[at.folder].there(at.key) {
			dr.alone[at.folder]++
		}
		if dr.paired[at.folder].has(at.key) {
			dr.alone[at.folder]--
		}
	}
}

// items adds what is to be recorded of a part's items: what the reads brought, and what time or pairs make of them.
func (dr *draft) items() {
	for at := range dr.pt.spots() {
		en, known := dr.index[at.folder].byKey.Get(at.key)
		if !known || dr.pt.elsewhere(at.folder, at.key) || dr.folders[at.folder].trouble != nil {
			continue
		}
		if dr.held[at.folder] && dr.index[at.folder].others[en.ref] && !en.is(isGone) {
			continue // the one recorded stays so, and is missed by what is held
		}
		if m, made := dr.index[at.folder].made[at.key]; made && !dr.folders[at.folder].caps.Feed {
			if _, held := dr.holds[m.Relationship]; held {
				continue // its relationship knows it by its being new
			}
		}
		if en.former != "" {
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.former})
		}
		loaded := dr.pt.loaded[at.folder][at.key]
		it := dr.lasting(at, loaded)
		it.Ref, it.Version, it.UID, it.Key, it.Unreadable = en.ref, en.version, en.uid, at.key, en.unreadable
		if dr.waits[at] {
			it.Version = ""
		}
		switch {
		case en.is(isNews) && en.is(isGone) && !dr.waits[at]:
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.ref})
		case en.is(isNews), dr.waits[at], loaded != nil && (!it.Due.Equal(en.due) || foundBy(it) != en.found):
			dr.part.Items = append(dr.part.Items, state.FolderItem{Folder: at.folder, Item: it})
		}
	}
	for _, it := range dr.part.Items {
		dr.news[it.Folder] = true
	}
	for _, it := range dr.part.Gone {
		dr.news[it.Folder] = true
	}
	slices.SortFunc(dr.part.Items, func(a, b state.FolderItem) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Ref, b.Ref))
	})
	slices.SortFunc(dr.part.Gone, func(a, b state.FolderRef) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Ref, b.Ref))
	})
}

// lasting is what is to be recorded of an item, besides what its store says of it: when it is due, and what it can be found by.
func (dr *draft) lasting(at spot, l *decide.Item) state.Item {
	var it state.Item
	if later, ok := dr.later[at]; ok {
		it.Due, it.Out = later.Due, later.Out
	}
	if en, _ := dr.index[at.folder].byKey.Get(at.key); !it.Due.IsZero() && dr.settles(at.folder) {
		if it.Seen = en.since; it.Seen.IsZero() {
			it.Seen = dr.now
		}
	}
	if l == nil || l.Content == nil {
		return it
	}
	it.Names = hashes(decide.References(l.Content))
	it.Match = dr.matches(dr.folders[at.folder], l.Content, func(r *decide.Relationship) bool {
		return !dr.mated(state.PairKey{Relationship: r.Address, Original: at.key})
	})
	return it
}

// mated reports whether there is a pair once the plan is carried out.
func (dr *draft) mated(k state.PairKey) bool {
	if p, changes := dr.mates[k]; changes {
		return p != nil
	}
	return dr.pt.pairOf(k.Relationship, k.Original) != nil
}

// settles reports whether some relationship of a folder lets edits wait.
func (dr *draft) settles(folder string) bool {
	return dr.some(folder, func(r *decide.Relationship) bool { return r.Settle > 0 })
}

// waiting are the items of a part that have to be looked at again next time, whatever their version: of pairs that nothing was decided for, and what changed
// or became ordinary in the folders of relationships that are held.
func (dr *draft) waiting() map[spot]bool {
	out := map[spot]bool{}
	for k := range dr.decision.Waiting {
		e := dr.ends[k.Relationship]
		out[spot{e[0], k.Original}] = true
		if p := dr.pt.pairs[k]; p != nil {
			out[spot{e[1], p.Replica}] = true
		}
	}
	for at := range dr.pt.spots() {
		if en, known := dr.index[at.folder].byKey.Get(at.key); known && dr.held[at.folder] && en.is(isChanged) {
			out[at] = true
		}
	}
	for _, change := range dr.decision.Pairs {
		folder := dr.ends[change.Key.Relationship][1]
		if p := dr.pt.pairs[change.Key]; p != nil && change.New == nil && dr.held[folder] {
			out[spot{folder, p.Replica}] = true
		}
	}
	return out
}
