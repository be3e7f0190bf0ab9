package reconcile

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// marker is the marker of an item that counts. A marker that a person copied along counts for nothing: the item is an ordinary one.
func (pt *part) marker(f *folder, key string, en entry, content *pim.Item) (*pim.Marker, error) {
	m, ok := content.Marker()
	_, replica := pt.replicas.Get(spot{f.address, key}.name())
	switch {
	case replica && ok:
		return &m, nil
	case replica:
		return nil, nil
	case !ok && f.caps.UIDs && decide.IsReplicaUID(en.uid) && pt.apart[key] == 0:
		return pt.markerOfUID(f, en.uid)
	case !ok:
		if made, found := pt.index[f.address].made[key]; found {
			return &made, nil
		}
		return nil, nil
	case m.Status == pim.Released:
		return &m, nil
	}
	copied := isCopy(f, key, en, m)
	if m.Workspace == pt.e.ws.Name {
		if e, known := pt.ends[m.Relationship]; known && e[1] != f.address {
			copied = true
		}
		if p := pt.pairOf(m.Relationship, m.Original); p != nil && p.Generation == m.Generation {
			copied = copied || p.Replica != key && pt.index[f.address].there(p.Replica)
		}
	}
	if copied {
		pt.e.note(plan.Diagnostic{Severity: "info", Address: f.address, Ref: en.ref, Summary: "A person copied a replica",
			Detail: fmt.Sprintf("%q carries the marker of another item: it is treated as an ordinary item.", content.Title())})
		return nil, nil
	}
	return &m, nil
}

// isCopy reports whether an item has the marker of another one, by its UID: a person copied it.
func isCopy(f *folder, key string, en entry, m pim.Marker) bool {
	return strings.HasPrefix(key, decide.RefKey) && en.uid != "" || f.caps.UIDs && m.UID != "" && m.UID != en.uid
}

// derivation is what a derived UID was made from.
type derivation struct {
	original   string
	generation int
}

var derivationCodec = &scratch.Codec[derivation]{
	Encode: func(b []byte, d derivation) []byte { return append(scratch.Append(b, d.original), byte(d.generation)) },
	Decode: func(b []byte) (d derivation) {
		d.generation = int(scratch.Take(b, &d.original)[0])
		return d
	},
	Size: func(d derivation) int { return 32 + len(d.original) },
}

// generations is how many generations of a replica are looked for by their UIDs alone.
const generations = 3

// markerOfUID is the marker of a replica that lost it, or whose folder keeps none: its UID says that it is a replica, and an original without a pair may
// say whose.
func (w *world) markerOfUID(f *folder, uid string) (*pim.Marker, error) {
	for _, r := range w.rels {
		if r.Destination != f.address || w.folders[r.Source].view == nil {
			continue
		}
		found, ok := w.derivedUIDs(r).Get(uid)
		if !ok {
			continue
		}
		p, err := w.pair(state.PairKey{Relationship: r.Address, Original: found.original})
		if err != nil {
			return nil, err
		}
		if p == nil {
			return &pim.Marker{Workspace: w.e.ws.Name, Relationship: r.Address, Original: found.original, Source: r.Source,
				Generation: found.generation, Status: pim.Live, UID: uid}, nil
		}
	}
	return &pim.Marker{Status: pim.Live, UID: uid}, nil
}

// derivedUIDs are the UIDs that the replicas of a relationship could have.
func (w *world) derivedUIDs(r *decide.Relationship) *scratch.Table[derivation] {
	if t := w.derived[r.Address]; t != nil {
		return t
	}
	t := scratch.NewTable(w.room, derivationCodec)
	w.derived[r.Address] = t
	for key, en := range w.index[r.Source].byKey.All() {
		for g := range generations {
			if !en.is(isGone) {
				t.Set(decide.ReplicaUID(w.e.ws.Name, r.Address, key, g), derivation{original: key, generation: g})
			}
		}
	}
	return t
}

var pairKeyCodec = &scratch.Codec[state.PairKey]{
	Encode: func(b []byte, k state.PairKey) []byte { return scratch.Append(b, k.Relationship, k.Original) },
	Decode: func(b []byte) (k state.PairKey) {
		scratch.Take(b, &k.Relationship, &k.Original)
		return k
	},
	Size: func(k state.PairKey) int { return 32 + len(k.Relationship) + len(k.Original) },
}
