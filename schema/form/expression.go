package form

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// Expression is the node as an expression: its strings are templates ("${…}"), and references where a reference belongs.
func (n *Node) Expression() (hclsyntax.Expression, hcl.Diagnostics) {
	switch n.Kind {
	case String:
		return n.in.template(n.Text, n.Range, n.at)
	case List:
		elements := &hclsyntax.TupleConsExpr{SrcRange: n.Range, OpenRange: n.Header()}
		var diags hcl.Diagnostics
		for _, e := range n.Elements {
			expr, more := e.Expression()
			elements.Exprs, diags = append(elements.Exprs, expr), append(diags, more...)
		}
		return &list{elements}, diags
	case Object:
		items := &hclsyntax.ObjectConsExpr{SrcRange: n.Range, OpenRange: n.Header()}
		var diags hcl.Diagnostics
		for _, m := range n.Members {
			key, wrong := n.in.template(m.Name, m.NameRange, m.at)
			value, more := m.Value.Expression()
			items.Items, diags = append(items.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: value}), append(append(diags, wrong...), more...)
		}
		return &object{items}, diags
	}
	return &hclsyntax.LiteralValueExpr{Val: n.Value, SrcRange: n.Range}, nil
}

// list and object are as in native syntax, but ask each text in them for its references: it knows where they are.
type list struct{ *hclsyntax.TupleConsExpr }

type object struct{ *hclsyntax.ObjectConsExpr }

// Native is the same list in native syntax.
func (l *list) Native() hclsyntax.Expression { return l.TupleConsExpr }

// Native is the same object in native syntax.
func (o *object) Native() hclsyntax.Expression { return o.ObjectConsExpr }

// Variables are the references in all elements.
func (l *list) Variables() []hcl.Traversal {
	var found []hcl.Traversal
	for _, e := range l.Exprs {
		found = append(found, e.Variables()...)
	}
	return found
}

// Variables are the references in all keys and values.
func (o *object) Variables() []hcl.Traversal {
	var found []hcl.Traversal
	for _, item := range o.Items {
		found = append(append(found, item.KeyExpr.Variables()...), item.ValueExpr.Variables()...)
	}
	return found
}

// text is a string of a document as an expression. Positions in the string become positions in the file.
type text struct {
	hclsyntax.Expression // of the string as a template; its ranges are those in the string
	s                    string
	in                   *document
	whole                hcl.Range
	at                   []int
}

func (d *document) template(s string, whole hcl.Range, at []int) (hclsyntax.Expression, hcl.Diagnostics) {
	t := &text{nil, s, d, whole, at}
	if !strings.Contains(s, "${") && !strings.Contains(s, "%{") {
		t.Expression = &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: hcl.Range{Filename: d.name, End: hcl.Pos{Byte: len(s)}}}
		return t, nil
	}
	if diagnose.TemplateTooDeep([]byte(s), d.name).HasErrors() {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: whole}, hcl.Diagnostics{diagnose.Mistake(whole, "Too deep", "The expressions in this text lie too deep in each other.", "Write it flatter.")}
	}
	expr, diags := hclsyntax.ParseTemplate([]byte(s), d.name, hcl.InitialPos)
	if diags.HasErrors() {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: whole}, t.placed(d.syntax(diags))
	}
	t.Expression = expr
	return t, nil
}

// syntax are the parser's messages about a string: in JSON, the quotes in it are escaped.
func (d *document) syntax(diags hcl.Diagnostics) hcl.Diagnostics {
	diags = diagnose.Syntax(diags)
	for _, said := range diags {
		if todo := diagnose.Remedy(said); !IsYAML(d.name) && strings.Contains(todo, `"…"`) {
			diagnose.Advise(said, strings.ReplaceAll(todo, `"…"`, `\"…\"`))
		}
	}
	return diags
}

// Inner is what the string says, and how its ranges are read: by them, the same expression of a native file has the same text.
func (t *text) Inner() (expr hclsyntax.Expression, source func(hcl.Range) []byte) {
	return t.Expression, func(r hcl.Range) []byte {
		if !r.CanSliceBytes([]byte(t.s)) {
			return nil
		}
		return r.SliceBytes([]byte(t.s))
	}
}

// Value evaluates the string as a template.
func (t *text) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := t.Expression.Value(ctx)
	return v, t.placed(diags)
}

// Variables are the references in the string.
func (t *text) Variables() []hcl.Traversal {
	found := t.Expression.Variables()
	for i, steps := range found {
		found[i] = t.moved(steps)
	}
	return found
}

// Range is the whole string.
func (t *text) Range() hcl.Range { return t.whole }

// StartRange is the whole string.
func (t *text) StartRange() hcl.Range { return t.whole }

// Reference is what "${a.b}" refers to; nil for any other string.
func (t *text) Reference() hcl.Traversal {
	wrap, ok := t.Expression.(*hclsyntax.TemplateWrapExpr)
	if !ok {
		return nil
	}
	steps, diags := hcl.AbsTraversalForExpr(wrap.Wrapped)
	if diags.HasErrors() {
		return nil
	}
	return t.moved(steps)
}

// AsTraversal reads "a.b" and "${a.b}" as a reference: it is asked where nothing else makes sense.
func (t *text) AsTraversal() hcl.Traversal {
	if steps := t.Reference(); steps != nil {
		return steps
	}
	steps, diags := hclsyntax.ParseTraversalAbs([]byte(t.s), t.in.name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	return t.moved(steps)
}

// ExprCall reads "f(a)" as a call: it is asked for types, such as "list(string)". Ranges are right as long as the string is written without escapes.
func (t *text) ExprCall() *hcl.StaticCall {
	s, start := t.s, t.whole.Start
	if _, ok := t.Expression.(*hclsyntax.TemplateWrapExpr); ok {
		s = "  " + t.s[2:len(t.s)-1]
	}
	if t.at != nil {
		start = t.in.pos(t.at[0])
	}
	expr, diags := hclsyntax.ParseExpression([]byte(s), t.in.name, start)
	if diags.HasErrors() {
		return nil
	}
	call, diags := hcl.ExprCall(expr)
	if diags.HasErrors() {
		return nil
	}
	return call
}

// Place is where a range of the string is written; all of the string when that cannot be told.
func (t *text) Place(r hcl.Range) hcl.Range {
	if t.at == nil || r.Start.Byte < 0 || r.End.Byte >= len(t.at) || r.Start.Byte > r.End.Byte {
		return t.whole
	}
	return t.in.between(t.at[r.Start.Byte], t.at[r.End.Byte])
}

func (t *text) placed(diags hcl.Diagnostics) hcl.Diagnostics {
	out := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		moved := *d
		if d.Subject != nil {
			moved.Subject = t.Place(*d.Subject).Ptr()
		}
		if d.Context != nil {
			moved.Context = t.Place(*d.Context).Ptr()
		}
		out[i] = &moved
	}
	return out
}

// moved is a reference with each step where it is written in the file.
func (t *text) moved(steps hcl.Traversal) hcl.Traversal {
	out := make(hcl.Traversal, len(steps))
	for i, s := range steps {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			s.SrcRange = t.Place(s.SrcRange)
			out[i] = s
		case hcl.TraverseAttr:
			s.SrcRange = t.Place(s.SrcRange)
			out[i] = s
		case hcl.TraverseIndex:
			s.SrcRange = t.Place(s.SrcRange)
			out[i] = s
		default:
			out[i] = s
		}
	}
	return out
}
