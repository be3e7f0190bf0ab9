package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// RestoreRequest is what of a backup is restored.
type RestoreRequest struct {
	Name    string   // of the backup, for the plan: its directory
	Only    []string // globs over addresses of folders; empty: all
	Missing bool     // only what is missing is added; what says something else stays as it is
}

// Restore makes a plan that brings back what a backup holds: an item that is missing is added, with its UID and all that it said, one that says something else by
// now is as it was, and all others are left alone. Items are found again by their refs, or by their UIDs where the store gave them other refs. The plan must be closed.
func (e *Engine) Restore(ctx context.Context, st state.Reader, from *backup.Backup, req RestoreRequest) (*plan.Plan, error) {
	if from.Workspace != e.ws.Name {
		return nil, fmt.Errorf("the backup is of workspace %q, and this is %q: restore it in its own workspace, or take single files out of it by hand", from.Workspace, e.ws.Name)
	}
	rename := moves(e.ws)
	var asked []*backup.Stored
	for i := range from.Folders {
		f := &from.Folders[i]
		if f.Address = rename(f.Address); len(req.Only) == 0 || anyMatches(req.Only, f.Address) {
			asked = append(asked, f)
		}
	}
	for _, glob := range req.Only {
		if !holds(from, glob) {
			return nil, fmt.Errorf("the backup has no folder %s: its manifest.json lists what it has", glob)
		}
	}
	return e.direct(st, "restore "+req.Name, func(d *directed) error {
		for _, f := range asked {
			r := &restoring{directed: d, from: from, stored: f, onlyMissing: req.Missing, replica: map[string]bool{}, spare: map[uint64]int{}}
			if err := r.all(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func holds(b *backup.Backup, glob string) bool {
	for _, f := range b.Folders {
		if globMatches(glob, f.Address) {
			return true
		}
	}
	return false
}

func anyMatches(globs []string, address string) bool {
	for _, glob := range globs {
		if globMatches(glob, address) {
			return true
		}
	}
	return false
}

// restoring brings back one folder.
type restoring struct {
	*directed
	from        *backup.Backup
	stored      *backup.Stored
	onlyMissing bool

	f       *folder
	wanted  *scratch.Table[backup.Item] // by ref: what is not found yet
	byUID   *scratch.Table[string]      // refs of the backup
	spare   map[uint64]int              // unnamed items that the backup does not know, by what they say
	carries bool                        // something becomes another original than it is
	replica map[string]bool             // relationships of replicas that come back, or are set back
}

var itemCodec = &scratch.Codec[backup.Item]{
	Encode: func(b []byte, it backup.Item) []byte { return scratch.Append(b, it.Ref, it.UID, it.File, it.SHA256) },
	Decode: func(b []byte) (it backup.Item) {
		scratch.Take(b, &it.Ref, &it.UID, &it.File, &it.SHA256)
		return it
	},
	Size: func(it backup.Item) int { return 80 + len(it.Ref) + len(it.UID) + len(it.File) + len(it.SHA256) },
}

var refCodec = &scratch.Codec[string]{
	Encode: func(b []byte, ref string) []byte { return scratch.Append(b, ref) },
	Decode: func(b []byte) (ref string) {
		scratch.Take(b, &ref)
		return ref
	},
	Size: func(ref string) int { return 16 + len(ref) },
}

// all restores the folder, unless it cannot be written.
func (r *restoring) all(ctx context.Context) error {
	r.f = r.open(ctx, r.stored.Address)
	switch f := r.f; {
	case f.spec == nil:
		r.leave(f.address, "", fmt.Sprintf("the folder is not in the configuration any more. What it held is in %s of the backup: %d items", r.stored.Directory, r.stored.Items))
		return nil
	case f.trouble != nil:
		r.leave(f.address, "", fmt.Sprintf("%v. Once it is there, even empty, restore again", f.trouble))
		return nil
	case f.spec.Kind != r.stored.Kind:
		r.leave(f.address, "", fmt.Sprintf("the folder holds %s, and the backup is of %s", f.spec.Kind, r.stored.Kind))
		return nil
	case f.spec.Location != r.stored.Location:
		r.e.note(plan.Diagnostic{Severity: "warning", Address: f.address, Summary: "The folder is another one by now",
			Detail: fmt.Sprintf("The backup is of %s, and what it holds is restored to %s.", r.stored.Location, f.spec.Location)})
	}
	r.wanted, r.byUID = scratch.NewTable(r.room, itemCodec), scratch.NewTable(r.room, refCodec)
	err := r.from.Items(r.stored, func(it backup.Item) error {
		r.wanted.Set(it.Ref, it)
		if _, twice := r.byUID.Get(it.UID); it.UID != "" && !twice {
			r.byUID.Set(it.UID, it.Ref)
		}
		return r.room.Err()
	})
	if err != nil {
		return err
	}
	return errors.Join(r.compare(ctx), r.room.Err())
}

// compare goes through the items that the folder holds now, and adds what is missing then.
func (r *restoring) compare(ctx context.Context) error {
	l, err := r.e.list(ctx, r.f, "", r.room)
	if err != nil {
		if ctx.Err() == nil {
			r.leave(r.f.address, "", fmt.Sprintf("the folder cannot be read: %v", err))
			return nil
		}
		return context.Cause(ctx)
	}
	var late []string // refs that the backup does not know, of items whose UIDs it knows
	for run := range l.refs(r.e.limits.read) {
		got, err := r.e.fetchAll(ctx, r.f, run)
		if err != nil {
			return err
		}
		for _, one := range got {
			it, there := r.wanted.Get(one.Ref)
			switch {
			case there && (one.Err != nil || one.Item.UID() == it.UID || !r.f.caps.UIDs):
				err = r.found(one, it)
			case one.Err == nil && r.isWanted(one.Item.UID()):
				late = append(late, one.Ref)
			case providers.ClassOf(one.Err) != providers.Missing:
				if r.doc.Summary.LeftAlone++; one.Err == nil && r.unnamed(one.Item.UID()) {
					r.spare[one.Item.Fields().Digest()]++
				}
			}
			if err != nil {
				return err
			}
		}
		if err := r.flush(); err != nil {
			return err
		}
	}
	for run := range batches(late, r.e.limits.read) {
		got, err := r.e.fetchAll(ctx, r.f, run)
		if err != nil {
			return err
		}
		for _, one := range got {
			if one.Err != nil || !r.isWanted(one.Item.UID()) {
				r.doc.Summary.LeftAlone++
				continue
			}
			ref, _ := r.byUID.Get(one.Item.UID())
			it, _ := r.wanted.Get(ref)
			if err := r.found(one, it); err != nil {
				return err
			}
		}
		if err := r.flush(); err != nil {
			return err
		}
	}
	if err := r.missing(l.read); err != nil {
		return err
	}
	r.tellNext()
	return nil
}

// unnamed reports whether an item that is restored cannot be found again by its UID: its store gives it another one, or it has none.
func (r *restoring) unnamed(uid string) bool { return uid == "" || !r.f.caps.UIDs }

// isWanted reports whether the backup holds an item of that UID that was not found yet.
func (r *restoring) isWanted(uid string) bool {
	ref, known := r.byUID.Get(uid)
	if !known {
		return false
	}
	_, left := r.wanted.Get(ref)
	return left
}

// found compares an item with what the backup holds of it.
func (r *restoring) found(now providers.Fetched, it backup.Item) error {
	if providers.ClassOf(now.Err) == providers.Missing {
		return nil
	}
	r.wanted.Drop(it.Ref)
	if now.Err != nil {
		r.leave(r.f.address, now.Ref, fmt.Sprintf("it cannot be read now: %v", now.Err))
		return nil
	}
	then, err := r.read(it)
	switch {
	case err != nil || then == nil:
		return err
	case sameItem(now.Item, then):
		r.doc.Summary.Unchanged++
	case r.onlyMissing:
		r.doc.Summary.LeftAlone++
	default:
		return r.change(change{folder: r.f, action: plan.Edit, now: &now, then: then})
	}
	return nil
}

// missing adds what was not found.
func (r *restoring) missing(read providers.Read) error {
	if !read.Complete {
		r.leave(r.f.address, "", fmt.Sprintf("what is missing cannot be told, because the folder was read in part: %s", read.Reason))
		return nil
	}
	for _, it := range r.wanted.All() {
		then, err := r.read(it)
		if err != nil {
			return err
		}
		if then == nil {
			continue
		}
		if says := then.Fields().Digest(); r.unnamed(it.UID) && r.spare[says] > 0 { // it was restored before
			r.spare[says]--
			r.doc.Summary.LeftAlone--
			r.doc.Summary.Unchanged++
			continue
		}
		c := change{folder: r.f, action: plan.Add, then: then}
		if it.UID == "" {
			c.key = decide.RefKey + it.Ref
		}
		if err = r.change(c); err == nil && len(r.piece.Writes) >= pieceSize {
			err = r.flush()
		}
		if err != nil {
			return err
		}
	}
	return r.flush()
}

// read is an item of the backup; nil: this Accord cannot read it, which is said.
func (r *restoring) read(it backup.Item) (*pim.Item, error) {
	data, err := r.from.Read(r.stored, it)
	if err != nil {
		return nil, err
	}
	item, err := pim.Parse(r.stored.Kind, data)
	if err != nil {
		r.leave(r.f.address, it.Ref, fmt.Sprintf("what the backup holds of it cannot be understood: %v", err))
		return nil, nil
	}
	return item, nil
}

// change adds one write. A replica comes back as one: what is recorded of it being away is forgotten, and its marker says the rest.
func (r *restoring) change(c change) error {
	if why := r.f.unwritable(); why != "" {
		ref := ""
		if c.now != nil {
			ref = c.now.Ref
		}
		r.leave(r.f.address, ref, fmt.Sprintf("%q is missing or says something else, and %s", c.then.UID(), why))
		return nil
	}
	c.reason = decide.Restored
	m, marked := c.then.Marker()
	rename := moves(r.e.ws)
	if ends, known := r.ends[rename(m.Relationship)]; marked && known && m.Workspace == r.e.ws.Name && ends[1] == r.f.address {
		c.relationship, c.original, c.generation = rename(m.Relationship), m.Original, m.Generation
	} else {
		r.carries = true
	}
	write := r.write(c)
	if c.relationship == "" {
		return nil
	}
	key := state.PairKey{Relationship: c.relationship, Original: c.original}
	old, err := r.world.pair(key)
	if err == nil && old != nil && old.Replica == "" {
		r.pair(key, old, nil, -1, -1, write)
	}
	delete(r.touched, c.relationship) // what is restored is looked at again, and no more than that
	r.replica[c.relationship] = true
	return err
}

// tellNext says what follows from replicas and originals that are what they were.
func (r *restoring) tellNext() {
	for _, address := range sortedKeys(r.replica) {
		if spec := r.specs[address]; spec == nil || !spec.Enabled {
			continue
		}
		r.e.note(plan.Diagnostic{Severity: "info", Address: address, Summary: "Replicas are restored",
			Detail: "The next apply makes of them what the configuration says: one that its original has changed for since, or that nothing asks for any more, does not stay as it is restored. To keep it so: accord pause " + ShellWord(address)})
	}
	if !r.carries {
		return
	}
	for _, address := range sortedKeys(r.specs) {
		if spec := r.specs[address]; spec.Enabled && spec.Source.Address == r.f.address {
			r.e.note(plan.Diagnostic{Severity: "info", Address: address, Summary: "What is restored goes on",
				Detail: fmt.Sprintf("To %s, what is restored in %s is like what a person changed: the next apply carries it to %s, as the policies say.", address, r.f.address, spec.Destination.Address)})
		}
	}
}
