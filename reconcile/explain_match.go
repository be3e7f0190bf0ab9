package reconcile

import (
	"cmp"
	"context"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// By what an item was found to be the same thing as an original.
const (
	matchedByUID = "uid"
	matchedByKey = "match_key"
)

// mostNear is how many items that nearly match are told.
const mostNear = 3

// matches says why originals without a pair were matched or not, and by what adopted replicas were recognised.
func (x *explaining) matches(ctx context.Context, out *Explanation) error {
	for i := range out.Relationships {
		r := &out.Relationships[i]
		k := state.PairKey{Relationship: r.Address, Original: x.original.key}
		spec, o := x.specs[r.Address], x.pt.loaded[r.Source][k.Original]
		if spec == nil || o == nil || o.Content == nil || x.folders[r.Destination].view == nil {
			continue
		}
		switch p := x.pt.pairOf(k.Relationship, k.Original); {
		case p != nil && p.Adopted && p.Replica != "":
			if rep := x.pt.loaded[r.Destination][p.Replica]; rep != nil && rep.Content != nil {
				r.Matches = []ExplainedMatch{x.compared(r, o, rep.Content, rep.Ref)}
				r.Matches[0].Adopted = true
			}
		case p == nil && spec.Policies.Existing == schema.ExistingAdopt && r.Side == plan.Source && (r.Outcome == Planned || r.Outcome == Waits || r.Outcome == Left):
			var err error
			if r.Matches, err = x.candidates(ctx, r, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidates are the items of the destination with the original's UID or one of its match keys; and where there are none, those that miss it least.
func (x *explaining) candidates(ctx context.Context, r *ExplainedRelationship, o *decide.Item) ([]ExplainedMatch, error) {
	var found, near []ExplainedMatch
	err := x.eachBody(ctx, x.folders[r.Destination], func(key string, en entry, it *pim.Item) {
		one := x.compared(r, o, it, en.ref)
		if one.Paired = x.belongsTo(spot{r.Destination, key}, it); one.By != "" {
			found = append(found, one)
		} else if len(one.Same) > 0 && (one.Same[0] == "title" || one.Same[0] == "name") && !one.Paired {
			near = append(near, one)
		}
	})
	order := func(a, b ExplainedMatch) int {
		return cmp.Or(-cmp.Compare(a.By, b.By), cmp.Compare(len(a.Differ), len(b.Differ)), cmp.Compare(a.Ref, b.Ref))
	}
	if len(found) == 0 {
		slices.SortFunc(near, order)
		return near[:min(len(near), mostNear)], err
	}
	slices.SortFunc(found, order)
	return found[:min(len(found), most)], err
}

// belongsTo reports whether an item is a replica, or an original that has a replica.
func (x *explaining) belongsTo(at spot, it *pim.Item) bool {
	if _, replica := x.replicas.Get(at.name()); replica {
		return true
	}
	if m, marked := it.Marker(); marked && m.Status != pim.Released {
		return true
	}
	return slices.ContainsFunc(x.recordedFrom[at.folder], func(address string) bool {
		p := x.pt.pairOf(address, at.key)
		return p != nil && p.Status != state.Ignored
	})
}

// compared says how an item is like an original.
func (x *explaining) compared(r *ExplainedRelationship, o *decide.Item, it *pim.Item, ref string) ExplainedMatch {
	mine, theirs := x.folders[r.Source].floating(), x.folders[r.Destination].floating()
	out := ExplainedMatch{UID: it.UID(), Ref: ref, Title: it.Title(), Start: plainField(it, "start")}
	same, differ := o.Content.Likeness(it, mine, theirs)
	keys, rel := it.MatchKeys(theirs), x.related(r.Address)
	found := func(sought []uint64) bool {
		return slices.ContainsFunc(sought, func(key uint64) bool { return slices.Contains(keys, key) })
	}
	switch {
	case it.UID() != "" && it.UID() == o.Content.UID():
		out.By = matchedByUID
	case found(o.Content.MatchKeys(mine)):
		out.By = matchedByKey
	case rel != nil && rel.Rendered != nil && found(rel.Rendered(o.Content)):
		out.By = matchedByKey
		if made, err := rel.Render(o.Content); err == nil {
			same, differ = made.Likeness(it, mine, theirs)
			out.Made = true
		}
	}
	out.Same, out.Differ = append([]string{}, same...), append([]string{}, differ...)
	if !x.shows(it) {
		out.Title, out.Start, out.Hidden = hiddenText, "", true
	}
	return out
}
