package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// Log is what an apply did, with what items were before and after, in the form of a plan's document. What the journal does not say of items that were added is asked of
// their folders, unless offline. The plan must be closed; there is nothing in it to apply.
func (e *Engine) Log(ctx context.Context, st state.Reader, req JournalRequest, offline bool) (apply state.Apply, made *plan.Plan, err error) {
	made, err = e.recount(st, "log", req, func(u *undoing) error {
		apply = u.apply
		return u.each(func(uint32) bool { return true }, func(entries []state.Entry) error { return u.tell(ctx, entries, offline) })
	})
	return apply, made, err
}

// tell adds what entries did to the document.
func (u *undoing) tell(ctx context.Context, entries []state.Entry, offline bool) error {
	added := map[string][]string{} // refs by folder
	for _, e := range entries {
		if e.Kind == providers.Create && len(e.Images) == 0 && e.NewRef != "" && !offline {
			added[e.Folder] = append(added[e.Folder], e.NewRef)
		}
	}
	now := map[spot]*pim.Item{}
	for _, address := range sortedKeys(added) {
		f := u.open(ctx, address)
		if f.trouble != nil {
			u.e.note(plan.Diagnostic{Severity: "warning", Address: address, Summary: "What was added cannot be shown", Detail: f.trouble.Error()})
			continue
		}
		got, err := u.fetchEach(ctx, f, added[address])
		if err != nil {
			return err
		}
		for ref, one := range got {
			now[spot{address, ref}] = one.Item
		}
	}
	for _, e := range entries {
		f := u.changeOf(e).folder
		before, after, err := u.images(e, f.kind())
		if err != nil {
			return err
		}
		detail := ""
		if e.Kind == providers.Create && after == nil {
			if after = now[spot{e.Folder, e.NewRef}]; after != nil && heldDigest(f, after) != e.Digest {
				detail = "It was changed since, and is shown as it is now."
			}
		}
		u.tellOne(e, before, after, detail)
	}
	return u.flush()
}

// tellOne adds one entry to the document.
func (u *undoing) tellOne(e state.Entry, before, after *pim.Item, detail string) {
	c := u.changeOf(e)
	c.action, c.reason, c.detail = didWhat(e, before, after), decide.Code(e.Reason), detail
	address, op := u.operation(c, refOf(e), before, after)
	switch e.Outcome {
	case providers.Done:
		u.ops = append(u.ops, u.show(address, op))
		return
	case "", providers.Unknown:
		op.Detail = "Nobody knows whether it was done: the store did not answer, or the apply was killed."
	default:
		op.Detail = fmt.Sprintf("It was not done: %s.", e.Outcome)
	}
	u.doc.Summary.Stale++
	u.ops = append(u.ops, plan.Placed{Relationship: u.place[address], Operation: complete(op)})
}

func fieldsOf(it *pim.Item) pim.Fields {
	if it == nil {
		return nil
	}
	return it.Fields()
}

// didWhat is the action of an entry: of an update that changed nothing but the marker, what it made of that.
func didWhat(e state.Entry, before, after *pim.Item) plan.Action {
	switch {
	case e.Kind == providers.Create:
		return plan.Add
	case e.Kind == providers.Delete:
		return plan.Delete
	case before == nil || after == nil || !before.Fields().Equal(after.Fields()):
		return plan.Edit
	}
	was, marked := before.Marker()
	is, _ := after.Marker()
	switch {
	case is.Status == pim.Retired && was.Status != pim.Retired:
		return plan.Retire
	case is.Status == pim.Released && was.Status != pim.Released, marked && is.Status == "":
		return plan.Release
	case was.Status != pim.Live && is.Status == pim.Live:
		return plan.Adopt
	}
	return plan.Edit
}

// Applies are the applies that the journal holds, the newest first.
func Applies(st state.Reader) ([]state.Apply, error) {
	applies, err := st.Applies()
	slices.Reverse(applies)
	return applies, err
}
