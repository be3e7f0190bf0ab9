package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// DedupeRequest is where the same is looked for twice.
type DedupeRequest struct {
	Folder  string
	Foreign bool // also what Accord did not make is deleted, where it says nothing but what the item says that is kept
}

// Dedupe makes a plan that deletes items of a folder that say the same as another one by their match keys. Of these it keeps what is in a pair, before what is an ordinary
// item, before what is a replica without a pair, and of several the oldest. It deletes nothing that is in a pair. The plan must be closed.
func (e *Engine) Dedupe(ctx context.Context, st state.Reader, req DedupeRequest) (*plan.Plan, error) {
	return e.direct(st, "remove what is twice in "+req.Folder, func(d *directed) error {
		i, err := d.inspect(ctx, req.Folder)
		if err != nil {
			return err
		}
		if why := i.f.unwritable(); why != "" {
			return fmt.Errorf("%s: %s", req.Folder, why)
		}
		s := &same{inspecting: i, foreign: req.Foreign, first: map[uint64]int{}}
		if _, err := i.items(ctx, s.learn); err != nil {
			return err
		}
		return errors.Join(s.all(ctx), d.flush())
	})
}

// same finds the items of a folder that say the same.
type same struct {
	*inspecting
	foreign bool
	known   []alike
	first   map[uint64]int // by match key: an item that has it
}

// alike is an item as far as telling it from its like needs it.
type alike struct {
	ref   string
	group int // an item that says the same, itself in the end
	rank  int // what is kept first
	since time.Time
}

// What is kept, in this order.
const (
	inPair = iota
	ordinary
	unpaired // a replica without a pair
)

// learn takes in a run of items.
func (s *same) learn(run []providers.Fetched) error {
	for _, one := range run {
		n := len(s.known)
		a := alike{ref: one.Ref, group: n, rank: s.rank(one), since: one.Item.Modified()}
		s.known = append(s.known, a)
		for _, key := range one.Item.MatchKeys(s.f.floating()) {
			if other, there := s.first[key]; there {
				s.known[s.head(n)].group = s.head(other)
			} else {
				s.first[key] = n
			}
		}
	}
	return nil
}

// rank is what an item counts. It asks no source: a UID alone says enough that it is a replica.
func (s *same) rank(one providers.Fetched) int {
	m, marked := one.Item.Marker()
	switch {
	case s.origins[one.Ref] || s.pairsOf(one) != nil:
		return inPair
	case marked && m.Status != pim.Released, !marked && decide.IsReplicaUID(one.Item.UID()):
		return unpaired
	}
	return ordinary
}

// head is the item that stands for all that say the same.
func (s *same) head(n int) int {
	for s.known[n].group != n {
		s.known[n].group = s.known[s.known[n].group].group
		n = s.known[n].group
	}
	return n
}

// all goes through the groups of more than one, in the order in which their items came.
func (s *same) all(ctx context.Context) error {
	groups := map[int][]alike{}
	var order []int
	for n, a := range s.known {
		h := s.head(n)
		if len(groups[h]) == 0 {
			order = append(order, h)
		}
		groups[h] = append(groups[h], a)
	}
	for _, h := range order {
		if len(groups[h]) < 2 {
			continue
		}
		if err := s.group(ctx, groups[h]); err != nil {
			return err
		}
	}
	return nil
}

// group decides which of items that say the same is kept, and deletes what may be deleted of the others.
func (s *same) group(ctx context.Context, group []alike) error {
	slices.SortFunc(group, func(a, b alike) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.since.Compare(b.since), cmp.Compare(a.ref, b.ref))
	})
	var refs []string
	for _, a := range group {
		refs = append(refs, a.ref)
	}
	got, err := s.fetchEach(ctx, s.f, slices.Clone(refs))
	if err != nil {
		return err
	}
	kept := got[refs[0]]
	if kept.Err != nil {
		s.leave(s.f.address, refs[0], fmt.Sprintf("it cannot be read any more: %v", kept.Err))
		return nil
	}
	why := [...]string{"it is in a pair", "Accord did not make it", "of the replicas without a pair it is the oldest"}[group[0].rank]
	for _, a := range group[1:] {
		one := got[a.ref]
		if one.Err != nil {
			continue
		}
		r, is, err := s.replica(ctx, one)
		if err != nil {
			return err
		}
		detail := fmt.Sprintf("kept: %s, because %s", kept.Ref, why)
		switch made := is && s.ours(r) && !r.marker.Adopted; {
		case a.rank == inPair:
			s.stays(s.f.address, a.ref, fmt.Sprintf("it says the same as %s, and is in a pair of its own: two relationships, or a person and one, fill the folder with the same", kept.Ref))
		case made:
			err = s.takeOut(r, decide.Duplicate, detail)
		case is && !s.ours(r) && r.marker.Status != pim.Released:
			s.stays(s.f.address, a.ref, fmt.Sprintf("it says the same as %s, and is the replica of another workspace, which would take its end for what a person did", kept.Ref))
		case !s.foreign:
			s.stays(s.f.address, a.ref, fmt.Sprintf("it says the same as %s, and Accord did not make it: -including-foreign deletes it as well, if it says nothing more", kept.Ref))
		case !one.Item.Fields().Equal(kept.Item.Fields()):
			s.stays(s.f.address, a.ref, fmt.Sprintf("it is the same as %s by title and time or name and address, and differs in other things: a person decides", kept.Ref))
		default:
			s.write(change{folder: s.f, action: plan.Delete, reason: decide.Duplicate, detail: detail, now: &one})
			if len(s.piece.Writes) >= pieceSize {
				err = s.flush()
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
