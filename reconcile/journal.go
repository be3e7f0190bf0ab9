package reconcile

import (
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/encrypt"
	"github.com/accord-sync/accord/schema/pim"
)

// seal makes the key that the images of this apply are sealed with, when the workspace names recipients.
func (a *applying) seal() error {
	to := a.e.ws.Journal.Recipients
	if len(to) == 0 {
		return nil
	}
	key, wrapped, err := to.NewKey()
	if err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	a.images.Key, a.log.Key = key, wrapped
	return nil
}

// intents are the journal's records of what is about to be written.
func (a *applying) intents(f *folder, batch []int, writes []providers.Write) ([]state.Entry, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []state.Entry
	for n, i := range batch {
		done := &a.done[i]
		a.seq++
		done.seq = a.seq
		if writes[n].Item != nil && a.part.Writes[i].Action != plan.Release { // which says what a person said, and is no sign of having been written
			done.digest = heldDigest(f, writes[n].Item)
		}
		var err error
		if done.images, err = a.images.Pack(a.part.Writes[i].Before, nil); err != nil {
			return nil, err
		}
		e := a.entry(i)
		if e.Token = writes[n].Token; e.Token == e.UID {
			e.Token = ""
		}
		out = append(out, e)
	}
	return out, nil
}

// entry is the journal's record of one write that was begun. The caller holds mu.
func (a *applying) entry(i int) state.Entry {
	w, done := a.part.Writes[i], a.done[i]
	return state.Entry{Apply: a.number, Seq: done.seq, Relationship: w.Relationship, Folder: w.Folder, Kind: w.Kind, Ref: w.Ref,
		Original: w.Original, Generation: w.Generation, UID: w.UID, Images: done.images, Reason: w.Reason, Digest: done.digest}
}

// outcomeOf is the journal's record of a write with what became of it. The caller holds mu.
func (a *applying) outcomeOf(f *folder, i int) (state.Entry, error) {
	w, done := a.part.Writes[i], &a.done[i]
	if done.class == providers.Done && done.stored != nil {
		if done.stored != done.sent || done.digest == 0 {
			done.digest = heldDigest(f, done.stored)
		}
		if w.Kind == providers.Update || a.plan.Document.Task != "" { // what a plan of the configuration adds follows from its original
			var err error
			if done.images, err = a.images.Pack(w.Before, done.stored.Bytes()); err != nil {
				return state.Entry{}, err
			}
		}
	}
	e := a.entry(i)
	e.Outcome, e.NewVersion = done.class, done.version
	if w.Kind == providers.Create {
		e.NewRef = done.ref
	}
	if done.class == providers.Unknown {
		e.Outcome = "" // the next plan looks for it
	}
	a.log.Size += int64(len(done.images))
	a.log.Count(e)
	return e, nil
}

// former is a pair as it was before this apply recorded it under a key. The caller holds mu.
func (a *applying) former(p int, recorded state.PairKey) state.Former {
	pair := a.part.Pairs[p]
	f := state.Former{PairKey: recorded, Pair: pair.Old}
	for _, w := range pair.Needs {
		f.Writes = append(f.Writes, a.done[w].seq)
	}
	slices.Sort(f.Writes)
	return f
}

// wrote reports whether an apply wrote something, or was killed before it could say.
func wrote(a state.Apply) bool {
	for _, action := range []plan.Action{plan.Add, plan.Edit, plan.Delete, plan.Adopt, plan.Mark, plan.Retire, plan.Release} {
		if a.Counts[string(action)] > 0 {
			return true
		}
	}
	return a.Finished.IsZero()
}

// expire adds to a batch the applies whose time in the journal is over, or for which there is no room. The last one that wrote something stays, and those
// with open entries: a write's outcome is still looked for.
func (a *applying) expire(b *state.Batch, open []state.Entry) error {
	keep := a.e.ws.Journal
	applies, err := a.st.Applies()
	if err != nil {
		return err
	}
	size, last := a.log.Size, wrote(a.log)
	for _, old := range slices.Backward(applies) {
		if old.Number == a.number {
			continue
		}
		if !last && wrote(old) {
			last, size = true, size+old.Size
			continue
		}
		size += old.Size
		young := keep.Keep == 0 || a.log.Finished.Sub(old.Started) <= keep.Keep
		fits := keep.MaxSize == 0 || size <= keep.MaxSize
		if young && fits || slices.ContainsFunc(open, func(e state.Entry) bool { return e.Apply == old.Number }) {
			continue
		}
		b.DropApplies = append(b.DropApplies, old.Number)
	}
	return nil
}

// imagesOf opens the images of one apply's entries.
func imagesOf(apply state.Apply, as encrypt.Identities) (func(state.Entry, pim.Kind) (before, after *pim.Item, err error), error) {
	var key *encrypt.Key
	if apply.Key != nil {
		var err error
		if key, err = as.Key(apply.Key); err != nil {
			return nil, fmt.Errorf("what apply %d wrote cannot be read: %w", apply.Number, err)
		}
	}
	return func(e state.Entry, kind pim.Kind) (before, after *pim.Item, err error) {
		was, is, err := image.Unpack(e.Images, key)
		if err == nil && len(was) > 0 {
			before, err = pim.Parse(kind, was)
		}
		if err == nil && len(is) > 0 {
			after, err = pim.Parse(kind, is)
		}
		if err != nil {
			err = fmt.Errorf("entry %d of apply %d: %w", e.Seq, e.Apply, err)
		}
		return before, after, err
	}, nil
}
