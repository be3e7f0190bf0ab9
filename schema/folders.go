package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/drivers"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/scope"
)

// Identity is what fingerprints know the provider by.
func (p *Provider) Identity() string { return p.Address }

var providerAs = cty.Capsule("provider", reflect.TypeOf(Provider{}))

func (l *loader) zone(a *scope.Attribute, in *scope.Instance) *time.Location {
	name, ok := l.Text(a, in)
	if !ok {
		return nil
	}
	zone, ok := tz.Find(name)
	if !ok {
		l.Refuse(a, "Unknown time zone", fmt.Sprintf("There is no time zone %q.", name), `Use an IANA name such as "Europe/London", or a Windows name.`)
		return nil
	}
	return zone.Location()
}

var (
	providerSchema = scope.BodySchema([]string{"for_each", "timezone"}, nil, "limits")
	limitsSchema   = scope.BodySchema([]string{"requests_per_minute", "connections"}, nil)
)

func (l *loader) declareProvider(b *hcl.Block) {
	driver, known := l.opts.Drivers[b.Labels[0]]
	address := "provider." + b.Labels[0] + "." + b.Labels[1]
	if !known {
		names := slices.Sorted(maps.Keys(l.opts.Drivers))
		l.Report(diagnose.Mistake(b.LabelRanges[0], "Unknown driver", fmt.Sprintf("There is no driver %q.", b.Labels[0]), diagnose.DidYouMean(b.Labels[0], names, "")))
		l.Misnamed("provider", b.Labels[1])
		l.Declare(address, b.DefRange, func() cty.Value { return cty.DynamicVal })
		return
	}
	schema := driver.Schema().Provider
	l.Declare(address, b.DefRange, func() cty.Value {
		content := l.Content(b.Body, drivers.BodySchema(providerSchema, schema))
		complete := has(content, schema)
		attrs := l.CompileAll(except(content.Attributes, "for_each"), placeIn(content.Attributes))
		limits := l.limits(content.Blocks, placeIn(content.Attributes))
		return l.Keyed(content.Attributes["for_each"], providerAs, func(in *scope.Instance) (cty.Value, bool) {
			c, ok := drivers.Configure(l.Scope, attrs, schema, in)
			p := &Provider{Address: address + in.Suffix(), Driver: b.Labels[0], Range: b.DefRange, shown: c.Shown}
			p.Config = providers.Config{Address: p.Address, Dir: l.dir, Attributes: c.Values}
			p.zone = l.zone(attrs["timezone"], in)
			p.Limits = Limits{amount.CountOf(l.Scope, limits["requests_per_minute"], in), amount.CountOf(l.Scope, limits["connections"], in)}
			l.workspace.Providers = append(l.workspace.Providers, p)
			return cty.CapsuleVal(providerAs, p), ok && complete
		})
	})
}

// limits compiles what the limits block of a provider says.
func (l *loader) limits(blocks hcl.Blocks, at scope.Place) map[string]*scope.Attribute {
	if len(blocks) == 0 {
		return nil
	}
	for _, b := range blocks[1:] {
		l.DuplicateBlock(b, blocks[0].DefRange)
	}
	attrs := map[string]*scope.Attribute{}
	for name, a := range l.Content(blocks[0].Body, limitsSchema).Attributes {
		attrs[name] = l.Attribute("limits."+name, a, at)
	}
	return attrs
}

