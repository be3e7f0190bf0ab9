package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// errFollows is why a write is left out whose original's write, or release, was not made.
var errFollows = errors.New("the write that it follows from was not made")

// errNotThere is why a write that the store said was made is none: an item that it never had would look deleted to the next plan, and take its original with it.
var errNotThere = errors.New("the store said that it was made, and there is nothing")

// writeBatch journals, writes and records one batch of a folder. A batch that was begun is finished also when the apply is interrupted.
func (a *applying) writeBatch(ctx context.Context, f *folder, batch []int) error {
	ctx, end := finishing(ctx, a.e.opts.Timeout)
	defer end()

	batch = a.ready(a.unpaused(batch))
	batch = a.lookFirst(ctx, f, batch)
	if len(batch) == 0 {
		return nil
	}
	writes := make([]providers.Write, 0, len(batch))
	for _, i := range batch {
		w, err := a.prepare(i)
		if err != nil {
			return err
		}
		writes = append(writes, w)
	}
	intents, err := a.intents(f, batch, writes)
	if err != nil {
		return err
	}
	if err := a.st.Commit(&state.Batch{Entries: intents, Pairs: a.remade(batch)}); err != nil {
		return fmt.Errorf("apply: nothing was written to %s: %w", f.address, err)
	}
	outcomes := f.store.Write(ctx, writes)
	for n, i := range batch {
		a.answered(i, writes[n], outcomes[n])
	}
	a.lookUp(ctx, f, writes, outcomes)
	for n, i := range batch {
		a.answered(i, writes[n], outcomes[n])
		if o := outcomes[n]; o.Class != providers.Done {
			a.skip(i, o.Class, o.Err)
		}
	}
	a.readBack(ctx, f, batch, outcomes)
	return a.record(f, batch)
}

// answered takes in what the store said of a write.
func (a *applying) answered(i int, w providers.Write, o providers.Outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	done := &a.done[i]
	done.class, done.ref, done.version, done.sent, done.stored = o.Class, o.Ref, o.Version, w.Item, w.Item
}

// ready leaves out the writes whose needs were not done.
func (a *applying) ready(batch []int) []int {
	var out []int
	for _, i := range batch {
		ok := true
		a.mu.Lock()
		for _, need := range a.part.Writes[i].Needs {
			ok = ok && a.done[need].class == providers.Done
		}
		a.mu.Unlock()
		if !ok {
			a.skip(i, providers.Stale, errFollows)
			continue
		}
		out = append(out, i)
	}
	return out
}

// prepare is a planned write as the provider gets it.
func (a *applying) prepare(i int) (providers.Write, error) {
	w := a.part.Writes[i]
	out := providers.Write{Kind: w.Kind, Ref: w.Ref, Version: cmp.Or(w.Version, a.done[i].seen)}
	if w.Kind == providers.Delete {
		return out, nil
	}
	it, err := pim.Parse(w.ItemKind, w.Item)
	if err != nil {
		return out, fmt.Errorf("apply: the plan's item for %s is no item: %w", w.Folder, err)
	}
	if w.Kind == providers.Update || it.Modified().IsZero() { // RFC 5545 3.6.1 asks for a DTSTAMP
		it = it.Touch(a.e.opts.Now())
	}
	out.Item = it
	if w.Kind == providers.Create {
		out.Token = decide.ReplicaUID(a.e.ws.Name, w.Relationship, w.Original, w.Generation)
		if w.Key != out.Token { // a version set apart, or an original made again
			out.Token = w.Key
		}
	}
	return out, nil
}

// heldDigest is the digest of what a folder can hold of an item.
func heldDigest(f *folder, it *pim.Item) uint64 {
	fields := it.Fields()
	if f.caps.Instants {
		fields = fields.Instants(it.Kind())
	}
	if len(f.caps.Lacks) == 0 {
		return fields.Digest()
	}
	held := pim.Fields{}
	for name, v := range fields {
		if f.caps.Holds(name) {
			held[name] = v
		}
	}
	return held.Digest()
}

// readBack learns what the store holds where that may be something else than what was sent. The base of a pair is what was stored.
func (a *applying) readBack(ctx context.Context, f *folder, batch []int, outcomes []providers.Outcome) {
	byRef := map[string]int{}
	var refs []string
	for n, i := range batch {
		w := a.part.Writes[i]
		if a.done[i].class == providers.Done && w.Kind != providers.Delete && (outcomes[n].Changed || !f.caps.UIDs) {
			byRef[a.done[i].ref] = i
			refs = append(refs, a.done[i].ref)
		}
	}
	// What cannot be read back now is looked at again by the next plan: its version is not known.
	unread := func(i int) { a.done[i].version = "" }
	err := a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		a.mu.Lock()
		defer a.mu.Unlock()
		i := byRef[got.Ref]
		delete(byRef, got.Ref)
		switch {
		case providers.ClassOf(got.Err) == providers.Missing:
			a.done[i].class = providers.Transient
			a.notDone(i, providers.Transient, errNotThere)
			return
		case got.Err != nil:
			unread(i)
			return
		}
		a.done[i].version, a.done[i].stored = got.Version, got.Item
	})
	if err != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, i := range byRef {
			unread(i)
		}
	}
}
