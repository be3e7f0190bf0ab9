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
	"github.com/accord-sync/accord/schema/pim"
)

// directed makes a plan of what a person asked for, item by item: the configuration decides nothing of it, and neither guards nor pauses hold it. It is shown, saved
// and applied like any plan.
type directed struct {
	*composing
	touched map[string]bool // relationships of which something is written: the next plan looks at them as a whole
	piece   plan.Part       // that is being made
	ops     []plan.Placed
	refused []plan.Diagnostic // what is left as it is, and why
}

// change is what shall become of one item.
type change struct {
	folder       *folder
	relationship string // "": the item belongs to none
	original     string // key of the pair's original
	generation   int
	action       plan.Action
	reason       decide.Code
	detail       string             // the reason in words, where the code does not say all
	key          string             // of the item in its folder; "": it follows from what the item says
	now          *providers.Fetched // nil: it is not there
	then         *pim.Item          // nil: it is deleted
}

// direct makes a plan of what build adds to it. task is what was asked for, in a few words: "undo 12".
func (e *Engine) direct(st state.Reader, task string, build func(*directed) error) (made *plan.Plan, err error) {
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	p, err := e.begin(st, Request{}, room)
	if err != nil {
		return nil, err
	}
	id, err := planID()
	if err != nil {
		return nil, err
	}
	d := &directed{composing: p.compose(id), touched: map[string]bool{}}
	d.doc.Task, d.doc.Relationships, d.place = task, []plan.Relationship{}, map[string]int{}
	if err := build(d); err != nil {
		return nil, errors.Join(err, d.out.Close())
	}
	return d.finish()
}

// open is a folder, open for reading, of the configuration or of the state. What is wrong with it is its trouble.
func (d *directed) open(ctx context.Context, address string) *folder {
	f := d.folders[address]
	if f == nil {
		f = &folder{address: address}
		f.configure(d.e.spec(address))
		d.folders[address] = f
	}
	switch {
	case f.store != nil || f.trouble != nil:
	case f.spec == nil && !f.recorded:
		f.trouble = fmt.Errorf("%s is in neither the configuration nor the state", address)
	case f.spec != nil && f.spec.Unresolved:
		f.trouble = errors.New(f.spec.UnresolvedBecause())
	default:
		if d.e.openFolder(ctx, f, ""); f.missing && f.trouble == nil {
			f.trouble = errors.New("the folder is not there")
		}
	}
	return f
}

// readOnly reports whether a folder is never written.
func (f *folder) readOnly() bool { return f.spec != nil && f.spec.ReadOnly }

// section is the part of the document that shows the changes of a relationship, or of a folder's items that belong to none.
func (d *directed) section(c change) string {
	address := cmp.Or(c.relationship, c.folder.address)
	if _, there := d.place[address]; there {
		return address
	}
	ends, known := d.ends[c.relationship]
	if !known {
		ends = [2]string{c.folder.address, c.folder.address}
	}
	d.place[address] = len(d.doc.Relationships)
	d.doc.Relationships = append(d.doc.Relationships, plan.Relationship{Address: address, Source: ends[0], Destination: ends[1], Status: plan.OK})
	return address
}

// write adds a change to the plan, and returns the number of its write in the piece that is being made.
func (d *directed) write(c change, needs ...int) int {
	if needs == nil {
		needs = []int{}
	}
	w := plan.Write{Folder: c.folder.address, Action: c.action, Relationship: cmp.Or(c.relationship, c.folder.address), Original: c.original, Generation: c.generation,
		Reason: string(c.reason), ItemKind: c.folder.kind(), Needs: needs, Again: true, Key: c.key}
	switch {
	case c.now == nil:
		w.Kind = providers.Create
	case c.then == nil:
		w.Kind = providers.Delete
	default:
		w.Kind = providers.Update
	}
	before, after := itemOf(c.now), c.then
	if before != nil {
		w.Ref, w.Version, w.Before = c.now.Ref, c.now.Version, before.Bytes()
	}
	if after != nil {
		w.Item, w.UID = after.Bytes(), after.UID()
	}
	if w.Key == "" {
		if w.Key = cmp.Or(after, before).UID(); w.Key == "" {
			w.Key = decide.RefKey + w.Ref
		}
	}
	d.piece.Writes = append(d.piece.Writes, w)
	d.touched[c.relationship] = true
	address, op := d.operation(c, w.Ref, before, after)
	op.UID = uidOfKey(cmp.Or(c.original, w.Key))
	d.ops = append(d.ops, d.show(address, op))
	if can, network := d.network(c.folder); !can.Silent && network && tells(c.action) {
		for _, it := range []*pim.Item{before, after} {
			if it != nil {
				d.told.invited(can, it)
			}
		}
	}
	return len(d.piece.Writes) - 1
}

