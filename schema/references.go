package schema

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// name is one thing that expressions refer to: var.x, local.x, provider.d.x, folder.x, template.x. Its value is found when it is first asked for.
// The value is unknown when a mistake in it was reported: whoever depends on it stays silent.
type name struct {
	address  string
	declared hcl.Range
	find     func() cty.Value
	visit    visit
	value    cty.Value
}

type visit int

const (
	fresh visit = iota
	busy
	done
)

// declare makes a name known. A second one of the same address is a mistake.
func (l *loader) declare(address string, at hcl.Range, find func() cty.Value) {
	if first, ok := l.names[address]; ok {
		l.report(diagnose.Mistake(at, "Duplicate name", fmt.Sprintf("%s is already declared at %s:%d.", address, first.declared.Filename, first.declared.Start.Line),
			"Give one of them another name."))
		return
	}
	l.names[address] = &name{address: address, declared: at, find: find}
}

// value finds the value of a declared name. Asked for while it is being found, it is a cycle.
func (l *loader) value(n *name) cty.Value {
	switch n.visit {
	case busy:
		path := []string{n.address}
		for i := len(l.visiting) - 1; i >= 0; i-- {
			path = append([]string{l.visiting[i].address}, path...)
			if l.visiting[i] == n {
				break
			}
		}
		l.report(diagnose.Mistake(n.declared, "Reference cycle", strings.Join(path, " → ")+": each needs the value of the next.",
			"Write one of them without the others."))
		return cty.DynamicVal
	case fresh:
		n.visit = busy
		l.visiting = append(l.visiting, n)
		n.value = n.find()
		l.visiting = l.visiting[:len(l.visiting)-1]
		n.visit = done
	}
	return n.value
}

// addresses are those declared names that begin with prefix.
func (l *loader) addresses(prefix string) []string {
	var found []string
	for a := range l.names {
		if strings.HasPrefix(a, prefix) {
			found = append(found, a)
		}
	}
	sort.Strings(found)
	return found
}

// place is where an expression stands: what it may refer to beside the names of the workspace.
type place int

const (
	perKey  place = 1 << iota // each
	perItem                   // item, source, destination, relationship
)

// expression is an hcl.Expression whose references were looked up.
type expression struct {
	hcl.Expression
	known   *hcl.EvalContext
	each    bool                // refers to each
	item    map[string]bool     // attributes of item that it refers to; "" all
	context map[string]bool     // source, destination, relationship that it refers to
	reads   []hcl.Traversal     // where it refers to item
	types   map[string]cty.Type // of what it reads of an item, by name; found by try
	names   []*name             // what it refers to in the workspace
	secret  bool                // what is written in it is sensitive itself
	broken  bool                // a reference is wrong, and reported
	value   *cty.Value          // when it is the same for every instance

	digested string // what fingerprints cover of it
}

// perItem reports whether the value depends on an item.
func (e *expression) perItem() bool { return e.item != nil || len(e.context) > 0 }

// compile looks up everything that an expression refers to, and reports what is not there.
func (l *loader) compile(expr hcl.Expression, at place) *expression {
	e := &expression{Expression: expr}
	roots := map[string]map[string]cty.Value{}
	for _, t := range expr.Variables() {
		l.lookUp(e, t, at, roots)
	}
	vars := make(map[string]cty.Value, len(roots))
	for root, values := range roots {
		if root == "provider" {
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
	e.known = &hcl.EvalContext{Variables: vars, Functions: l.builtin}
	if at&perItem == 0 {
		e.known.Functions = l.builtinOutside
	}
	return e
}

func (l *loader) lookUp(e *expression, t hcl.Traversal, at place, roots map[string]map[string]cty.Value) {
	root := t.RootName()
	switch root {
	case "var", "local", "folder", "template", "provider":
		l.lookUpName(e, t, roots)
	case "each":
		e.each = true
		switch {
		case at&perKey == 0:
			e.broken = true
			l.report(diagnose.Mistake(t.SourceRange(), "No each here", "each is known only inside a block that has for_each.", "Add for_each to the block, or refer to something else."))
		case len(t) > 1 && step(t[1]) != "key" && step(t[1]) != "value":
			e.broken = true
			l.report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("each has no %q: it has key and value.", step(t[1])), diagnose.DidYouMean(step(t[1]), []string{"key", "value"}, "")))
		}
	case "item", "source", "destination", "relationship":
		if at&perItem == 0 {
			e.broken = true
			l.report(diagnose.Mistake(t.SourceRange(), "No item here", root+" is known only where an expression is about an item: in filter, template, and the attributes of a template.",
				"Write a value that does not depend on an item."))
			return
		}
		l.lookUpItem(e, t)
	case "policy":
		e.broken = true
		l.report(diagnose.Mistake(t.SourceRange(), "A policy is no value", "A policy is used by policy = policy.NAME alone.", ""))
	default:
		e.broken = true
		l.report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("Nothing is called %q.", root),
			diagnose.DidYouMean(root, []string{"var", "local", "folder", "template", "provider", "each", "item", "source", "destination", "relationship"}, "")))
	}
}

