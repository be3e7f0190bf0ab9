package reconcile

import (
	"bytes"
	"slices"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// folderWork adds what the reads brought to the work: it is recorded when the apply is done.
func (c *composing) folderWork() error {
	for _, address := range sortedKeys(c.folders) {
		f := c.folders[address]
		if f.trouble != nil || f.view == nil {
			continue
		}
		record, err := c.folderRecord(f)
		if err != nil {
			return err
		}
		out := plan.Folder{Record: record}
		x := c.index[address]
		for ref := range f.view.changed {
			if x == nil {
				break
			}
			key := x.byRef[ref]
			en := x.byKey[key]
			it := state.Item{Ref: ref, Version: en.version, UID: en.uid, Key: key, Unreadable: en.unreadable}
			if c.waits[spot{address, key}] {
				it.Version = ""
			}
			out.Items = append(out.Items, it)
		}
		for ref, it := range f.view.gone {
			if c.waits[spot{address, it.Key}] {
				it.Version = ""
				out.Items = append(out.Items, it)
			} else {
				out.Gone = append(out.Gone, ref)
			}
		}
		slices.SortFunc(out.Items, func(a, b state.Item) int { return bytes.Compare([]byte(a.Ref), []byte(b.Ref)) })
		slices.Sort(out.Gone)
		if len(out.Items)+len(out.Gone) > 0 || !f.recorded || !sameFolder(f.record, record) {
			c.out.Work.Folders = append(c.out.Work.Folders, out)
		}
	}
	return nil
}

// waiting are the items that have to be looked at again next time, whatever their version: of pairs that nothing was decided for, and what changed in the
// folders of relationships that are held. held are these folders: what is written there is news to them.
func (c *composing) waiting() (waits map[spot]bool, held map[string]bool) {
	out, held := map[spot]bool{}, map[string]bool{}
	replica := map[state.PairKey]string{}
	for _, l := range c.pairs {
		replica[l.key()] = l.replica
	}
	for k := range c.decision.Waiting {
		e := c.ends[k.Relationship]
		out[spot{e[0], k.Original}] = true
		out[spot{e[1], replica[k]}] = true
	}
	for address := range c.holds {
		for _, name := range c.ends[address] {
			held[name] = true
			if x := c.index[name]; x != nil {
				for key, en := range x.byKey {
					if en.changed {
						out[spot{name, key}] = true
					}
				}
			}
		}
	}
	return out, held
}

func (c *composing) folderRecord(f *folder) (state.Folder, error) {
	record := state.Folder{Address: f.address, Location: f.record.Location, Kind: f.record.Kind, Cursor: f.view.cursor}
	if f.spec != nil {
		record.Location, record.Kind = f.spec.Location, f.spec.Kind
	}
	if f.store != nil {
		record.Identity = f.store.Identity()
	}
	if f.partial != "" {
		record.Cursor = f.record.Cursor
	}
	var err error
	record.Block, err = c.e.recordBlock(f)
	return record, err
}

func sameFolder(a, b state.Folder) bool {
	return a.Address == b.Address && a.Location == b.Location && a.Identity == b.Identity && a.Cursor == b.Cursor && a.Kind == b.Kind && bytes.Equal(a.Block, b.Block)
}

// records adds the relationships as they are to be recorded, and those to be forgotten.
func (c *composing) records() {
	kept := map[string]bool{}
	byAddress := map[string]state.Relationship{}
	for _, r := range c.recorded {
		byAddress[r.Address] = r
	}
	for _, r := range c.decision.Recorded {
		kept[r.Address] = true
		spec := c.specs[r.Address]
		_, held := c.holds[r.Address]
		before, known := byAddress[r.Address]
		if spec == nil || held {
			c.out.Work.Relationships = append(c.out.Work.Relationships, before)
			continue
		}
		now := state.Relationship{Address: r.Address, Source: spec.Source.Address, Destination: spec.Destination.Address,
			OnRemove: string(spec.Policies.OnRemove), Coalesce: spec.Policies.Coalesce, Fingerprint: spec.Fingerprint,
			Since: c.out.Document.CreatedAt, Block: spec.Block, Key: spec.Key}
		if known {
			now.Since = before.Since
		}
		c.out.Work.Relationships = append(c.out.Work.Relationships, now)
	}
	for _, r := range c.recorded {
		if !kept[r.Address] {
			c.out.Work.Forget = append(c.out.Work.Forget, r.Address)
		}
	}
}
