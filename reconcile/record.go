package reconcile

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
)

// items adds what the reads brought of a part's items: it is recorded when the part is done.
func (dr *draft) items() {
	for at := range dr.pt.spots() {
		en, known := dr.index[at.folder].byKey.Get(at.key)
		if !known || dr.pt.elsewhere(at.folder, at.key) || dr.folders[at.folder].trouble != nil {
			continue
		}
		if en.former != "" {
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.former})
		}
		it := state.Item{Ref: en.ref, Version: en.version, UID: en.uid, Key: at.key, Unreadable: en.unreadable}
		if dr.waits[at] {
			it.Version = ""
		}
		switch {
		case !en.is(isNews):
		case en.is(isGone) && !dr.waits[at]:
			dr.part.Gone = append(dr.part.Gone, state.FolderRef{Folder: at.folder, Ref: en.ref})
		default:
			dr.part.Items = append(dr.part.Items, state.FolderItem{Folder: at.folder, Item: it})
		}
	}
	for _, it := range dr.part.Items {
		dr.news[it.Folder] = true
	}
	for _, it := range dr.part.Gone {
		dr.news[it.Folder] = true
	}
	slices.SortFunc(dr.part.Items, func(a, b state.FolderItem) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Ref, b.Ref))
	})
	slices.SortFunc(dr.part.Gone, func(a, b state.FolderRef) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Ref, b.Ref))
	})
}

// folderRecords are the folders as they are to be recorded: those that something was read of, and those that are not what they were.
func (c *composing) folderRecords() error {
	for _, address := range sortedKeys(c.folders) {
		f := c.folders[address]
		if f.trouble != nil || f.view == nil {
			continue
		}
		record, err := c.folderRecord(f)
		if err != nil {
			return err
		}
		if c.news[address] || !f.recorded || !sameFolder(f.record, record) {
			c.work.Folders = append(c.work.Folders, record)
		}
	}
	return nil
}

// waiting are the items of a part that have to be looked at again next time, whatever their version: of pairs that nothing was decided for, and what changed
// in the folders of relationships that are held.
func (dr *draft) waiting() map[spot]bool {
	out := map[spot]bool{}
	for k := range dr.decision.Waiting {
		e := dr.ends[k.Relationship]
		out[spot{e[0], k.Original}] = true
		if p := dr.pt.pairs[k]; p != nil {
			out[spot{e[1], p.Replica}] = true
		}
	}
	for at := range dr.pt.spots() {
		if en, known := dr.index[at.folder].byKey.Get(at.key); known && dr.held[at.folder] && en.is(isChanged) {
			out[at] = true
		}
	}
	return out
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
	byAddress := map[string]state.Relationship{}
	for _, r := range c.recorded {
		byAddress[r.Address] = r
	}
	for _, address := range sortedKeys(c.keep) {
		spec := c.specs[address]
		_, held := c.holds[address]
		before, known := byAddress[address]
		if spec == nil || held {
			c.work.Relationships = append(c.work.Relationships, before)
			continue
		}
		now := state.Relationship{Address: address, Source: spec.Source.Address, Destination: spec.Destination.Address,
			OnRemove: string(spec.Policies.OnRemove), Coalesce: spec.Policies.Coalesce, Fingerprint: spec.Fingerprint,
			Since: c.doc.CreatedAt, Block: spec.Block, Key: spec.Key}
		if known {
			now.Since = before.Since
		}
		c.work.Relationships = append(c.work.Relationships, now)
	}
	for _, r := range c.recorded {
		if !c.keep[r.Address] {
			c.work.Forget = append(c.work.Forget, r.Address)
		}
	}
}
