package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// world is what a plan knows: folders as they are, pairs as they were. It reads an item's content only when something about it, its replicas or its original may have changed.
type world struct {
	e       *Engine
	folders map[string]*folder // by address
	rels    []*decide.Relationship
	ends    map[string][2]string // relationship → source and destination folder, of the configuration and the state
	pairs   []link               // all that are recorded, unless nothing changed

	index  map[string]*index // by folder: its items, without content
	loaded map[string]map[string]*decide.Item

	unanswered map[string][]state.Entry // by folder: creates whose outcome nobody knows
	touched    map[spot]bool            // originals whose pairs are decided anew
}

// spot names an item by folder and key.
type spot struct{ folder, key string }

// index knows the items of a folder without their content.
type index struct {
	byKey map[string]entry
	byRef map[string]string   // ref → key
	byUID map[string][]string // UID → keys, where they differ from the key itself
}

// entry is one item of an index.
type entry struct {
	ref, version, uid string
	unreadable        string // why it cannot be understood
	changed           bool   // not as recorded
	gone              bool   // recorded, not there any more
	unseen            bool   // recorded, and a partial read did not show it
	content           *pim.Item
}

func newIndex() *index {
	return &index{byKey: map[string]entry{}, byRef: map[string]string{}, byUID: map[string][]string{}}
}

func (x *index) add(key string, en entry) {
	x.byKey[key] = en
	if !en.gone {
		x.byRef[en.ref] = key
		if en.uid != "" && en.uid != key {
			x.byUID[en.uid] = append(x.byUID[en.uid], key)
		}
	}
}

// keysOf are the keys of the items that are there and hold a UID.
func (x *index) keysOf(uid string) []string {
	keys := x.byUID[uid]
	if en, ok := x.byKey[uid]; ok && !en.gone {
		keys = append(slices.Clone(keys), uid)
	}
	return keys
}

// indexFolder reads what changed in a folder and gives every item its key.
func (w *world) indexFolder(ctx context.Context, st state.Reader, f *folder) error {
	x := newIndex()
	w.index[f.address] = x
	if f.view == nil {
		return nil
	}
	if err := w.confirmGone(ctx, f); err != nil {
		return err
	}
	if f.recorded {
		err := st.Items(f.record.Address, func(it state.Item) error {
			if _, changed := f.view.changed[it.Ref]; changed {
				return nil
			}
			_, gone := f.view.gone[it.Ref]
			_, unseen := f.view.unseen[it.Ref]
			x.add(it.Key, entry{ref: it.Ref, version: it.Version, uid: it.UID, unreadable: it.Unreadable, changed: gone || unseen, gone: gone, unseen: unseen})
			return nil
		})
		if err != nil {
			return err
		}
	}
	got, err := w.readChanged(ctx, f)
	if err != nil {
		return err
	}
	w.keys(f, x, got)
	return nil
}

// confirmGone asks for the items that a listing lacks: absence is not deletion. One that is there after all, or of which the store cannot say that it is
// not, has to be looked at.
func (w *world) confirmGone(ctx context.Context, f *folder) error {
	return w.e.fetch(ctx, f, sortedKeys(f.view.gone), func(got providers.Fetched) {
		if providers.ClassOf(got.Err) == providers.Missing {
			return
		}
		f.view.changed[got.Ref] = change{version: got.Version, record: f.view.gone[got.Ref], known: true}
		delete(f.view.gone, got.Ref)
		f.view.total++
	})
}

// readChanged fetches the items that are new or not as recorded, in order of ref.
func (w *world) readChanged(ctx context.Context, f *folder) ([]providers.Fetched, error) {
	refs := make([]string, 0, len(f.view.changed))
	for ref := range f.view.changed {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	got := make([]providers.Fetched, 0, len(refs))
	err := w.e.fetch(ctx, f, refs, func(one providers.Fetched) { got = append(got, one) })
	slices.SortFunc(got, func(a, b providers.Fetched) int { return cmp.Compare(a.Ref, b.Ref) })
	return got, err
}

// keys gives changed items their keys: the key that an item has stays with it while its UID does, or while its ref does where the store makes UIDs of
// its own, for what could not be read back after it was written is recorded with the UID that was sent; a new item has its UID for a key, unless it has none, or
// another item of the folder has it already.
func (w *world) keys(f *folder, x *index, got []providers.Fetched) {
	var late []providers.Fetched
	for _, one := range got {
		c := f.view.changed[one.Ref]
		switch {
		case providers.ClassOf(one.Err) == providers.Missing:
			f.view.total--
			delete(f.view.changed, one.Ref)
			if c.known {
				f.view.gone[one.Ref] = c.record
				if _, taken := x.byKey[c.record.Key]; !taken {
					x.add(c.record.Key, entry{ref: one.Ref, uid: c.record.UID, changed: true, gone: true})
				}
			}
		case one.Err != nil:
			key := decide.RefKey + one.Ref
			if c.known {
				key = c.record.Key
			}
			x.add(key, entry{ref: one.Ref, version: one.Version, uid: c.record.UID, unreadable: one.Err.Error(), changed: true})
		case c.known && (c.record.UID == one.Item.UID() || !f.caps.UIDs):
			x.add(c.record.Key, entry{ref: one.Ref, version: one.Version, uid: one.Item.UID(), changed: true, content: one.Item})
		default:
			if c.known {
				x.add(c.record.Key, entry{ref: one.Ref, uid: c.record.UID, changed: true, gone: true})
			}
			late = append(late, one)
		}
	}
	nameless, twice := 0, map[string]int{}
	for _, one := range late {
		uid := one.Item.UID()
		key := uid
		if en, taken := x.byKey[uid]; uid == "" || taken && !en.gone {
			key = decide.RefKey + one.Ref
			if uid == "" {
				nameless++
			} else {
				twice[uid]++
			}
		}
		if original := w.madeAgain(f, one.Item); original != "" {
			if en, taken := x.byKey[original]; !taken || en.gone {
				key = original
			}
		}
		x.add(key, entry{ref: one.Ref, version: one.Version, uid: uid, changed: true, content: one.Item})
	}
	w.reportKeys(f, nameless, twice)
}

// reportKeys says which new items are identified by their refs.
func (w *world) reportKeys(f *folder, nameless int, twice map[string]int) {
	if nameless > 0 {
		w.e.note(plan.Diagnostic{Severity: "info", Address: f.address, Summary: "Items without UID",
			Detail: fmt.Sprintf("New items that have no UID: %d. They are told apart by their refs: one that is moved is another item.", nameless)})
	}
	for _, uid := range sortedKeys(twice) {
		w.e.note(plan.Diagnostic{Severity: "info", Address: f.address, Summary: "A UID is used more than once",
			Detail: fmt.Sprintf("New items with the UID %q that another item of the folder has: %d. They are told apart by their refs.", uid, twice[uid])})
	}
}
