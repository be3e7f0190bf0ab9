package schema

import (
	"fmt"
	"reflect"
	"sort"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/tz"
)

var providerAs = cty.Capsule("provider", reflect.TypeOf(Provider{}))

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
func (l *loader) configure(attrs map[string]*attribute, schema []providers.Attribute, in *instance) (c configured, ok bool) {
	c = configured{providers.Attributes{}, providers.Attributes{}, false}
	ok = true
	for _, s := range schema {
		a := attrs[s.Name]
		if a == nil {
			continue
		}
		if _, reference := a.Expression.(*hclsyntax.ScopeTraversalExpr); s.Sensitive && !reference {
			l.src.hide(a.Range())
		}
		read := l.shown
		if s.Sensitive {
			read = l.get
		}
		v, there := read(a, in, ctyTypes[s.Type])
		raw := l.evaluate(a.expression, in)
		switch {
		case there:
		case raw.IsKnown() && raw.IsNull() && s.Address:
			c.unresolved = true
			continue
		case raw.IsKnown() && raw.IsNull() && s.Required:
			l.refuse(a, "Missing value", fmt.Sprintf("%s is null, and it is required.", a.name), "")
			ok = false
			continue
		default:
			ok = ok && raw.IsKnown() && raw.IsNull()
			continue
		}
		c.values[s.Name] = goValue(plain(v))
		if !s.Sensitive && !marked(raw, ephemeral) {
			c.shown[s.Name] = c.values[s.Name]
		}
	}
	return c, ok
}

// goValue is a value in the Go type that a providers.Type names.
func goValue(v cty.Value) any {
	switch t := v.Type(); {
	case t == cty.String:
		return v.AsString()
	case t == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case t == cty.Bool:
		return v.True()
	case t.IsListType():
		list := []string{}
		for _, e := range v.AsValueSlice() {
			if !e.IsNull() {
				list = append(list, e.AsString())
			}
		}
		return list
	default:
		m := map[string]string{}
		for k, e := range v.AsValueMap() {
			if !e.IsNull() {
				m[k] = e.AsString()
			}
		}
		return m
	}
}

func (l *loader) zone(a *attribute, in *instance) *time.Location {
	name, ok := l.text(a, in)
	if !ok {
		return nil
	}
	zone, ok := tz.Find(name)
	if !ok {
		l.refuse(a, "Unknown time zone", fmt.Sprintf("There is no time zone %q.", name), `Use an IANA name such as "Europe/London", or a Windows name.`)
		return nil
	}
	return zone.Location()
}

var providerSchema = bodySchema([]string{"for_each", "timezone"}, nil)

func (l *loader) declareProvider(b *hcl.Block) {
	driver, known := l.opts.Drivers[b.Labels[0]]
	address := "provider." + b.Labels[0] + "." + b.Labels[1]
	if !known {
		var names []string
		for name := range l.opts.Drivers {
			names = append(names, name)
		}
		l.report(mistake(b.LabelRanges[0], "Unknown driver", fmt.Sprintf("There is no driver %q.", b.Labels[0]), didYouMean(b.Labels[0], names, "")))
		l.declare(address, b.DefRange, func() cty.Value { return cty.DynamicVal })
		return
	}
	schema := driver.Schema().Provider
	l.declare(address, b.DefRange, func() cty.Value {
		content := l.content(b.Body, driverSchema(providerSchema, schema))
		complete := has(content, schema)
		attrs := l.compileAll(except(content.Attributes, "for_each"), placeIn(content.Attributes))
		return l.keyed(content.Attributes["for_each"], providerAs, func(in *instance) (cty.Value, bool) {
			c, ok := l.configure(attrs, schema, in)
			p := &Provider{Address: address + in.suffix(), Driver: b.Labels[0], Range: b.DefRange, shown: c.shown}
			p.Config = providers.Config{Address: p.Address, Dir: l.dir, Attributes: c.values}
			p.zone = l.zone(attrs["timezone"], in)
			l.workspace.Providers = append(l.workspace.Providers, p)
			return cty.CapsuleVal(providerAs, p), ok && complete
		})
	})
}

// placeIn is what the attributes of a block may refer to: each, when it has for_each.
func placeIn(attrs hcl.Attributes) place {
	if attrs["for_each"] != nil {
		return perKey
	}
	return 0
}

func except(attrs hcl.Attributes, name string) hcl.Attributes {
	rest := make(hcl.Attributes, len(attrs))
	for n, a := range attrs {
		if n != name {
			rest[n] = a
		}
	}
	return rest
}

// has reports whether a body has everything that is required; what it lacks was reported when it was read.
func has(content *hcl.BodyContent, schema []providers.Attribute) bool {
	for _, s := range schema {
		if s.Required && content.Attributes[s.Name] == nil {
			return false
		}
	}
	return true
}

var folderSchema = bodySchema([]string{"for_each", "provider", "kind", "access", "create", "timezone", "labels"}, []string{"provider", "kind"})

// access is what a folder block says about writing.
type access string