// lookUpName finds a name of the workspace and puts its value where the expression will look for it.
func (l *loader) lookUpName(e *expression, t hcl.Traversal, roots map[string]map[string]cty.Value) {
	root, depth := t.RootName(), 1
	if root == "provider" {
		depth = 2
	}
	var steps []string
	for _, s := range t[1:] {
		if w := step(s); w != "" && len(steps) < depth {
			steps = append(steps, w)
		}
	}
	if len(steps) < depth {
		e.broken = true
		form := map[string]string{"provider": "provider.DRIVER.NAME"}[root]
		if form == "" {
			form = root + ".NAME"
		}
		l.report(diagnose.Mistake(t.SourceRange(), "Incomplete reference", fmt.Sprintf("%s alone says nothing.", root), "Write "+form+"."))
		return
	}
	key := strings.Join(steps, ".")
	n := l.names[root+"."+key]
	if n == nil {
		e.broken = true
		if !l.torn {
			l.report(diagnose.Mistake(t[:depth+1].SourceRange(), "Unknown reference", fmt.Sprintf("There is no %s in this workspace.", root+"."+key),
				diagnose.DidYouMean(root+"."+key, l.addresses(root+"."), fmt.Sprintf("Declare it: %s", declaration(root, steps)))))
		}
		return
	}
	if roots[root] == nil {
		roots[root] = map[string]cty.Value{}
	}
	roots[root][key] = l.value(n)
	e.names = append(e.names, n)
	if len(t) > depth+1 && (root == "folder" || root == "provider") {
		l.lookUpKey(e, n, t[:depth+2])
	}
}

// lookUpKey checks the key of a reference to one instance of a block with for_each.
func (l *loader) lookUpKey(e *expression, n *name, t hcl.Traversal) {
	index, ok := t[len(t)-1].(hcl.TraverseIndex)
	if !ok || !n.value.IsKnown() || n.value.IsNull() {
		return
	}
	key := step(index)
	if !n.value.Type().IsMapType() {
		e.broken = true
		l.report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("%s has no for_each, so it has no key %q.", n.address, key), fmt.Sprintf("Write %s.", n.address)))
		return
	}
	elements := n.value.AsValueMap()
	if _, ok := elements[key]; !ok {
		e.broken = true
		var all []string
		for k := range elements {
			all = append(all, n.address+"["+quote(k)+"]")
		}
		l.report(diagnose.Mistake(t.SourceRange(), "Unknown reference", fmt.Sprintf("There is no %s[%s] in this workspace.", n.address, quote(key)),
			diagnose.DidYouMean(n.address+"["+quote(key)+"]", all, "It is a key of the block's for_each.")))
	}
}

func declaration(root string, steps []string) string {
	switch root {
	case "var":
		return fmt.Sprintf("variable %q {}", steps[0])
	case "local":
		return fmt.Sprintf("locals { %s = … }", steps[0])
	case "provider":
		return fmt.Sprintf("provider %q %q { … }", steps[0], steps[1])
	}
	return fmt.Sprintf("%s %q { … }", root, steps[0])
}

// step is the name that one step of a traversal takes, or "" for something else than a name.
func step(t hcl.Traverser) string {
	switch t := t.(type) {
	case hcl.TraverseAttr:
		return t.Name
	case hcl.TraverseIndex:
		s, _ := asString(functions.Plain(t.Key))
		return s
	}
	return ""
}
