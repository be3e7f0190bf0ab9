package scope

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// operands looks for operands of another type than their operator needs. The expression language would convert them, and fail in an item in which the
// text is no number.
func (sc *Scope) operands(e *Expression, ctx *hcl.EvalContext) hcl.Diagnostics {
	root, place := e.Expression, func(r hcl.Range) hcl.Range { return r }
	if text, ok := root.(interface {
		Inner() (hclsyntax.Expression, func(hcl.Range) []byte)
		Place(hcl.Range) hcl.Range
	}); ok {
		root, _ = text.Inner()
		place = text.Place
	}
	node, ok := root.(hclsyntax.Node)
	if !ok {
		return nil
	}
	var wrong hcl.Diagnostics
	check := func(operand hclsyntax.Expression, needs cty.Type) {
		v, diags := operand.Value(ctx)
		if diags.HasErrors() || v.IsKnown() || v.Type() == needs || v.Type() == cty.DynamicPseudoType || needs == cty.DynamicPseudoType {
			return
		}
		todo := `Compare it: item.summary == "…".`
		if needs == cty.Number {
			todo = `tonumber(…) converts a text; timecmp(a, b) > 0 compares times.`
		}
		wrong = append(wrong, diagnose.Mistake(place(operand.Range()), "Wrong type", fmt.Sprintf("%s is needed here, and this is %s.", sentence(typeName(needs)), typeName(v.Type())), todo))
	}
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			params := n.Op.Impl.Params()
			check(n.LHS, params[0].Type)
			check(n.RHS, params[1].Type)
		case *hclsyntax.UnaryOpExpr:
			check(n.Val, n.Op.Impl.Params()[0].Type)
		case *hclsyntax.ConditionalExpr:
			check(n.Condition, cty.Bool)
		}
		return nil
	})
	return wrong
}
