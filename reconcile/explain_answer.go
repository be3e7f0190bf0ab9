package reconcile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// explain answers for each relationship that touches the item, and tells what the journal knows.
func (x *explaining) explain(out *Explanation) error {
	for _, address := range sortedKeys(x.ends) {
		if h, held := x.holds[address]; held && h.status == "" {
			continue
		}
		if s := x.sides(address); x.at.folder != x.asked && !slices.Contains(s, x.asked) {
			continue // the item was found elsewhere, and it is about the folder where it is not
		}
		if r, touches := x.relationship(address, out.Item); touches {
			out.Relationships = append(out.Relationships, r)
		}
	}
	slices.SortStableFunc(out.Relationships, func(a, b ExplainedRelationship) int {
		return cmp.Compare(x.rank(a), x.rank(b))
	})
	for _, d := range x.e.noticed() {
		if d.Address == x.at.folder && d.Ref != "" && d.Ref == out.Item.Ref {
			out.Diagnostics = append(out.Diagnostics, d)
		}
	}
	return errors.Join(x.pt.err, x.writes(out))
}

// rank orders relationships: first what made the item, then what it is the source of.
func (x *explaining) rank(r ExplainedRelationship) int {
	switch {
	case x.own != nil && r.Address == x.own.Relationship:
		return 0
	case r.Side == plan.Source:
		return 1
	}
	return 2
}

// relationship is what one relationship does with the item. touches is false for one that has nothing to do with it.
func (x *explaining) relationship(address string, item ExplainedItem) (r ExplainedRelationship, touches bool) {
	e := x.ends[address]
	spec := x.specs[address]
	if spec != nil {
		e = [2]string{spec.Source.Address, spec.Destination.Address}
	}
	r = ExplainedRelationship{Address: address, Source: e[0], Destination: e[1], Side: plan.Source, Status: plan.OK, Operations: []plan.Operation{}}
	if h, held := x.holds[address]; held {
		r.Status, r.Reason = h.status, h.reason
	}
	r.Operations = append(r.Operations, x.ops[address]...)
	own := x.own != nil && x.own.Relationship == address
	switch {
	case own:
		r.Side = plan.Destination
		x.pair(&r, *x.own)
	case x.sourceOf(address, x.at.folder) && item.Role != Original && item.Role != Released && item.Role != Copied:
		r.Outcome = NeverCopied
		return r, item.Presence != Absent
	case x.sourceOf(address, x.at.folder) && x.becomes != nil && len(r.Operations) == 0:
		r.Outcome, r.Reason = NeverCopied, fmt.Sprintf("the next apply makes it the replica of %s", x.becomes.Relationship)
	case x.sourceOf(address, x.at.folder):
		x.pair(&r, state.PairKey{Relationship: address, Original: x.at.key})
		return r, spec != nil || r.Pair != nil || len(r.Operations) > 0
	case slices.Contains(x.sides(address), x.at.folder):
		if x.own != nil && len(r.Operations) == 0 {
			return r, false // another relationship made it
		}
		r.Side, r.Outcome = plan.Destination, BeganThere
		return r, x.planned(&r) || spec != nil
	default:
		return r, len(r.Operations) > 0
	}
	return r, true
}

// planned makes operations the outcome, if there are any. It reports whether there are.
func (x *explaining) planned(r *ExplainedRelationship) bool {
	waits := slices.ContainsFunc(r.Operations, func(op plan.Operation) bool { return op.Action == plan.Conflict || op.Action == plan.Ambiguous })
	switch {
	case r.Status != plan.OK:
		r.Outcome = Held
	case waits:
		r.Outcome = Waits
	case len(r.Operations) > 0:
		r.Outcome = Planned
	default:
		return false
	}
	return true
}

