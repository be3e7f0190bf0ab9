package scope

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
)

// relationshipAs is what expressions see as relationship.
var relationshipAs = cty.Object(map[string]cty.Type{
	"address": cty.String, "name": cty.String, "key": cty.String, "profile": cty.String, "labels": cty.Map(cty.String),
})

// lookUpItem notes what an expression reads of item, source, destination or relationship. Whether an item has it depends on its kind: see checkItem.
func (sc *Scope) lookUpItem(e *Expression, t hcl.Traversal) {
	root := t.RootName()
	attr := ""
	if len(t) > 1 {
		attr = Step(t[1])
	}
	if root == "item" {
		if e.item == nil {
			e.item = map[string]bool{}
		}
		e.item[attr] = true
		e.reads = append(e.reads, t)
		return
	}
	if e.context == nil {
		e.context = map[string]bool{}
	}
	e.context[root] = true
	of := sc.folder
	if root == "relationship" {
		of = relationshipAs
	}
	if attr != "" && !of.HasAttribute(attr) {
		e.Broken = true
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("%s has no %q.", root, attr), diagnose.DidYouMean(attr, slices.Sorted(maps.Keys(of.AttributeTypes())), "")))
	}
}

// checkItem reports what an expression reads of an item that items of this kind do not have.
func (sc *Scope) checkItem(e *Expression, kind pim.Kind) bool {
	known := map[string]bool{}
	for _, n := range pim.Names(kind) {
		known[n.Name] = true
	}
	ok := !e.Broken
	for _, t := range e.reads {
		if len(t) < 2 || Step(t[1]) == "" || known[Step(t[1])] {
			continue
		}
		ok = false
		attr := Step(t[1])
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("An item of kind %s has no %q.", kind, attr),
			diagnose.DidYouMean(attr, slices.Sorted(maps.Keys(known)), fmt.Sprintf("The names of kind %s are listed in the reference.", kind))))
	}
	return ok
}

// Try evaluates an expression on an item of which nothing is known but the types: a function that is not there or a number where a string
// belongs is found without any item.
func (sc *Scope) Try(a *Attribute, kind pim.Kind, in *Instance, want cty.Type) bool {
	if a.Broken || !sc.checkItem(a.Expression, kind) {
		a.Bad = true
		return false
	}
	item := map[string]cty.Value{}
	a.types = map[string]cty.Type{}
	for _, n := range pim.Names(kind) {
		item[n.Name] = cty.UnknownVal(itemType(n))
		if a.item[n.Name] || a.item[""] {
			a.types[n.Name] = itemType(n)
		}
	}
	ctx := a.known.NewChild()
	ctx.Variables = map[string]cty.Value{"item": cty.ObjectVal(item), "source": cty.UnknownVal(sc.folder),
		"destination": cty.UnknownVal(sc.folder), "relationship": cty.UnknownVal(relationshipAs)}
	if a.Each && in != nil {
		ctx.Variables["each"] = in.Each
	}
	v, diags := a.Value(ctx)
	if diags.HasErrors() {
		a.Bad = true
		sc.Report(sc.unknownFunction(a.discreet(diags, in))...)
		return false
	}
	if _, err := convert.Convert(v, want); err != nil || want == cty.Bool && v.Type() != cty.Bool && v.Type() != cty.DynamicPseudoType {
		sc.Refuse(a, "Wrong type", fmt.Sprintf("%s must be a %s, not a %s.", a.Name, typeName(want), typeName(v.Type())), "")
		return false
	}
	return true
}

// itemType is the type of a name of the expression table, as far as it is known beforehand.
func itemType(n pim.Name) cty.Type {
	switch n.Type {
	case "string", "time":
		return cty.String
	case "bool":
		return cty.Bool
	case "number":
		return cty.Number
	case "list(string)":
		return cty.List(cty.String)
	}
	return cty.DynamicPseudoType
}
