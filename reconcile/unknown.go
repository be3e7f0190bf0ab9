package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// lookUp finds out what became of the writes of a batch that were sent and not answered: of all of them at once, for a connection that breaks leaves many. And
// of those that met what the plan had not seen: what an apply sent before it was killed may arrive after the next one has planned the same.
func (a *applying) lookUp(ctx context.Context, f *folder, writes []providers.Write, outcomes []providers.Outcome) {
	var creates, others []int
	for n, o := range outcomes {
		kind := writes[n].Kind
		met := o.Class == providers.Stale && (kind != providers.Create || f.caps.UIDs) || o.Class == providers.Missing && kind == providers.Delete
		switch {
		case o.Class != providers.Unknown && !met:
		case kind == providers.Create:
			creates = append(creates, n)
		default:
			others = append(others, n)
		}
	}
	if f.caps.Creates == providers.ByToken {
		repeat(ctx, f, writes, creates, outcomes)
	} else {
		a.lookForCreates(ctx, f, writes, creates, outcomes)
	}
	a.lookAgain(ctx, f, writes, others, outcomes)
}

// repeat sends creates again that make no second item.
func repeat(ctx context.Context, f *folder, writes []providers.Write, creates []int, outcomes []providers.Outcome) {
	if len(creates) == 0 {
		return
	}
	again := make([]providers.Write, len(creates))
	for j, n := range creates {
		again[j] = writes[n]
	}
	for j, o := range f.store.Write(ctx, again) {
		if o.Class != providers.Unknown {
			outcomes[creates[j]] = o
		}
	}
}

// notMade is the outcome of a write that did not happen.
func notMade(o providers.Outcome) providers.Outcome {
	return providers.Outcome{Class: providers.Transient, Err: fmt.Errorf("it was sent and not answered, and did not happen: %w", o.Err)}
}

// lookForCreates takes the items that creates have made for their answers. What cannot be looked for stays unknown.
func (a *applying) lookForCreates(ctx context.Context, f *folder, writes []providers.Write, creates []int, outcomes []providers.Outcome) {
	if len(creates) == 0 {
		return
	}
	sent := make([]*pim.Item, len(creates))
	for j, n := range creates {
		sent[j] = writes[n].Item
	}
	found, unsure := a.find(ctx, f, sent)
	for j, n := range creates {
		stale := outcomes[n].Class == providers.Stale
		switch {
		case found[j] != nil && (!stale || isWritten(f, found[j].Item, sent[j])):
			outcomes[n] = providers.Outcome{Class: providers.Done, Ref: found[j].Ref, Version: found[j].Version, Changed: true}
		case unsure == nil && !stale:
			outcomes[n] = notMade(outcomes[n])
		}
	}
}

// lookAgain reads the items of updates and deletes.
func (a *applying) lookAgain(ctx context.Context, f *folder, writes []providers.Write, others []int, outcomes []providers.Outcome) {
	byRef := map[string]int{}
	var refs []string
	for _, n := range others {
		byRef[writes[n].Ref] = n
		refs = append(refs, writes[n].Ref)
	}
	// What is not answered is answered with an error.
	_ = a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		n := byRef[got.Ref]
		w := writes[n]
		switch {
		case w.Kind == providers.Delete && providers.ClassOf(got.Err) == providers.Missing:
			outcomes[n] = providers.Outcome{Class: providers.Done, Ref: w.Ref}
		case got.Err != nil:
		case outcomes[n].Class != providers.Unknown:
			if w.Kind == providers.Update && isWritten(f, got.Item, w.Item) {
				outcomes[n] = providers.Outcome{Class: providers.Done, Ref: w.Ref, Version: got.Version, Changed: true}
			}
		case w.Version != "" && got.Version == w.Version:
			outcomes[n] = notMade(outcomes[n])
		case w.Kind == providers.Update && (isWritten(f, got.Item, w.Item) || w.Version != "" && heldDigest(f, got.Item) == heldDigest(f, w.Item)):
			outcomes[n] = providers.Outcome{Class: providers.Done, Ref: w.Ref, Version: got.Version, Changed: true}
		case w.Version == "":
			outcomes[n] = notMade(outcomes[n])
		default:
			outcomes[n] = providers.Outcome{Class: providers.Stale, Err: errors.New("it is not what the plan saw")}
		}
	})
}

