package functions

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// ofCollections is a function whose leading arguments, count of them or all for -1, must be lists or sets. The library's own looks at them when their
// values are known, which for an expression about an item is too late.
func ofCollections(f function.Function, count int) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			for i, arg := range args {
				if t := arg.Type(); (count < 0 || i < count) && t != cty.DynamicPseudoType && !isList(t) {
					return cty.NilType, function.NewArgErrorf(i, "it must be a list or a set, and this is %s", named(t))
				}
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Call(args) },
	})
}

func isList(t cty.Type) bool { return t.IsListType() || t.IsSetType() || t.IsTupleType() }

func named(t cty.Type) string {
	switch {
	case t == cty.String:
		return "a text: strcontains(text, part) looks into one"
	case t == cty.Bool:
		return "true or false"
	case t == cty.Number:
		return "a number"
	}
	return "a map: keys(map) and values(map) are lists"
}

// contains is whether a list or set has an element that equals a value. Whole elements are compared: a list of maps has no text.
var contains = function.New(&function.Spec{
	Params: stdlib.ContainsFunc.Params(),
	Type: func(args []cty.Value) (cty.Type, error) {
		list, value := args[0].Type(), args[1].Type()
		if list.IsListType() || list.IsSetType() {
			if list.ElementType().IsObjectType() && value.IsPrimitiveType() {
				return cty.NilType, function.NewArgErrorf(1, "an element of the list is a map, which equals no text: contains(LIST[*].NAME, …) compares a part of each")
			}
		}
		return cty.Bool, nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return stdlib.Contains(args[0], args[1]) },
})
