package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// Relationships with coalesce into one folder share a replica of all originals with the same UID. Of their pairs one leads: it has the base, and what becomes
// of the replica is decided by it as by any other pair. The others follow: they hold the replica, and ask and carry nothing.

// group is all originals of one UID whose relationships share a replica in one folder.
type group struct {
	at      place // the folder of the replica, and the UID of the originals
	members []member
}

// member is one of the originals, and its relationship. Its pair may be yet to come.
type member struct {
	r *Relationship
	k state.PairKey
	o *Item // nil: gone
}

// member is one original as it will be.
func (d *decider) member(r *Relationship, original string) member {
	return member{r, state.PairKey{Relationship: r.Address, Original: original}, d.view[r.Source][original]}
}

// shares reports whether a relationship's pair of an original is in a group.
func (r *Relationship) shares(original string) bool { return r.Policies.Coalesce && !isRef(original) }

// group is the group that an original of a relationship is in, as it will be.
func (d *decider) group(r *Relationship, original string) group {
	g := group{at: place{r.Destination, original}}
	for _, other := range d.sharing[r.Destination] {
		m := d.member(other, original)
		if m.o != nil && !m.o.Unknown && (d.isReplica(other.Source, m.o) || d.held[place{other.Source, original}]) && d.pairs[m.k] == nil {
			continue
		}
		if m.o != nil || d.pairs[m.k] != nil {
			g.members = append(g.members, m)
		}
	}
	return g
}

