package scope

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
)

// Dereference turns a reference that is written as a string, as JSON and YAML have it, into what it refers to. It is for places where a string
// makes no sense. in is the instance that each is about, or nil.
func (sc *Scope) Dereference(v cty.Value, at hcl.Range, in *Instance) cty.Value {
	for range 8 { // one may name another, and nobody writes a chain
		found := sc.dereference(v, at, in)
		if found.Type() != cty.String {
			return found
		}
		v = found
	}
	return v
}

func (sc *Scope) dereference(v cty.Value, at hcl.Range, in *Instance) cty.Value {
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.String || v.HasMark(functions.Sensitive) {
		return v
	}
	text := functions.Plain(v).AsString()
	if found, ok := sc.strings[text]; ok {
		return found
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), at.Filename, at.Start)
	if diags.HasErrors() {
		return v
	}
	if t, diags := hcl.AbsTraversalForExpr(expr); diags.HasErrors() || len(t) < 2 || !referable(t.RootName()) {
		return v
	}
	place := Place(0)
	if in != nil && in.Keyed {
		place = PerKey
	}
	e := sc.Compile(located{expr, at}, place)
	found := sc.Evaluate(e, in)
	if found.IsKnown() && !e.Each {
		sc.strings[text] = found
	}
	return found
}

func referable(root string) bool {
	return slices.Contains([]string{"folder", "provider", "template", "data", "var", "local", "each"}, root)
}

// located is an expression that was found inside a string: it says where the string is.
type located struct {
	hcl.Expression
	at hcl.Range
}

func (e located) Range() hcl.Range      { return e.at }
func (e located) StartRange() hcl.Range { return e.at }

// Variables gives every step the place of the string, as carets would point beyond it.
func (e located) Variables() []hcl.Traversal {
	found := e.Expression.Variables()
	for _, t := range found {
		for i, s := range t {
			switch s := s.(type) {
			case hcl.TraverseRoot:
				s.SrcRange = e.at
				t[i] = s
			case hcl.TraverseAttr:
				s.SrcRange = e.at
				t[i] = s
			case hcl.TraverseIndex:
				s.SrcRange = e.at
				t[i] = s
			}
		}
	}
	return found
}
