package reconcile

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
)

// crossing is where relationships meet folders: what a part of a plan has to do with is found by it, however many others there are.
type crossing struct {
	recordAt map[string]int   // the place of each recorded relationship, by address
	recorded map[string][]int // the places of those that lead from a folder or to it, by folder
	turns    map[string]int   // of the configured ones: see decide.Turns
}

// crossingOf finds out where recorded relationships meet folders.
func crossingOf(recorded []state.Relationship) crossing {
	c := crossing{recordAt: map[string]int{}, recorded: map[string][]int{}}
	for i, r := range recorded {
		c.recordAt[r.Address] = i
		c.recorded[r.Source] = append(c.recorded[r.Source], i)
		if r.Destination != r.Source {
			c.recorded[r.Destination] = append(c.recorded[r.Destination], i)
		}
	}
	return c
}

// recordedAs is what is recorded of a relationship; nil: nothing is.
func (p *planning) recordedAs(address string) *state.Relationship {
	if i, known := p.crossing.recordAt[address]; known {
		return &p.recorded[i]
	}
	return nil
}

// around are the relationships that join a folder in which the part touches something, as configured and as recorded, and the folders that they join. With all
// set they are those of the plan.
func (pt *part) around() (rels []*decide.Relationship, recorded []state.Relationship, folders map[string]bool) {
	folders = map[string]bool{}
	if pt.all {
		for address := range pt.folders {
			folders[address] = true
		}
		return pt.rels, pt.recorded, folders
	}
	for at := range pt.touched {
		folders[at.folder] = true
	}
	for address := range pt.loaded {
		folders[address] = true
	}
	addresses := map[string]bool{}
	for k, p := range pt.pairs {
		if p != nil {
			addresses[k.Relationship] = true
		}
	}
	for folder := range folders {
		for _, list := range [][]*decide.Relationship{pt.bySource[folder], pt.byTarget[folder]} {
			for _, r := range list {
				addresses[r.Address] = true
			}
		}
		for _, i := range pt.crossing.recorded[folder] {
			addresses[pt.recorded[i].Address] = true
		}
	}
	for _, address := range slices.Sorted(maps.Keys(addresses)) {
		if r := pt.related(address); r != nil {
			rels = append(rels, r)
			folders[r.Source], folders[r.Destination] = true, true
		}
		if r := pt.recordedAs(address); r != nil {
			recorded = append(recorded, *r)
			folders[r.Source], folders[r.Destination] = true, true
		}
	}
	return rels, recorded, folders
}
