package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// replica is an item that some Accord wrote: its marker says so, or the state, or its UID alone.
type replica struct {
	providers.Fetched
	marker pim.Marker // without one of its own, what else says the same: zero but for its UID where nothing does
	marked bool
	pairs  []*state.Pair // that the state has of it
}

// inspecting looks for replicas in a folder.
type inspecting struct {
	*directed
	f       *folder
	byRef   map[string][]*state.Pair // pairs by the refs of their replicas
	byKey   map[string][]*state.Pair // likewise by the keys of those of which no ref is known
	origins map[string]bool          // refs of items that are originals in pairs
	seen    map[string]bool          // UIDs of items with markers: of two alike, a person made the second
	derived map[string]*scratch.Table[derivation]
}

// inspect opens a folder for its replicas.
func (d *directed) inspect(ctx context.Context, address string) (*inspecting, error) {
	i := &inspecting{directed: d, f: d.open(ctx, address), byRef: map[string][]*state.Pair{}, byKey: map[string][]*state.Pair{}, origins: map[string]bool{}, seen: map[string]bool{}}
	err := d.eachPair(func(p state.Pair) {
		ends := d.ends[p.Relationship]
		if ends[0] == address && p.OriginalRef != "" {
			i.origins[p.OriginalRef] = true
		}
		switch {
		case ends[1] != address || p.Replica == "":
		case p.ReplicaRef != "":
			i.byRef[p.ReplicaRef] = append(i.byRef[p.ReplicaRef], &p)
		default:
			i.byKey[p.Replica] = append(i.byKey[p.Replica], &p)
		}
	})
	return i, err
}

// items reads every item of the folder that can be read, in runs. lacks says why not all of them are known; "": they are.
func (i *inspecting) items(ctx context.Context, each func([]providers.Fetched) error) (lacks string, err error) {
	l, err := i.e.list(ctx, i.f, "", i.room)
	if err != nil {
		return "", fmt.Errorf("%s: %w", i.f.address, err)
	}
	lacks = l.read.Reason
	if !l.read.Complete {
		lacks = cmp.Or(lacks, "it was read in part")
	}
	for run := range l.refs(i.e.limits.read) {
		got, err := i.e.fetchAll(ctx, i.f, run)
		if err != nil {
			return "", err
		}
		got = slices.DeleteFunc(got, func(one providers.Fetched) bool {
			if one.Err != nil && providers.ClassOf(one.Err) != providers.Missing {
				lacks = cmp.Or(lacks, fmt.Sprintf("%q cannot be read: %v", one.Ref, one.Err))
			}
			return one.Err != nil
		})
		if err := each(got); err != nil {
			return "", err
		}
	}
	return lacks, i.room.Err()
}

