package schema

import (
	"fmt"
	"strings"

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
func (l *loader) lookUpItem(e *expression, t hcl.Traversal) {
	root := t.RootName()
	attr := ""
	if len(t) > 1 {
		attr = step(t[1])
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
	of := l.folderAs
	if root == "relationship" {
		of = relationshipAs
	}
	if attr != "" && !of.HasAttribute(attr) {
		e.broken = true
		l.report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("%s has no %q.", root, attr), diagnose.DidYouMean(attr, sortedKeys(of.AttributeTypes()), "")))
	}
}

// checkItem reports what an expression reads of an item that items of this kind do not have.
func (l *loader) checkItem(e *expression, kind pim.Kind) bool {
	known := map[string]bool{}
	for _, n := range pim.Names(kind) {
		known[n.Name] = true
	}
	ok := !e.broken
	for _, t := range e.reads {
		if len(t) < 2 || step(t[1]) == "" || known[step(t[1])] {
			continue
		}
		ok = false
		attr := step(t[1])
		l.report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("An item of kind %s has no %q.", kind, attr),
			diagnose.DidYouMean(attr, sortedKeys(known), fmt.Sprintf("The names of kind %s are listed in the reference.", kind))))
	}
	return ok
}

// try evaluates an expression on an item of which nothing is known but the types: a function that is not there or a number where a string
// belongs is found without any item.
func (l *loader) try(a *attribute, kind pim.Kind, in *instance, want cty.Type) bool {
	if a.broken || !l.checkItem(a.expression, kind) {
		a.bad = true
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
	ctx.Variables = map[string]cty.Value{"item": cty.ObjectVal(item), "source": cty.UnknownVal(l.folderAs),
		"destination": cty.UnknownVal(l.folderAs), "relationship": cty.UnknownVal(relationshipAs)}
	if a.each && in != nil {
		ctx.Variables["each"] = in.each
	}
	v, diags := a.Value(ctx)
	if diags.HasErrors() {
		a.bad = true
		l.report(l.unknownFunction(a.discreet(diags, in))...)
		return false
	}
	if _, err := convert.Convert(v, want); err != nil || want == cty.Bool && v.Type() != cty.Bool && v.Type() != cty.DynamicPseudoType {
		l.refuse(a, "Wrong type", fmt.Sprintf("%s must be a %s, not a %s.", a.name, typeName(want), typeName(v.Type())), "")
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

// itemValue is a value that pim gives, as expressions see it.
func itemValue(v any, t cty.Type) cty.Value {
	switch v := v.(type) {
	case nil:
		if t == cty.DynamicPseudoType {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return cty.NullVal(t)
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case int:
		return cty.NumberIntVal(int64(v))
	case float64:
		return cty.NumberFloatVal(v)
	case []string:
		return ctyValue(v, cty.List(cty.String))
	case []any:
		list := make([]cty.Value, len(v))
		for i, e := range v {
			list[i] = itemValue(e, cty.DynamicPseudoType)
		}
		if t.IsListType() {
			if len(list) == 0 {
				return cty.ListValEmpty(t.ElementType())
			}
			return cty.ListVal(list)
		}
		return cty.TupleVal(list)
	case map[string]any:
		m := make(map[string]cty.Value, len(v))
		for k, e := range v {
			m[k] = itemValue(e, cty.DynamicPseudoType)
		}
		return cty.ObjectVal(m)
	}
	return cty.NullVal(t)
}

// plainData is the reverse of itemValue: what pim makes a field's value of.
func plainData(v cty.Value) any {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	switch t := v.Type(); {
	case t == cty.String:
		return v.AsString()
	case t == cty.Bool:
		return v.True()
	case t == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case t.IsListType() || t.IsTupleType() || t.IsSetType():
		list := []any{}
		for _, e := range v.AsValueSlice() {
			list = append(list, plainData(e))
		}
		return list
	case t.IsMapType() || t.IsObjectType():
		m := map[string]any{}
		for k, e := range v.AsValueMap() {
			m[k] = plainData(e)
		}
		return m
	}
	return nil
}

// about evaluates an expression for an item of a relationship. The value keeps its marks. The error names file and line and what is wrong.
func (e *expression) about(attrs map[string]any, rel *Relationship, want cty.Type) (cty.Value, error) {
	ctx := e.known.NewChild()
	ctx.Variables = map[string]cty.Value{}
	if e.item != nil {
		item := map[string]cty.Value{}
		for name, t := range e.types {
			item[name] = itemValue(attrs[name], t)
		}
		ctx.Variables["item"] = cty.ObjectVal(item)
	}
	for root := range e.context {
		switch root {
		case "source":
			ctx.Variables[root] = rel.Source.value()
		case "destination":
			ctx.Variables[root] = rel.Destination.value()
		case "relationship":
			ctx.Variables[root] = cty.ObjectVal(map[string]cty.Value{
				"address": cty.StringVal(rel.Address), "name": cty.StringVal(rel.blockName()), "key": cty.StringVal(rel.Key),
				"profile": cty.StringVal(rel.Profile), "labels": ctyValue(rel.Labels, cty.Map(cty.String)),
			})
		}
	}
	if e.each {
		ctx.Variables["each"] = rel.each
	}
	v, diags := e.Value(ctx)
	if diags.HasErrors() {
		d := e.discreet(diags, &instance{each: rel.each})[0]
		return cty.NilVal, e.errorf("%s: %s", d.Summary, strings.TrimSpace(d.Detail))
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		return cty.NilVal, e.errorf("the value is a %s and must be a %s", typeName(v.Type()), typeName(want))
	}
	return converted, nil
}

// errorf makes an error that says where in the configuration it comes from.
func (e *expression) errorf(format string, args ...any) error {
	r := e.Range()
	return fmt.Errorf("%s:%d: %w", r.Filename, r.Start.Line, fmt.Errorf(format, args...))
}
