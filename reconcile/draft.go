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
}

// part adds what was decided for one part.
func (c *composing) part(pt *part, d *decide.Decision) error {
	dr := &draft{composing: c, pt: pt, decision: d, number: map[*decide.Write]int{}}
	dr.waits = dr.waiting()
	for i, w := range d.Writes {
		dr.number[w] = i
		dr.write(w)
		dr.notify(w)
	}
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
	for address, n := range d.Counts.Unchanged {
		r := c.pairs[address]
		r.unchanged += n
		c.pairs[address] = r
	}
	c.doc.Summary.Pruned += d.Counts.Pruned
	c.doc.Summary.Refused += d.Counts.Refused
	return c.out.Add(&dr.part, dr.ops)
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

// items adds what the reads brought of a part's items: it is recorded when the part is done.
func (dr *draft) items() {
	for at := range dr.pt.spots() {
		en, known := dr.index[at.folder].byKey.Get(at.key)
		if !known || dr.pt.elsewhere(at.folder, at.key) || dr.folders[at.folder].trouble != nil {
			continue
		}
		if en.former != "" {
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.former})
		}
		it := state.Item{Ref: en.ref, Version: en.version, UID: en.uid, Key: at.key, Unreadable: en.unreadable}
		if dr.waits[at] {
			it.Version = ""
		}
		switch {
		case !en.is(isNews):
		case en.is(isGone) && !dr.waits[at]:
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.ref})
		default:
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

// waiting are the items of a part that have to be looked at again next time, whatever their version: of pairs that nothing was decided for, and what changed
// in the folders of relationships that are held.
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
	return out
}
