package reconcile

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// explaining is one item with what is decided about it.
type explaining struct {
	*planning
	found
	original spot           // of the item: its own spot, or that of what it is a replica of
	becomes  *state.PairKey // the pair that has it as its replica from the next apply on; nil: none does, or one does already
	pt       *part
	decision *decide.Decision
	draft    *draft
	ops      map[string][]plan.Operation   // about the item, by relationship
	becoming map[state.PairKey]*state.Pair // pairs as the next apply leaves them
}

// found is the item that is asked about.
type found struct {
	at     spot
	own    *state.PairKey // the pair that it is the replica of, or was; nil: none that is known
	before *pim.Item      // of an item that the journal alone knows: what it was
	ref    string         // likewise
}

// block holds what guards hold, by deciding all that a plan does.
func (p *planning) block(ctx context.Context) error {
	for {
		c := p.compose("")
		held, err := p.attempt(ctx, c, p.quiet())
		if err = errors.Join(err, c.out.Close()); err != nil || len(held) == 0 {
			return err
		}
		maps.Copy(p.holds, held)
	}
}

// decide decides the part that the item belongs to.
func (x *explaining) decide(ctx context.Context) error {
	for _, f := range x.index {
		f.forgetVisits()
	}
	x.pt = x.newPart()
	x.pt.item(x.at)
	if x.own != nil {
		x.pt.original(spot{x.endsOf(x.own.Relationship)[0], x.own.Original})
	}
	if err := x.pt.load(ctx); err != nil {
		return err
	}
	x.belongs()
	in := x.pt.input()
	x.decision = decide.Decide(in)
	x.becoming = map[state.PairKey]*state.Pair{}
	for _, change := range x.decision.Pairs {
		x.becoming[change.Key] = change.New
		if change.New != nil && x.own == nil && change.New.Replica == x.at.key && x.leadsTo(change.Key.Relationship) == x.at.folder {
			x.becomes = &change.Key
		}
	}
	x.ops = map[string][]plan.Operation{}
	if err := x.operations(x.decision, false); err != nil {
		return err
	}
	blocked := false
	for address, h := range x.holds {
		if h.status == plan.Blocked {
			delete(in.Frozen, address)
			blocked = true
		}
	}
	if !blocked {
		return nil
	}
	return x.operations(decide.Decide(in), true)
}

// belongs finds out of what the item is a replica: the state goes before the marker.
func (x *explaining) belongs() {
	x.original = x.at
	if k, known := x.replicas.Get(x.at.name()); known {
		x.own = &k
	} else if it := x.pt.loaded[x.at.folder][x.at.key]; it != nil && it.Marker != nil && it.Marker.Status != pim.Released && it.Marker.Workspace == x.e.ws.Name {
		if e, known := x.ends[it.Marker.Relationship]; known && e[1] == x.at.folder {
			x.own = &state.PairKey{Relationship: it.Marker.Relationship, Original: it.Marker.Original}
		}
	}
	if x.own != nil {
		x.original = spot{x.endsOf(x.own.Relationship)[0], x.own.Original}
	}
}

// endsOf are the folders that a relationship joined when its pairs were recorded.
func (x *explaining) endsOf(relationship string) [2]string { return x.ends[relationship] }

// about reports whether something decided for a pair is about the item.
func (x *explaining) about(k state.PairKey) bool {
	if x.own != nil {
		return k == *x.own
	}
	if x.becomes != nil && k == *x.becomes {
		return true
	}
	return k.Original == x.original.key && slices.Contains(x.sides(k.Relationship), x.original.folder) && x.sourceOf(k.Relationship, x.original.folder)
}

// leadsTo is the destination of a relationship: as configured, or as recorded when it left.
func (x *explaining) leadsTo(relationship string) string {
	if r := x.specs[relationship]; r != nil {
		return r.Destination.Address
	}
	return x.ends[relationship][1]
}

// sourceOf reports whether a folder is the source of a relationship, as recorded or as configured.
func (x *explaining) sourceOf(relationship, folder string) bool {
	s := x.sides(relationship)
	return s[0] == folder || len(s) > 2 && s[2] == folder
}

// operations keeps what a decision does about the item, of relationships that are blocked or of the others.
func (x *explaining) operations(d *decide.Decision, blocked bool) (err error) {
	c := x.compose("")
	defer func() { err = errors.Join(err, c.out.Close()) }()
	mine := *d
	mine.Writes = slices.DeleteFunc(slices.Clone(d.Writes), func(w *decide.Write) bool {
		return !(w.Folder == x.at.folder && w.Key == x.at.key) && !slices.ContainsFunc(w.Reasons, func(r decide.Reason) bool { return x.about(r.Pair) })
	})
	mine.Pairs = slices.DeleteFunc(slices.Clone(d.Pairs), func(p decide.PairChange) bool { return !x.about(p.Key) })
	mine.Notices = slices.DeleteFunc(slices.Clone(d.Notices), func(n decide.Notice) bool {
		return !x.about(n.Pair) && !slices.ContainsFunc(n.Candidates, func(it *decide.Item) bool {
			return it.Key == x.at.key && x.sides(n.Pair.Relationship)[1] == x.at.folder
		})
	})
	mine.Problems = nil
	x.draft = &draft{composing: c, pt: x.pt, decision: &mine, number: map[*decide.Write]int{}}
	for i, w := range d.Writes {
		x.draft.number[w] = i
	}
	for _, w := range mine.Writes {
		x.draft.write(w)
	}
	x.draft.pairChanges()
	x.draft.notices()
	for _, op := range x.draft.ops {
		address := c.doc.Relationships[op.Relationship].Address
		if (x.holds[address].status == plan.Blocked) == blocked {
			x.ops[address] = append(x.ops[address], op.Operation)
		}
	}
	return nil
}
