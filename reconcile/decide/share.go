package decide

import (
	"iter"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// inherit keeps the base of a shared replica whose leading relationship leaves, for the one that leads from now on.
func (d *decider) inherit(folder string, p state.Pair) {
	if at := (place{folder, p.Replica}); p.Replica != "" && len(p.BaseReplica) > 0 && d.replicas[at] > 0 {
		d.inherited[at] = &p
	}
}

// handOver makes a member lead with the replica and the base that another pair has. What it says otherwise than the replica is carried over.
func (d *decider) handOver(from *state.Pair, to member) {
	k, old := keyOf(from), d.pairs[to.k]
	if old != nil && old.Replica != from.Replica {
		d.dispose(to.k)
	}
	p := *from
	p.Relationship, p.Original, p.OriginalRef = to.k.Relationship, to.k.Original, ""
	p.Status, p.BaseOriginal = state.Active, to.o.fields().Digests()
	if rep := d.view[to.r.Destination][p.Replica]; rep != nil && !rep.Unknown {
		want := to.o.fields()
		if content := d.render(to.r, to.o); content != nil {
			want = content.Fields()
		}
		p.BaseOriginal, _ = d.agreedBase(to.r, to.o.fields(), want, rep.fields())
	}
	d.fresh[to.k], d.rebuilt[to.k], d.woken[to.k], d.handed[to.k] = d.fresh[k], d.rebuilt[k], true, true
	if how := d.how[k]; how != "" {
		d.how[to.k] = how
	}
	for _, known := range []map[state.PairKey]bool{d.fresh, d.rebuilt} {
		if delete(known, k); !known[to.k] {
			delete(known, to.k)
		}
	}
	delete(d.how, k)
	if d.pairs[k] != nil && k != to.k {
		d.drop(k)
	}
	d.set(p)
}

// follow makes a pair one that another leads. What it holds is told when all is decided.
func (d *decider) follow(k, lead state.PairKey) {
	if p := d.pairs[k]; p != nil && p.Replica != d.pairs[lead].Replica {
		d.dispose(k)
	}
	d.set(state.Pair{Relationship: k.Relationship, Original: k.Original, Status: state.Active})
	d.leaders[k] = lead
}

// leave ends a pair of a group that another leads.
func (d *decider) leave(k state.PairKey) {
	if p := d.pairs[k]; p != nil && live(p) {
		d.dispose(k)
		d.drop(k)
	}
}

// dispose takes away the replica that a pair had, and no other has by now, before it shares one. A plan that rebuilds deletes nothing.
func (d *decider) dispose(k state.PairKey) {
	p, folder := *d.pairs[k], d.ends[k.Relationship].destination
	rep := d.replica(&p)
	if p.Replica == "" || rep == nil || rep.Unknown || d.replicas[place{folder, p.Replica}] > 1 {
		return
	}
	rebuilt := d.rebuilt[k]
	delete(d.fresh, k)
	delete(d.rebuilt, k)
	delete(d.how, k)
	d.drop(k)
	switch {
	case rebuilt:
		m := *rep.Marker
		m.Status = pim.Retired
		d.put(folder, rep.with(rep.Content, &m), k, Retire, OriginalUnknown)
	case p.Adopted:
		d.release(folder, p.Replica, k, LeadChanged)
	default:
		d.remove(folder, p.Replica, k, LeadChanged)
	}
}

// startShared gives an original that shares a replica with others its own: what the lead starts is what the others hold.
func (d *decider) startShared(r *Relationship, k state.PairKey, o *Item) {
	if d.ignores(r) {
		d.startPair(r, k, o)
		return
	}
	g := d.group(r, k.Original)
	lead, ok := d.lead(g)
	if !ok || slices.ContainsFunc(g.members, func(m member) bool { return m.k != k && d.pairs[m.k] != nil && live(d.pairs[m.k]) }) {
		return
	}
	if d.startPair(lead.r, lead.k, lead.o); d.pairs[lead.k] == nil {
		return
	}
	for _, m := range g.members {
		if m.k != lead.k && d.pairs[m.k] == nil && d.standing(m) == present {
			d.follow(m.k, lead.k)
		}
	}
}

// tellFollowers records what the pairs that follow hold.
func (d *decider) tellFollowers() {
	for _, k := range slices.SortedFunc(maps.Keys(d.leaders), ComparePairs) {
		lead := d.pairs[d.leaders[k]]
		if lead == nil || lead.Status == state.Retired {
			d.drop(k)
			continue
		}
		d.set(state.Pair{Relationship: k.Relationship, Original: k.Original, Replica: lead.Replica, Status: lead.Status, Generation: lead.Generation, Adopted: lead.Adopted})
	}
}

// follows reports whether another pair leads what this one holds.
func (d *decider) follows(k state.PairKey) bool {
	_, follows := d.leaders[k]
	return follows
}

// marksShared reports whether a replica is one that a relationship may share, though another one's marker is on it.
func (d *decider) marksShared(r *Relationship, m *pim.Marker) bool {
	if m.Workspace != d.in.Workspace || !r.shares(m.Original) {
		return false
	}
	other, known := d.byRel[m.Relationship]
	if known && (!other.Policies.Coalesce || other.Destination != r.Destination) {
		return false
	}
	if _, recorded := d.ends[m.Relationship]; recorded && !known {
		return false
	}
	g := d.group(r, m.Original)
	lead, ok := d.lead(g)
	return ok && lead.r == r || !ok && m.Relationship == r.Address && !d.hides(g)
}

// tellSharing fills in which pairs share the replicas that are written.
func (d *decider) tellSharing(writes map[place]*Write) {
	if len(d.sharing) == 0 {
		return
	}
	sharers := func(pairs iter.Seq[*state.Pair], fill func(*Write) bool) {
		by := map[*Write][]state.PairKey{}
		for p := range pairs {
			if w := writes[place{d.ends[p.Relationship].destination, p.Replica}]; w != nil && p.Replica != "" && fill(w) {
				by[w] = append(by[w], keyOf(p))
			}
		}
		for w, keys := range by {
			if len(keys) > 1 {
				w.Sharing = slices.SortedFunc(slices.Values(keys), ComparePairs)
			}
		}
	}
	sharers(maps.Values(d.pairs), func(w *Write) bool { return w.After != nil })
	sharers(func(yield func(*state.Pair) bool) {
		for i := range d.in.Pairs {
			if !yield(&d.in.Pairs[i]) {
				return
			}
		}
	}, func(w *Write) bool { return w.After == nil })
}
