package decide

import (
	"maps"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// referring are the fields that name other items by UID: the members of a distribution list, the parent of a task, and whatever else is
// related (RFC 6350 6.6.5, RFC 5545 3.8.4.5). In a replica they name the replicas.
func referring() []string { return []string{"members", "parent", "related_to"} }

// References are the UIDs of the items that an item names.
func References(it *pim.Item) []string {
	var out []string
	for _, name := range referring() {
		out = append(out, uidsOf(it.Fields()[name])...)
	}
	return out
}

func uidsOf(v pim.Value) []string {
	switch plain := v.Plain().(type) {
	case string:
		return []string{plain}
	case []string:
		return plain
	}
	return nil
}

// renamed are the referring fields of a content that name other UIDs when each is given its new name.
func renamed(kind pim.Kind, fields pim.Fields, name func(uid string) string) pim.Fields {
	changes := pim.Fields{}
	for _, field := range referring() {
		v := fields[field]
		before := uidsOf(v)
		after := make([]any, len(before))
		changed := false
		for i, uid := range before {
			now := name(uid)
			after[i], changed = now, changed || now != uid
		}
		if !changed {
			continue
		}
		var plain any = after
		if _, single := v.Plain().(string); single {
			plain = after[0]
		}
		if now, err := pim.FieldValue(kind, field, plain); err == nil {
			changes[field] = now
		}
	}
	return changes
}

// replicaOf is the UID that an item of the source has, or will have, in the destination of a relationship; its own when it is not copied there.
func (d *decider) replicaOf(r *Relationship, uid string) string {
	k := state.PairKey{Relationship: r.Address, Original: uid}
	if d.follows(k) {
		k = d.leaders[k]
	}
	if p := d.pairs[k]; p != nil {
		if p.Replica == "" || isRef(p.Replica) {
			return uid
		}
		return p.Replica
	}
	o := d.view[r.Source][uid]
	if o == nil || o.Unknown || d.isReplica(r.Source, o) || !d.in.Folders[r.Destination].Capable.UIDs || !d.wanted(r, o) {
		return uid
	}
	if r.Policies.Existing == schema.ExistingAdopt {
		if found := d.likely(r, o); found != nil {
			return found.Content.UID()
		}
	}
	replica, _, _ := d.freeUID(r, uid, 0)
	return replica
}

// backTo is what goes back from a replica to its original, naming originals.
func (d *decider) backTo(r *Relationship, original, replica pim.Fields, kind pim.Kind) pim.Fields {
	out := r.Back(original, replica)
	changes := renamed(kind, out, func(uid string) string {
		k, known := d.owner[place{r.Destination, uid}]
		if p := d.pairs[k]; known && p != nil && k.Relationship == r.Address && p.Replica == uid && !isRef(k.Original) {
			return k.Original
		}
		return uid
	})
	maps.Copy(out, changes)
	return out
}
