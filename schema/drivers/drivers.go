// Package drivers reads what a driver wants to be told: the attributes that it adds to provider and folder blocks.
package drivers

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

var ctyTypes = map[providers.Type]cty.Type{
	providers.String: cty.String, providers.Number: cty.Number, providers.Bool: cty.Bool,
	providers.List: cty.List(cty.String), providers.Map: cty.Map(cty.String), providers.Params: cty.DynamicPseudoType,
}

// BodySchema adds a driver's attributes to those that every block of its type has.
func BodySchema(common *hcl.BodySchema, attributes []providers.Attribute) *hcl.BodySchema {
	s := &hcl.BodySchema{Attributes: slices.Clone(common.Attributes), Blocks: common.Blocks}
	for _, a := range Beyond(common, attributes) {
		if a.Type == providers.MappedBlock {
			s.Blocks = append(slices.Clone(s.Blocks), hcl.BlockHeaderSchema{Type: a.Name})
			continue
		}
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: a.Name, Required: a.Required})
	}
	return s
}

// Configured are the driver's attributes of one instance.
type Configured struct {
	Values     providers.Attributes
	Shown      providers.Attributes // those neither sensitive nor ephemeral
	Unresolved bool                 // an address is null
}

// Configure evaluates a driver's attributes for one instance. ok is false when a mistake was reported.
func Configure(sc *scope.Scope, attrs map[string]*scope.Attribute, schema []providers.Attribute, in *scope.Instance) (c Configured, ok bool) {
	c = Configured{providers.Attributes{}, providers.Attributes{}, false}
	ok = true
	for _, s := range schema {
		a := attrs[s.Name]
		if a == nil || s.OfRows() {
			continue
		}
		if s.Sensitive && !isReference(a.Expression.Expression) {
			sc.Sources.Hide(a.Range())
		}
		a.Secret = s.Sensitive
		read := sc.Shown
		if s.Sensitive {
			read = sc.Get
		}
		v, there := read(a, in, ctyTypes[s.Type])
		if there && s.Type == providers.Params {
			there = params(sc, a, v)
		}
		raw := sc.Evaluate(a.Expression, in)
		switch {
		case there:
		case raw.IsKnown() && raw.IsNull() && s.Address:
			c.Unresolved = true
			continue
		case raw.IsKnown() && raw.IsNull() && s.Required:
			sc.Refuse(a, "Missing value", fmt.Sprintf("%s is null, and it is required.", a.Name), "Give it a value.")
			ok = false
			continue
		default:
			ok = ok && raw.IsKnown() && raw.IsNull()
			continue
		}
		toGo := scope.ToGo
		if s.Type == providers.Params {
			toGo = scope.Data
		}
		c.Values[s.Name] = toGo(functions.Plain(v))
		if !s.Sensitive && !functions.Marked(raw, functions.Ephemeral) {
			c.Shown[s.Name] = c.Values[s.Name]
		}
	}
	return c, ok
}

// params reports whether a value is what a query can be given by name: texts, numbers, true, false and null.
func params(sc *scope.Scope, a *scope.Attribute, v cty.Value) bool {
	v = functions.Plain(v)
	if v.Type().IsObjectType() || v.Type().IsMapType() {
		for name, e := range v.AsValueMap() {
			if !e.IsNull() && !e.Type().IsPrimitiveType() {
				sc.Refuse(a, "Wrong value", fmt.Sprintf("%s.%s is a %s, and a query can be given texts, numbers, true, false and null.", a.Name, name, e.Type().FriendlyName()), "Join a list to a text, or write one parameter for each element.")
				return false
			}
		}
		return true
	}
	sc.Refuse(a, "Wrong value", fmt.Sprintf("%s must be a map: the parameters by name.", a.Name), `Write params = { from = "2026-10-01" }, and :from in the query.`)
	return false
}

// isReference reports whether an expression is a reference and nothing else: it gives no secret away.
func isReference(expr hcl.Expression) bool {
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return true
	case interface{ Reference() hcl.Traversal }:
		return e.Reference() != nil
	}
	return false
}

// SensitiveNames are the attributes that any driver calls sensitive.
func SensitiveNames(drivers map[string]providers.Driver) []string {
	names := map[string]bool{}
	for _, d := range drivers {
		for _, a := range slices.Concat(d.Schema().Provider, d.Schema().Folder, d.Schema().Data) {
			if a.Sensitive {
				names[a.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// FolderType is what expressions see of any folder. It is one type for all drivers, so that folders can stand in one map.
func FolderType(drivers map[string]providers.Driver) cty.Type {
	attrs := map[string]cty.Type{}
	for _, name := range slices.Sorted(maps.Keys(drivers)) {
		for _, s := range drivers[name].Schema().Folder {
			if _, taken := attrs[s.Name]; !taken && !s.Sensitive && s.Type != providers.Params && !s.OfRows() {
				attrs[s.Name] = ctyTypes[s.Type]
			}
		}
	}
	for _, name := range []string{"address", "key", "kind", "name", "timezone"} {
		attrs[name] = cty.String
	}
	attrs["labels"] = cty.Map(cty.String)
	return cty.Object(attrs)
}

// Beyond are the driver's attributes that its blocks do not have anyway.
func Beyond(common *hcl.BodySchema, attributes []providers.Attribute) []providers.Attribute {
	return slices.DeleteFunc(slices.Clone(attributes), func(s providers.Attribute) bool {
		return slices.ContainsFunc(common.Attributes, func(a hcl.AttributeSchema) bool { return a.Name == s.Name })
	})
}
