package reconcile

import (
	"bytes"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

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
			OnRemove: string(spec.Policies.OnRemove), OnLeaver: c.onLeaver(spec.Block), Existing: string(spec.Policies.Existing), Coalesce: spec.Policies.Coalesce, Fingerprint: spec.Fingerprint,
			Since: c.doc.CreatedAt, Block: spec.Block, Key: spec.Key, Undone: spec.Template.RecordUndone(before.Undone),
			Unwritten: c.unwritten(spec, before)}
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

// unwritten reports whether nothing was written for a relationship to a folder that is new to it, before or by this plan.
func (c *composing) unwritten(spec *schema.Relationship, before state.Relationship) bool {
	first := slices.DeleteFunc([]string{spec.Source.Address, spec.Destination.Address}, func(folder string) bool { return !neverWritten(before, folder) })
	return len(first) > 0 && !slices.ContainsFunc(first, func(folder string) bool { return c.wrote[spec.Address][folder] })
}
