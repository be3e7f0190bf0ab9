package scope

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// Place is where an expression stands: what it may refer to beside the names of the workspace.
type Place int

// What is known beside names in the places that may be more than once: in a block with for_each, and where an item is.
const (
	PerKey  Place = 1 << iota // each
	PerItem                   // item, source, destination, relationship
	PerRow                    // row, rows
)

// Expression is an hcl.Expression whose references were looked up.
type Expression struct {
	hcl.Expression
	Each   bool // refers to each
	Secret bool // what is written in it is sensitive itself
	Broken bool // a reference is wrong, and reported

	known   *hcl.EvalContext
	item    map[string]bool     // attributes of item that it refers to; "" all
	context map[string]bool     // source, destination, relationship that it refers to
	perRow  bool                // refers to row or rows
	rows    bool                // refers to rows
	reads   []hcl.Traversal     // where it refers to item
	types   map[string]cty.Type // of what it reads of an item, by name; found by Try
	names   []*name             // what it refers to in the workspace
	value   *cty.Value          // when it is the same for every instance

	digested string // what fingerprints cover of it
}

// PerItem reports whether the value depends on an item.
func (e *Expression) PerItem() bool { return e.item != nil || len(e.context) > 0 }

// Compile looks up everything that an expression refers to, and reports what is not there.
func (sc *Scope) Compile(expr hcl.Expression, at Place) *Expression {
	e := &Expression{Expression: expr}
	sc.findPartitions(e)
	roots := map[string]map[string]cty.Value{}
	for _, t := range expr.Variables() {
		sc.lookUp(e, t, at, roots)
	}
	vars := make(map[string]cty.Value, len(roots))
	for root, values := range roots {
		if depthOf(root) == 2 {
			byDriver := map[string]map[string]cty.Value{}
			for key, v := range values {
				driver, label, _ := strings.Cut(key, ".")
				if byDriver[driver] == nil {
					byDriver[driver] = map[string]cty.Value{}
				}
				byDriver[driver][label] = v
			}
			values = map[string]cty.Value{}
			for driver, labels := range byDriver {
				values[driver] = cty.ObjectVal(labels)
			}
		}
		vars[root] = cty.ObjectVal(values)
	}
	e.known = &hcl.EvalContext{Variables: vars, Functions: sc.builtin}
	if at&PerItem == 0 {
		e.known.Functions = sc.builtinOutside
	}
	return e
}

func (sc *Scope) lookUp(e *Expression, t hcl.Traversal, at Place, roots map[string]map[string]cty.Value) {
	root := t.RootName()
	switch root {
	case "var", "local", "folder", "template", "provider", "data":
		sc.lookUpName(e, t, roots)
	case "each":
		e.Each = true
		switch {
		case at&PerKey == 0:
			e.Broken = true
			sc.Report(diagnose.Mistake(t.SourceRange(), "No each here", "each is known only inside a block that has for_each.", "Add for_each to the block, or refer to something else."))
		case len(t) > 1 && Step(t[1]) != "key" && Step(t[1]) != "value":
			e.Broken = true
			sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("each has no %q: it has key and value.", Step(t[1])), fmt.Sprintf("Write each.value.%s, if it is a part of the value.", Step(t[1]))))
		}
	case "item", "source", "destination", "relationship":
		if at&PerItem == 0 {
			e.Broken = true
			sc.Report(diagnose.Mistake(t.SourceRange(), "No item here", root+" is known only where an expression is about an item: in filter, template, and the attributes of a template.",
				"Write a value that does not depend on an item."))
			return
		}
		sc.lookUpItem(e, t)
	case "row", "rows":
		if at&PerRow == 0 {
			e.Broken = true
			sc.Report(diagnose.Mistake(t.SourceRange(), "No row here", root+" is known only where an expression makes an item of rows: in fields and extra of a folder over a query or a search.",
				"Write a value that does not depend on a row."))
			return
		}
		e.rows = e.rows || root == "rows"
		e.perRow = true
	case "policy":
		e.Broken = true
		sc.Report(diagnose.Mistake(t.SourceRange(), "A policy is no value", "A policy can be used by the attribute policy alone.", "Write policy = policy.NAME in a relationship or mesh."))
	default:
		e.Broken = true
		todo := diagnose.DidYouMean(root, []string{"var", "local", "folder", "template", "provider", "data", "each", "item", "row", "rows", "source", "destination", "relationship"}, "")
		if len(t) == 1 {
			todo = sc.Meant(root, []string{"folder", "local", "var", "template"}, fmt.Sprintf("If it is a text, put it in quotes: %q.", root))
		}
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("Nothing is called %q.", root), todo))
	}
}

