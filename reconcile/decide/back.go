package decide

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// MarkedPrefix is what `mark` puts before a title, once.
const MarkedPrefix = "Deleted: "

// back is step 3: per original, first the edits of all its replicas in order of relationship address, then their deletes and marks.
// It is the only step that writes to originals of pairs.
func (d *decider) back() {
	groups := map[place][]state.PairKey{}
	for _, k := range d.sortedPairs() {
		if p := d.pairs[k]; live(p) && p.Replica != "" && !d.wait[k] {
			at := place{d.ends[k.Relationship].source, p.Original}
			groups[at] = append(groups[at], k)
		}
	}
	order := slices.SortedFunc(maps.Keys(groups), comparePlaces)
	for _, at := range order {
		d.backOne(at, groups[at])
	}
}

// change is what is to become of one field of an original, and the replica that asks for it.
type change struct {
	value pim.Value
	by    *Item
	union bool // the value is what was said already, and more
}

// gathered is what all replicas of one original ask for.
type gathered struct {
	original *Item
	edits    map[string]change
	whole    pim.Fields // the original's fields as the first replica that wins whole has them
	source   *Item      // that replica, or the first that edits: what a lost original is made from
	by       state.PairKey
	code     Code
}

func (g *gathered) edited() bool { return len(g.edits) > 0 || g.whole != nil }

func (d *decider) backOne(at place, pairs []state.PairKey) {
	g := &gathered{original: d.view[at.folder][at.key], edits: map[string]change{}}
	for _, k := range pairs {
		if rep := d.replica(d.pairs[k]); rep != nil {
			d.gather(g, k, rep)
		}
	}
	var deletedBy, markedBy *state.PairKey
	var deletedCode Code
	for _, k := range pairs {
		p := d.pairs[k]
		if d.replica(p) != nil || g.original == nil {
			continue
		}
		c := d.caseOf(d.byRel[k.Relationship], p)
		switch Back(c) {
		case AskDelete:
			if !g.edited() {
				deletedBy, deletedCode = &k, GoneAtDestination
				if c.Original == Edited {
					deletedCode = d.conflictCode(k, c.Policies.Conflict)
				}
			}
		case AskPersonWait:
			if !g.edited() {
				d.wait[k], d.conflicts[k] = true, true
			}
		case AskMark:
			markedBy = &k
		}
	}
	if deletedBy != nil {
		d.remove(at.folder, at.key, *deletedBy, deletedCode)
		return
	}
	d.bringBack(at, g, pairs, markedBy)
}

// gather adds what one replica asks of its original.
func (d *decider) gather(g *gathered, k state.PairKey, rep *Item) {
	p, r := d.pairs[k], d.byRel[k.Relationship]
	c := d.caseOf(r, p)
	edited := d.flowing(r, p, rep)
	if len(edited) == 0 {
		return
	}
	request := Back(c)
	var edits map[string]change
	switch request {
	case AskEdit:
		edits = d.edits(g, r, rep, edited, nil, p)
	case AskMerge:
		edits = d.edits(g, r, rep, edited, d.editedOriginal(p, g.original), p)
	case AskWhole, AskRestore:
		edits = d.edits(g, r, rep, edited, nil, p)
		if g.whole == nil {
			g.whole = d.whole(r, g.original, rep, d.undoOf(r, p, g.original), d.fresh[k])
			for _, name := range d.marksOf(r, p, rep) {
				if g.whole[name] = g.original.fields()[name]; g.whole[name].IsZero() {
					delete(g.whole, name)
				}
			}
			g.source, g.by, g.code = rep, k, d.conflictCode(k, c.Policies.Conflict)
		}
	case AskSetApart:
		d.apart = append(d.apart, apart{k, rep.Content})
	case AskPersonWait:
		d.wait[k], d.conflicts[k] = true, true
	}
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		d.add(g, k, rep, name, edits[name])
	}
	if len(edits) > 0 && g.source == nil {
		g.source, g.by, g.code = rep, k, ChangedAtDestination
		if request == AskMerge {
			g.code = d.conflictCode(k, c.Policies.Conflict)
		}
	}
}

// add records one field's change; where two replicas changed the same field, the first by address counts (newest: the latest).
func (d *decider) add(g *gathered, k state.PairKey, rep *Item, name string, c change) {
	before, taken := g.edits[name]
	if c.union {
		g.edits[name] = c
		return
	}
	if !taken || before.value.Equal(c.value) {
		if !taken {
			g.edits[name] = c
		}
		return
	}
	switch d.policies(d.byRel[k.Relationship], k).Conflict {
	case schema.ConflictDestination:
		if d.chosen(k) {
			d.used[k], g.edits[name] = true, c
		}
	case schema.ConflictNewest:
		if c.by.Content.Modified().After(before.by.Content.Modified()) {
			g.edits[name] = c
		}
	case schema.ConflictPreserve:
		if !d.rebuilt[k] {
			d.apart = append(d.apart, apart{k, rep.Content})
		}
	case schema.ConflictManual:
		d.wait[k], d.conflicts[k] = true, true
	}
}

