package scope

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/form"
	"github.com/accord-sync/accord/schema/functions"
)

// WrongType reports that a value cannot be read as the type that an attribute has.
func (sc *Scope) WrongType(a *Attribute, v cty.Value, want cty.Type) {
	is := typeName(v.Type())
	if part := misfit(functions.Plain(v), want); part != "" {
		is = part
	}
	name := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
	file := a.Range().Filename
	write := func(value string) string { return Setting(name, value, file) }
	todo := ""
	switch {
	case want == cty.String && a.PerItem():
		todo = fmt.Sprintf("Write a text: %s.", write(embedded(`item.private ? "…" : "…"`, file)))
	case want == cty.String:
		todo = fmt.Sprintf("Write %s.", write(`"…"`))
		if v.Type().IsTupleType() || v.Type().IsListType() {
			todo = fmt.Sprintf("Write one text: %s.", write(`"…"`))
		}
	case want == cty.Bool && isExpression(v):
		todo = fmt.Sprintf("In quotes it is a text: write %s.", write(embedded(functions.Plain(v).AsString(), file)))
	case want == cty.Bool && a.PerItem():
		todo = `Compare it: item.summary == "…", contains(item.categories, "…").`
	case want == cty.Bool:
		todo = fmt.Sprintf("Write %s or %s.", write("true"), write("false"))
	case want == cty.Number:
		todo = fmt.Sprintf("Write %s, without quotes.", write("5"))
	case want.IsListType():
		todo = fmt.Sprintf("Write %s.", write(`["…", "…"]`))
	case want.IsMapType():
		todo = fmt.Sprintf("Write %s.", write(`{ NAME = "…" }`))
	}
	sc.Refuse(a, wrongType, fmt.Sprintf("%s must be %s, and this is %s.", a.Name, typeName(want), is), todo)
}

// isExpression reports whether a text reads as an expression over an item, which it was perhaps meant to be.
func isExpression(v cty.Value) bool {
	v = functions.Plain(v)
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return false
	}
	expr, diags := hclsyntax.ParseExpression([]byte(v.AsString()), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	return slices.ContainsFunc(expr.Variables(), func(t hcl.Traversal) bool { return t.RootName() == "item" })
}

// embedded is an expression as it is written in a file of this name: JSON and YAML have expressions in texts alone.
func embedded(expr, file string) string {
	if form.Is(file) {
		return "${" + expr + "}"
	}
	return expr
}

// misfit says which part of a map or list has a type of its own that is wrong, or "".
func misfit(v cty.Value, want cty.Type) string {
	t := v.Type()
	if !v.IsKnown() || v.IsNull() || !want.IsCollectionType() || !(t.IsObjectType() || t.IsMapType()) || !want.IsMapType() {
		return ""
	}
	elements := v.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		if _, err := convert.Convert(elements[name], want.ElementType()); err != nil {
			return fmt.Sprintf("a map in which %s is %s", name, typeName(elements[name].Type()))
		}
	}
	return ""
}

// typeName is a type as people call it.
func typeName(t cty.Type) string {
	switch {
	case t == cty.String:
		return "a text"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsListType() && t.ElementType() == cty.String:
		return "a list of texts"
	case t.IsTupleType() || t.IsListType():
		return "a list"
	case t.IsSetType():
		return "a set"
	case t.IsMapType() && t.ElementType() == cty.String:
		return "a map of texts"
	case t.IsCapsuleType():
		return "a " + t.FriendlyName()
	case t.IsObjectType() || t.IsMapType():
		return "a map"
	}
	return t.FriendlyName()
}
