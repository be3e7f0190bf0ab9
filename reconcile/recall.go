package reconcile

import (
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// places are the recorded folders of this run. A folder block that stands for another place now is another folder: what was recorded of it goes by an address
// that names the old place, and its relationships are replaced.
type places struct {
	rename   func(address string) string
	specs    map[string]*schema.Folder // as configured, by address
	records  map[string]state.Folder   // by address as it is now
	replaced map[string]string         // by address as it is now: the one that names the old place
}

// now is the address of a recorded folder in this run.
func (at places) now(address string) string {
	address = at.rename(address)
	if old, ok := at.replaced[address]; ok {
		return old
	}
	return address
}

// recall reads the recorded relationships and folders, and finds those of this run.
func (p *planning) recall() error {
	at, err := p.recallFolders()
	if err != nil {
		return err
	}
	if err := p.recallRelationships(at); err != nil {
		return err
	}
	p.findFolders(at)
	p.crossing = crossingOf(p.recorded)
	p.relateAll()
	p.recallSharing()
	return nil
}

func (p *planning) recallFolders() (places, error) {
	at := places{moves(p.e.ws), map[string]*schema.Folder{}, map[string]state.Folder{}, map[string]string{}}
	for _, f := range p.e.ws.Folders {
		at.specs[f.Address] = f
	}
	records, err := p.st.Folders()
	for _, f := range records {
		address := p.renamed(at, f.Address)
		if at.specs[address] == nil {
			at.specs[address] = p.e.ws.Partition(address)
		}
		if spec := at.specs[address]; spec != nil && !spec.Unresolved && spec.Location != f.Location {
			at.replaced[address] = address + " at " + f.Location
			p.renames = append(p.renames, plan.Rename{From: address, To: at.replaced[address]})
			address = at.replaced[address]
		}
		at.records[address] = f
	}
	return at, err
}

// renamed is an address as it is now. That it is another one is to be recorded.
func (p *planning) renamed(at places, address string) string {
	to := at.rename(address)
	if to != address {
		p.renames = append(p.renames, plan.Rename{From: address, To: to})
	}
	return to
}

func (p *planning) recallRelationships(at places) (err error) {
	if p.recorded, err = p.st.Relationships(); err != nil {
		return err
	}
	for i := range p.recorded {
		r := &p.recorded[i]
		r.Address, r.Source, r.Destination = p.renamed(at, r.Address), at.now(r.Source), at.now(r.Destination)
		r.Block = at.rename(r.Block)
		r.OnRemove = fate(p.e.ws, *r)
		p.fateOfLeaver(r)
		if p.req.Destroy {
			r.OnRemove, r.OnLeaver = string(schema.RemoveDelete), ""
		}
		p.ends[r.Address] = [2]string{r.Source, r.Destination}
	}
	return nil
}

// findFolders finds the folders of all relationships, recorded and configured.
func (p *planning) findFolders(at places) {
	use := func(address string) {
		if p.folders[address] != nil {
			return
		}
		f := &folder{address: address}
		f.record, f.recorded = at.records[address]
		if spec := at.specs[address]; spec != nil {
			f.spec, f.config = spec, spec.Config
		}
		p.folders[address] = f
	}
	for _, r := range p.recorded {
		use(r.Source)
		use(r.Destination)
	}
	if p.req.Destroy {
		return
	}
	for _, r := range p.e.ws.Relations {
		p.specs[r.Address] = r
		use(r.Source.Address)
		use(r.Destination.Address)
		if _, known := p.ends[r.Address]; !known {
			p.ends[r.Address] = [2]string{r.Source.Address, r.Destination.Address}
		}
	}
}

// relateAll makes of every relationship of this run what is decided with.
func (p *planning) relateAll() {
	for _, address := range sortedKeys(p.specs) {
		r := relate(p.specs[address], p.recordedAs(address), p.now)
		ground(r, p.specs[address], p.folders[r.Source], p.folders[r.Destination])
		p.shared.share(r, p.specs[address], p.folders[r.Destination])
		p.rels = append(p.rels, r)
		p.bySource[r.Source] = append(p.bySource[r.Source], r)
		p.byTarget[r.Destination] = append(p.byTarget[r.Destination], r)
	}
	for _, address := range sortedKeys(p.ends) {
		p.recordedFrom[p.ends[address][0]] = append(p.recordedFrom[p.ends[address][0]], address)
	}
	p.crossing.turns = decide.Turns(p.rels)
}

// recallSharing finds the folders between which replicas are shared, or were.
func (p *planning) recallSharing() {
	shares := func(source, destination string) {
		p.sharedIn[source] = append(p.sharedIn[source], destination)
		p.sharers[destination] = append(p.sharers[destination], source)
	}
	for _, r := range p.recorded {
		if r.Coalesce {
			shares(r.Source, r.Destination)
		}
	}
	for _, r := range p.rels {
		if r.Policies.Coalesce {
			shares(r.Source, r.Destination)
		}
	}
	for _, list := range []map[string][]string{p.sharedIn, p.sharers} {
		for folder, others := range list {
			slices.Sort(others)
			list[folder] = slices.Compact(others)
		}
	}
}
