package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// Orphans makes a plan that takes out the replicas whose original, or whose relationship, is gone. The plan must be closed.
func (e *Engine) Orphans(ctx context.Context, st state.Reader, req ReplicaRequest) (*plan.Plan, error) {
	task := "take out orphans"
	if req.Address != "" {
		task += " of " + req.Address
	}
	all := sources{}
	return e.takeOut(ctx, st, task, req, func(i *inspecting, r replica) error {
		address := i.relationshipOf(r)
		switch spec, ends := i.specs[address], i.ends[address]; {
		case spec == nil && ends[1] == "":
			return all.unknown(ctx, i, r, address)
		case spec == nil:
			i.stays(i.f.address, r.Ref, fmt.Sprintf("%s left the configuration, and the next apply does what its on_remove says", address))
			return nil
		case spec.Destination.Address != i.f.address:
			return nil // to accord plan, an ordinary item: a person copied it
		default:
			return all.known(ctx, i, r, spec.Source.Address)
		}
	})
}

// sources are the originals of folders, by address.
type sources map[string]*originals

// known takes out a replica of a configured relationship whose original is gone.
func (s sources) known(ctx context.Context, i *inspecting, r replica, source string) error {
	from, err := s.of(ctx, i, source)
	if err != nil {
		return err
	}
	if _, there := from.keys.Get(r.marker.Original); there || from.lacks != "" {
		return nil
	}
	if slices.ContainsFunc(r.pairs, func(p *state.Pair) bool { return p.Status != state.Retired }) {
		i.stays(i.f.address, r.Ref, "its original is gone since the last apply, and the next one does what on_source.delete says")
		return nil
	}
	return i.takeOut(r, decide.Orphaned, fmt.Sprintf("its original is not in %s any more", source))
}

// unknown takes out a replica of a relationship that neither the configuration nor the state knows. One of an original that another relationship copies to
// here is left: after a rename and the loss of the state, it is that one's.
func (s sources) unknown(ctx context.Context, i *inspecting, r replica, address string) error {
	source := moves(i.e.ws)(r.marker.Source)
	for _, heir := range sortedKeys(i.specs) {
		if spec := i.specs[heir]; spec.Source.Address != source || spec.Destination.Address != i.f.address {
			continue
		}
		from, err := s.of(ctx, i, source)
		if err != nil || from.lacks != "" {
			return err
		}
		if _, there := from.keys.Get(r.marker.Original); there {
			i.stays(i.f.address, r.Ref, fmt.Sprintf("%s is gone, and its original is still in %s: the next apply takes it for a replica of %s", address, source, heir))
			return nil
		}
	}
	return i.takeOut(r, decide.Orphaned, fmt.Sprintf("%s is gone", address))
}

// of reads the originals of a folder, once. It is said when not all of them are known.
func (s sources) of(ctx context.Context, i *inspecting, address string) (*originals, error) {
	if s[address] != nil {
		return s[address], nil
	}
	from, err := i.originals(ctx, address)
	if err != nil {
		return nil, err
	}
	if s[address] = from; from.lacks != "" {
		i.leave(address, "", "not all of its items are known, and no replica of it is an orphan for that: "+from.lacks)
	}
	return from, nil
}

// originals are the keys of all items of a folder.
type originals struct {
	keys  *scratch.Table[string]
	lacks string // why some are not known
}

func (i *inspecting) originals(ctx context.Context, address string) (*originals, error) {
	o := &originals{keys: scratch.NewTable(i.room, refCodec)}
	source := &inspecting{directed: i.directed, f: i.open(ctx, address)}
	if source.f.trouble != nil {
		o.lacks = source.f.trouble.Error()
		return o, nil
	}
	var err error
	o.lacks, err = source.items(ctx, func(run []providers.Fetched) error {
		for _, one := range run {
			o.keys.Set(decide.RefKey+one.Ref, "")
			if uid := one.Item.UID(); uid != "" {
				o.keys.Set(uid, "")
			}
		}
		return nil
	})
	return o, err
}
