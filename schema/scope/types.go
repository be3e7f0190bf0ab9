package scope

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/functions"
)

// WrongType reports that a value cannot be read as the type that an attribute has.
func (sc *Scope) WrongType(a *Attribute, v cty.Value, want cty.Type) {
	is := typeName(v.Type())
	if part := misfit(functions.Plain(v), want); part != "" {
		is = part
	}
	name := a.Name[strings.LastIndexByte(a.Name, '.')+1:]
	todo := ""
	switch {
	case want == cty.String && a.PerItem():
		todo = fmt.Sprintf("Write a text: %s = item.private ? \"…\" : \"…\".", name)
	case want == cty.String:
		todo = fmt.Sprintf("Write %s = \"…\".", name)
		if v.Type().IsTupleType() || v.Type().IsListType() {
			todo = fmt.Sprintf("Write one text: %s = \"…\".", name)
		}
	case want == cty.Bool && a.PerItem():
		todo = `Compare it: item.summary == "…", contains(item.categories, "…").`
	case want == cty.Bool:
		todo = fmt.Sprintf("Write %s = true or %s = false.", name, name)
	case want == cty.Number:
		todo = fmt.Sprintf("Write %s = 5, without quotes.", name)
	case want.IsListType():
		todo = fmt.Sprintf("Write %s = [\"…\", \"…\"].", name)
	case want.IsMapType():
		todo = fmt.Sprintf("Write %s = { NAME = \"…\" }.", name)
	}
	sc.Refuse(a, "Wrong type", fmt.Sprintf("%s must be %s, and this is %s.", a.Name, typeName(want), is), todo)
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
