// Package history is what moved and removed blocks say: what became of addresses that are no longer in the configuration.
package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/scope"
)

var (
	movedSchema   = scope.BodySchema([]string{"from", "to"}, []string{"from", "to"})
	removedSchema = scope.BodySchema([]string{"from", "on_remove"}, []string{"from"})
)

// Moved says that what was at From is at To.
type Moved struct {
	From, To string
	Range    hcl.Range
}

// Removed says that From left on purpose, and what happens to its replicas.
type Removed struct {
	From     string
	OnRemove string // "": as recorded
	Range    hcl.Range
}

// reader is the work of one Read.
type reader struct {
	*scope.Scope
	there    map[string]bool
	onRemove []string
	found    []Moved
	gone     []Removed
}

// Read reads the moved and removed blocks among blocks. there is every address that is in the configuration; onRemove are the words for what happens
// to replicas.
func Read(sc *scope.Scope, blocks hcl.Blocks, there map[string]bool, onRemove []string) ([]Moved, []Removed) {
	r := &reader{Scope: sc, there: there, onRemove: onRemove}
	moved := map[string]Moved{}
	for _, b := range blocks.OfType("moved") {
		attrs := r.Content(b.Body, movedSchema).Attributes
		from, fromOK := r.address(attrs["from"])
		to, toOK := r.address(attrs["to"])
		if !fromOK || !toOK {
			continue
		}
		m := Moved{From: from, To: to, Range: b.DefRange}
		if first, twice := moved[from]; twice {
			r.Report(diagnose.Mistake(attrs["from"].Expr.Range(), "Moved twice", fmt.Sprintf("%s is moved to %s at %s:%d already.", from, first.To, first.Range.Filename, first.Range.Start.Line), "Keep the one that is true."))
			continue
		}
		moved[from] = m
		switch {
		case from == to:
			r.Report(diagnose.Mistake(b.DefRange, "Cycle of moved", fmt.Sprintf("%s is moved to itself.", from), "Take the block out."))
			continue
		case kindOf(from) != kindOf(to) && (kindOf(from) == "folder" || kindOf(to) == "folder"):
			r.Report(diagnose.Mistake(attrs["to"].Expr.Range(), "Moved to another type", fmt.Sprintf("%s cannot become %s.", from, to), "A folder moves to a folder, a relationship to a relationship."))
			continue
		}
		r.found = append(r.found, m)
	}
	r.cycles(moved)
	for _, b := range blocks.OfType("moved") {
		r.arrived(b, moved)
	}
	for _, b := range blocks.OfType("removed") {
		r.removed(b)
	}
	return r.found, r.gone
}

func (r *reader) removed(b *hcl.Block) {
	content := r.Content(b.Body, removedSchema)
	from, ok := r.address(content.Attributes["from"])
	if !ok {
		return
	}
	gone := Removed{From: from, Range: b.DefRange}
	if a := content.Attributes["on_remove"]; a != nil {
		scope.Choose(r.Scope, r.Attribute("on_remove", a, 0), nil, &gone.OnRemove, r.onRemove...)
	}
	if r.there[from] {
		r.Report(diagnose.Mistake(content.Attributes["from"].Expr.Range(), "Removed, but there", fmt.Sprintf("%s is still in the configuration.", from), "Take it out, or take this block out."))
		return
	}
	r.gone = append(r.gone, gone)
}

// arrived checks the ends of a moved block: from is gone, to is there or is moved on.
func (r *reader) arrived(b *hcl.Block, moved map[string]Moved) {
	attrs, _ := b.Body.Content(movedSchema)
	i := slices.IndexFunc(r.found, func(m Moved) bool { return m.Range == b.DefRange })
	if i < 0 || r.Torn {
		return
	}
	m := r.found[i]
	_, on := moved[m.To]
	switch {
	case r.there[m.From]:
		r.Report(diagnose.Mistake(attrs.Attributes["from"].Expr.Range(), "Moved, but there", fmt.Sprintf("%s is still in the configuration.", m.From), "Rename it there, or take this block out."))
	case !r.there[m.To] && !on && !r.unfinished(m.To):
		r.Report(diagnose.Mistake(attrs.Attributes["to"].Expr.Range(), "Unknown reference", fmt.Sprintf("There is no %s in this workspace.", m.To), diagnose.DidYouMean(m.To, slices.Sorted(maps.Keys(r.there)), "")))
	}
}

// unfinished reports whether address is an instance of a block that is there, in a workspace with mistakes: the instance may be missing for one of them.
func (r *reader) unfinished(address string) bool {
	block, _, _ := strings.Cut(address, "[")
	return r.HasErrors() && r.there[block]
}

// cycles reports each cycle of moved blocks once, and takes it out.
func (r *reader) cycles(moved map[string]Moved) {
	reported := map[string]bool{}
	for _, start := range slices.Sorted(maps.Keys(moved)) {
		path, on := []string{start}, moved[start]
		for on.To != "" && !slices.Contains(path, on.To) && !reported[on.To] {
			path = append(path, on.To)
			on = moved[on.To]
		}
		if on.To != start || len(path) < 2 || reported[start] {
			continue
		}
		for _, address := range path {
			reported[address] = true
		}
		r.Report(diagnose.Mistake(moved[start].Range, "Cycle of moved", strings.Join(append(path, start), " → ")+": nothing says where it ends.", "Take out the block that is not true."))
	}
	r.found = slices.DeleteFunc(r.found, func(m Moved) bool { return reported[m.From] })
}

func kindOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// address reads a reference as the address that it is, whether or not it is there.
func (r *reader) address(a *hcl.Attribute) (string, bool) {
	if a == nil {
		return "", false
	}
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if !diags.HasErrors() && len(t) >= 2 && len(t) <= 3 && scope.Step(t[1]) != "" {
		switch root := t.RootName(); root {
		case "relationship", "mesh", "folder":
			address := root + "." + scope.Step(t[1])
			if len(t) == 2 {
				return address, true
			}
			if _, ok := t[2].(hcl.TraverseIndex); ok && scope.Step(t[2]) != "" {
				return address + "[" + scope.Quote(scope.Step(t[2])) + "]", true
			}
		}
	}
	r.Report(diagnose.Mistake(a.Expr.Range(), "Not an address", a.Name+" must be the address of a relationship, mesh or folder.", `Write relationship.NAME, or relationship.NAME["key"].`))
	return "", false
}
