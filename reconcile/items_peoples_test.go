package reconcile_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

const foreign = "dedupe -including-foreign"

// What items orphans, items delete and items dedupe take out, Accord made: what people made stays, and says what it said. Where a person asks for it, one of theirs
// goes of which another item says the same.
func TestPeoplesItemsStay(t *testing.T) {
	v := loadViews(t)
	verbs, written := []string{"orphans", "delete", "dedupe", foreign}, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := newRandom(t, v)
		for range rapid.IntRange(1, 2).Draw(t, "applies") {
			r.work()
			r.apply()
		}
		r.work()
		if rapid.Bool().Draw(t, "the state is lost") {
			r.state = state.Memory()
		}
		for _, verb := range rapid.Permutation(verbs).Draw(t, "verbs") {
			for _, name := range r.names {
				written[verb] += r.cleaned(verb, "folder."+name)
			}
		}
	})
	if written["delete"] == 0 || written["dedupe"]+written[foreign] == 0 {
		t.Errorf("too little was cleaned up to tell: %v", written)
	}
}

// cleaned carries one of the verbs out for a folder, looks at what people made, and tells how much was written.
func (r *random) cleaned(verb, folder string) int {
	mine := r.peoples()
	p, err := r.clean(verb, folder)
	if err != nil {
		r.t.Fatalf("items %s: %v", verb, err)
	}
	text, n := describe(p), len(writes(p))
	r.carryOut(p)
	left, kept := r.peoples(), map[string]bool{}
	name := func(at spot, f pim.Fields) string { return fmt.Sprint(at.folder, f.Digest()) }
	for at, it := range r.seen() {
		if it.Item != nil {
			kept[name(at, it.Item.Fields())] = true
		}
	}
	for at, said := range mine {
		now, there := left[at]
		gone := !there && verb == foreign && kept[name(at, said)]
		if !gone && (!there || !now.Equal(said)) {
			r.t.Fatalf("items %s touched %v, which a person made: %v, and was %v\n%s", verb, at, now, said, text)
		}
	}
	return n
}

// clean plans what one of the verbs does.
func (r *random) clean(verb, folder string) (*plan.Plan, error) {
	switch ctx := context.Background(); verb {
	case "orphans":
		return r.engine().Orphans(ctx, r.state, reconcile.ReplicaRequest{Address: folder})
	case "delete":
		if len(r.ws.Relations) > 0 && rapid.Bool().Draw(r.rt, "of a relationship") {
			folder = rapid.SampledFrom(r.ws.Relations).Draw(r.rt, "relationship").Address
		}
		return r.engine().DeleteReplicas(ctx, r.state, reconcile.ReplicaRequest{Address: folder})
	default:
		return r.engine().Dedupe(ctx, r.state, reconcile.DedupeRequest{Folder: folder, Foreign: verb == foreign})
	}
}

// peoples are the items that people made, adopted ones among them, by folder and ref, with what they say.
func (r *random) peoples() map[spot]pim.Fields {
	out := map[spot]pim.Fields{}
	for at, it := range r.seen() {
		mode := r.stores[strings.TrimPrefix(at.folder, "folder.")].Mode()
		if it.Item == nil || mode.MakesUIDs || !mode.Capabilities.Markers { // there, the state alone tells who made an item
			continue
		}
		if m, marked := it.Item.Marker(); marked && m.Adopted || !marked && !decide.IsReplicaUID(it.Item.UID()) {
			out[at] = it.Item.Fields()
		}
	}
	return out
}