// operation is how the document shows a change of the item under a ref, and the relationship under which it does.
func (d *directed) operation(c change, ref string, before, after *pim.Item) (address string, op plan.Operation) {
	address = d.section(c)
	op = plan.Operation{Action: c.action, Side: plan.Destination, UID: uidOfKey(c.original), ReplicaRef: ref, Reason: string(c.reason), Detail: c.detail}
	if r := d.doc.Relationships[d.place[address]]; r.Source == c.folder.address && r.Source != r.Destination {
		op.Side, op.OriginalRef, op.ReplicaRef = plan.Source, ref, ""
	}
	if shown := cmp.Or(after, before); shown != nil {
		hidden := d.e.hides(before) || d.e.hides(after)
		d.e.name(&op, shown, hidden)
		op.Fields = fields(fieldsOf(before), fieldsOf(after), hidden)
	}
	return address, op
}

func itemOf(one *providers.Fetched) *pim.Item {
	if one == nil {
		return nil
	}
	return one.Item
}

// pair makes a recorded pair another one, or none, once writes of the piece are done. original and replica are the writes of its items, -1: none.
func (d *directed) pair(key state.PairKey, old, now *state.Pair, original, replica int, needs ...int) {
	d.touched[key.Relationship] = true
	d.piece.Pairs = append(d.piece.Pairs, plan.Pair{Key: key, Old: old, New: now, Needs: needs, Original: original, Replica: replica})
}

// leave notes that something is left as it is, and why.
func (d *directed) leave(address, ref, why string) {
	d.refused = append(d.refused, plan.Diagnostic{Severity: "warning", Code: plan.LeftAsItIs, Address: address, Ref: ref, Summary: "Left as it is", Detail: why})
}

// stays notes that something stays because that is right, and why.
func (d *directed) stays(address, ref, why string) {
	d.refused = append(d.refused, plan.Diagnostic{Severity: "info", Address: address, Ref: ref, Summary: "It stays", Detail: why})
}

// flush ends a piece: nothing in it needs anything of another one.
func (d *directed) flush() error {
	d.traffic(&d.piece)
	err := d.out.Add(&d.piece, d.ops)
	d.piece, d.ops = plan.Part{}, nil
	return err
}

// mostLeft is how many of the items that are left as they are a plan names.
const mostLeft = 100

func (d *directed) finish() (*plan.Plan, error) {
	if err := d.flush(); err != nil {
		return nil, errors.Join(err, d.out.Close())
	}
	for _, r := range d.recorded {
		if d.touched[r.Address] {
			r.Fingerprint = unfinished
		}
		d.work.Relationships = append(d.work.Relationships, r)
	}
	var err error
	if d.work.Data, err = d.st.Data(); err != nil {
		return nil, errors.Join(err, d.out.Close())
	}
	d.again()
	if more := len(d.refused) - mostLeft; more > 0 {
		d.refused = append(d.refused[:mostLeft], plan.Diagnostic{Severity: "warning", Summary: "Left as it is", Detail: fmt.Sprintf("And %d more.", more)})
	}
	d.doc.Diagnostics = append(append(d.doc.Diagnostics, d.refused...), d.e.noticed()...)
	d.doc.Requests, d.doc.Summary.Notified = d.allRequests(), len(d.told)
	return d.out.Finish(d.doc, d.work)
}

// again says of which relationships the next apply would do what the configuration says all the same.
func (d *directed) again() {
	pauses := pausesOf(d.st)
	for _, r := range d.doc.Relationships {
		if !d.touched[r.Address] {
			continue
		}
		diagnostic := plan.Diagnostic{Severity: "warning", Address: r.Address, Summary: "The configuration says otherwise"}
		spec, by := d.specs[r.Address], PausedBy(pauses, r.Address, r.Source, r.Destination)
		switch {
		case spec == nil && d.ends[r.Address] != [2]string{}:
			diagnostic.Detail = "It is not in the configuration, and the next apply takes its replicas out again. Put its block back first."
		case spec == nil:
			continue
		case by != nil:
			diagnostic.Severity = "info"
			diagnostic.Detail = fmt.Sprintf("It is %s. The first apply after that does again what this takes back, unless the configuration is changed before.", Paused(*by))
		case !spec.Enabled:
			diagnostic.Severity = "info"
			diagnostic.Detail = "It is disabled. The first apply after it is enabled does again what this takes back, unless the configuration is changed before."
		default:
			diagnostic.Detail = "The next apply does again what this takes back, as far as the configuration still asks for it. Change it first, or pause it: accord pause " + ShellWord(r.Address)
		}
		d.doc.Diagnostics = append(d.doc.Diagnostics, diagnostic)
	}
}

// records are the recorded items of a folder that are asked for.
func (d *directed) records(f *folder, asked func(state.Item) bool) (map[string]state.Item, error) {
	out := map[string]state.Item{}
	if !f.recorded {
		return out, nil
	}
	err := d.st.Items(f.record.Address, func(it state.Item) error {
		if asked(it) {
			out[it.Ref] = it
		}
		return nil
	})
	return out, err
}

// fetchEach reads items by ref.
func (d *directed) fetchEach(ctx context.Context, f *folder, refs []string) (map[string]providers.Fetched, error) {
	slices.Sort(refs)
	out := map[string]providers.Fetched{}
	err := d.e.fetch(ctx, f, slices.Compact(refs), func(got providers.Fetched) { out[got.Ref] = got })
	return out, err
}
