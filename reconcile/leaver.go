package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// onLeaver is what a mesh says becomes of the items of a member that leaves; "" of any other block.
func (w *world) onLeaver(block string) string {
	i := slices.IndexFunc(w.e.ws.Blocks, func(b *schema.Block) bool { return b.Address == block })
	if i < 0 {
		return ""
	}
	return string(w.e.ws.Blocks[i].OnLeaver)
}

// fateOfLeaver sets what becomes of the replicas of a recorded relationship when it is an edge of a mesh from a member that left to one that stays: what the mesh
// says now, else what it said at the last apply. Edges to members that left are removed as any relationship is.
func (p *planning) fateOfLeaver(r *state.Relationship) {
	if p.e.ws.Relationship(r.Address) != nil {
		return
	}
	originals := schema.OnLeaver(cmp.Or(p.onLeaver(r.Block), r.OnLeaver))
	r.OnLeaver = ""
	if !p.leftMesh(r) {
		return
	}
	switch originals {
	case schema.LeaverDelete:
		r.OnRemove = string(schema.RemoveDelete)
	case schema.LeaverRelease:
		r.OnRemove = string(schema.RemoveRelease)
	case schema.LeaverRehome:
		r.OnLeaver = string(originals)
		p.rehomes[r.Address] = !p.req.Destroy
	}
}

// leftMesh reports whether a recorded relationship is one from a member that left its mesh to one that stays. A member that has another name now has not left,
// and a `removed` block that says something of the edge itself counts more.
func (p *planning) leftMesh(r *state.Relationship) bool {
	i := slices.IndexFunc(p.e.ws.Blocks, func(b *schema.Block) bool { return b.Address == r.Block && strings.HasPrefix(b.Address, "mesh.") })
	members := keysOf(r.Block, r.Key)
	if i < 0 || len(members) != 2 {
		return false
	}
	keys := p.e.ws.Blocks[i].Keys
	if slices.Contains(keys, members[0]) || !slices.Contains(keys, members[1]) {
		return false
	}
	named := func(x schema.Removed) bool { return x.From == r.Address && x.OnRemove != "" }
	renamed := func(now *schema.Relationship) bool { return now.Block == r.Block && now.Source.Address == r.Source }
	return !slices.ContainsFunc(p.e.ws.Removed, named) && !slices.ContainsFunc(p.e.ws.Relations, renamed)
}

// holdRehoming holds what gives the items of a member that left new originals while part of that cannot be done: all folders that stay have a part in it, and half
// of it would leave items that nobody can tell from others. Where blocked is not nil, it is added to that.
func (p *planning) holdRehoming(blocked map[string]string) {
	for _, left := range p.recorded {
		if !p.rehomes[left.Address] {
			continue
		}
		cause := p.hinders(left, blocked)
		_, already := p.holds[left.Address]
		if cause == "" || already || blocked[left.Address] != "" {
			continue
		}
		status := p.holds[cause].status
		if status == "" {
			status = plan.Blocked
		}
		why := fmt.Sprintf("%s is left out of this plan: the items of a member that left get their new originals in all folders at once", cause)
		if blocked != nil {
			blocked[left.Address] = why
		} else {
			p.holds[left.Address] = hold{status, why}
		}
	}
}

// hinders is a relationship that is held and has a part in giving the items of a member that left new originals: one of its own, or one between two of the
// folders that stay. "": there is none.
func (p *planning) hinders(left state.Relationship, blocked map[string]string) string {
	stay := map[string]bool{}
	for _, r := range p.recorded {
		if p.rehomes[r.Address] && r.Block == left.Block && r.Source == left.Source {
			stay[r.Destination] = true
		}
	}
	for _, address := range sortedKeys(p.ends) {
		if _, held := p.holds[address]; !held && blocked[address] == "" {
			continue
		}
		e, spec := p.ends[address], p.specs[address]
		if stay[e[1]] && (p.rehomes[address] && e[0] == left.Source || spec != nil && spec.Block == left.Block && stay[e[0]]) {
			return address
		}
	}
	return ""
}
