package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// decision compares the folders and pairs as they will be with what they were.
func (d *decider) decision() *Decision {
	out := &Decision{Waiting: d.wait, Recorded: d.recorded}
	for _, n := range d.notices {
		if !d.elsewhere(n.Pair) {
			out.Notices = append(out.Notices, n)
		}
	}
	for _, p := range d.problems {
		if !d.elsewhere(p.Pair) {
			out.Problems = append(out.Problems, p)
		}
	}
	out.Counts = Counts{Unchanged: map[string]int{}, Out: map[string]int{}, Settling: map[string]int{}, Refused: d.refused}
	writes := d.writes()
	for k, p := range d.pairs {
		d.pairs[k] = d.settled(k, p)
	}
	out.Later = d.later()
	for _, l := range out.Later {
		for _, address := range l.Out {
			out.Counts.Out[address]++
		}
	}
	d.tellSharing(writes)
	out.Pairs = d.pairChanges(writes)
	out.Writes = ordered(writes)
	for _, r := range d.rels {
		if d.first[r.Address] && !d.in.Frozen[r.Address] {
			out.Recorded = append(out.Recorded, state.Relationship{Address: r.Address})
		}
	}
	d.countPairs(out, writes)
	out.Unused = d.unused()
	return out
}

// elsewhere reports whether a pair is decided elsewhere.
func (d *decider) elsewhere(k state.PairKey) bool {
	return d.in.Elsewhere != nil && d.in.Elsewhere(d.ends[k.Relationship].source, k.Original)
}

// refuse counts a write that was refused before and would be again.
func (d *decider) refuse(k state.PairKey) {
	if !d.elsewhere(k) {
		d.refused++
	}
}

// writes are the items that will not be what they are, by place.
func (d *decider) writes() map[place]*Write {
	out := map[place]*Write{}
	for folder, f := range d.in.Folders {
		for key, before := range f.Items {
			if after := d.view[folder][key]; after != before && (d.in.Elsewhere == nil || !d.in.Elsewhere(folder, key)) {
				d.write(out, f, place{folder, key}, before, after)
			}
		}
		for key, after := range d.view[folder] {
			if f.Items[key] == nil && !d.elsewhere(d.reasons[place{folder, key}][0].Pair) {
				d.write(out, f, place{folder, key}, nil, after)
			}
		}
	}
	return out
}

func (d *decider) write(out map[place]*Write, f *Folder, at place, before, after *Item) {
	if before != nil && after != nil && before.fields().Equal(after.fields()) && (!f.Capable.Markers || sameMarker(before.Marker, after.Marker)) {
		return
	}
	w := &Write{Folder: at.folder, Key: at.key, Before: before, Reasons: d.reasons[at]}
	if after != nil {
		sealed := *after
		sealed.Content, sealed.Marker = seal(f, after)
		w.After = &sealed
	}
	order := func(r Reason) int {
		if after == nil && r.Verb == Delete {
			return -1
		}
		return verbOrder[r.Verb]
	}
	slices.SortStableFunc(w.Reasons, func(a, b Reason) int { return cmp.Compare(order(a), order(b)) })
	switch {
	case before == nil:
		w.Verb = Add
	case after == nil:
		w.Verb = Delete
	default:
		w.Verb = w.Reasons[0].Verb
	}
	out[at] = w
}

// verbOrder is the order in which reasons of one write count.
var verbOrder = map[Verb]int{Adopt: 0, Mark: 1, Retire: 2, Release: 3, Delete: 4, Add: 5, Edit: 6}

// sameMarker compares what markers say of a pair, not what they say of the content.
func sameMarker(a, b *pim.Marker) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.Written, y.Written, x.UID, y.UID = 0, 0, "", ""
	return x == y
}

// seal puts the marker into the content, with the digest of what it seals.
func seal(f *Folder, it *Item) (*pim.Item, *pim.Marker) {
	if it.Marker == nil || !f.Capable.Markers {
		return it.Content, it.Marker
	}
	m := *it.Marker
	m.Written, m.UID = it.Content.Fields().Digest(), it.Content.UID()
	return it.Content.WithMarker(&m), &m
}