// replicas reads every replica of the folder.
func (i *inspecting) replicas(ctx context.Context, each func(replica) error) error {
	_, err := i.items(ctx, func(run []providers.Fetched) error {
		for _, one := range run {
			r, is, err := i.replica(ctx, one)
			if err == nil && is {
				err = each(r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// replica reports whether an item is a replica, of whatever workspace, and what is known of it. A marker that a person copied along counts for nothing.
func (i *inspecting) replica(ctx context.Context, one providers.Fetched) (r replica, is bool, err error) {
	uid := one.Item.UID()
	r = replica{Fetched: one, pairs: i.pairsOf(one)}
	r.marker, r.marked = one.Item.Marker()
	switch {
	case r.marked && r.pairs == nil:
		copied := i.f.caps.UIDs && r.marker.UID != "" && r.marker.UID != uid || i.seen[uid]
		i.seen[uid] = true
		return r, !copied, nil
	case r.marked:
		i.seen[uid] = true
		return r, true, nil
	case len(r.pairs) > 0:
		p := r.pairs[0]
		r.marker = pim.Marker{Workspace: i.e.ws.Name, Relationship: p.Relationship, Original: p.Original, Source: i.ends[p.Relationship][0],
			Generation: p.Generation, Status: pim.Live, Adopted: p.Adopted, UID: uid}
		if p.Status == state.Retired {
			r.marker.Status = pim.Retired
		}
		return r, true, nil
	case i.f.caps.UIDs && decide.IsReplicaUID(uid):
		r.marker, err = i.derive(ctx, uid)
		return r, true, err
	}
	return r, false, nil
}

// pairsOf are the pairs that have an item as their replica. Another item that a person put in its place is none, where the store keeps UIDs.
func (i *inspecting) pairsOf(one providers.Fetched) []*state.Pair {
	uid, byRef := one.Item.UID(), decide.RefKey+one.Ref
	var of []*state.Pair
	for _, p := range i.byRef[one.Ref] {
		if !i.f.caps.UIDs || p.Replica == byRef || uid != "" && p.Replica == uid {
			of = append(of, p)
		}
	}
	if of == nil && uid != "" {
		of = i.byKey[uid]
	}
	return of
}

// derive finds out whose replica a UID is that nothing else tells of, by the originals that are there.
func (i *inspecting) derive(ctx context.Context, uid string) (pim.Marker, error) {
	if i.derived == nil {
		i.derived = map[string]*scratch.Table[derivation]{}
		for address, spec := range i.specs {
			if spec.Destination.Address != i.f.address {
				continue
			}
			t := scratch.NewTable(i.room, derivationCodec)
			i.derived[address] = t
			source := &inspecting{directed: i.directed, f: i.open(ctx, spec.Source.Address)}
			if source.f.trouble != nil {
				continue
			}
			_, err := source.items(ctx, func(run []providers.Fetched) error {
				for _, one := range run {
					original := cmp.Or(one.Item.UID(), decide.RefKey+one.Ref)
					for g := range generations {
						t.Set(decide.ReplicaUID(i.e.ws.Name, address, original, g), derivation{original, g})
					}
				}
				return nil
			})
			if err != nil {
				return pim.Marker{}, err
			}
		}
	}
	for _, address := range sortedKeys(i.derived) {
		if from, found := i.derived[address].Get(uid); found {
			return pim.Marker{Workspace: i.e.ws.Name, Relationship: address, Original: from.original, Source: i.specs[address].Source.Address,
				Generation: from.generation, Status: pim.Live, UID: uid}, nil
		}
	}
	return pim.Marker{UID: uid, Status: pim.Live}, nil
}

// ours reports whether this workspace wrote the replica, and still has a say in it.
func (i *inspecting) ours(r replica) bool {
	return r.marker.Workspace == i.e.ws.Name && r.marker.Status != pim.Released
}

// relationshipOf is the relationship of a replica by its address of today.
func (i *inspecting) relationshipOf(r replica) string { return moves(i.e.ws)(r.marker.Relationship) }

// takeOut deletes what Accord made, and takes the marker off what it adopted. Its pairs are forgotten with it: to no policy it looks like something that a person deleted.
func (i *inspecting) takeOut(r replica, reason decide.Code, detail string) error {
	c := change{folder: i.f, original: r.marker.Original, generation: r.marker.Generation, action: plan.Delete, reason: reason, detail: detail, now: &r.Fetched}
	if address := i.relationshipOf(r); i.ends[address][1] == i.f.address {
		c.relationship = address
	}
	if r.marker.Adopted {
		c.action, c.then = plan.Release, r.Item.WithMarker(nil)
	}
	write := i.write(c)
	for _, p := range r.pairs {
		i.pair(state.PairKey{Relationship: p.Relationship, Original: p.Original}, p, nil, -1, -1, write)
	}
	if reason != decide.AskedFor { // the configuration does not ask for it again
		delete(i.touched, c.relationship)
	}
	if len(i.piece.Writes) >= pieceSize {
		return i.flush()
	}
	return nil
}

// unwritable says why a folder cannot be written to; "": it can.
func (f *folder) unwritable() string {
	switch {
	case f.trouble != nil:
		return f.trouble.Error()
	case f.readOnly() || f.caps.ReadOnly:
		return "the folder is never written: access is \"read\", or its account may not write there"
	}
	return ""
}

// Written is a replica in a folder, as its marker says, its UID, or the state.
type Written struct {
	Ref          string           `json:"ref"`
	UID          string           `json:"uid"`
	Title        string           `json:"title"`
	Workspace    string           `json:"workspace"` // "": of which nobody knows
	Relationship string           `json:"relationship"`
	Source       string           `json:"source"`
	Original     string           `json:"original"` // its UID, or "ref:" and its ref
	Status       pim.MarkerStatus `json:"status"`
	Adopted      bool             `json:"adopted"`
	Marked       bool             `json:"marked"` // it carries a marker of its own
	Pairs        []string         `json:"pairs"`  // the status of each pair that the state has of it
}

// Written tells of each replica in a folder of the configuration or of the state, whichever workspace it is of.
func (e *Engine) Written(ctx context.Context, st state.Reader, address string, each func(Written) error) error {
	made, err := e.direct(st, "items view", func(d *directed) error {
		i, err := d.inspect(ctx, address)
		if err == nil {
			err = i.f.trouble
		}
		if err != nil {
			return err
		}
		return i.replicas(ctx, func(r replica) error {
			w := Written{Ref: r.Ref, UID: r.Item.UID(), Title: hiddenText, Workspace: r.marker.Workspace, Relationship: r.marker.Relationship, Source: r.marker.Source,
				Original: r.marker.Original, Status: r.marker.Status, Adopted: r.marker.Adopted, Marked: r.marked, Pairs: []string{}}
			if !e.hides(r.Item) {
				w.Title = r.Item.Title()
			}
			for _, p := range r.pairs {
				w.Pairs = append(w.Pairs, string(p.Status))
			}
			return each(w)
		})
	})
	if err != nil {
		return err
	}
	return made.Close()
}