// isWritten reports whether an item is what was to be written, as far as the folder keeps it.
func isWritten(f *folder, is, sent *pim.Item) bool {
	return heldDigest(f, is) == heldDigest(f, sent) && sameMarker(f, is, sent)
}

// sameMarker reports whether two items have the same marker, as far as the folder keeps any.
func sameMarker(f *folder, x, y *pim.Item) bool {
	one, _ := x.Marker()
	other, _ := y.Marker()
	return !f.caps.Markers || one == other
}

// find looks for the items that creates may have made, among those that neither state nor another write know: by UID, by marker, else by content, where the
// state knows all that was there before the first write. The error is why one that is not found may be there all the same.
func (a *applying) find(ctx context.Context, f *folder, sent []*pim.Item) (found []*providers.Fetched, err error) {
	found = make([]*providers.Fetched, len(sent))
	refs, err := a.unrecorded(ctx, f)
	if err != nil {
		return found, err
	}
	wanted := map[string][]int{} // by what they are known by
	for j, it := range sent {
		as := knownBy(f, it)[0]
		wanted[as] = append(wanted[as], j)
	}
	var unsure error // why an item that may be one of them could not be read
	err = a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		switch class := providers.ClassOf(got.Err); {
		case class == providers.Missing:
			return
		case class != providers.Done:
			unsure = got.Err
			return
		}
		for _, as := range knownBy(f, got.Item) {
			if list := wanted[as]; len(list) > 0 {
				found[list[0]], wanted[as] = &got, list[1:]
				return
			}
		}
	})
	return found, errors.Join(err, unsure)
}

// knownBy are the marks that tell which create has made an item, the surest first.
func knownBy(f *folder, it *pim.Item) (marks []string) {
	if f.caps.UIDs {
		return []string{"uid " + it.UID()}
	}
	if m, marked := it.Marker(); marked && f.caps.Markers {
		marks = append(marks, fmt.Sprintf("marker %q %q %d", m.Relationship, m.Original, m.Generation))
	}
	return append(marks, "content "+strconv.FormatUint(heldDigest(f, it), 16))
}

// unrecorded are the items of a folder that neither state nor a write of the part know. Where an item is known by its UID, those will do that came since the
// plan read the folder.
func (a *applying) unrecorded(ctx context.Context, f *folder) (refs []string, err error) {
	room := scratch.New(0)
	defer func() { err = errors.Join(err, room.Close()) }()
	cursor := ""
	if f.caps.UIDs && f.caps.Feed {
		cursor = a.readTo(f)
	}
	l, err := a.e.list(ctx, f, cursor, room)
	if errors.Is(err, providers.ErrCursorExpired) {
		if a.e.openFolder(ctx, f, ""); f.trouble != nil || f.store == nil {
			return nil, errors.Join(err, f.trouble)
		}
		l, err = a.e.list(ctx, f, "", room)
	}
	if err != nil {
		return nil, err
	}
	if !l.read.Complete {
		return nil, fmt.Errorf("the folder could be read only in part: %s", l.read.Reason)
	}
	written := map[string]bool{}
	a.mu.Lock()
	for i, w := range a.part.Writes {
		if w.Folder == f.address && a.done[i].class == providers.Done {
			written[a.done[i].ref] = true
		}
	}
	a.mu.Unlock()
	err = l.join(a.st, f.address, func(state.Item, *line) {}, func(ref string, _ line) {
		if !written[ref] {
			refs = append(refs, ref)
		}
	})
	return refs, err
}
