package reconcile

import (
	"fmt"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// successors finds the new relationships that join the same folders as one that left: it may be the same one under another name.
func (p *planning) successors(each func(left state.Relationship, now *schema.Relationship)) {
	known := map[string]bool{}
	for _, r := range p.recorded {
		known[r.Address] = true
	}
	joining := map[[2]string][]*schema.Relationship{} // new ones, by the folders that they join
	for _, r := range p.rels {
		if !known[r.Address] {
			ends := [2]string{r.Source, r.Destination}
			joining[ends] = append(joining[ends], p.specs[r.Address])
		}
	}
	for _, r := range p.recorded {
		if p.specs[r.Address] == nil {
			for _, now := range joining[[2]string{r.Source, r.Destination}] {
				each(r, now)
			}
		}
	}
}

// hintMoved tells of the block that says that a relationship has another name now.
func (p *planning) hintMoved() {
	p.successors(func(left state.Relationship, now *schema.Relationship) {
		p.e.note(plan.Diagnostic{Severity: "info", Address: now.Block, Summary: "A relationship may have another name now",
			Detail: fmt.Sprintf("%s left the configuration, and this one joins the same folders. If it is the same one, keep its replicas: moved { from = %[1]s, to = %s }, each on a line of its own.",
				left.Block, now.Block)})
	})
}

// holdSuccessors blocks the relationships whose copies would lie beside those of one that left and is blocked.
func (p *planning) holdSuccessors(blocked map[string]string) {
	p.successors(func(left state.Relationship, now *schema.Relationship) {
		h, held := p.holds[left.Address]
		if _, already := p.holds[now.Address]; !already && (held && h.status == plan.Blocked || blocked[left.Address] != "") {
			blocked[now.Address] = fmt.Sprintf("%s left the configuration and is blocked, and this one joins the same folders: its copies would lie beside those that are there",
				left.Address)
		}
	})
}
