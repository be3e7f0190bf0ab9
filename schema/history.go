package schema

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

// history reads moved and removed blocks: what became of addresses that are no longer there.
func (l *loader) history(blocks hcl.Blocks) {
	there := l.expanded()
	moved := map[string]Moved{}
	for _, b := range blocks.OfType("moved") {
		attrs := l.Content(b.Body, movedSchema).Attributes
		from, fromOK := l.address(attrs["from"])
		to, toOK := l.address(attrs["to"])
		if !fromOK || !toOK {
			continue
		}
		m := Moved{From: from, To: to, Range: b.DefRange}
		if first, twice := moved[from]; twice {
			l.Report(diagnose.Mistake(attrs["from"].Expr.Range(), "Moved twice", fmt.Sprintf("%s is moved to %s at %s:%d already.", from, first.To, first.Range.Filename, first.Range.Start.Line), "Keep the one that is true."))
			continue
		}
		moved[from] = m
		switch {
		case from == to:
			l.Report(diagnose.Mistake(b.DefRange, "Cycle of moved", fmt.Sprintf("%s is moved to itself.", from), "Take the block out."))
			continue
		case kindOf(from) != kindOf(to) && (kindOf(from) == "folder" || kindOf(to) == "folder"):
			l.Report(diagnose.Mistake(attrs["to"].Expr.Range(), "Moved to another type", fmt.Sprintf("%s cannot become %s.", from, to), "A folder moves to a folder, a relationship to a relationship."))
			continue
		}
		l.workspace.Moved = append(l.workspace.Moved, m)
	}
	l.cycles(moved)
	for _, b := range blocks.OfType("moved") {
		l.arrived(b, moved, there)
	}
	for _, b := range blocks.OfType("removed") {
		l.removed(b, there)
	}
}

func (l *loader) removed(b *hcl.Block, there map[string]bool) {
	content := l.Content(b.Body, removedSchema)
	from, ok := l.address(content.Attributes["from"])
	if !ok {
		return
	}
	r := Removed{From: from, Range: b.DefRange}
	if a := content.Attributes["on_remove"]; a != nil {
		scope.Choose(l.Scope, l.Attribute("on_remove", a, 0), nil, &r.OnRemove, RemoveDelete, RemoveRetire, RemoveRelease)
	}
	if there[from] {
		l.Report(diagnose.Mistake(content.Attributes["from"].Expr.Range(), "Removed, but there", fmt.Sprintf("%s is still in the configuration.", from), "Take it out, or take this block out."))
		return
	}
	l.workspace.Removed = append(l.workspace.Removed, r)
}

// arrived checks the ends of a moved block: from is gone, to is there or is moved on.
func (l *loader) arrived(b *hcl.Block, moved map[string]Moved, there map[string]bool) {
	attrs, _ := b.Body.Content(movedSchema)
	i := slices.IndexFunc(l.workspace.Moved, func(m Moved) bool { return m.Range == b.DefRange })
	if i < 0 || l.Torn {
		return
	}
	m := l.workspace.Moved[i]
	_, on := moved[m.To]
	switch {
	case there[m.From]:
		l.Report(diagnose.Mistake(attrs.Attributes["from"].Expr.Range(), "Moved, but there", fmt.Sprintf("%s is still in the configuration.", m.From), "Rename it there, or take this block out."))
	case !there[m.To] && !on && !l.unfinished(m.To, there):
		l.Report(diagnose.Mistake(attrs.Attributes["to"].Expr.Range(), "Unknown reference", fmt.Sprintf("There is no %s in this workspace.", m.To), diagnose.DidYouMean(m.To, slices.Sorted(maps.Keys(there)), "")))
	}
}

// unfinished reports whether address is an instance of a block that is there, in a workspace with mistakes: the instance may be missing for one of them.
func (l *loader) unfinished(address string, there map[string]bool) bool {
	block, _, _ := strings.Cut(address, "[")
	return l.HasErrors() && there[block]
}

// cycles reports each cycle of moved blocks once, and takes it out.
func (l *loader) cycles(moved map[string]Moved) {
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
		l.Report(diagnose.Mistake(moved[start].Range, "Cycle of moved", strings.Join(append(path, start), " → ")+": nothing says where it ends.", "Take out the block that is not true."))
	}
	l.workspace.Moved = slices.DeleteFunc(l.workspace.Moved, func(m Moved) bool { return reported[m.From] })
}

// expanded is every address that is in the configuration: blocks and their instances.
func (l *loader) expanded() map[string]bool {
	there := map[string]bool{}
	for _, b := range l.blocks {
		there[b.address] = true
		for _, r := range b.made {
			there[r.Address] = true
		}
	}
	for _, address := range l.Addresses("folder.") {
		there[address] = true
	}
	for address := range l.folders {
		there[address] = true
	}
	return there
}

func kindOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// address reads a reference as the address that it is, whether or not it is there.
func (l *loader) address(a *hcl.Attribute) (string, bool) {
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
	l.Report(diagnose.Mistake(a.Expr.Range(), "Not an address", a.Name+" must be the address of a relationship, mesh or folder.", `Write relationship.NAME, or relationship.NAME["key"].`))
	return "", false
}
