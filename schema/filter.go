package schema

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
)

// Filter decides whether an original belongs to a relationship. It is safe for concurrent use, and one serves all instances of a block.
type Filter struct {
	expr *expression
}

// Match reports whether an item passes the filter. An error names the filter's file and line: the item is neither in nor out then.
func (f *Filter) Match(it *pim.Item, rel *Relationship) (bool, error) {
	v, err := f.expr.about(attributesOf(f.expr, it, rel), rel, cty.Bool)
	if err != nil {
		return false, fmt.Errorf("filter of %s: %w", rel.Address, err)
	}
	v = functions.Plain(v)
	if v.IsNull() || !v.IsKnown() {
		return false, fmt.Errorf("filter of %s: %w", rel.Address, f.expr.errorf("the value is null and must be true or false"))
	}
	return v.True(), nil
}

// attributesOf reads an item's attributes when the expression looks at any.
func attributesOf(e *expression, it *pim.Item, rel *Relationship) map[string]any {
	if e.item == nil {
		return nil
	}
	return it.Attributes(rel.Source.Zone)
}

type filterKey struct {
	*attribute
	kind pim.Kind
}

// filterOf is the filter of a relationship, one for all instances of its block.
func (l *loader) filterOf(b *relationshipBlock, a *attribute, in *instance, kind pim.Kind) *Filter {
	if a == nil {
		return nil
	}
	if f, made := b.filters[filterKey{a, kind}]; made {
		return f
	}
	var f *Filter
	if l.try(a, kind, in, cty.Bool) {
		l.digest(a.expression)
		f = &Filter{expr: a.expression}
	}
	b.filters[filterKey{a, kind}] = f
	return f
}