// flowing are the fields that the replica's person edited and that may flow back. Of a match that is not settled yet, only what the
// replica has counts: what it lacks was never taken away.
func (d *decider) flowing(r *Relationship, p *state.Pair, rep *Item) []string {
	var out []string
	marks := d.marksOf(r, p, rep)
	for _, name := range d.editedReplica(r, p, d.original(p), rep) {
		if d.flows(r, name) && !slices.Contains(marks, name) && !(d.fresh[keyOf(p)] && rep.fields()[name].IsZero()) {
			out = append(out, name)
		}
	}
	return out
}

// flows reports whether a field may flow from a replica to its original.
func (d *decider) flows(r *Relationship, name string) bool {
	return r.Flows(name) && d.in.Folders[r.Source].Capable.Holds(name)
}

// edits are the original's fields as the replica has them, but for those that the original's person edited too: these merge by value or stay. Nobody took
// anything away from a match: it brings all that it has of several values.
func (d *decider) edits(g *gathered, r *Relationship, rep *Item, edited, kept []string, p *state.Pair) map[string]change {
	out := map[string]change{}
	undo := d.undoOf(r, p, g.original)
	back := d.backTo(r, g.original.fields(), rep.fields(), undo)
	for _, field := range edited {
		name := r.backAs(field, undo)
		v := back[name]
		said := g.original.fields()[name]
		if slices.Contains(kept, name) && d.fresh[keyOf(p)] {
			if already, taken := g.edits[name]; taken {
				said = already.value
			}
			if union, ok := pim.Union(name, said, v); ok && d.policies(r, keyOf(p)).Conflict == schema.ConflictMerge {
				out[name] = change{union, rep, true}
			}
			continue
		}
		if slices.Contains(kept, name) {
			merged, ok := pim.MergeValue(name, p.BaseOriginal[name], said, v)
			if !ok || d.rebuilt[keyOf(p)] {
				continue
			}
			v = merged
		}
		out[name] = change{v, rep, false}
	}
	return out
}

// whole is the original with every field that may flow back as the replica has it. Of a match, the original's fields that the replica lacks are kept.
func (d *decider) whole(r *Relationship, o, rep *Item, undo uint64, match bool) pim.Fields {
	out := pim.Fields{}
	maps.Copy(out, o.fields())
	back := d.backTo(r, o.fields(), rep.fields(), undo)
	for name := range o.fields() {
		if !match && d.flows(r, name) && d.in.Folders[r.Destination].Capable.Holds(name) {
			delete(out, name)
		}
	}
	for name, v := range back {
		if d.flows(r, name) {
			out[name] = v
		}
	}
	return out
}

// bringBack writes the original as its replicas ask.
func (d *decider) bringBack(at place, g *gathered, pairs []state.PairKey, markedBy *state.PairKey) {
	if g.original == nil && !g.edited() {
		return
	}
	var content *pim.Item
	var fields pim.Fields
	switch {
	case g.original != nil:
		content, fields = g.original.Content, maps.Clone(g.original.fields())
	case g.source == nil:
		return
	case isRef(at.key), d.holds(at.folder, at.key): // without a UID that is its own alone, it cannot be made again under its identity
		for _, k := range pairs {
			d.lost[k] = d.pairs[k].Replica == g.source.Key
		}
		return
	default:
		content, fields = g.source.Content.WithMarker(nil).WithUID(at.key), pim.Fields{}
	}
	if g.whole != nil {
		fields = maps.Clone(g.whole)
	}
	for name, c := range g.edits {
		fields[name] = c.value
	}
	content = withAll(content, fields)
	if markedBy != nil {
		content = marked(content)
	}
	if g.original != nil && content.Fields().Equal(g.original.fields()) || d.refusedBefore(at, content) {
		return
	}
	it := &Item{Key: at.key}
	if g.original != nil {
		*it = *g.original
	}
	it.Content = content
	if g.edited() {
		it.Since = g.source.Since
		d.put(at.folder, it, g.by, Edit, g.code)
	}
	if markedBy != nil {
		d.put(at.folder, it, *markedBy, Mark, GoneAtDestination)
	}
}

// withAll is the item with exactly these fields.
func withAll(content *pim.Item, fields pim.Fields) *pim.Item {
	changes := pim.Fields{}
	for _, name := range content.Fields().Diff(fields) {
		changes[name] = fields[name]
	}
	if len(changes) == 0 {
		return content
	}
	return content.WithFields(changes)
}

// marked is the item with its title prefixed, once.
func marked(content *pim.Item) *pim.Item {
	title := content.Title()
	if len(title) >= len(MarkedPrefix) && title[:len(MarkedPrefix)] == MarkedPrefix {
		return content
	}
	field := "summary"
	if content.Kind() == pim.Contacts {
		field = "name"
	}
	v, err := pim.FieldValue(content.Kind(), field, MarkedPrefix+title)
	if err != nil {
		return content
	}
	return content.WithFields(pim.Fields{field: v})
}

// refusedBefore reports whether the provider would not take this content for the original; the pairs that ask for it then wait.
func (d *decider) refusedBefore(at place, content *pim.Item) bool {
	digest, refused := content.Fields().Digest(), false
	for k, p := range d.pairs {
		if p.Original == at.key && d.ends[k.Relationship].source == at.folder && p.Refused == digest {
			refused, d.wait[k] = true, true
			d.refuse(k)
		}
	}
	return refused
}