// pairChanges are the pairs that are not what they were, and ties the writes of each pair to one another: a replica's write needs its
// original's, and the add of a next generation needs the release of the one before.
func (d *decider) pairChanges(writes map[place]*Write) []PairChange {
	before := map[state.PairKey]*state.Pair{}
	beforeEnds := map[string]ends{}
	for i := range d.in.Pairs {
		before[keyOf(&d.in.Pairs[i])] = &d.in.Pairs[i]
	}
	for _, rec := range d.in.Recorded {
		beforeEnds[rec.Address] = ends{rec.Source, rec.Destination}
	}
	all := map[state.PairKey]bool{}
	for k := range before {
		all[k] = true
	}
	for k := range d.pairs {
		all[k] = true
	}
	var out []PairChange
	for _, k := range slices.SortedFunc(maps.Keys(all), ComparePairs) {
		if d.elsewhere(k) {
			continue
		}
		c := PairChange{Key: k, Old: before[k], New: d.pairs[k], How: d.how[k]}
		var chain []*Write
		link := func(at place) {
			if w := writes[at]; w != nil && !slices.Contains(chain, w) {
				chain = append(chain, w)
			}
		}
		if e, ok := beforeEnds[k.Relationship]; ok && c.Old != nil {
			if at := (place{e.source, k.Original}); d.replicas[at] == 0 { // a replica now: what is written to it is another pair's
				link(at)
			}
			link(place{e.destination, c.Old.Replica})
		}
		if c.New != nil {
			e := d.ends[k.Relationship]
			if !d.follows(k) {
				link(place{e.source, k.Original})
			}
			link(place{e.destination, c.New.Replica})
		}
		for i := 1; i < len(chain); i++ {
			if !slices.Contains(chain[i].Needs, chain[i-1]) {
				chain[i].Needs = append(chain[i].Needs, chain[i-1])
			}
		}
		for _, at := range d.together[k] {
			if w := writes[at]; w != nil && !slices.Contains(chain, w) {
				chain = append(chain, w)
			}
		}
		c.Needs = chain
		if len(chain) > 0 || !samePair(c.Old, c.New) {
			out = append(out, c)
		}
	}
	return out
}

// settled is a pair as it is to be recorded: with the refs that are known, and the status that conflicts give it.
func (d *decider) settled(k state.PairKey, p *state.Pair) *state.Pair {
	s := *p
	if o := d.original(p); o != nil && o.Ref != "" {
		s.OriginalRef = o.Ref
	}
	if rep := d.replica(p); rep != nil {
		s.ReplicaRef = rep.Ref
	}
	if live(p) && !d.in.Frozen[k.Relationship] && !(d.wait[k] && !d.conflicts[k]) {
		s.Status, s.Remade = state.Active, false
		if d.conflicts[k] {
			s.Status = state.Waiting
		}
		d.agree(&s)
	}
	return &s
}

func samePair(a, b *state.Pair) bool {
	if a == nil || b == nil {
		return a == b
	}
	same := func(x, y pim.Digests) bool { return maps.EqualFunc(x, y, pim.Digest.Equal) }
	return a.Replica == b.Replica && a.OriginalRef == b.OriginalRef && a.ReplicaRef == b.ReplicaRef && a.Status == b.Status &&
		a.Generation == b.Generation && a.Adopted == b.Adopted && a.Refused == b.Refused && a.Undo == b.Undo && a.Remade == b.Remade &&
		a.Rest == b.Rest && a.Late == b.Late && a.Until.Equal(b.Until) && a.From.Equal(b.From) && a.To.Equal(b.To) &&
		same(a.BaseOriginal, b.BaseOriginal) && same(a.BaseReplica, b.BaseReplica)
}

// ordered lists writes so that each comes after those that it needs; else by folder and key.
func ordered(writes map[place]*Write) []*Write {
	var out []*Write
	done := map[*Write]bool{}
	var visit func(w *Write)
	visit = func(w *Write) {
		if done[w] {
			return
		}
		done[w] = true
		for _, need := range w.Needs {
			visit(need)
		}
		out = append(out, w)
	}
	for _, at := range slices.SortedFunc(maps.Keys(writes), comparePlaces) {
		visit(writes[at])
	}
	return out
}

// countPairs counts what is not written, and lists what waits for a person.
func (d *decider) countPairs(out *Decision, writes map[place]*Write) {
	for _, k := range d.sortedPairs() {
		p := d.pairs[k]
		e := d.ends[k.Relationship]
		switch {
		case d.elsewhere(k):
		case p.Status == state.Pruned:
			out.Counts.Pruned++
		case d.conflicts[k]:
			out.Notices = append(out.Notices, Notice{Code: ConflictManual, Pair: k, Base: p, Original: d.original(p), Replica: d.replica(p)})
		case live(p) && out.Counts.rests(p):
		case live(p) && writes[place{e.source, p.Original}] == nil && writes[place{e.destination, p.Replica}] == nil:
			out.Counts.Unchanged[k.Relationship]++
		}
	}
}
