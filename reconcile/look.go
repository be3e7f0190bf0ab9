package reconcile

import (
	"context"
	"errors"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/pim"
)

// lookFirst leaves out the writes of items that are not as planned any more, where the store would overwrite them: it honours no preconditions, or the item
// has no version that could be one.
func (a *applying) lookFirst(ctx context.Context, f *folder, batch []int) []int {
	byRef := map[string]int{}
	var refs []string
	for _, i := range batch {
		if w := a.part.Writes[i]; plan.LooksFirst(w.Kind, w.Version, f.caps) {
			byRef[w.Ref] = i
			refs = append(refs, w.Ref)
		}
	}
	if len(refs) == 0 {
		return batch
	}
	stale := map[int]bool{}
	err := a.lookAt(ctx, f, refs, func(got providers.Fetched) {
		i := byRef[got.Ref]
		w := a.part.Writes[i]
		switch {
		case got.Err != nil:
			stale[i] = true
			a.skip(i, providers.ClassOf(got.Err), got.Err)
		case w.Version != "" && got.Version != w.Version, !a.sameAsBefore(w, got.Item): // a version may come again when an item is made anew (SOGo)
			stale[i] = true
			a.skip(i, providers.Stale, errors.New("it is not what the plan saw"))
		default:
			a.see(i, got.Version)
		}
	})
	var out []int
	for _, i := range batch {
		if _, asked := byRef[a.part.Writes[i].Ref]; asked && err != nil && !stale[i] {
			a.skip(i, providers.ClassOf(err), err)
			continue
		}
		if !stale[i] {
			out = append(out, i)
		}
	}
	return out
}

// lookAt reads items as they are now.
func (a *applying) lookAt(ctx context.Context, f *folder, refs []string, answer func(providers.Fetched)) error {
	if err := providers.Settle(ctx, f.store); err != nil {
		return err
	}
	return a.e.fetch(ctx, f, refs, answer)
}

// see keeps the version in which an item was found to be as planned.
func (a *applying) see(i int, version string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done[i].seen = version
}

func (a *applying) sameAsBefore(w plan.Write, now *pim.Item) bool {
	before, err := pim.Parse(w.ItemKind, w.Before)
	return err == nil && before.Fields().Equal(now.Fields())
}
