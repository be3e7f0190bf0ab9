package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// world is what a plan knows: folders as they are, pairs as they were. It reads an item's content only when something about it, its replicas or its original may have changed.
type world struct {
	e       *Engine
	st      state.Reader
	now     time.Time // when the plan is made: what windows and waiting times are measured from
	room    *scratch.Store
	folders map[string]*folder     // by address
	rels    []*decide.Relationship // by address
	ends    map[string][2]string   // relationship → source and destination folder, of the configuration and the state
	names   map[string][]string    // relationship → the addresses under which its pairs are recorded

	bySource, byTarget map[string][]*decide.Relationship // of rels, by folder

	index    map[string]*index // by folder
	shared   *shared
	replicas *scratch.Table[state.PairKey]         // by folder and key: the pair that has an item as its replica
	derived  map[string]*scratch.Table[derivation] // by relationship: the UIDs that its replicas could have, as far as somebody asked

	unanswered map[string][]state.Entry        // by folder: creates whose outcome nobody knows
	creates    map[state.PairKey][]state.Entry // the same by pair
	updates    map[updated][]update            // those whose outcome nobody knows
}

// spot names an item by folder and key.
type spot struct{ folder, key string }

// name is the spot as a key of a table.
func (at spot) name() string { return at.folder + "\x00" + at.key }

// pair is a recorded pair; nil: there is none.
func (w *world) pair(k state.PairKey) (*state.Pair, error) {
	for _, name := range w.names[k.Relationship] {
		p, err := w.st.Pair(state.PairKey{Relationship: name, Original: k.Original})
		if err != nil || p != nil {
			if p != nil {
				p.Relationship = k.Relationship
			}
			return p, err
		}
	}
	return nil, nil
}

// matched reports whether items of a folder may be adopted, or originals of it matched.
func (w *world) matched(folder string) bool {
	return w.some(folder, func(r *decide.Relationship) bool { return r.Policies.Existing == schema.ExistingAdopt })
}

// some reports whether some relationship of a folder is of a kind.
func (w *world) some(folder string, is func(*decide.Relationship) bool) bool {
	return slices.ContainsFunc(w.bySource[folder], is) || slices.ContainsFunc(w.byTarget[folder], is)
}

// indexFolder reads what changed in a folder and gives every item its key: the key that an item has stays with it while its UID does, or while its ref does
// where the store makes UIDs of its own, for what could not be read back after it was written is recorded with the UID that was sent; a new item has its UID
// for a key, unless it has none, or another item of the folder has it already.
func (w *world) indexFolder(ctx context.Context, f *folder) error {
	kind := f.record.Kind
	if f.spec != nil {
		kind = f.spec.Kind
	}
	x := newIndex(w.room, kind, w.shared)
	w.index[f.address] = x
	if f.view == nil {
		return nil
	}
	if err := w.confirmGone(ctx, f); err != nil {
		return err
	}
	if f.recorded {
		err := w.st.Items(f.record.Address, func(it state.Item) error {
			en := entry{ref: it.Ref, version: it.Version, uid: it.UID, unreadable: it.Unreadable, since: it.Seen, due: it.Due, found: foundBy(it)}
			if len(it.Match) > 0 {
				en.flags |= isKeyed
			}
			switch n, heard := f.view.news.Get(it.Ref); {
			case !heard:
			case n.state == gone:
				en.flags |= isChanged | isNews | isGone
			case n.state == unseen:
				en.flags |= isChanged | isUnseen
			default:
				return nil // it gets its key when it is read
			}
			x.add(it.Key, en)
			x.hash(it.Key, it.Match)
			x.hash(it.Key, it.Names)
			return nil
		})
		if err != nil {
			return err
		}
	}
	k := &keys{w: w, f: f, x: x, twice: map[string]int{}}
	atOnce := w.e.limits.read
	passes := [][]newsState{{changed, unsure}, {added}} // what has a key keeps it
	if f.view.news.Len() <= atOnce {
		passes = [][]newsState{{changed, unsure, added}}
	}
	for i, states := range passes {
		for refs := range f.view.refs(atOnce, states...) {
			got, err := w.fetchAll(ctx, f, refs)
			if err != nil {
				return err
			}
			for _, one := range got {
				k.give(one)
			}
			if i == len(passes)-1 { // all that have keys were read
				k.giveLate()
			}
		}
	}
	k.giveLate()
	k.report()
	return w.room.Err()
}

