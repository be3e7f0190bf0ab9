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
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/encrypt"
	"github.com/accord-sync/accord/schema/pim"
)

// ErrNotInJournal is matched by the errors of asking for an apply that the journal does not hold.
var ErrNotInJournal = errors.New("the journal does not hold it")

// Undo makes a plan that takes back what an apply wrote, on both sides: what it added is deleted, what it edited is as it was, what it deleted is there again
// with its UID and all that it said, and pairs are what they were. An item that changed since is left as it is, and listed. Zero is the newest apply that wrote
// something. Identities are needed where the journal is encrypted. The plan must be closed.
func (e *Engine) Undo(ctx context.Context, st state.Reader, number uint64, as encrypt.Identities) (*plan.Plan, error) {
	apply, err := applyOf(st, number)
	if err != nil {
		return nil, err
	}
	images, err := imagesOf(apply, as)
	if err != nil {
		return nil, err
	}
	return e.direct(st, fmt.Sprintf("undo %d", apply.Number), func(d *directed) error {
		u := &undoing{directed: d, apply: apply, images: images, rename: moves(e.ws)}
		u.recallForgotten()
		return u.all(ctx)
	})
}

// applyOf is an apply that the journal holds.
func applyOf(st state.Reader, number uint64) (state.Apply, error) {
	applies, err := st.Applies()
	if err != nil {
		return state.Apply{}, err
	}
	for _, a := range slices.Backward(applies) {
		if number == a.Number {
			return a, nil
		}
		if wrote := errors.New("it wrote"); number == 0 {
			switch err := st.Entries(a.Number, func(state.Entry) error { return wrote }); {
			case err == wrote:
				return a, nil
			case err != nil:
				return state.Apply{}, err
			}
		}
	}
	if number == 0 {
		return state.Apply{}, fmt.Errorf("%w: no apply that wrote something is there", ErrNotInJournal)
	}
	return state.Apply{}, fmt.Errorf("apply %d: %w: accord log lists what it holds", number, ErrNotInJournal)
}

// undoing makes the plan of one undo.
type undoing struct {
	*directed
	apply  state.Apply
	images func(state.Entry, pim.Kind) (before, after *pim.Item, err error)
	rename func(string) string

	moved map[string]bool // relationships that join other folders now than the apply knew: their pairs are not what they were
}

// recallForgotten brings back the folders and relationships that the apply dropped from the state: what it took out of them can go back there.
func (u *undoing) recallForgotten() {
	u.moved = map[string]bool{}
	for _, f := range u.apply.Forgot.Folders {
		f.Address = u.rename(f.Address)
		known := u.folders[f.Address]
		if known == nil {
			known = &folder{address: f.Address}
			u.folders[f.Address] = known
			for _, spec := range u.e.ws.Folders {
				if spec.Address == f.Address && spec.Location == f.Location {
					known.spec, known.config = spec, spec.Config
				}
			}
		}
		if !known.recorded {
			f.Cursor = "" // the state knows its items no more
			known.record, known.recorded = f, true
			u.work.Folders = append(u.work.Folders, f)
		}
	}
	for _, r := range u.apply.Forgot.Relationships {
		r.Address, r.Source, r.Destination = u.rename(r.Address), u.rename(r.Source), u.rename(r.Destination)
		i := slices.IndexFunc(u.recorded, func(now state.Relationship) bool { return now.Address == r.Address })
		if i >= 0 {
			u.moved[r.Address] = u.recorded[i].Source != r.Source || u.recorded[i].Destination != r.Destination
			continue
		}
		r.Fingerprint = unfinished
		u.recorded = append(u.recorded, r)
		u.ends[r.Address], u.names[r.Address] = [2]string{r.Source, r.Destination}, []string{r.Address}
	}
}

// pieceSize is about how many writes are taken back at a time.
const pieceSize = 1000

// all takes back the entries.
func (u *undoing) all(ctx context.Context) error {
	whole, err := u.cuts()
	if err != nil {
		return err
	}
	return u.each(whole, func(piece []state.Entry) error { return u.piece(ctx, piece) })
}

