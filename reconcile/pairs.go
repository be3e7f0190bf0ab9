package reconcile

import (
	"maps"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
)

// link is a recorded pair without what its sides agreed on: what a plan keeps of the pairs that nothing is decided for.
type link struct {
	relationship, original, replica string
	generation                      int
}

func (l link) key() state.PairKey {
	return state.PairKey{Relationship: l.relationship, Original: l.original}
}

// eachPair streams all recorded pairs, under their relationships' new addresses.
func (p *planning) eachPair(each func(state.Pair)) error {
	rename := moves(p.e.ws)
	names := map[string]bool{}
	recorded, err := p.st.Relationships()
	if err != nil {
		return err
	}
	for _, r := range recorded {
		names[r.Address] = true
	}
	for address := range p.specs {
		names[address] = true // pairs of a first apply that was interrupted
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		address := rename(name)
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

// survey counts what guards and the plan measure against, and finds the pairs that are looked at again whatever changed. It keeps no pair.
func (p *planning) survey() error {
	p.census = census{pairs: map[string]int{}, items: map[string]int{}, keys: map[string]int{}, left: map[string]int{},
		leavers: map[string][]string{}, agreed: map[string]bool{}}
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
		if pair.Status == state.Waiting || pair.Refused != 0 {
			p.restless = append(p.restless, spot{e[0], pair.Original})
		}
		p.tally(pair)
	})
	for folder, keys := range originals {
		p.census.items[folder] += len(keys)
	}
	return err
}

// keySet counts keys of items by their hashes: a folder has many, and only how many there are matters.
type keySet map[uint64]struct{}

func belongs(sets map[string]keySet, folder, key string) {
	if sets[folder] == nil {
		sets[folder] = keySet{}
	}
	sets[folder][xxhash.Sum64String(key)] = struct{}{}
}

// recallPairs links all recorded pairs with each other.
func (p *planning) recallPairs() error {
	return p.eachPair(func(pair state.Pair) {
		p.pairs = append(p.pairs, link{pair.Relationship, pair.Original, pair.Replica, pair.Generation})
	})
}

// tally counts a pair that nothing is decided for.
func (p *planning) tally(pair state.Pair) {
	c := p.count[pair.Relationship]
	if c == nil {
		c = &tallied{}
		p.count[pair.Relationship] = c
	}
	switch pair.Status {
	case state.Active:
		c.unchanged++
	case state.Pruned:
		c.pruned++
	}
}

// input is what Decide looks at: whole pairs only of what was touched.
func (p *planning) input() (*decide.Input, error) {
	in := &decide.Input{Workspace: p.e.ws.Name, Relationships: p.rels, Recorded: p.recorded, Folders: map[string]*decide.Folder{}}
	for address, f := range p.folders {
		x := p.index[address]
		in.Folders[address] = &decide.Folder{Items: p.loaded[address], Capable: capable(f),
			Held: func(uid string) bool { return len(x.keysOf(uid)) > 0 }}
	}
	apart := map[string]bool{}
	in.Taken = func(uid string) bool { return apart[uid] }
	p.count = map[string]*tallied{}
	return in, p.eachPair(func(pair state.Pair) {
		if p.touched[spot{p.ends[pair.Relationship][0], pair.Original}] {
			in.Pairs = append(in.Pairs, pair)
			return
		}
		p.tally(pair)
		if decide.IsReplicaUID(pair.Original) {
			apart[pair.Original] = true
		}
	})
}