func (l *loader) declareFolder(b *hcl.Block) {
	address := "folder." + b.Labels[0]
	l.declare(address, b.DefRange, func() cty.Value {
		common, rest, diags := b.Body.PartialContent(folderSchema)
		l.misfit(diags, folderSchema)
		at := placeIn(common.Attributes)
		attrs := l.compileAll(except(common.Attributes, "for_each"), at)
		if attrs["provider"] == nil {
			l.instances(common.Attributes["for_each"])
			l.unknownDriver(rest, at)
			return cty.DynamicVal
		}
		byDriver := map[string]map[string]*attribute{} // nil: lacks something
		return l.keyed(common.Attributes["for_each"], l.folderAs, func(in *instance) (cty.Value, bool) {
			f := &Folder{Address: address + in.suffix(), Range: b.DefRange, Labels: l.textMap(attrs["labels"], in), Create: l.boolean(attrs["create"], in, false)}
			choose(l, attrs["kind"], in, &f.Kind, pim.Kinds()...)
			may, zone := access("write"), l.zone(attrs["timezone"], in)
			choose(l, attrs["access"], in, &may, "read", "write")
			p := l.providerOf(attrs["provider"], in)
			if p == nil {
				l.unknownDriver(rest, at)
				return cty.NilVal, false
			}
			schema := l.opts.Drivers[p.Driver].Schema()
			own, read := byDriver[p.Driver]
			if !read {
				content := l.content(rest, driverSchema(&hcl.BodySchema{}, uncommon(schema.Folder)))
				if has(content, uncommon(schema.Folder)) {
					own = l.compileAll(content.Attributes, at)
				}
				byDriver[p.Driver] = own
			}
			f.Provider, f.readOnlyDriver = p, schema.ReadOnly
			f.ReadOnly = may == "read" || schema.ReadOnly
			for _, z := range []*time.Location{zone, p.zone, time.UTC} {
				if f.Zone == nil {
					f.Zone = z
				}
			}
			if own == nil || f.Kind == "" {
				return cty.NilVal, false
			}
			c, ok := l.configure(own, uncommon(schema.Folder), in)
			f.Unresolved, f.shown = c.unresolved, c.shown
			f.Config = providers.FolderConfig{Address: f.Address, Kind: f.Kind, ReadOnly: f.ReadOnly, Attributes: c.values}
			if ok && !f.Unresolved {
				location, err := l.opts.Drivers[p.Driver].Locate(p.Config, f.Config)
				if err != nil {
					l.report(mistake(b.DefRange, "Folder cannot be located", fmt.Sprintf("%s: %v.", f.Address, err), "Correct the attributes that say where it is."))
					ok = false
				}
				f.Location = location
			}
			f.name, f.key, f.as = b.Labels[0], in.key, l.folderAs
			if ok {
				l.folders[f.Address] = f
				l.workspace.Folders = append(l.workspace.Folders, f)
			}
			return f.value(), ok
		})
	})
}

// unknownDriver looks for mistakes in what would be a driver's attributes, whatever they are.
func (l *loader) unknownDriver(rest hcl.Body, at place) {
	attrs, _ := rest.JustAttributes()
	l.compileAll(attrs, at)
}

// providerOf is the provider that an attribute refers to, or nil when a mistake was reported.
func (l *loader) providerOf(a *attribute, in *instance) *Provider {
	v := l.dereference(l.evaluate(a.expression, in), a.Range())
	switch {
	case !v.IsKnown():
		return nil
	case v.IsNull() || v.Type() != providerAs:
		l.refuse(a, "Not a provider", fmt.Sprintf("%s must be one provider.", a.name), "Write provider.DRIVER.NAME, or provider.DRIVER.NAME[each.key] when that has for_each.")
		return nil
	}
	return v.EncapsulatedValue().(*Provider)
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
	return sortedKeys(names)
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

// value is what expressions see of the folder.
func (f *Folder) value() cty.Value {
	attrs := map[string]cty.Value{}
	for attr, t := range f.as.AttributeTypes() {
		attrs[attr] = ctyValue(f.shown[attr], t)
	}
	attrs["address"], attrs["key"], attrs["name"] = cty.StringVal(f.Address), cty.StringVal(f.key), cty.StringVal(f.name)
	attrs["kind"], attrs["timezone"] = cty.StringVal(string(f.Config.Kind)), cty.StringVal(f.Zone.String())
	attrs["labels"] = ctyValue(f.Labels, cty.Map(cty.String))
	return cty.ObjectVal(attrs)
}

// ctyValue is the reverse of goValue; what is not of the type is null.
func ctyValue(v any, t cty.Type) cty.Value {
	switch v := v.(type) {
	case string:
		if t == cty.String {
			return cty.StringVal(v)
		}
	case float64:
		if t == cty.Number {
			return cty.NumberFloatVal(v)
		}
	case bool:
		if t == cty.Bool {
			return cty.BoolVal(v)
		}
	case []string:
		if t.IsListType() {
			list := make([]cty.Value, len(v))
			for i, s := range v {
				list[i] = cty.StringVal(s)
			}
			if len(list) == 0 {
				return cty.ListValEmpty(cty.String)
			}
			return cty.ListVal(list)
		}
	case map[string]string:
		if t.IsMapType() {
			m := make(map[string]cty.Value, len(v))
			for k, s := range v {
				m[k] = cty.StringVal(s)
			}
			if len(m) == 0 {
				return cty.MapValEmpty(cty.String)
			}
			return cty.MapVal(m)
		}
	}
	return cty.NullVal(t)
}
