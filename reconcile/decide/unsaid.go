package decide

import (
	"maps"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// unsaid are the fields that an original had when its pair last agreed, and that its folder cannot hold by now, as the replica has them: nobody took them away, so the
// original is taken to say them still.
func (d *decider) unsaid(r *Relationship, p *state.Pair, o, rep *Item) pim.Fields {
	var out, back pim.Fields
	for name, digest := range p.BaseOriginal {
		if _, said := o.fields()[name]; said || digest.Equal(unknown) && !d.rebuilt[keyOf(p)] || d.in.Folders[r.Source].Capable.Holds(name) {
			continue
		}
		if out == nil {
			out, back = pim.Fields{}, d.backTo(r, o.fields(), rep.fields(), d.undoOf(r, p, o))
		}
		if v := back[name]; !v.IsZero() {
			out[name] = v
		}
	}
	return out
}

// withUnsaid adds to what a replica should say what the template makes of what the original leaves unsaid, where it would say nothing else.
func (d *decider) withUnsaid(r *Relationship, p *state.Pair, o, rep *Item, want pim.Fields) pim.Fields {
	unsaid := d.unsaid(r, p, o, rep)
	if len(unsaid) == 0 {
		return want
	}
	content, err := r.Render(o.Content.WithFields(unsaid))
	if err != nil {
		return want // which is said of the original as it is
	}
	out := maps.Clone(want)
	for name, v := range d.referring(r, content).Fields() {
		if want[name].IsZero() {
			out[name] = v
		}
	}
	return out
}

// baseOf is the original's side of the base of a pair that agrees now: with what the original leaves unsaid, which is said again when its folder can hold it.
func (d *decider) baseOf(r *Relationship, p *state.Pair, o, rep *Item) pim.Digests {
	base := o.fields().Digests()
	for name, v := range d.unsaid(r, p, o, rep) {
		if base[name] = p.BaseOriginal[name]; base[name].Equal(unknown) {
			base[name] = v.Digest()
		}
	}
	return base
}
