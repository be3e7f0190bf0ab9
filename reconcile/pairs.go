package reconcile

import (
	"maps"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// eachPair streams all recorded pairs, under their relationships' new addresses.
func (p *planning) eachPair(each func(state.Pair)) error {
	for _, address := range sortedKeys(p.names) {
		if err := p.eachPairOf(address, each); err != nil {
			return err
		}
	}
	return nil
}

// eachPairOf streams the recorded pairs of one relationship likewise.
func (p *planning) eachPairOf(address string, each func(state.Pair)) error {
	for _, name := range p.names[address] {
		err := p.st.Pairs(name, func(pair state.Pair) error {
			pair.Relationship = address
			each(pair)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachOriginal streams the originals of a relationship's recorded pairs.
func (p *planning) eachOriginal(address string, each func(spot) error) error {
	for _, name := range p.names[address] {
		err := p.st.Pairs(name, func(pair state.Pair) error { return each(spot{p.ends[address][0], pair.Original}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// recallNames finds the addresses under which the pairs of each relationship are recorded.
func (p *planning) recallNames() error {
	rename := moves(p.e.ws)
	recorded, err := p.st.Relationships()
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, r := range recorded {
		names[r.Address] = true
	}
	for address := range p.specs {
		names[address] = true // pairs of a first apply that was interrupted
	}
	for _, name := range sortedKeys(names) {
		p.names[rename(name)] = append(p.names[rename(name)], name)
	}
	return nil
}

// survey counts what guards and the plan measure against, and finds the pairs that are looked at again whatever changed. It keeps no pair.
func (p *planning) survey() error {
	p.census = census{pairs: map[string]int{}, items: map[string]int{}, keys: map[string]int{}, left: map[string]int{},
		leavers: map[string][]string{}, agreed: map[string]bool{}, remade: p.unguarded()}
	originals := map[string]keySet{}
	err := p.eachPair(func(pair state.Pair) {
		e := p.ends[pair.Relationship]
		belongs(p.paired, e[0], pair.Original)
		if pair.Replica != "" {
			belongs(p.paired, e[1], pair.Replica)
			belongs(originals, e[0], pair.Original)
			if pair.Status == state.Active || pair.Status == state.Waiting {
				p.census.pairs[pair.Relationship]++
				p.census.items[e[1]]++
				p.census.total++
			}
		}
		if pair.Status == state.Waiting || pair.Refused != 0 || pair.Remade {
			p.restless = append(p.restless, spot{e[0], pair.Original})
		}
		if pair.Remade {
			p.remaking[pair.Relationship]++
		}
		if decide.IsReplicaUID(pair.Original) {
			p.apart[pair.Original]++
		}
		p.tally(pair)
	})
	for folder, keys := range originals {
		p.census.items[folder] += len(keys.settled())
	}
	for folder, keys := range p.paired {
		p.paired[folder] = slices.Clip(keys.settled())
	}
	return err
}

// keySet holds keys of items by their hashes: there are many, and only how many and which matters. It is in order once it is settled.
type keySet []uint64

func belongs(sets map[string]keySet, folder, key string) {
	s := sets[folder]
	if len(s) == cap(s) { // of a key that came before, room may be had without more memory
		s = s.settled()
	}
	sets[folder] = append(s, xxhash.Sum64String(key))
}

func (s keySet) settled() keySet {
	slices.Sort(s)
	return slices.Compact(s)
}

func (s keySet) has(key string) bool {
	_, known := slices.BinarySearch(s, xxhash.Sum64String(key))
	return known
}

// recallReplicas notes of which pair (of several that share it, the one that leads) an item is the replica, in some folders.
func (p *planning) recallReplicas(in map[string]bool) error {
	p.replicas = scratch.NewTable(p.room, pairKeyCodec)
	for _, address := range sortedKeys(p.names) {
		folder := p.ends[address][1]
		if !in[folder] {
			continue
		}
		err := p.eachPairOf(address, func(pair state.Pair) {
			if at := (spot{folder, pair.Replica}).name(); pair.Replica != "" {
				if _, led := p.replicas.Get(at); !led || len(pair.BaseReplica) > 0 {
					p.replicas.Set(at, state.PairKey{Relationship: address, Original: pair.Original})
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return p.room.Err()
}

// tally counts a pair that nothing is decided for.
func (p *planning) tally(pair state.Pair) {
	c := p.count[pair.Relationship]
	if c == nil {
		c = &tallied{}
		p.count[pair.Relationship] = c
	}
	c.add(&pair, +1)
}

// add counts a pair by what it is; by is -1 to take it out of the count.
func (c *tallied) add(pair *state.Pair, by int) {
	switch {
	case pair.Status == state.Pruned:
		c.pruned += by
	case pair.Status != state.Active:
	case pair.Rest == state.Out:
		c.out += by
	case pair.Rest == state.Settling:
		c.settling += by
	default:
		c.unchanged += by
	}
}

// forget takes the pairs of a part, which are decided, out of the count of those that nothing is decided for.
func (c *tallied) forget(pair *state.Pair) { c.add(pair, -1) }

// input is what Decide looks at for a part: whole pairs only of what was touched.
func (pt *part) input() *decide.Input {
	rels, recorded, folders := pt.around()
	in := &decide.Input{Workspace: pt.e.ws.Name, Now: pt.now, Choices: pt.req.Choices, Resync: pt.resync, Relationships: rels, Recorded: recorded, Folders: map[string]*decide.Folder{}, Frozen: map[string]bool{},
		Turns: pt.crossing.turns, Elsewhere: pt.elsewhere}
	in.Known = func(address string) bool {
		_, known := pt.ends[address]
		return known
	}
	for address := range folders {
		f, x := pt.folders[address], pt.index[address]
		in.Folders[address] = &decide.Folder{Items: pt.loaded[address], Capable: capable(f), Floating: f.floating(), Held: func(uid string) bool { return len(x.keysOf(uid)) > 0 }}
	}
	for _, r := range rels {
		if _, held := pt.holds[r.Address]; held {
			in.Frozen[r.Address] = true
		}
	}
	for _, r := range recorded {
		if _, held := pt.holds[r.Address]; held {
			in.Frozen[r.Address] = true
		}
	}
	mine := map[string]int{}
	for _, k := range slices.SortedFunc(maps.Keys(pt.pairs), decide.ComparePairs) {
		if p := pt.pairs[k]; p != nil && pt.touched[spot{pt.ends[k.Relationship][0], k.Original}] {
			in.Pairs = append(in.Pairs, pt.asWritten(*p))
			mine[k.Original]++
		}
	}
	for _, p := range pt.asMade() {
		in.Pairs = slices.DeleteFunc(in.Pairs, func(old state.Pair) bool { return old.Relationship == p.Relationship && old.Original == p.Original })
		in.Pairs = append(in.Pairs, p)
	}
	in.Taken = func(uid string) bool { return pt.apart[uid] > mine[uid] }
	return in
}
