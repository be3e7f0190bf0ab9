package template

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Reader reads templates, and what relationships say about them.
type Reader struct {
	*scope.Scope
	choices map[use]*Template
	filters map[use]*Filter
}

// use is an attribute used for items of a kind. All instances of a block share what is made of it.
type use struct {
	*scope.Attribute
	kind pim.Kind
}

// NewReader reads in a scope.
func NewReader(sc *scope.Scope) *Reader {
	return &Reader{Scope: sc, choices: map[use]*Template{}, filters: map[use]*Filter{}}
}

// Block declares a template block.
func (r *Reader) Block(b *hcl.Block) {
	r.Declare("template."+b.Labels[0], b.DefRange, func() cty.Value {
		t, ok := r.template(b)
		if !ok {
			return cty.UnknownVal(templateAs)
		}
		return cty.CapsuleVal(templateAs, t)
	})
}

// Template is the template that an attribute of a relationship or mesh block names, or nil when there is none or a mistake was reported: a
// template block, or a choice among such that each item makes anew.
func (r *Reader) Template(block string, a *scope.Attribute, in *scope.Instance, kind pim.Kind) *Template {
	if a == nil {
		return nil
	}
	if a.PerItem() {
		t, made := r.choices[use{a, kind}]
		if !made {
			t = r.choice(block, a, in, kind)
			r.choices[use{a, kind}] = t
		}
		return t
	}
	v := r.Dereference(r.Evaluate(a.Expression, in), a.Range(), in)
	switch {
	case !v.IsKnown() || v.IsNull():
		return nil
	case v.Type() != templateAs:
		todo := "Write template.NAME."
		if word, ok := scope.AsString(v); ok && v.Type() == cty.String {
			todo = r.Meant(word, []string{"template"}, todo)
		}
		r.Refuse(a, "Not a template", "template must name a template block.", todo)
		return nil
	}
	t := v.EncapsulatedValue().(*Template)
	r.sameKind(block, a, t, kind)
	return t
}

// choice is the template that chooses among those which an attribute names.
func (r *Reader) choice(block string, a *scope.Attribute, in *scope.Instance, kind pim.Kind) *Template {
	if !r.Try(a, kind, in, templateAs) {
		return nil
	}
	t := &Template{kind: kind, choice: a.Expression, orNone: mayBeNone(a.Expression.Expression)}
	h := fingerprint.New()
	h.Add("choice", r.Digest(a.Expression))
	for _, named := range a.Blocks(templateAs) {
		c := named.(*Template)
		r.sameKind(block, a, c, kind)
		h.Add(c.digest)
		t.candidates = append(t.candidates, c)
	}
	t.digest = h.Sum()
	return t
}

// mayBeNone reports whether a choice may come to null: whether it is anything but template blocks and conditions among them.
func mayBeNone(expr hcl.Expression) bool {
	if written, ok := expr.(scope.Written); ok {
		expr, _ = written.Inner()
	}
	switch e := expr.(type) {
	case *hclsyntax.ConditionalExpr:
		return mayBeNone(e.TrueResult) || mayBeNone(e.FalseResult)
	case *hclsyntax.ParenthesesExpr:
		return mayBeNone(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return mayBeNone(e.Wrapped)
	case *hclsyntax.ScopeTraversalExpr:
		return e.Traversal.RootName() != "template"
	}
	return true
}

// Filter is the filter that an attribute of a relationship is, or nil when there is none or a mistake was reported.
func (r *Reader) Filter(a *scope.Attribute, in *scope.Instance, kind pim.Kind) *Filter {
	if a == nil {
		return nil
	}
	f, made := r.filters[use{a, kind}]
	if !made {
		if r.Try(a, kind, in, cty.Bool) {
			f = &Filter{expr: a.Expression, digest: r.Digest(a.Expression), clauses: r.Clauses(a.Expression)}
		}
		r.filters[use{a, kind}] = f
	}
	return f
}

func (r *Reader) sameKind(block string, a *scope.Attribute, t *Template, kind pim.Kind) {
	if t.kind != kind {
		r.Refuse(a, "Template of another kind", fmt.Sprintf("template.%s is for %s, and %s joins folders of kind %s.", t.name, t.kind, block, kind), fmt.Sprintf("Use a template with kind = %q.", kind))
	}
}
