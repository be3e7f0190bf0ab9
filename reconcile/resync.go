package reconcile

import (
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/diagnose"
)

// findResynced finds the relationships whose replicas are made again: those that are named, and those that lead to folders that are. It refuses names of which no
// relationship's replicas come.
func (p *planning) findResynced() error {
	for _, glob := range p.req.Resync {
		hit, source := false, ""
		for address := range p.specs {
			e := p.ends[address]
			if globMatches(glob, address) || globMatches(glob, e[1]) {
				hit, p.resync[address] = true, true
			}
			if globMatches(glob, e[0]) {
				source = e[0]
			}
		}
		switch {
		case hit:
		case source != "":
			return fmt.Errorf("no relationship leads to %s: it holds no replicas to make again. Name the relationship, or the folder that its replicas are in", source)
		default:
			return fmt.Errorf("%s is the address of no configured relationship, and of no folder that one leads to. %s", glob,
				diagnose.DidYouMean(glob, append(sortedKeys(p.specs), sortedKeys(p.folders)...), "accord status shows them."))
		}
	}
	return nil
}

// unguarded are the relationships whose replicas are made again and for which no guard of deletes is written: what is asked for by name needs no other word.
func (p *planning) unguarded() map[string]bool {
	out := map[string]bool{}
	for address := range p.resync {
		out[address] = !p.specs[address].Guard.MaxDeletes.Set
	}
	return out
}

// remade are the pairs whose replicas a batch deletes in order to make them again. They are recorded as such before it is sent: after a crash the next plan must
// not take it for a person's delete, which may be the original's.
func (a *applying) remade(batch []int) []state.Pair {
	var out []state.Pair
	for _, i := range batch {
		if w := a.part.Writes[i]; w.Kind != providers.Delete || w.Reason != string(decide.Resynced) {
			continue
		}
		for _, n := range a.ofWrite[i] {
			if p := a.part.Pairs[n]; p.Old != nil && p.New != nil {
				pair := *p.Old
				pair.Remade = true
				out = append(out, pair)
			}
		}
	}
	return out
}
