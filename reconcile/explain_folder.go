package reconcile

import (
	"fmt"
	"slices"

	"github.com/accord-sync/accord/schema/diagnose"
)

// ask finds the folder that is asked about, and leaves out the relationships that cannot have to do with its items: nothing joins their folders with it. A guard
// over the whole run counts them all.
func (p *planning) ask(asked string) error {
	var known, hits []string
	for _, f := range p.e.ws.Folders {
		known = append(known, f.Address)
		if p.folders[f.Address] == nil && globMatches(asked, f.Address) {
			p.folders[f.Address] = &folder{address: f.Address, spec: f, config: f.Config}
		}
	}
	for address := range p.folders {
		known = append(known, address)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, address := range known {
		if globMatches(asked, address) {
			hits = append(hits, address)
		}
		if address == asked {
			hits = []string{asked}
			break
		}
	}
	switch {
	case len(hits) == 0:
		return fmt.Errorf("there is no folder %q. %s", asked, diagnose.DidYouMean(asked, known, "accord status shows the folders that are in use."))
	case len(hits) > 1:
		return fmt.Errorf("%q stands for %d folders: name one, such as %s", asked, len(hits), hits[0])
	}
	p.asked = hits[0]
	if p.e.ws.Guard.MaxDeletes.Set {
		return nil
	}
	p.req.Only = append(p.joined(), p.asked)
	return nil
}

// joined are the relationships that join folders with the one that is asked about, by way of however many others.
func (p *planning) joined() (relationships []string) {
	reached, known := map[string]bool{p.asked: true}, map[string]bool{}
	for grown := true; grown; {
		grown = false
		for _, address := range sortedKeys(p.ends) {
			e := p.sides(address)
			if known[address] || !slices.ContainsFunc(e, func(folder string) bool { return reached[folder] }) {
				continue
			}
			known[address], grown = true, true
			for _, folder := range e {
				reached[folder] = true
			}
		}
	}
	return sortedKeys(known)
}

// sides are the folders of a relationship: as recorded, and as configured.
func (p *planning) sides(address string) []string {
	e := p.ends[address]
	if r := p.specs[address]; r != nil {
		return []string{e[0], e[1], r.Source.Address, r.Destination.Address}
	}
	return e[:]
}

// neighbours are the folders that a relationship joins with the one that is asked about: first those that it is fed from.
func (p *planning) neighbours() []string {
	var from, to []string
	for _, address := range sortedKeys(p.ends) {
		e := p.sides(address)
		for i := 0; i < len(e); i += 2 {
			if e[i+1] == p.asked {
				from = append(from, e[i])
			}
			if e[i] == p.asked {
				to = append(to, e[i+1])
			}
		}
	}
	var out []string
	for _, address := range append(from, to...) {
		if address != p.asked && !slices.Contains(out, address) {
			out = append(out, address)
		}
	}
	return out
}
