package reconcile

import (
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// record makes the outcomes of a batch true in one commit: the journal, the items, and the pairs whose writes are all done now.
func (a *applying) record(f *folder, batch []int) error {
	durable, err := a.enqueue(f, batch)
	if err != nil {
		return err
	}
	return durable()
}

// enqueue records likewise, in the order in which outcomes are taken in. What is recorded is durable when the disk says so.
func (a *applying) enqueue(f *folder, batch []int) (durable func() error, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := &state.Batch{}
	for _, i := range batch {
		e, err := a.outcomeOf(f, i)
		if err != nil {
			return nil, err
		}
		switch a.done[i].class {
		case providers.Done:
			a.result.Summary.Count(a.part.Writes[i].Action, 1)
			a.notified(f, i)
			for _, p := range a.ofWrite[i] {
				if a.pending[p]--; a.pending[p] == 0 {
					e.Formerly = append(e.Formerly, a.former(p, a.recordPair(b, p)))
				}
			}
		case providers.Refused:
			a.recordRefused(b, i)
		}
		b.Entries = append(b.Entries, e)
	}
	for _, i := range batch {
		if a.done[i].class == providers.Done {
			a.recordItem(b, i)
		}
	}
	return a.st.Enqueue(b)
}

// recordItem records an item that was written. While a pair of it is not recorded, it is one that has to be looked at again: a crash would leave the pair
// behind otherwise.
func (a *applying) recordItem(b *state.Batch, i int) {
	w, done := a.part.Writes[i], a.done[i]
	if !a.uses(w.Folder) {
		return
	}
	ref := done.ref
	if w.Kind != providers.Create {
		ref = w.Ref
	}
	again := w.Again || a.open[i] > 0
	if w.Kind == providers.Delete && !again {
		b.DropItems = append(b.DropItems, state.FolderRef{Folder: w.Folder, Ref: ref})
		return
	}
	it := w.Record
	it.Ref, it.Version, it.Key = ref, done.version, w.Key
	if done.stored != nil {
		it.UID = done.stored.UID()
		it.Key = a.keyOf(i)
	} else if !strings.HasPrefix(w.Key, decide.RefKey) {
		it.UID = w.Key
	}
	if again {
		it.Version = ""
	}
	b.Items = append(b.Items, state.FolderItem{Folder: w.Folder, Item: it})
}

// uses reports whether some relationship uses a folder: what a person asked for may be about another one, of which nothing is recorded.
func (a *applying) uses(folder string) bool {
	return a.plan.Document.Task == "" || a.folders[folder].recorded || a.read[folder].Address != ""
}

// keyOf is the key of an item that was written: the planned one, unless the store made a UID of its own.
func (a *applying) keyOf(i int) string {
	w, done := a.part.Writes[i], a.done[i]
	if w.Kind != providers.Create || done.stored == nil || done.stored.UID() == w.UID {
		return w.Key
	}
	if done.stored.UID() == "" {
		return decide.RefKey + done.ref
	}
	return done.stored.UID()
}

// recordPair records a pair whose writes are all done, and the items that no other pair keeps open. It returns what the pair is recorded under.
func (a *applying) recordPair(b *state.Batch, i int) state.PairKey {
	p := a.part.Pairs[i]
	for _, w := range p.Needs {
		if a.open[w]--; a.open[w] == 0 && a.done[w].class == providers.Done {
			a.recordItem(b, w)
		}
	}
	if p.New == nil {
		b.DropPairs = append(b.DropPairs, p.Key)
		return p.Key
	}
	pair := *p.New
	if p.Original >= 0 {
		a.settleOriginal(b, p, &pair)
	}
	if p.Replica >= 0 && a.part.Writes[p.Replica].Kind != providers.Delete {
		done := a.done[p.Replica]
		pair.Replica = a.keyOf(p.Replica)
		if done.ref != "" {
			pair.ReplicaRef = done.ref
		}
		pair.BaseReplica = stored(pair.BaseReplica, done)
	}
	b.Pairs = append(b.Pairs, pair)
	return state.PairKey{Relationship: pair.Relationship, Original: pair.Original}
}

// settleOriginal takes the original's side of a pair from what was stored.
func (a *applying) settleOriginal(b *state.Batch, p plan.Pair, pair *state.Pair) {
	if a.part.Writes[p.Original].Kind == providers.Delete {
		return
	}
	done := a.done[p.Original]
	if key := a.keyOf(p.Original); key != pair.Original {
		b.DropPairs = append(b.DropPairs, p.Key)
		pair.Original = key
	}
	if done.ref != "" {
		pair.OriginalRef = done.ref
	}
	pair.BaseOriginal = stored(pair.BaseOriginal, done)
}

// stored is a planned base with what the store holds in place of what was sent. A field whose base is something else than what was sent (it is the replica's own)
// stays. A pair that another one leads has no base, and gets none.
func stored(base pim.Digests, done outcome) pim.Digests {
	if len(base) == 0 || done.stored == nil || done.stored == done.sent {
		return base
	}
	sent, now := done.sent.Fields().Digests(), done.stored.Fields().Digests()
	out := maps.Clone(base)
	names := maps.Clone(sent)
	maps.Copy(names, now)
	for name := range names {
		if !base[name].Equal(sent[name]) {
			continue
		}
		if delete(out, name); len(now[name]) > 0 {
			out[name] = now[name]
		}
	}
	return out
}

// recordRefused remembers what a provider would not take, so that it is not sent again until something changes.
func (a *applying) recordRefused(b *state.Batch, i int) {
	sent := a.done[i].sent
	if sent == nil {
		return // a delete: the next plan asks again
	}
	for _, n := range a.ofWrite[i] {
		p := a.part.Pairs[n]
		if p.New == nil || p.Replica != i && p.Original != i {
			continue
		}
		pair := state.Pair{Relationship: p.Key.Relationship, Original: p.Key.Original, OriginalRef: p.New.OriginalRef, Status: state.Active, Generation: p.New.Generation}
		switch {
		case p.Old != nil:
			pair = *p.Old
		case p.New.Adopted && p.Replica == i: // it stays as it was, and is the replica all the same: nothing else is to be made of it
			pair = *p.New
			pair.BaseReplica = a.baseBefore(i, pair.BaseReplica)
		}
		pair.Refused = sent.Fields().Digest()
		b.Pairs = append(b.Pairs, pair)
	}
}

// baseBefore is the base of an item that was to be written, and is as it was before.
func (a *applying) baseBefore(i int, base pim.Digests) pim.Digests {
	w := a.part.Writes[i]
	before, err := pim.Parse(w.ItemKind, w.Before)
	if err != nil {
		return base
	}
	return stored(base, outcome{sent: a.done[i].sent, stored: before})
}

// settlePart records what is left of a part: pairs that needed no write, and what the reads brought.
func (a *applying) settlePart() error {
	if err := a.settlePairs(); err != nil {
		return err
	}
	whole, written := true, map[state.FolderRef]bool{}
	for i, w := range a.part.Writes {
		switch a.done[i].class {
		case providers.Done:
			written[state.FolderRef{Folder: w.Folder, Ref: w.Ref}] = true
			written[state.FolderRef{Folder: w.Folder, Ref: a.done[i].ref}] = true
		case providers.Refused:
		default:
			whole = false
		}
	}
	usable := func(folder string) bool { return a.folders[folder].trouble == nil }
	for items := range batches(a.part.Items, commitSize) {
		b := &state.Batch{}
		for _, it := range items {
			if !whole { // an apply that is killed leaves no other trace of what was not done
				it.Version = ""
			}
			if usable(it.Folder) && !written[state.FolderRef{Folder: it.Folder, Ref: it.Ref}] {
				b.Items = append(b.Items, it)
			}
		}
		if err := a.st.Commit(b); err != nil {
			return err
		}
	}
	b := &state.Batch{}
	for _, ref := range a.part.Gone {
		switch {
		case !usable(ref.Folder), written[ref]: // an item made again may have the ref that it had before
		case whole:
			b.DropItems = append(b.DropItems, ref)
		default:
			a.gone = append(a.gone, ref)
		}
	}
	a.part.Count(a.todo, -1)
	b.Relationships = a.settled()
	return a.st.Commit(b)
}

// settled are the relationships that are new or other than they were, and of which this part was the last that had anything for them: an apply that is killed from here on need not have them
// looked at as a whole again.
func (a *applying) settled() (list []state.Relationship) {
	for i := range a.part.Pairs {
		address := a.part.Pairs[i].Key.Relationship
		if r, is := a.fresh[address]; is && a.todo[address] == 0 && !a.failed[address] {
			delete(a.fresh, address)
			list = append(list, a.unwritten(r))
		}
	}
	return list
}

// settlePairs records the pairs that needed no write.
func (a *applying) settlePairs() error {
	b := &state.Batch{}
	for i, p := range a.part.Pairs {
		switch {
		case len(p.Needs) == 0:
			a.recordPair(b, i)
		case a.pending[i] > 0 && !a.onlyRefused(p):
			a.failed[p.Key.Relationship] = true
		}
		if len(b.Pairs)+len(b.DropPairs) >= commitSize {
			if err := a.st.Commit(b); err != nil {
				return err
			}
			b = &state.Batch{}
		}
	}
	return a.st.Commit(b)
}

// commitSize is how many records go into one commit.
const commitSize = 5000

// onlyRefused reports whether everything of a pair that was not done was refused.
func (a *applying) onlyRefused(p plan.Pair) bool {
	return !slices.ContainsFunc(p.Needs, func(w int) bool {
		return a.done[w].class != providers.Done && a.done[w].class != providers.Refused
	})
}
