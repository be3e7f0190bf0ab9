package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/encrypt"
	"github.com/accord-sync/accord/schema/pim"
)

// ErrNotInJournal is matched by the errors of asking for an apply that the journal does not hold.
var ErrNotInJournal = errors.New("the journal does not hold it")

// Undo makes a plan that takes back what an apply wrote, on both sides: what it added is deleted, what it edited is as it was, what it deleted is there again
// with its UID and all that it said, and pairs are what they were. An item that changed since is left as it is, and listed. The plan must be closed.
func (e *Engine) Undo(ctx context.Context, st state.Reader, req JournalRequest) (*plan.Plan, error) {
	return e.recount(st, "undo", req, func(u *undoing) error {
		if err := u.recallReplaced(); err != nil {
			return err
		}
		return u.all(ctx)
	})
}

// JournalRequest is what of the journal somebody asks for.
type JournalRequest struct {
	Apply        uint64             // 0: the newest one that wrote something
	Only, Except []string           // globs over addresses of relationships and folders; empty: all
	Identities   encrypt.Identities // needed where the journal is encrypted
}

// recount makes a plan out of what the journal holds of an apply.
func (e *Engine) recount(st state.Reader, verb string, req JournalRequest, build func(*undoing) error) (*plan.Plan, error) {
	apply, err := applyOf(st, req.Apply)
	if err != nil {
		return nil, err
	}
	images, err := imagesOf(apply, req.Identities)
	if err != nil {
		return nil, err
	}
	return e.direct(st, fmt.Sprintf("%s %d", verb, apply.Number), func(d *directed) error {
		u := &undoing{directed: d, apply: apply, images: images, rename: moves(e.ws)}
		u.req.Only, u.req.Except = req.Only, req.Except
		u.recallForgotten()
		if err := u.known(); err != nil {
			return err
		}
		return build(u)
	})
}

// wants reports whether an entry is one of what somebody asks for.
func (u *undoing) wants(e state.Entry) bool {
	return u.selected(e.Relationship, [2]string{e.Folder, e.Folder})
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

	moved    map[string]bool // relationships that join other folders now than before the apply: their pairs are not what they were
	replaced map[string]bool // relationships that a later apply had join other folders: their pairs are what they are by now
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
			if spec := u.e.spec(f.Address); spec != nil && spec.Location == f.Location {
				known.configure(spec)
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

// recallReplaced finds the relationships that later applies had join other folders.
func (u *undoing) recallReplaced() error {
	u.replaced = map[string]bool{}
	applies, err := u.st.Applies()
	for _, a := range applies {
		if a.Number <= u.apply.Number {
			continue
		}
		for _, r := range a.Forgot.Relationships {
			address := u.rename(r.Address)
			ends, known := u.ends[address]
			u.replaced[address] = u.replaced[address] || known && ends != [2]string{u.rename(r.Source), u.rename(r.Destination)}
		}
	}
	return err
}

// pieceSize is about how many writes are taken back at a time.
const pieceSize = 2000

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
		if now := u.renamed(e); u.wants(now) {
			piece = append(piece, now)
		}
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
		if now := u.renamed(e); u.wants(now) {
			c := u.changeOf(now)
			found[cmp.Or(c.relationship, c.folder.address)] = c
		}
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
	was   *pim.Item          // before the apply; nil: nobody knows, or it was not there
	left  *pim.Item          // by the apply; nil: nobody knows, or it is not there since
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
		c.action = didWhat(state.Entry{Kind: providers.Update}, t.now.Item, t.then)
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
	if len(needs) == 0 || !known || u.replaced[f.Relationship] {
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