// pair is what becomes of an original, by way of its pair if it has one.
func (x *explaining) pair(r *ExplainedRelationship, k state.PairKey) {
	p := x.pt.pairOf(k.Relationship, k.Original)
	r.Pair = x.explainedPair(r, p)
	if now, changed := x.becoming[k]; changed {
		if p = now; p != nil {
			r.Pair = x.explainedPair(r, p)
		}
	}
	spec := x.specs[k.Relationship]
	o := x.pt.loaded[r.Source][k.Original]
	var rep *decide.Item
	if p != nil {
		rep = x.pt.loaded[r.Destination][p.Replica]
	}
	if spec != nil && spec.Filter != nil && o != nil && o.Content != nil {
		r.Filter = x.filter(spec, o)
		r.OnUnmatched = string(spec.Policies.OnUnmatched)
	}
	problem := slices.IndexFunc(x.decision.Problems, func(p decide.Problem) bool { return p.Pair == k })
	switch {
	case problem >= 0 && r.Status == plan.OK:
		r.Outcome, r.Reason = Undecided, x.decision.Problems[problem].Err.Error()
	case o != nil && o.Unknown && r.Status == plan.OK:
		r.Outcome, r.Reason = ItemUnreadable, x.whyUnknown(spot{r.Source, k.Original})
	case x.planned(r):
	case p != nil && p.Refused != 0:
		r.Outcome = Refused
	case p != nil && p.Status == state.Pruned:
		r.Outcome = Pruned
	case p != nil && p.Status == state.Retired:
		r.Outcome = Retired
	case p != nil && p.Status == state.Ignored:
		r.Outcome = Ignored
	case rep != nil && rep.Unknown:
		r.Outcome, r.Reason = ReplicaUnreadable, x.whyUnknown(spot{r.Destination, p.Replica})
	case spec == nil:
		r.Outcome, r.Reason = Left, "the relationship left the configuration, and nothing is left to do about the item"
	case r.Filter != nil && !r.Filter.Passes:
		r.Outcome = Filtered
	case p != nil && p.Rest == state.Settling:
		r.Outcome, r.Reason = Settling, x.unsettled(spec, o, rep)
	case spec != nil && x.isOut(r, k, p, o):
	case o == nil && rep != nil && p.Late == state.LateCancelled:
		r.Outcome = Lingers
	case o != nil && rep != nil && x.isUntriggered(r, p, o):
	case p != nil && p.Replica != "" && o != nil:
		r.Outcome = Settled
	case o == nil:
		r.Outcome = Missing
	default:
		x.left(r, k, o)
	}
}

// isOut reports whether an original is out of the window, and since nothing flows, until when.
func (x *explaining) isOut(r *ExplainedRelationship, k state.PairKey, p *state.Pair, o *decide.Item) bool {
	rel := x.related(k.Relationship)
	if o == nil || o.Content == nil || rel == nil || rel.Window == nil || p != nil && p.Rest != state.Out {
		return false
	}
	in, until, err := rel.Window(o.Content)
	if err != nil || in {
		return false
	}
	r.Outcome, r.Reason = OutOfWindow, "it takes place outside of it, and time will not bring it in"
	if !until.IsZero() {
		r.Reason = "it comes in on " + moment(until, x.specs[k.Relationship].Source)
	}
	return true
}

// moment is an instant as explanations write it: in the zone of a folder.
func moment(at time.Time, f *schema.Folder) string {
	if f.Zone != nil {
		at = at.In(f.Zone)
	}
	return at.Format("2006-01-02 at 15:04 MST")
}

// unsettled says until when a change waits.
func (x *explaining) unsettled(spec *schema.Relationship, sides ...*decide.Item) string {
	var until time.Time
	for _, it := range sides {
		if it == nil {
			continue
		}
		since := it.Since
		if since.IsZero() {
			since = x.now
		}
		if at := since.Add(spec.Settle); at.After(until) {
			until = at
		}
	}
	return "it is carried from " + moment(until, spec.Source) + " on, unless it changes again"
}

// explainedPair is what is recorded, or will be, of a pair; nil: there is none.
func (x *explaining) explainedPair(r *ExplainedRelationship, p *state.Pair) *ExplainedPair {
	if p == nil {
		return nil
	}
	return &ExplainedPair{Status: p.Status, Generation: p.Generation, Adopted: p.Adopted, OriginalRef: p.OriginalRef, ReplicaRef: p.ReplicaRef,
		ReplicaUID: x.draft.uid(r.Destination, p.Replica), Refused: p.Refused != 0, Late: x.late(r, p)}
}

// left says why nothing is decided about an original that would be copied.
func (x *explaining) left(r *ExplainedRelationship, k state.PairKey, o *decide.Item) {
	r.Outcome = Left
	if o.Content != nil {
		if twin := x.pt.loaded[r.Destination][o.Content.UID()]; twin != nil && twin.Unknown {
			r.Outcome, r.Reason = TwinUnreadable, fmt.Sprintf("%s: %s", twin.Ref, x.whyUnknown(spot{r.Destination, twin.Key}))
			return
		}
	}
	for _, w := range x.decision.Writes {
		if w.Folder == r.Source && w.Key == k.Original && w.After == nil {
			r.Reason = fmt.Sprintf("the next apply deletes it, for %s", w.Reasons[0].Pair.Relationship)
			return
		}
	}
	for _, n := range x.decision.Notices {
		if n.Pair != k && slices.ContainsFunc(n.Candidates, func(it *decide.Item) bool { return it.Key == x.at.key && x.leadsTo(n.Pair.Relationship) == x.at.folder }) {
			r.Reason = fmt.Sprintf("it is one of several that could be the replica of %s, and a person decides", n.Pair.Relationship)
			return
		}
	}
	if x.decision.Waiting[k] {
		r.Reason = "it waits for what it hangs together with, which cannot be understood or waits for a person"
	}
}

// whyUnknown is why an item cannot be understood.
func (x *explaining) whyUnknown(at spot) string {
	en, _ := x.index[at.folder].byKey.Get(at.key)
	switch {
	case en.unreadable != "":
		return en.unreadable
	case en.is(isUnseen):
		return "the folder could be read only in part: " + x.folders[at.folder].partial
	}
	return "it could not be read"
}