// placeIn is what the attributes of a block may refer to: each, when it has for_each.
func placeIn(attrs hcl.Attributes) scope.Place {
	if attrs["for_each"] != nil {
		return scope.PerKey
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

var folderSchema = scope.BodySchema([]string{"for_each", "provider", "kind", "access", "create", "timezone", "labels"}, []string{"provider", "kind"})

// cannotWrite is why a folder could not be written whatever its access says; "": it could.
func cannotWrite(p *Provider, own *folderBody, schema providers.Schema) string {
	if schema.ReadOnly {
		return fmt.Sprintf("the driver %q cannot write", p.Driver)
	}
	for _, name := range schema.ReadOnlyWith {
		if _, given := p.Config.Attributes[name]; given {
			return fmt.Sprintf("is only read, since %s has a %s", p.Address, name)
		}
	}
	for _, name := range schema.WritableWith {
		if own.attrs[name] == nil {
			return "is only read, since it has no " + name
		}
	}
	return ""
}

// Block is the address of the block that a folder is an instance or a partition of.
func (f *Folder) Block() string {
	block, _, _ := strings.Cut(f.Address, "[")
	return strings.TrimSuffix(block, "."+partitionAttribute)
}

// access is what a folder block says about writing.
type access string

func (l *loader) declareFolder(b *hcl.Block) {
	address := "folder." + b.Labels[0]
	l.Declare(address, b.DefRange, func() cty.Value {
		common, rest, diags := b.Body.PartialContent(folderSchema)
		l.Misfit(diags, folderSchema)
		at := placeIn(common.Attributes)
		attrs := l.CompileAll(except(common.Attributes, "for_each"), at)
		if attrs["provider"] == nil {
			l.Instances(common.Attributes["for_each"])
			l.unknownDriver(rest, at)
			return cty.DynamicVal
		}
		byDriver := map[string]*folderBody{} // nil: lacks something
		return l.Keyed(common.Attributes["for_each"], l.folderAs, func(in *scope.Instance) (cty.Value, bool) {
			f := &Folder{Address: address + in.Suffix(), Range: b.DefRange, Labels: l.TextMap(attrs["labels"], in), Create: l.Boolean(attrs["create"], in, false)}
			scope.Choose(l.Scope, attrs["kind"], in, &f.Kind, pim.Kinds()...)
			may, zone := access("write"), l.zone(attrs["timezone"], in)
			scope.Choose(l.Scope, attrs["access"], in, &may, "read", "write")
			p := l.providerOf(attrs["provider"], in)
			if p == nil {
				l.unknownDriver(rest, at)
				return cty.NilVal, false
			}
			schema := l.opts.Drivers[p.Driver].Schema()
			own, read := byDriver[p.Driver]
			if !read {
				own = l.folderBody(rest, schema, f.Kind, at)
				byDriver[p.Driver] = own
			}
			f.Provider = p
			if own != nil {
				f.cannotWrite = cannotWrite(p, own, schema)
			}
			f.ReadOnly = may == "read" || f.cannotWrite != ""
			for _, z := range []*time.Location{zone, p.zone, time.UTC} {
				if f.Zone == nil {
					f.Zone = z
				}
			}
			if own == nil || f.Kind == "" {
				return cty.NilVal, false
			}
			c, ok := drivers.Configure(l.Scope, own.attrs, drivers.Beyond(folderSchema, schema.Folder), in)
			ok = l.configureRows(own, &c, in) && ok
			f.Unresolved, f.shown = c.Unresolved, c.Shown
			f.Config = providers.FolderConfig{Address: f.Address, Kind: f.Kind, ReadOnly: f.ReadOnly, Attributes: c.Values, Zone: f.Zone}
			f.name, f.key, f.ReadsEach = b.Labels[0], in.Key, own.readsEach()
			if c.Values.String(partitionAttribute) != "" && isPartitioned(schema) {
				return l.partitioned(f, common.Attributes["for_each"] != nil, ok), ok
			}
			if ok {
				l.locate(f)
				l.add(f)
			}
			f.seen = f.value(l.folderAs)
			return f.seen, ok
		})
	})
}

// locate asks the driver where a folder is.
func (l *loader) locate(f *Folder) {
	if f.Unresolved {
		return
	}
	location, err := l.opts.Drivers[f.Provider.Driver].Locate(f.Provider.Config, f.Config)
	if err != nil {
		f.Unresolved, f.because = true, fmt.Sprintf("%s: %s", f.Address, strings.TrimPrefix(err.Error(), f.Address+": "))
		l.unlocated = append(l.unlocated, f)
		return
	}
	f.Location = location
}

// add makes a folder one of the workspace.
func (l *loader) add(f *Folder) {
	l.folders[f.Address] = f
	l.workspace.Folders = append(l.workspace.Folders, f)
}

// unknownDriver looks for mistakes in what would be a driver's attributes, whatever they are.
func (l *loader) unknownDriver(rest hcl.Body, at scope.Place) {
	attrs, _ := rest.JustAttributes()
	l.CompileAll(attrs, at)
}

// providerOf is the provider that an attribute refers to, or nil when a mistake was reported.
func (l *loader) providerOf(a *scope.Attribute, in *scope.Instance) *Provider {
	v := l.Dereference(l.Evaluate(a.Expression, in), a.Range(), in)
	switch {
	case !v.IsKnown():
		return nil
	case v.IsNull() || v.Type() != providerAs:
		l.Refuse(a, "Not a provider", fmt.Sprintf("%s must be one provider.", a.Name),
			l.meant(v, "provider", "Write provider.DRIVER.NAME, or provider.DRIVER.NAME[each.key] when that has for_each."))
		return nil
	}
	return v.EncapsulatedValue().(*Provider)
}

// meant is a remedy for a text in the place of a reference.
func (l *loader) meant(v cty.Value, root, otherwise string) string {
	if word, ok := scope.AsString(v); ok && v.Type() == cty.String && !v.HasMark(functions.Sensitive) {
		return l.Meant(word, []string{root}, otherwise)
	}
	return otherwise
}

// value is what expressions see of the folder.
func (f *Folder) value(as cty.Type) cty.Value {
	attrs := map[string]cty.Value{}
	for attr, t := range as.AttributeTypes() {
		attrs[attr] = scope.FromGo(f.shown[attr], t)
	}
	attrs["address"], attrs["key"], attrs["name"] = cty.StringVal(f.Address), cty.StringVal(f.key), cty.StringVal(f.name)
	attrs["kind"], attrs["timezone"] = cty.StringVal(string(f.Config.Kind)), cty.StringVal(f.Zone.String())
	attrs["labels"] = scope.FromGo(f.Labels, cty.Map(cty.String))
	return cty.ObjectVal(attrs)
}