// each goes through the entries piece by piece, under the addresses that relationships and folders have now. A piece ends where whole says that it may.
func (u *undoing) each(whole func(seq uint32) bool, do func([]state.Entry) error) error {
	if err := u.sections(); err != nil {
		return err
	}
	var piece []state.Entry
	err := u.st.Entries(u.apply.Number, func(e state.Entry) error {
		piece = append(piece, u.renamed(e))
		if len(piece) < pieceSize || !whole(e.Seq) {
			return nil
		}
		err := do(piece)
		piece = nil
		return err
	})
	if err == nil {
		err = do(piece)
	}
	return err
}

// renamed is an entry under the addresses of today.
func (u *undoing) renamed(e state.Entry) state.Entry {
	e.Relationship, e.Folder = u.rename(e.Relationship), u.rename(e.Folder)
	return e
}

// sections begins the document's sections in order of address, whatever was written first.
func (u *undoing) sections() error {
	found := map[string]change{}
	err := u.st.Entries(u.apply.Number, func(e state.Entry) error {
		c := u.changeOf(u.renamed(e))
		found[cmp.Or(c.relationship, c.folder.address)] = c
		return nil
	})
	for _, address := range sortedKeys(found) {
		u.section(found[address])
	}
	return err
}

// changeOf is what an entry was about.
func (u *undoing) changeOf(e state.Entry) change {
	c := change{relationship: e.Relationship, folder: u.folders[e.Folder], original: e.Original, generation: e.Generation}
	if _, known := u.ends[c.relationship]; !known {
		c.relationship = ""
	}
	if c.folder == nil {
		c.folder = &folder{address: e.Folder}
	}
	return c
}

// cuts finds the entries behind which nothing hangs together with what is before.
func (u *undoing) cuts() (after func(seq uint32) bool, err error) {
	open := map[uint32]int{} // how many pairs begin to need writes at an entry, less those that end behind one
	err = u.st.Entries(u.apply.Number, func(e state.Entry) error {
		for _, f := range e.Formerly {
			if n := len(f.Writes); n > 1 {
				open[f.Writes[0]]++
				open[f.Writes[n-1]]--
			}
		}
		return nil
	})
	under, last := 0, uint32(0)
	return func(seq uint32) bool {
		for ; last < seq; last++ {
			under += open[last+1]
		}
		return under == 0
	}, err
}

// taking is what becomes of one entry.
type taking struct {
	entry state.Entry
	now   *providers.Fetched // nil: it is not there
	then  *pim.Item          // nil: it goes
	done  bool               // it is to be written
	key   string             // of its item, as recorded
	write int                // its number in the plan
}

// piece takes back entries that need no others.
func (u *undoing) piece(ctx context.Context, entries []state.Entry) error {
	byFolder := map[string][]*taking{}
	bySeq := map[uint32]*taking{}
	for _, e := range entries {
		if t := (&taking{entry: e, write: -1}); e.Outcome == providers.Done || e.Outcome == "" || e.Outcome == providers.Unknown {
			byFolder[e.Folder] = append(byFolder[e.Folder], t)
			bySeq[e.Seq] = t
		}
	}
	for _, address := range sortedKeys(byFolder) {
		if err := u.look(ctx, u.open(ctx, address), byFolder[address]); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if t := bySeq[e.Seq]; t != nil && t.done {
			u.take(t)
		}
	}
	for _, e := range entries {
		for _, f := range e.Formerly {
			if err := u.settle(f, bySeq); err != nil {
				return err
			}
		}
	}
	return u.flush()
}

