package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// lookFirst leaves out the writes of items that are not as planned any more, where the store would overwrite them: it honours no preconditions, or the item
// has no version that could be one.
func (a *applying) lookFirst(ctx context.Context, f *folder, batch []int) []int {
	byRef := map[string]int{}
	var refs []string
	for _, i := range batch {
		if w := a.part.Writes[i]; plan.LooksFirst(w.Kind, w.Version, f.caps) {
			byRef[w.Ref] = i
			refs = append(refs, w.Ref)
		}
	}
	if len(refs) == 0 {
		return batch
	}
	stale := map[int]bool{}
	err := a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		i := byRef[got.Ref]
		w := a.part.Writes[i]
		switch {
		case got.Err != nil:
			stale[i] = true
			a.skip(i, providers.ClassOf(got.Err), got.Err)
		case w.Version != "" && got.Version != w.Version, w.Version == "" && !a.sameAsBefore(w, got.Item):
			stale[i] = true
			a.skip(i, providers.Stale, errors.New("it is not what the plan saw"))
		default:
			a.see(i, got.Version)
		}
	})
	var out []int
	for _, i := range batch {
		if _, asked := byRef[a.part.Writes[i].Ref]; asked && err != nil && !stale[i] {
			a.skip(i, providers.ClassOf(err), err)
			continue
		}
		if !stale[i] {
			out = append(out, i)
		}
	}
	return out
}

// see keeps the version in which an item was found to be as planned.
func (a *applying) see(i int, version string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done[i].seen = version
}

func (a *applying) sameAsBefore(w plan.Write, now *pim.Item) bool {
	before, err := pim.Parse(w.ItemKind, w.Before)
	return err == nil && before.Fields().Equal(now.Fields())
}

// sameMarker reports whether two items have the same marker, as far as the folder keeps any.
func sameMarker(f *folder, x, y *pim.Item) bool {
	one, _ := x.Marker()
	other, _ := y.Marker()
	return !f.caps.Markers || one == other
}

// lookUp finds out what became of a write that was sent and not answered.
func (a *applying) lookUp(ctx context.Context, f *folder, w providers.Write, o providers.Outcome) providers.Outcome {
	notMade := providers.Outcome{Class: providers.Transient, Err: fmt.Errorf("it was sent and not answered, and did not happen: %w", o.Err)}
	if w.Kind == providers.Create {
		if f.caps.Creates == providers.ByToken {
			if again := f.store.Write(ctx, []providers.Write{w})[0]; again.Class != providers.Unknown {
				return again
			}
			return o
		}
		found, err := a.find(ctx, f, w.Item)
		switch {
		case err != nil:
			return o
		case found == nil:
			return notMade
		}
		return providers.Outcome{Class: providers.Done, Ref: found.Ref, Version: found.Version, Changed: true}
	}
	out := o
	err := a.e.fetch(ctx, f, []string{w.Ref}, func(got providers.Fetched) {
		switch {
		case w.Kind == providers.Delete && providers.ClassOf(got.Err) == providers.Missing:
			out = providers.Outcome{Class: providers.Done, Ref: w.Ref}
		case got.Err != nil:
		case w.Version != "" && got.Version == w.Version:
			out = notMade
		case w.Kind == providers.Update && heldDigest(f, got.Item) == heldDigest(f, w.Item) && (w.Version != "" || sameMarker(f, got.Item, w.Item)):
			out = providers.Outcome{Class: providers.Done, Ref: w.Ref, Version: got.Version, Changed: true}
		case w.Version == "":
			out = notMade
		default:
			out = providers.Outcome{Class: providers.Stale, Err: errors.New("it is not what the plan saw")}
		}
	})
	if err != nil {
		return o
	}
	return out
}

// find looks for an item that a create may have made, among those that neither state nor another write know: by UID, by marker, else by content, where
// the state knows all that was there before the first write.
func (a *applying) find(ctx context.Context, f *folder, sent *pim.Item) (_ *providers.Fetched, err error) {
	room := scratch.New(0)
	defer func() { err = errors.Join(err, room.Close()) }()
	l, err := a.e.list(ctx, f, "", room)
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
	var refs []string
	err = l.join(a.st, f.address, func(state.Item, *line) {}, func(ref string, _ line) {
		if !written[ref] {
			refs = append(refs, ref)
		}
	})
	if err != nil {
		return nil, err
	}
	var found *providers.Fetched
	var unsure error // why an item that may be it could not be read
	mine, marked := sent.Marker()
	err = a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		switch class := providers.ClassOf(got.Err); {
		case class == providers.Missing || found != nil:
			return
		case class != providers.Done:
			unsure = got.Err
			return
		}
		m, ok := got.Item.Marker()
		switch {
		case f.caps.UIDs:
			ok = got.Item.UID() == sent.UID()
		case f.caps.Markers && marked:
			ok = ok && m.Relationship == mine.Relationship && m.Original == mine.Original && m.Generation == mine.Generation
		default:
			ok = heldDigest(f, got.Item) == heldDigest(f, sent)
		}
		if ok {
			found = &got
		}
	})
	if found == nil {
		err = cmp.Or(err, unsure)
	}
	return found, err
}
