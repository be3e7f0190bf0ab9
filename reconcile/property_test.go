package reconcile_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// round plans and applies, and checks the invariants.
func (r *random) round() {
	before, writes, recorded := r.seen(), r.writes(), dump(r.office)
	p := r.plan(reconcile.Request{Full: r.forged}) // only who reads everything finds it
	if now := r.seen(); !maps.EqualFunc(before, now, sameStored) || r.writes() != writes || dump(r.office) != recorded {
		r.t.Fatalf("the plan changed something")
	}
	r.absence(p)
	pairs := pairsOf(r.office)
	result := r.carryOut(p)
	r.tally.applies++
	r.rt.Logf("applied: %s\n%s", r.difference(before), describe(p))
	if len(result.Failures) > 0 {
		r.t.Fatalf("not everything was done: %v\n%s", result.Failures, describe(p))
	}
	r.lossless(before, result.Apply)
	r.journaled(before, result.Apply)
	r.onlyPairs(before, pairs, p)
	r.bounded()
	r.distinct()
	if r.strike != nil { // another read may show another part
		r.trouble, r.partial, r.strike = "", "", nil
		r.round()
		return
	}
	r.forged = false
	r.quiet()
}

// quiet is invariant 1: nothing is left to do, and what an apply without anything to do records changes nothing.
func (r *random) quiet() {
	var p *plan.Plan
	for range 2 {
		p = r.plan(reconcile.Request{})
		if len(writes(p)) > 0 || p.Document.Summary.Changes() > 0 {
			r.t.Fatalf("nothing changed since the apply, and there is something to do:\n%s", describe(p))
		}
		r.carryOut(p)
	}
	r.agree(p)
}

type spot struct{ folder, ref string }

// seen is everything in all folders.
func (r *random) seen() map[spot]memory.Stored {
	out := map[spot]memory.Stored{}
	for _, name := range r.names {
		for _, it := range r.at(name).Items() {
			out[spot{"folder." + name, it.Ref}] = it
		}
	}
	return out
}

// difference is what became of all folders, for the log.
func (r *random) difference(before map[spot]memory.Stored) string {
	var b strings.Builder
	after := r.seen()
	for at, was := range before {
		if _, there := after[at]; !there {
			fmt.Fprintf(&b, "%v is gone; ", at)
		} else if !sameStored(was, after[at]) {
			fmt.Fprintf(&b, "%v is now %s; ", at, says(after[at]))
		}
	}
	for at, now := range after {
		if _, there := before[at]; !there {
			fmt.Fprintf(&b, "%v is new: %s; ", at, says(now))
		}
	}
	return b.String()
}

func says(it memory.Stored) string {
	if it.Item == nil {
		return "damaged"
	}
	m, _ := it.Item.Marker()
	text := fmt.Sprintf("%q uid %s", it.Item.Title(), it.Item.UID())
	for _, field := range []string{"start", "due", "location", "categories", "class", "note", "description"} {
		if v := it.Item.Fields()[field]; !v.IsZero() {
			text += fmt.Sprintf(" %s %v", field, v.Plain())
		}
	}
	if m.Workspace != "" {
		text += fmt.Sprintf(" [%s %s of %s]", m.Status, m.Relationship, m.Original)
	}
	return text
}

// sameContent reports whether an item differs by its version at most, as after a bump.
func sameContent(a, b memory.Stored) bool {
	return a.Item != nil && b.Item != nil && bytes.Equal(a.Item.Bytes(), b.Item.Bytes())
}

func sameStored(a, b memory.Stored) bool {
	return a.Version == b.Version && a.Broken == b.Broken && (a.Item == nil) == (b.Item == nil) && (a.Item == nil || bytes.Equal(a.Item.Bytes(), b.Item.Bytes()))
}

func (r *random) writes() int {
	n := 0
	for _, name := range r.names {
		q := r.at(name).Requests()
		n += q.Writes + q.Created + q.Updated + q.Deleted + q.Refused
	}
	return n
}

// absence is invariant 7: a folder that cannot be read, or only in part, makes no deletes.
func (r *random) absence(p *plan.Plan) {
	for _, rel := range p.Document.Relationships {
		touched := func(f string) bool { return f != "" && (rel.Source == f || rel.Destination == f) }
		if touched(r.trouble) && (rel.Status != plan.Alert || rel.Operations.Len() > 0) {
			r.t.Fatalf("%s cannot be read, and something is done:\n%s", r.trouble, describe(p))
		}
	}
	for _, w := range writes(p) {
		if w.Kind == providers.Delete && r.partial != "" && w.Reason == "gone_at_source" && r.sourceOf(w.Relationship) == r.partial {
			if _, there := r.seen()[spot{r.partial, w.Original}]; there {
				r.t.Fatalf("an item is deleted because a partial read did not show its original:\n%s", describe(p))
			}
		}
	}
}

func (r *random) sourceOf(address string) string {
	for _, rel := range r.ws.Relations {
		if rel.Address == address {
			return rel.Source.Address
		}
	}
	return ""
}