// confirmGone asks for the items that a listing lacks: absence is not deletion. One that is there after all, or of which the store cannot say that it is
// not, has to be looked at.
func (w *world) confirmGone(ctx context.Context, f *folder) error {
	for refs := range f.view.refs(w.e.limits.read, gone) {
		err := w.e.fetch(ctx, f, refs, func(got providers.Fetched) {
			if providers.ClassOf(got.Err) == providers.Missing {
				return
			}
			n, _ := f.view.news.Get(got.Ref)
			n.version, n.state = got.Version, changed
			f.view.news.Set(got.Ref, n)
			f.view.total++
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fetchAll reads items, and gives them in order of ref.
func (e *Engine) fetchAll(ctx context.Context, f *folder, refs []string) ([]providers.Fetched, error) {
	got := make([]providers.Fetched, 0, len(refs))
	err := e.fetch(ctx, f, refs, func(one providers.Fetched) { got = append(got, one) })
	slices.SortFunc(got, func(a, b providers.Fetched) int { return cmp.Compare(a.Ref, b.Ref) })
	return got, err
}

// fetchAll reads items of a folder as the engine does. Those that turn up again and again are the same.
func (w *world) fetchAll(ctx context.Context, f *folder, refs []string) ([]providers.Fetched, error) {
	got, err := w.e.fetchAll(ctx, f, refs)
	for i := range got {
		got[i].Item = w.shared.one(got[i].Item)
	}
	return got, err
}

// keys gives the changed items of a folder their keys.
type keys struct {
	w *world
	f *folder
	x *index

	late     []providers.Fetched // read, and without a key yet: new, or with another UID than before
	nameless int
	twice    map[string]int
}

// give gives an item that was read its key.
func (k *keys) give(one providers.Fetched) {
	n, _ := k.f.view.news.Get(one.Ref)
	known := n.state != added
	if one.Modified.After(k.w.now) { // a clock that is ahead says nothing
		one.Modified = time.Time{}
	}
	switch {
	case providers.ClassOf(one.Err) == providers.Missing:
		k.f.view.total--
		if !known {
			k.f.view.news.Drop(one.Ref)
			return
		}
		n.state = gone
		k.f.view.news.Set(one.Ref, n)
		k.x.lose(n.record.Key, one.Ref, n.record.UID)
	case one.Err != nil && !known && passes(one.Err):
		k.f.view.news.Drop(one.Ref) // it may be what would be added beside it
		if k.f.partial == "" {
			k.f.partial = fmt.Sprintf("what %q is could not be seen: %v", one.Ref, one.Err)
		}
	case one.Err != nil:
		key := decide.RefKey + one.Ref
		if known {
			key = n.record.Key
		}
		k.x.titles[one.Ref] = k.w.e.titleOf(one.Err)
		k.x.add(key, entry{ref: one.Ref, version: one.Version, uid: n.record.UID, unreadable: one.Err.Error(), flags: isChanged | isNews})
	case known && (n.record.UID == one.Item.UID() || !k.f.caps.UIDs):
		if one.Modified.IsZero() && (n.record.Version == one.Version || n.record.Version == "") {
			one.Modified = n.record.Seen // without a recorded version, it is looked at for what else waits, and time goes on all the same
		}
		k.add(n.record.Key, one, false)
	default:
		if known {
			k.x.add(n.record.Key, entry{ref: one.Ref, uid: n.record.UID, flags: isChanged | isGone})
			k.x.others[one.Ref] = true
		}
		k.late = append(k.late, one)
	}
}

// passes reports whether an item that could not be read may be readable at the next run.
func passes(err error) bool {
	switch providers.ClassOf(err) {
	case providers.Refused, providers.Unauthorized:
		return false
	}
	return true
}

// giveLate gives keys to the items that have none, now that the others have theirs.
func (k *keys) giveLate() {
	for _, one := range k.late {
		k.giveNew(one)
	}
	k.late = nil
}

// giveNew gives a key to an item that had none.
func (k *keys) giveNew(one providers.Fetched) {
	uid := one.Item.UID()
	key := uid
	if uid == "" || k.x.there(uid) {
		key = decide.RefKey + one.Ref
		if uid == "" {
			k.nameless++
		} else {
			k.twice[uid]++
		}
	}
	if original := k.w.madeAgain(k.f, one.Item); original != "" && !k.x.there(original) {
		key = original
	}
	k.add(key, one, true)
}

// add puts a readable item into the index, with what its marker says.
func (k *keys) add(key string, one providers.Fetched, isNew bool) {
	k.x.add(key, entry{ref: one.Ref, version: one.Version, uid: one.Item.UID(), since: one.Modified, flags: isChanged | isNews})
	k.w.body(k.f, k.x, key, one.Item)
	if isNew {
		if m := k.w.made(k.f, one.Item); m != nil {
			k.x.made[key] = *m
			k.x.name(&k.x.byMark, m.Original, key)
		}
	}
	k.w.marked(k.f, k.x, key, one.Item)
}

// body keeps what an item says, and what it can be found by: its match keys, and the UIDs that it refers to.
func (w *world) body(f *folder, x *index, key string, it *pim.Item) {
	x.body(key, it)
	x.hash(key, w.matches(f, it, func(*decide.Relationship) bool { return true }))
	x.hash(key, hashes(decide.References(it)))
}

// matches are the hashes by which an item of a folder is matched: its own match keys, and those of its replica in each relationship that seeks one for it.
func (w *world) matches(f *folder, it *pim.Item, seeks func(*decide.Relationship) bool) []uint64 {
	if !w.matched(f.address) {
		return nil
	}
	match := it.MatchKeys(f.floating())
	for _, r := range w.bySource[f.address] {
		if r.Rendered == nil || r.Policies.Existing != schema.ExistingAdopt || !seeks(r) {
			continue
		}
		for _, h := range r.Rendered(it) {
			if !slices.Contains(match, h) {
				match = append(match, h)
			}
		}
	}
	return match
}

// hashes are short for UIDs.
func hashes(uids []string) []uint64 {
	var out []uint64
	for _, uid := range uids {
		out = append(out, xxhash.Sum64String(uid))
	}
	return out
}

// report says which new items are identified by their refs.
func (k *keys) report() {
	if k.nameless > 0 {
		k.w.e.note(plan.Diagnostic{Severity: "info", Address: k.f.address, Summary: "Items without UID",
			Detail: fmt.Sprintf("New items that have no UID: %d. They are told apart by their refs: one that is moved is another item.", k.nameless)})
	}
	for _, uid := range sortedKeys(k.twice) {
		k.w.e.note(plan.Diagnostic{Severity: "info", Address: k.f.address, Summary: "A UID is used more than once",
			Detail: fmt.Sprintf("New items with the UID %q that another item of the folder has: %d. They are told apart by their refs.", uid, k.twice[uid])})
	}
}
