package schema

import (
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

var ctyTypes = map[providers.Type]cty.Type{
	providers.String: cty.String, providers.Number: cty.Number, providers.Bool: cty.Bool,
	providers.List: cty.List(cty.String), providers.Map: cty.Map(cty.String),
}

// driverSchema adds a driver's attributes to those that every block of its type has.
func driverSchema(common *hcl.BodySchema, attributes []providers.Attribute) *hcl.BodySchema {
	s := &hcl.BodySchema{Attributes: append([]hcl.AttributeSchema(nil), common.Attributes...)}
	has := map[string]bool{}
	for _, a := range common.Attributes {
		has[a.Name] = true
	}
	for _, a := range attributes {
		if !has[a.Name] {
			s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: a.Name, Required: a.Required})
		}
	}
	return s
}

// configured are the driver's attributes of one instance.
type configured struct {
	values     providers.Attributes
	shown      providers.Attributes // those neither sensitive nor ephemeral
	unresolved bool                 // an address is null
}

// configure evaluates a driver's attributes.
func (l *loader) configure(attrs map[string]*scope.Attribute, schema []providers.Attribute, in *scope.Instance) (c configured, ok bool) {
	c = configured{providers.Attributes{}, providers.Attributes{}, false}
	ok = true
	for _, s := range schema {
		a := attrs[s.Name]
		if a == nil {
			continue
		}
		if _, reference := a.Expression.Expression.(*hclsyntax.ScopeTraversalExpr); s.Sensitive && !reference {
			l.Sources.Hide(a.Range())
		}
		a.Secret = s.Sensitive
		read := l.Shown
		if s.Sensitive {
			read = l.Get
		}
		v, there := read(a, in, ctyTypes[s.Type])
		raw := l.Evaluate(a.Expression, in)
		switch {
		case there:
		case raw.IsKnown() && raw.IsNull() && s.Address:
			c.unresolved = true
			continue
		case raw.IsKnown() && raw.IsNull() && s.Required:
			l.Refuse(a, "Missing value", fmt.Sprintf("%s is null, and it is required.", a.Name), "")
			ok = false
			continue
		default:
			ok = ok && raw.IsKnown() && raw.IsNull()
			continue
		}
		c.values[s.Name] = scope.ToGo(functions.Plain(v))
		if !s.Sensitive && !functions.Marked(raw, functions.Ephemeral) {
			c.shown[s.Name] = c.values[s.Name]
		}
	}
	return c, ok
}

// sensitiveNames are the attributes that any driver calls sensitive.
func sensitiveNames(drivers map[string]providers.Driver) []string {
	names := map[string]bool{}
	for _, d := range drivers {
		for _, a := range append(d.Schema().Provider, d.Schema().Folder...) {
			if a.Sensitive {
				names[a.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// folderType is what expressions see of any folder. It is one type for all drivers, so that folders can stand in one map.
func folderType(drivers map[string]providers.Driver) cty.Type {
	attrs := map[string]cty.Type{}
	var names []string
	for name := range drivers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, s := range drivers[name].Schema().Folder {
			if _, taken := attrs[s.Name]; !taken && !s.Sensitive {
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

// uncommon are the driver's attributes that folder blocks do not have anyway.
func uncommon(schema []providers.Attribute) []providers.Attribute {
	var rest []providers.Attribute
	for _, s := range schema {
		common := false
		for _, a := range folderSchema.Attributes {
			common = common || a.Name == s.Name
		}
		if !common {
			rest = append(rest, s)
		}
	}
	return rest
}
