package scope

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
)

// Clause is one of the conditions that an expression joins with &&; an expression without && is its own only clause.
type Clause struct {
	Text string // as written, on one line

	expr  hclsyntax.Expression
	names []clauseName
}

// clauseName is a name that a clause reads.
type clauseName struct {
	text      string
	traversal hcl.Traversal
}

// ClauseValue is what a clause comes to for one item.
type ClauseValue struct {
	Text  string
	Holds bool
	Error string // why it cannot be told; "" when it can
	Names []NameValue
}

// NameValue is the value of a name that a clause reads. It is nil where that is null, cannot be told, or is sensitive.
type NameValue struct {
	Name      string // item.categories
	OfItem    bool
	Sensitive bool
	Value     any // string, bool, float64, []any, map[string]any or nil
}

// Written is an expression that a string of JSON or YAML holds.
type Written interface {
	Inner() (expr hclsyntax.Expression, source func(hcl.Range) []byte)
}

// Clauses takes an expression apart. There are none where it is written in a form that cannot be.
func (sc *Scope) Clauses(e *Expression) []Clause {
	var expr hcl.Expression = e.Expression
	text := sc.Sources.Text
	if w, ok := expr.(Written); ok {
		expr, text = w.Inner()
	}
	native, ok := expr.(hclsyntax.Expression)
	if !ok {
		return nil
	}
	return clauses(native, func(r hcl.Range) string { return strings.Join(strings.Fields(string(text(r))), " ") })
}

func clauses(expr hclsyntax.Expression, text func(hcl.Range) string) []Clause {
	switch e := expr.(type) {
	case *hclsyntax.TemplateWrapExpr:
		return clauses(e.Wrapped, text)
	case *hclsyntax.ParenthesesExpr:
		return clauses(e.Expression, text)
	case *hclsyntax.BinaryOpExpr:
		if e.Op == hclsyntax.OpLogicalAnd {
			return append(clauses(e.LHS, text), clauses(e.RHS, text)...)
		}
	}
	c := Clause{Text: text(expr.Range()), expr: expr}
	known := map[string]bool{}
	for _, t := range expr.Variables() {
		if name := text(t.SourceRange()); !known[name] {
			known[name] = true
			c.names = append(c.names, clauseName{name, t})
		}
	}
	return []Clause{c}
}

// ClausesAbout evaluates clauses of the expression for an item of a relationship.
func (e *Expression) ClausesAbout(clauses []Clause, it *pim.Item, edge Edge) []ClauseValue {
	ctx, in := e.surroundings(it, edge)
	var out []ClauseValue
	for _, c := range clauses {
		v := ClauseValue{Text: c.Text}
		value, diags := c.expr.Value(ctx)
		plain := functions.Plain(value)
		switch {
		case diags.HasErrors():
			v.Error = e.reason(e.discreet(diags, in)[0], ctx, it)
		case plain.Type() == cty.Bool && plain.IsKnown() && !plain.IsNull():
			v.Holds = plain.True()
		default:
			v.Error = "its value is not true or false"
		}
		for _, n := range c.names {
			v.Names = append(v.Names, nameValue(n, ctx))
		}
		out = append(out, v)
	}
	return out
}

func nameValue(n clauseName, ctx *hcl.EvalContext) NameValue {
	out := NameValue{Name: n.text, OfItem: n.traversal.RootName() == "item"}
	value, diags := n.traversal.TraverseAbs(ctx)
	if diags.HasErrors() {
		return out
	}
	if out.Sensitive = functions.Marked(value, functions.Sensitive); !out.Sensitive {
		out.Value = Data(functions.Plain(value))
	}
	return out
}