// depthOf is how many names a block of the type has.
func depthOf(root string) int {
	if root == "provider" || root == "data" {
		return 2
	}
	return 1
}

// lookUpName finds a name of the workspace and puts its value where the expression will look for it.
func (sc *Scope) lookUpName(e *Expression, t hcl.Traversal, roots map[string]map[string]cty.Value) {
	root := t.RootName()
	depth := depthOf(root)
	var steps []string
	for _, s := range t[1:] {
		if w := Step(s); w != "" && len(steps) < depth {
			steps = append(steps, w)
		}
	}
	if len(steps) < depth {
		e.Broken = true
		form := map[string]string{"provider": "provider.DRIVER.NAME", "data": "data.TYPE.NAME.rows"}[root]
		if form == "" {
			form = root + ".NAME"
		}
		sc.Report(diagnose.Mistake(t.SourceRange(), "Incomplete reference", fmt.Sprintf("%s alone says nothing.", root), "Write "+form+"."))
		return
	}
	key := strings.Join(steps, ".")
	n := sc.names[root+"."+key]
	if n == nil {
		e.Broken = true
		if !sc.Torn && !sc.miswritten[blockOf(root)] && !(depth == 2 && sc.misnamed[root+"."+steps[1]]) {
			sc.Report(diagnose.Mistake(t[:depth+1].SourceRange(), "Unknown reference", fmt.Sprintf("There is no %s in this workspace.", root+"."+key),
				diagnose.DidYouMean(root+"."+key, sc.Addresses(root+"."), fmt.Sprintf("Declare it: %s", declaration(root, steps)))))
		}
		return
	}
	if roots[root] == nil {
		roots[root] = map[string]cty.Value{}
	}
	found := roots[root][key]
	roots[root][key] = sc.value(n)
	e.names = append(e.names, n)
	if n.hasPartitions() {
		roots[root][key] = sc.lookUpPartition(e, n, t, found)
		return
	}
	if len(t) > depth+1 && (root == "folder" || root == "provider") {
		sc.lookUpKey(e, n, t[:depth+2])
	}
}

// blockOf is the type of block that declares names of a root.
func blockOf(root string) string {
	switch root {
	case "var":
		return "variable"
	case "local":
		return "locals"
	}
	return root
}

// lookUpKey checks the key of a reference to one instance of a block with for_each.
func (sc *Scope) lookUpKey(e *Expression, n *name, t hcl.Traversal) {
	index, ok := t[len(t)-1].(hcl.TraverseIndex)
	if !ok || !n.value.IsKnown() || n.value.IsNull() {
		return
	}
	key := Step(index)
	if !n.value.Type().IsMapType() {
		e.Broken = true
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("%s has no for_each, so it has no key %q.", n.address, key), fmt.Sprintf("Write %s.", n.address)))
		return
	}
	elements := n.value.AsValueMap()
	if _, ok := elements[key]; !ok {
		e.Broken = true
		var all []string
		for k := range elements {
			all = append(all, n.address+"["+Quote(k)+"]")
		}
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("There is no %s[%s] in this workspace.", n.address, Quote(key)),
			diagnose.DidYouMean(n.address+"["+Quote(key)+"]", all, "It is a key of the block's for_each.")))
	}
}

// Meant is a remedy for a word in the place of a reference: the address that ends with it, else otherwise.
func (sc *Scope) Meant(word string, roots []string, otherwise string) string {
	for _, root := range roots {
		for _, address := range sc.Addresses(root + ".") {
			if address[strings.LastIndexByte(address, '.')+1:] == word {
				return "Did you mean " + address + "?"
			}
		}
	}
	return otherwise
}

func declaration(root string, steps []string) string {
	switch root {
	case "var":
		return fmt.Sprintf("variable %q {}", steps[0])
	case "local":
		return fmt.Sprintf("locals { %s = … }", steps[0])
	case "provider", "data":
		return fmt.Sprintf("%s %q %q { … }", root, steps[0], steps[1])
	}
	return fmt.Sprintf("%s %q { … }", root, steps[0])
}

// Step is the name that one step of a traversal takes, or "" for something else than a name.
func Step(t hcl.Traverser) string {
	switch t := t.(type) {
	case hcl.TraverseAttr:
		return t.Name
	case hcl.TraverseIndex:
		s, _ := AsString(functions.Plain(t.Key))
		return s
	}
	return ""
}
