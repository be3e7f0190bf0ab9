package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// errFollows is why a write is left out whose original's write, or release, was not made.
var errFollows = errors.New("the write that it follows from was not made")

// writeBatch journals, writes and records one batch of a folder. A batch that was begun is finished also when the apply is interrupted.
func (a *applying) writeBatch(ctx context.Context, f *folder, batch []int) error {
	ctx, end := finishing(ctx, a.e.opts.Timeout)
	defer end()

	batch = a.ready(a.unpaused(batch))
	if !f.caps.Conditional {
		batch = a.lookFirst(ctx, f, batch)
	}
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
	if err := a.st.Commit(&state.Batch{Entries: a.intents(f, batch, writes)}); err != nil {
		return fmt.Errorf("apply: nothing was written to %s: %w", f.address, err)
	}
	outcomes := f.store.Write(ctx, writes)
	for n, i := range batch {
		a.answered(i, writes[n], outcomes[n])
	}
	for n, i := range batch {
		if outcomes[n].Class == providers.Unknown {
			outcomes[n] = a.lookUp(ctx, f, writes[n], outcomes[n])
			a.answered(i, writes[n], outcomes[n])
		}
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

// lookFirst leaves out the writes of items that are not as planned any more, where the store would overwrite them.
func (a *applying) lookFirst(ctx context.Context, f *folder, batch []int) []int {
	byRef := map[string]int{}
	var refs []string
	for _, i := range batch {
		if w := a.part.Writes[i]; w.Kind != providers.Create {
			byRef[w.Ref] = i
			refs = append(refs, w.Ref)
		}
	}
	stale := map[int]bool{}
	err := a.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		i := byRef[got.Ref]
		w := a.part.Writes[i]
		switch {
		case got.Err != nil:
			stale[i] = true
			a.skip(i, providers.ClassOf(got.Err), got.Err)
		case got.Version != w.Version || got.Version == "" && !a.sameAsBefore(w, got.Item):
			stale[i] = true
			a.skip(i, providers.Stale, errors.New("it is not what the plan saw"))
		}
	})
	var out []int
	for _, i := range batch {
		if err != nil && a.part.Writes[i].Kind != providers.Create && !stale[i] {
			a.skip(i, providers.ClassOf(err), err)
			continue
		}
		if !stale[i] {
			out = append(out, i)
		}
	}
	return out
}

func (a *applying) sameAsBefore(w plan.Write, now *pim.Item) bool {
	before, err := pim.Parse(w.ItemKind, w.Before)
	return err == nil && before.Fields().Equal(now.Fields())
}

// prepare is a planned write as the provider gets it.
func (a *applying) prepare(i int) (providers.Write, error) {
	w := a.part.Writes[i]
	out := providers.Write{Kind: w.Kind, Ref: w.Ref, Version: w.Version}
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

// intents are the journal's records of what is about to be written.
func (a *applying) intents(f *folder, batch []int, writes []providers.Write) []state.Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []state.Entry
	for n, i := range batch {
		out = append(out, a.entry(f, i, writes[n]))
	}
	return out
}

// entry is the journal's record of one write; its number is given, and its content digested, at the first call. The caller holds mu.
func (a *applying) entry(f *folder, i int, sent providers.Write) state.Entry {
	w := a.part.Writes[i]
	if a.done[i].seq == 0 {
		a.seq++
		a.done[i].seq = a.seq
		if sent.Item != nil {
			a.done[i].digest = heldDigest(f, sent.Item)
		}
	}
	e := state.Entry{Apply: a.number, Seq: a.done[i].seq, Relationship: w.Relationship, Folder: w.Folder, Kind: w.Kind, Ref: w.Ref,
		Original: w.Original, Generation: w.Generation, Token: sent.Token, UID: w.UID, Before: w.Before, Reason: w.Reason, Sent: a.done[i].digest}
	if e.Token == e.UID {
		e.Token = ""
	}
	return e
}

// heldDigest is the digest of what a folder can hold of an item.
func heldDigest(f *folder, it *pim.Item) uint64 {
	if len(f.caps.Lacks) == 0 {
		return it.Fields().Digest()
	}
	held := pim.Fields{}
	for name, v := range it.Fields() {
		if f.caps.Holds(name) {
			held[name] = v
		}
	}
	return held.Digest()
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
		case got.Version == w.Version:
			out = notMade
		case w.Kind == providers.Update && heldDigest(f, got.Item) == heldDigest(f, w.Item):
			out = providers.Outcome{Class: providers.Done, Ref: w.Ref, Version: got.Version, Changed: true}
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
		if got.Err != nil {
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
