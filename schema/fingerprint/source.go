package fingerprint

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// inside is an expression that a string holds, whose ranges are those in the string.
type inside interface {
	Inner() (expr hclsyntax.Expression, source func(hcl.Range) []byte)
}

// Source is an expression as text that is the same in native syntax, JSON and YAML, without what only looks. source is the text of a range.
func Source(expr hcl.Expression, source func(hcl.Range) []byte) string {
	switch e := expr.(type) {
	case inside:
		return Source(e.Inner())
	case interface{ Native() hclsyntax.Expression }:
		return Source(e.Native(), source)
	case *hclsyntax.TemplateWrapExpr:
		return Source(e.Wrapped, source)
	case *hclsyntax.LiteralValueExpr:
		return literal(e.Val)
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 1 {
			return Source(e.Parts[0], source)
		}
		return "template(" + sources(e.Parts, source) + ")"
	case *hclsyntax.TupleConsExpr:
		return "[" + sources(e.Exprs, source) + "]"
	case *hclsyntax.ObjectConsExpr:
		var b strings.Builder
		for _, item := range e.Items {
			b.WriteString(key(item.KeyExpr, source) + " = " + Source(item.ValueExpr, source) + ", ")
		}
		return "{" + b.String() + "}"
	}
	return Tokens(source(expr.Range()))
}

func sources(list []hclsyntax.Expression, source func(hcl.Range) []byte) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(Source(e, source) + ", ")
	}
	return b.String()
}

// key is a key of an object: a bare word is a text.
func key(expr hclsyntax.Expression, source func(hcl.Range) []byte) string {
	if k, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(k.Wrapped); word != "" && !k.ForceNonLiteral {
			return strconv.Quote(word)
		}
		return Source(k.Wrapped, source)
	}
	return Source(expr, source)
}

func literal(v cty.Value) string {
	switch {
	case !v.IsKnown():
		return "?"
	case v.IsNull():
		return "null"
	case v.Type() == cty.String:
		return strconv.Quote(v.AsString())
	case v.Type() == cty.Number:
		return v.AsBigFloat().Text('g', -1)
	}
	return strconv.FormatBool(v.True())
}

// Tokens is source text without what only looks: comments, line breaks, indentation.
func Tokens(text []byte) string {
	list, diags := hclsyntax.LexExpression(text, "", hcl.InitialPos)
	if diags.HasErrors() {
		return string(text)
	}
	var b strings.Builder
	for _, t := range list {
		if t.Type != hclsyntax.TokenComment && t.Type != hclsyntax.TokenNewline {
			b.Write(t.Bytes)
			b.WriteByte(' ')
		}
	}
	return b.String()
}