// lossless is invariant 3: whatever was there before an apply is there, or in the journal.
func (r *random) lossless(before map[spot]memory.Stored, apply uint64) {
	journal := map[spot][]byte{}
	if apply > 0 {
		err := r.state.Entries(apply, func(e state.Entry) error {
			was, _, err := image.Unpack(e.Images, nil)
			journal[spot{e.Folder, e.Ref}] = was
			return err
		})
		if err != nil {
			r.t.Fatalf("%v", err)
		}
	}
	after := r.seen()
	for at, was := range before {
		now, there := after[at]
		if there && (was.Item == nil || now.Item != nil && now.Item.Fields().Equal(was.Item.Fields())) {
			continue
		}
		if was.Item == nil {
			r.t.Fatalf("%v could not be understood, and is gone", at)
		}
		kept, err := pim.Parse(r.kind, journal[at])
		if err != nil || !kept.Fields().Equal(was.Item.Fields()) {
			r.t.Fatalf("%v %q is not what it was, and the journal does not hold it: %v", at, was.Item.Title(), err)
		}
	}
}

// onlyPairs is invariant 4: an item changes only when it is a replica, or an original of a relationship that lets replicas change originals.
func (r *random) onlyPairs(before map[spot]memory.Stored, pairs []state.Pair, p *plan.Plan) {
	of := r.onlyOurs(before, append(pairs, pairsOf(r.office)...))
	for _, rel := range r.ws.Relations {
		if rel.Policies.Conflict == schema.ConflictPreserve {
			return // a version that is set apart belongs to no pair
		}
	}
	for at, now := range r.seen() {
		if _, there := before[at]; !there && !of[at] {
			r.t.Fatalf("%v %q belongs to no pair, and was made by\n%s", at, now.Item.Title(), describe(p))
		}
	}
}

// onlyOurs fails when an item changed that no relationship may change, and returns those that some may.
func (r *random) onlyOurs(before map[spot]memory.Stored, pairs []state.Pair) map[spot]bool {
	may, keys := map[spot]bool{}, map[spot]bool{}
	for _, pair := range pairs {
		e := r.joined[pair.Relationship]
		may[spot{e.destination, pair.ReplicaRef}] = true
		keys[spot{e.destination, pair.Replica}] = true // an item that was put back is the same one
		if r.flowsBack(pair.Relationship) {
			may[spot{e.source, pair.OriginalRef}] = true
			keys[spot{e.source, pair.Original}] = true
		}
	}
	after := r.seen()
	for at, was := range before {
		if now, there := after[at]; there && (sameStored(was, now) || sameContent(was, now)) {
			continue
		}
		if known := was.Item != nil && keys[spot{at.folder, was.Item.UID()}]; !may[at] && !known && !ours(was.Item) {
			r.t.Fatalf("%v belongs to no pair, and was changed", at)
		}
	}
	return may
}

// flowsBack reports whether a relationship may change originals.
func (r *random) flowsBack(address string) bool {
	i := slices.IndexFunc(r.ws.Relations, func(rel *schema.Relationship) bool { return rel.Address == address })
	if i < 0 {
		return false
	}
	p := r.ws.Relations[i].Policies
	return p.DestinationEdit == schema.DestinationEditPropagate || p.DestinationDelete == schema.DestinationDeletePropagate || p.DestinationDelete == schema.DestinationDeleteMark
}

// bounded is invariant 2: there are no more items than people and relationships account for.
func (r *random) bounded() {
	if n := len(r.seen()); n > r.made*(1+r.related) {
		r.t.Fatalf("%d items, of %d that people made and %d relationships", n, r.made, r.related)
	}
}

// distinct says that no two pairs have one replica, but for those that share it, and no relationship two pairs of one original.
func (r *random) distinct() {
	replicas := map[spot]state.Pair{}
	for _, pair := range pairsOf(r.office) {
		if pair.ReplicaRef == "" || pair.Status == state.Pruned {
			continue
		}
		at := spot{r.joined[pair.Relationship].destination, pair.Replica} // by its key: another item may have come to its ref
		if other, taken := replicas[at]; taken && !(r.coalesces(pair.Relationship) && r.coalesces(other.Relationship) && pair.Original == other.Original) {
			r.t.Fatalf("%v is the replica of two pairs: %+v and %+v", at, other, pair)
		}
		replicas[at] = pair
	}
}

// coalesces reports whether a relationship shares its replicas.
func (r *random) coalesces(address string) bool {
	i := slices.IndexFunc(r.ws.Relations, func(rel *schema.Relationship) bool { return rel.Address == address })
	return i >= 0 && r.ws.Relations[i].Policies.Coalesce
}

// plan plans, and plans again with another bound on memory: the two say the same.
func (r *random) plan(req reconcile.Request) *plan.Plan {
	r.t.Helper()
	p := r.office.plan(req)
	if r.strike != nil { // what strikes one may not strike the other
		return p
	}
	again := r.office.plan(req)
	said := func(p *plan.Plan) string {
		doc := p.Document
		doc.PlanID, doc.CreatedAt = "", time.Time{}
		doc.Diagnostics = slices.Clone(doc.Diagnostics)
		slices.SortFunc(doc.Diagnostics, func(a, b plan.Diagnostic) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		var text strings.Builder
		if err := doc.WriteJSON(&text); err != nil {
			r.t.Fatalf("%v", err)
		}
		return text.String()
	}
	if a, b := said(p), said(again); a != b {
		r.t.Fatalf("a plan depends on how little memory it may use:\n%s\n%s", a, b)
	}
	return p
}