// look compares the items of a folder with what the apply left, and finds out which can be as they were.
func (u *undoing) look(ctx context.Context, f *folder, takings []*taking) error {
	leave := func(t *taking, why string) { u.leave(t.entry.Folder, refOf(t.entry), why) }
	if f.trouble != nil || f.readOnly() {
		why := "the folder is never written: access is \"read\", or its driver cannot write"
		if f.trouble != nil {
			why = f.trouble.Error()
		}
		for _, t := range takings {
			leave(t, why)
		}
		return nil
	}
	keys, uids, refs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	before, after := map[*taking]*pim.Item{}, map[*taking]*pim.Item{}
	for _, t := range takings {
		was, is, err := u.images(t.entry, f.kind())
		if err != nil {
			return err
		}
		if before[t], after[t] = was, is; t.entry.Kind == providers.Delete && was != nil {
			t.key = u.keyOf(t.entry, was)
			keys[t.key], uids[was.UID()] = true, f.caps.UIDs && was.UID() != ""
		}
	}
	if err := u.find(ctx, f, takings); err != nil {
		return err
	}
	for _, t := range takings {
		refs[refOf(t.entry)] = true
	}
	records, err := u.records(f, func(it state.Item) bool { return refs[it.Ref] || keys[it.Key] || uids[it.UID] })
	if err != nil {
		return err
	}
	again := map[string][]string{} // refs by key and, where none may be used twice, by UID
	for ref, it := range records {
		refs[ref], again[it.Key] = true, append(again[it.Key], ref)
		if uids[it.UID] && it.UID != it.Key {
			again[it.UID] = append(again[it.UID], ref)
		}
	}
	delete(refs, "")
	now, err := u.fetchEach(ctx, f, sortedKeys(refs))
	if err != nil {
		return err
	}
	for _, t := range takings {
		ref := refOf(t.entry)
		if t.entry.Kind != providers.Delete {
			t.key = records[ref].Key
		}
		got, asked := now[ref]
		missing := !asked || providers.ClassOf(got.Err) == providers.Missing
		if !missing && got.Err == nil {
			t.now = &got
		}
		switch {
		case !missing && got.Err != nil:
			leave(t, fmt.Sprintf("it cannot be read: %v", got.Err))
		case t.entry.Kind != providers.Create && before[t] == nil:
			leave(t, "the journal does not say what it was")
		case t.entry.Kind == providers.Delete:
			there := func(ref string) bool { return now[ref].Item != nil }
			if !missing || slices.ContainsFunc(append(again[t.key], again[before[t].UID()]...), there) {
				leave(t, "the item that was deleted is there again, or another one has its UID")
				continue
			}
			t.then, t.done = before[t], true
		case missing && t.entry.Kind == providers.Create:
			leave(t, "the item that was added is gone by now")
		case missing:
			leave(t, "the item that was edited is gone by now")
		case t.entry.Kind == providers.Update && sameItem(got.Item, before[t]):
			leave(t, "the item is as it was before already")
		case !u.untouched(f, t.entry, got, after[t]):
			leave(t, "it was changed since")
		default:
			t.then, t.done = before[t], true
		}
	}
	return nil
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

// take adds the write that takes one back.
func (u *undoing) take(t *taking) {
	c := u.changeOf(t.entry)
	c.reason, c.key, c.now, c.then = decide.Undone, t.key, t.now, t.then
	switch {
	case t.now == nil:
		c.action = plan.Add
	case t.then == nil:
		c.action = plan.Delete
	default:
		c.action = plan.Edit
	}
	t.write = u.write(c)
}

// settle makes a pair what it was, when one of the writes that it needed is taken back.
func (u *undoing) settle(f state.Former, bySeq map[uint32]*taking) error {
	f.Relationship = u.rename(f.Relationship)
	ends, known := u.ends[f.Relationship]
	var needs []int
	original, replica := -1, -1
	for _, seq := range f.Writes {
		t := bySeq[seq]
		if t == nil || t.write < 0 {
			continue
		}
		needs = append(needs, t.write)
		if f.Pair == nil || t.then == nil {
			continue
		}
		switch key := u.directed.piece.Writes[t.write].Key; {
		case t.entry.Folder == ends[1] && key == f.Pair.Replica:
			replica = t.write
		case t.entry.Folder == ends[0] && key == f.Pair.Original:
			original = t.write
		}
	}
	if len(needs) == 0 || !known {
		return nil
	}
	old, err := u.world.pair(f.PairKey)
	if err != nil {
		return err
	}
	now := f.Pair
	if now != nil {
		was := *now
		now, was.Relationship = &was, f.Relationship
	}
	if u.moved[f.Relationship] {
		now = nil
	}
	if now != nil && now.Original != f.Original { // its store had given the original another UID
		u.pair(f.PairKey, old, nil, -1, -1, needs...)
		f.Original, old = now.Original, nil
	}
	u.pair(f.PairKey, old, now, original, replica, needs...)
	return nil
}
