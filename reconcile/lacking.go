package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
)

// lacking counts, by relationship and field, the items whose replicas leave something out because their folder cannot hold it.
type lacking map[string]map[string]int

// lacks looks at what a write of a replica leaves out.
func (dr *draft) lacks(w *decide.Write) {
	if w.After == nil || len(dr.folders[w.Folder].caps.Lacks) == 0 {
		return
	}
	r := dr.related(w.Reasons[0].Pair.Relationship)
	if r == nil || w.Folder != r.Destination {
		return
	}
	says := w.After.Content.Fields()
	if o := dr.pt.loaded[r.Source][w.Reasons[0].Pair.Original]; w.Verb == decide.Edit && o != nil && o.Content != nil {
		if content, err := r.Render(o.Content); err == nil {
			says = content.Fields()
		}
	}
	for name := range says {
		lacked := dr.folders[w.Folder].caps.Lacking(name)
		if lacked == "" {
			continue
		}
		if dr.lacking[r.Address] == nil {
			dr.lacking[r.Address] = map[string]int{}
		}
		dr.lacking[r.Address][strings.TrimRight(lacked, ".:")]++
	}
}

// related is a configured relationship by address; nil: it left.
func (p *planning) related(address string) *decide.Relationship {
	i, found := slices.BinarySearchFunc(p.rels, address, func(r *decide.Relationship, address string) int { return strings.Compare(r.Address, address) })
	if !found {
		return nil
	}
	return p.rels[i]
}

// tell says once for each relationship what its destination cannot hold.
func (l lacking) tell(c *composing) {
	for _, address := range sortedKeys(l) {
		var fields []string
		for _, name := range sortedKeys(l[address]) {
			fields = append(fields, fmt.Sprintf("%s (%d)", name, l[address][name]))
		}
		c.doc.Diagnostics = append(c.doc.Diagnostics, plan.Diagnostic{Severity: "info", Address: address, Summary: "The destination cannot hold everything",
			Detail: fmt.Sprintf("%s cannot hold these fields of so many items: %s. They stay at the source, and never count as deleted.", c.related(address).Destination, strings.Join(fields, ", "))})
	}
}
