package scope

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
)

// Dereference turns a reference that is written as a string, as generated configuration does, into what it refers to.
func (sc *Scope) Dereference(v cty.Value, at hcl.Range) cty.Value {
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
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
	if t, diags := hcl.AbsTraversalForExpr(expr); diags.HasErrors() || !referable(t.RootName()) {
		return v
	}
	e := sc.Compile(located{expr, at}, 0)
	found := sc.Evaluate(e, nil)
	if found.IsKnown() {
		sc.strings[text] = found
	}
	return found
}

func referable(root string) bool { return root == "folder" || root == "provider" || root == "template" }

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
