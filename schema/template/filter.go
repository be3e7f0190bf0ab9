package template

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Filter decides whether an original belongs to a relationship. It is safe for concurrent use, and one serves all instances of a block.
type Filter struct {
	expr    *scope.Expression
	digest  string
	clauses []scope.Clause
}

// Match reports whether an item passes the filter. An error names the item, and the filter's file and line: the item is neither in nor out then.
func (f *Filter) Match(it *pim.Item, rel scope.Edge) (bool, error) {
	v, err := f.expr.About(it, rel, cty.Bool)
	if err != nil {
		return false, fmt.Errorf("filter of %s, %s: %w", rel, naming(it), err)
	}
	v = functions.Plain(v)
	if v.IsNull() || !v.IsKnown() {
		return false, fmt.Errorf("filter of %s, %s: %w", rel, naming(it), f.expr.Errorf("the value is null and must be true or false"))
	}
	return v.True(), nil
}

// Range is where the filter is written.
func (f *Filter) Range() hcl.Range { return f.expr.Range() }

// Explain is what each of the filter's conditions comes to for an item: all must hold.
func (f *Filter) Explain(it *pim.Item, rel scope.Edge) []scope.ClauseValue {
	return f.expr.ClausesAbout(f.clauses, it, rel)
}

// Digest covers the filter's text and the values of the names in it; what it reads of a relationship is behind Walk.
func (f *Filter) Digest() string { return f.digest }

// Walk visits the expression that the filter evaluates.
func (f *Filter) Walk(visit func(*scope.Expression)) { visit(f.expr) }
