package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// look compares the items of a folder with what the apply left, and finds out which can be as they were.
func (u *undoing) look(ctx context.Context, f *folder, takings []*taking) error {
	if f.trouble != nil || f.readOnly() {
		why := "the folder is never written: access is \"read\", or its driver cannot write"
		if f.trouble != nil {
			why = f.trouble.Error()
		}
		for _, t := range takings {
			u.leaveAs(t, why)
		}
		return nil
	}
	takings = slices.DeleteFunc(takings, func(t *taking) bool {
		_, known := u.ends[t.entry.Relationship]
		if known || t.entry.Relationship == f.address {
			return false
		}
		u.leaveAs(t, fmt.Sprintf("%s, which it was written for, is not known: it left since, or has another name now, and then a moved block says which", t.entry.Relationship))
		return true
	})
	for _, t := range takings {
		var err error
		if t.was, t.left, err = u.images(t.entry, f.kind()); err != nil {
			return err
		}
	}
	if err := u.find(ctx, f, takings); err != nil {
		return err
	}
	in, err := u.standing(ctx, f, takings)
	if err != nil {
		return err
	}
	for _, t := range takings {
		u.judge(f, t, in)
	}
	return nil
}

// leaveAs leaves an item as it is, and says why.
func (u *undoing) leaveAs(t *taking, why string) {
	if it := cmp.Or(itemOf(t.now), t.was, t.left); it != nil && !u.e.hides(it) {
		why = fmt.Sprintf("%q: %s", it.Title(), why)
	}
	u.leave(t.entry.Folder, refOf(t.entry), why)
}

// standing are the items of a folder now that takings are about, or that stand in their way.
type standing struct {
	records map[string]state.Item        // by ref, as recorded
	now     map[string]providers.Fetched // by ref
	again   map[string][]string          // refs by key and, where none may be used twice, by UID
}

func (u *undoing) standing(ctx context.Context, f *folder, takings []*taking) (in standing, err error) {
	keys, uids, refs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, t := range takings {
		refs[refOf(t.entry)] = true
		if t.entry.Kind == providers.Delete && t.was != nil {
			t.key = u.keyOf(t.entry, t.was)
			keys[t.key], uids[t.was.UID()] = true, f.caps.UIDs && t.was.UID() != ""
		}
	}
	in.records, err = u.records(f, func(it state.Item) bool { return refs[it.Ref] || keys[it.Key] || uids[it.UID] })
	if err != nil {
		return in, err
	}
	in.again = map[string][]string{}
	for ref, it := range in.records {
		refs[ref], in.again[it.Key] = true, append(in.again[it.Key], ref)
		if uids[it.UID] && it.UID != it.Key {
			in.again[it.UID] = append(in.again[it.UID], ref)
		}
	}
	delete(refs, "")
	in.now, err = u.fetchEach(ctx, f, sortedKeys(refs))
	return in, err
}

// taken reports whether what was deleted could not be there again beside another item.
func (in standing) taken(t *taking) bool {
	return t.entry.Kind == providers.Delete && t.was != nil && slices.ContainsFunc(slices.Concat(in.again[t.key], in.again[t.was.UID()]), func(ref string) bool { return in.now[ref].Item != nil })
}

// judge finds out whether an item can be as it was.
func (u *undoing) judge(f *folder, t *taking, in standing) {
	ref := refOf(t.entry)
	if t.entry.Kind != providers.Delete {
		t.key = in.records[ref].Key
	}
	if got, asked := in.now[ref]; asked && providers.ClassOf(got.Err) != providers.Missing {
		if got.Err != nil {
			u.leaveAs(t, fmt.Sprintf("it cannot be read: %v", got.Err))
			return
		}
		t.now = &got
	}
	if why := u.hindrance(f, t, in.taken(t)); why != "" {
		u.leaveAs(t, why)
		return
	}
	t.then, t.done = t.was, true
}

// hindrance is why an item is not made what it was; "": nothing hinders it. taken says that what was deleted could not be there again beside another item.
func (u *undoing) hindrance(f *folder, t *taking, taken bool) string {
	kind := t.entry.Kind
	switch {
	case kind != providers.Create && t.was == nil:
		return "the journal does not say what it was"
	case kind == providers.Delete && (t.now != nil || taken):
		return "the item that was deleted is there again, or another one has its UID"
	case kind == providers.Delete:
		return ""
	case t.now == nil && kind == providers.Create:
		return "the item that was added is gone by now"
	case t.now == nil:
		return "the item that was edited is gone by now"
	case kind == providers.Update && sameItem(t.now.Item, t.was):
		return "the item is as it was before already"
	case !u.untouched(f, t.entry, *t.now, t.left):
		return "it was changed since"
	}
	return ""
}

// keyOf is the key that an item had which was deleted: of two items with one UID, its pair knows which one it was.
func (u *undoing) keyOf(e state.Entry, was *pim.Item) string {
	for _, f := range e.Formerly {
		switch ends := u.ends[u.rename(f.Relationship)]; {
		case f.Pair == nil:
		case f.Pair.ReplicaRef == e.Ref && ends[1] == e.Folder:
			return f.Pair.Replica
		case f.Pair.OriginalRef == e.Ref && ends[0] == e.Folder:
			return f.Pair.Original
		}
	}
	if was != nil && was.UID() != "" {
		return was.UID()
	}
	return decide.RefKey + e.Ref
}

// refOf is the ref of the item that an entry is about; "" when nobody knows it.
func refOf(e state.Entry) string {
	if e.Kind == providers.Create {
		return e.NewRef
	}
	return e.Ref
}

// sameItem reports whether two items say the same, their markers too.
func sameItem(x, y *pim.Item) bool {
	if x == nil || y == nil {
		return x == y
	}
	one, _ := x.Marker()
	other, _ := y.Marker()
	return one == other && x.Fields().Equal(y.Fields())
}

// untouched reports whether an item is as the apply left it.
func (u *undoing) untouched(f *folder, e state.Entry, now providers.Fetched, after *pim.Item) bool {
	if after != nil {
		return sameItem(now.Item, after)
	}
	if m, marked := now.Item.Marker(); marked && (m.Status != pim.Live || u.rename(m.Relationship) != e.Relationship) {
		return false
	}
	return heldDigest(f, now.Item) == e.Digest
}

// find looks for the items that creates made whose outcome is not recorded.
func (u *undoing) find(ctx context.Context, f *folder, takings []*taking) (err error) {
	open := slices.Clone(takings)
	open = slices.DeleteFunc(open, func(t *taking) bool { return t.entry.Kind != providers.Create || t.entry.NewRef != "" })
	if len(open) == 0 {
		return nil
	}
	room := scratch.New(0)
	defer func() { err = errors.Join(err, room.Close()) }()
	l, err := u.e.list(ctx, f, "", room)
	if err != nil {
		return err
	}
	var refs []string
	for short, at := range l.all() {
		if at.removed == providers.NotRemoved {
			refs = append(refs, state.Long(short))
		}
	}
	return u.e.fetch(ctx, f, refs, func(got providers.Fetched) {
		if got.Err != nil {
			return
		}
		digest := heldDigest(f, got.Item)
		i := slices.IndexFunc(open, func(t *taking) bool {
			return t.entry.NewRef == "" && t.entry.Digest == digest && (!f.caps.UIDs || got.Item.UID() == t.entry.UID)
		})
		if i >= 0 {
			open[i].entry.NewRef = got.Ref
		}
	})
}