// groups are all groups that a pair or an original is in.
func (d *decider) groups() []group {
	found := map[place]*Relationship{}
	for _, rels := range d.sharing {
		for _, r := range rels {
			for key := range d.view[r.Source] {
				if r.shares(key) {
					found[place{r.Destination, key}] = r
				}
			}
		}
	}
	for k := range d.pairs {
		if r := d.byRel[k.Relationship]; r != nil && r.shares(k.Original) {
			found[place{r.Destination, k.Original}] = r
		}
	}
	var out []group
	for _, at := range slices.SortedFunc(maps.Keys(found), comparePlaces) {
		if g := d.group(found[at], at.key); len(g.members) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// standing is how an original counts among those that share a replica.
type standing int

const (
	absent  standing = iota // it is gone, or its relationship does not want it
	resting                 // it is there, and nothing flows: it holds the replica
	hidden                  // nobody knows what it says: it holds the replica
	leaving                 // it may lead for the last time: what takes it out of the window still flows
	present                 // it may lead
)

func (d *decider) standing(m member) standing {
	p := d.pairs[m.k]
	switch {
	case d.in.Frozen[m.r.Address]:
		if p == nil && m.o == nil {
			return absent
		}
		return hidden
	case m.o == nil, p != nil && p.Status == state.Ignored, p == nil && d.ignores(m.r):
		return absent
	case !d.decidable(m.r, m.o):
		return hidden
	}
	in := d.inFilter(m.r, m.o)
	stay, _ := d.stays(m.r, m.o)
	switch {
	case in && stay.in:
		return present
	case in && p != nil && len(p.BaseReplica) > 0 && d.placeOf(m.r, p, m.o) == In:
		return leaving
	case !in && m.r.Policies.OnUnmatched == schema.UnmatchedDelete, p == nil:
		return absent
	}
	return resting
}

// ignores reports whether a relationship does not copy what its source holds now.
func (d *decider) ignores(r *Relationship) bool {
	return r.Policies.Existing == schema.ExistingIgnore && d.first[r.Address]
}

// lead is the member that decides what the replica says: the greatest SEQUENCE, then the first address. One whose edit has to settle waits its turn.
func (d *decider) lead(g group) (lead member, ok bool) {
	candidates := d.those(g, present)
	if len(candidates) == 0 {
		candidates = d.those(g, leaving)
	}
	if slices.ContainsFunc(candidates, func(m member) bool { return d.leads(m.k) }) {
		candidates = slices.DeleteFunc(candidates, func(m member) bool {
			return m.r.Settle > 0 && !d.leads(m.k) && d.settlesAt(m.r, m.o).After(d.in.Now)
		})
	}
	if len(candidates) == 0 {
		return member{}, false
	}
	return slices.MaxFunc(candidates, d.compareLeads), true
}

// those are the members of one standing.
func (d *decider) those(g group, s standing) []member {
	return slices.DeleteFunc(slices.Clone(g.members), func(m member) bool { return d.standing(m) != s })
}

// compareLeads orders originals by who leads: the last one does.
func (d *decider) compareLeads(a, b member) int {
	return cmp.Or(cmp.Compare(d.sequence(a), d.sequence(b)), -cmp.Compare(a.r.Address, b.r.Address))
}

// sequence is the SEQUENCE that an original will have: a write raises it.
func (d *decider) sequence(m member) int {
	n := m.o.Content.Sequence()
	switch before := d.in.Folders[m.r.Source].Items[m.o.Key]; {
	case m.o.Content.Kind() == pim.Contacts || before == m.o:
	case before != nil, m.o.Content.Modified().IsZero():
		n++
	}
	return n
}

// toLead reports whether a pair that follows will lead when its original's edit has settled.
func (d *decider) toLead(r *Relationship, p *state.Pair, o *Item) bool {
	lead := d.pairs[d.leaders[keyOf(p)]]
	if r.Settle == 0 || o == nil || o.Unknown || lead == nil || !d.settlesAt(r, o).After(d.in.Now) {
		return false
	}
	other := d.original(lead)
	return other != nil && !other.Unknown && d.compareLeads(member{r: r, o: o}, member{r: d.byRel[lead.Relationship], o: other}) > 0
}

// leads reports whether a pair is the one of its group that has the base.
func (d *decider) leads(k state.PairKey) bool {
	p := d.pairs[k]
	return p != nil && (len(p.BaseReplica) > 0 || p.Refused != 0)
}

// mayAdopt reports whether a match of an original is to be looked for: of those that share a replica the lead does that, for all of them.
func (d *decider) mayAdopt(r *Relationship, o *Item) bool {
	if !r.shares(o.Key) {
		return true
	}
	g := d.group(r, o.Key)
	if slices.ContainsFunc(g.members, func(m member) bool { p := d.pairs[m.k]; return p != nil && p.Status != state.Ignored }) {
		return false
	}
	lead, ok := d.lead(g)
	return ok && lead.r == r
}

// coalesce gives every group its lead, on the originals as they will be, before any pair of it ends.
func (d *decider) coalesce() {
	d.unshare()
	for _, g := range d.groups() {
		d.coalesceGroup(g)
	}
}

// unshare ends the pairs of relationships that do not coalesce any more and hold a replica with others, but the one that has the base.
func (d *decider) unshare() {
	var baseless []state.PairKey
	for k, p := range d.pairs {
		if r := d.byRel[k.Relationship]; r != nil && len(p.BaseReplica) == 0 && p.Replica != "" && !r.shares(k.Original) && !d.in.Frozen[r.Address] {
			baseless = append(baseless, k)
		}
	}
	slices.SortFunc(baseless, ComparePairs)
	for _, k := range baseless {
		if at := (place{d.ends[k.Relationship].destination, d.pairs[k].Replica}); d.replicas[at] > 1 {
			d.drop(k)
		}
	}
}

func (d *decider) coalesceGroup(g group) {
	holder := d.holder(g)
	lead, led := d.lead(g)
	if holder != nil && d.unclear(g, holder) || !led && d.hides(g) {
		for _, m := range g.members {
			d.wait[m.k] = true
		}
		return
	}
	switch {
	case holder == nil:
		d.coalescePruned(g)
		return
	case !led:
		var ok bool
		if lead, ok = d.resting(g, keyOf(holder)); !ok {
			d.dissolve(g, keyOf(holder))
			return
		}
	}
	if lead.k != keyOf(holder) || d.pairs[lead.k] == nil {
		d.handOver(holder, lead)
	}
	for _, m := range g.members {
		if m.k == lead.k {
			continue
		}
		switch p := d.pairs[m.k]; d.standing(m) {
		case absent:
			d.leave(m.k)
		case hidden:
			if p != nil && live(p) && len(p.BaseReplica) == 0 {
				d.follow(m.k, lead.k)
			}
		default:
			d.follow(m.k, lead.k)
		}
	}
}

// unclear reports whether what the pair that leads is about cannot be read.
func (d *decider) unclear(g group, holder *state.Pair) bool {
	rep := d.view[g.at.folder][holder.Replica]
	return rep != nil && rep.Unknown || d.standingOf(g, keyOf(holder)) == hidden
}

// hides reports whether of some original of a group nobody knows what it says.
func (d *decider) hides(g group) bool {
	return slices.ContainsFunc(g.members, func(m member) bool { return d.standing(m) == hidden })
}

func (d *decider) standingOf(g group, k state.PairKey) standing {
	for _, m := range g.members {
		if m.k == k {
			return d.standing(m)
		}
	}
	return absent
}

// resting is the member that holds the replica when none is present: the one that leads already, else the first.
func (d *decider) resting(g group, holder state.PairKey) (found member, ok bool) {
	for _, m := range g.members {
		if d.standing(m) == resting && (!ok || m.k == holder) {
			found, ok = m, true
		}
	}
	return found, ok
}

// dissolve leaves the replica of a group that nothing holds any more to the pair that led: its relationship says what becomes of it.
func (d *decider) dissolve(g group, last state.PairKey) {
	for _, m := range g.members {
		if m.k != last {
			d.leave(m.k)
		}
	}
}

// holder is the pair that has the base of a group's replica, be it of a relationship that left; nil: there is none.
func (d *decider) holder(g group) *state.Pair {
	var found, orphan *state.Pair
	for _, m := range g.members {
		p := d.pairs[m.k]
		switch {
		case p == nil || p.Status == state.Pruned || p.Status == state.Ignored:
		case d.leads(m.k) && (found == nil || d.standing(m) == present && d.standingOf(g, keyOf(found)) != present):
			found = p
		case p.Replica != "":
			orphan = d.inherited[place{g.at.folder, p.Replica}]
		}
	}
	if found == nil {
		return orphan
	}
	return found
}

// coalescePruned lets all originals of a pruned group be pruned. Pairs of which no other has the base begin anew.
func (d *decider) coalescePruned(g group) {
	pruned := slices.ContainsFunc(g.members, func(m member) bool { p := d.pairs[m.k]; return p != nil && p.Status == state.Pruned })
	for _, m := range g.members {
		switch p := d.pairs[m.k]; {
		case pruned && (p == nil && d.standing(m) == present || p != nil && live(p)):
			d.set(state.Pair{Relationship: m.k.Relationship, Original: m.k.Original, Status: state.Pruned})
		case p != nil && live(p):
			d.drop(m.k)
		}
	}
}
