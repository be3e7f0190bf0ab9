package schema

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/drivers"
	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/template"
)

// folderBody is what a folder block says for its driver.
type folderBody struct {
	attrs  map[string]*scope.Attribute
	mapped map[string]*template.Mapped
	tables []*tableBlock
	sound  bool
}

// tableBlock is a table that the folder's query runs over.
type tableBlock struct {
	name     string
	provider *scope.Attribute
	rest     hcl.Body
	byDriver map[string]map[string]*scope.Attribute // what the block says for a driver; nil: it lacks something, which was reported
	block    *hcl.Block
	at       scope.Place
}

// folderBody reads what is the driver's of a folder block; nil: it lacks something, which was reported.
func (l *loader) folderBody(rest hcl.Body, schema providers.Schema, kind pim.Kind, at scope.Place) *folderBody {
	own := drivers.Beyond(folderSchema, schema.Folder)
	want, all := drivers.BodySchema(&hcl.BodySchema{}, own), drivers.BodySchema(folderSchema, schema.Folder)
	if schema.Tables {
		table := hcl.BlockHeaderSchema{Type: providers.Tables, LabelNames: []string{"name"}}
		want.Blocks, all.Blocks = append(want.Blocks, table), append(slices.Clone(all.Blocks), table)
	}
	content, diags := rest.Content(want)
	l.Misfit(diags, all)
	b := &folderBody{attrs: map[string]*scope.Attribute{}, mapped: map[string]*template.Mapped{}, sound: true}
	complete := true
	for _, s := range own {
		a := content.Attributes[s.Name]
		switch {
		case s.Type == providers.MappedBlock:
			complete = l.mappedBlock(b, s, content, kind, at) && complete
		case a == nil:
			complete = complete && !s.Required
		case s.Type == providers.Mapped:
			m, ok := l.templates.Object(a, at)
			b.mapped[s.Name], b.sound = m, b.sound && ok
		default:
			b.attrs[s.Name] = l.Attribute(s.Name, a, at)
		}
	}
	for _, t := range content.Blocks.OfType(providers.Tables) {
		complete = l.tableBlock(b, t, at) && complete
	}
	if !complete {
		return nil
	}
	return b
}

func (l *loader) mappedBlock(b *folderBody, s providers.Attribute, content *hcl.BodyContent, kind pim.Kind, at scope.Place) bool {
	blocks := content.Blocks.OfType(s.Name)
	if len(blocks) == 0 {
		if s.Required {
			l.Report(diagnose.Mistake(content.MissingItemRange, diagnose.Missing, fmt.Sprintf("A %s block is required here.", s.Name), fmt.Sprintf("Write %s { summary = row.title }.", s.Name)))
		}
		return !s.Required
	}
	for _, again := range blocks[1:] {
		l.DuplicateBlock(again, blocks[0].DefRange)
	}
	if kind == "" {
		return false
	}
	m, ok := l.templates.Fields(blocks[0], kind, at)
	b.mapped[s.Name], b.sound = m, b.sound && ok
	return true
}

var tableSchema = scope.BodySchema([]string{"provider"}, []string{"provider"})

func (l *loader) tableBlock(b *folderBody, t *hcl.Block, at scope.Place) bool {
	if i := slices.IndexFunc(b.tables, func(other *tableBlock) bool { return other.name == t.Labels[0] }); i >= 0 {
		l.DuplicateBlock(t, b.tables[i].block.DefRange)
		return false
	}
	common, rest, diags := t.Body.PartialContent(tableSchema)
	l.Misfit(diags, tableSchema)
	provider := l.CompileAll(common.Attributes, at)["provider"]
	b.tables = append(b.tables, &tableBlock{name: t.Labels[0], provider: provider, rest: rest, byDriver: map[string]map[string]*scope.Attribute{}, block: t, at: at})
	return provider != nil
}

// tableAttributes are what a table block says for the driver that is asked for its rows; nil: it lacks something, which was reported.
func (l *loader) tableAttributes(t *tableBlock, driver string, schema []providers.Attribute) map[string]*scope.Attribute {
	attrs, read := t.byDriver[driver]
	if read {
		return attrs
	}
	content, diags := t.rest.Content(drivers.BodySchema(&hcl.BodySchema{}, schema))
	l.Misfit(diags, drivers.BodySchema(tableSchema, schema))
	if has(content, schema) {
		attrs = l.CompileAll(content.Attributes, t.at)
	}
	t.byDriver[driver] = attrs
	return attrs
}

// readsEach reports whether what makes items of rows goes for one instance alone.
func (b *folderBody) readsEach() bool {
	for _, m := range b.mapped {
		if m.ReadsEach() {
			return true
		}
	}
	return false
}

// configureRows adds to what a folder is configured with what it makes of rows, and the tables that they come from.
func (l *loader) configureRows(own *folderBody, c *drivers.Configured, in *scope.Instance) bool {
	ok := own.sound
	for name, m := range own.mapped {
		mapping := m.Mapping(in)
		c.Values[name], c.Shown[name] = mapping, mapping.Identity
	}
	var tables []providers.Table
	h := fingerprint.New()
	for _, t := range own.tables {
		p := l.providerOf(t.provider, in)
		if p == nil {
			ok = false
			continue
		}
		schema := l.opts.Drivers[p.Driver].Schema().Data
		if schema == nil {
			l.Refuse(t.provider, "No rows to give", fmt.Sprintf("%s has the driver %q, which has no rows to give.", p.Address, p.Driver), "Name a provider that data blocks can ask.")
			ok = false
			continue
		}
		attrs := l.tableAttributes(t, p.Driver, schema)
		if attrs == nil {
			ok = false
			continue
		}
		tc, sound := drivers.Configure(l.Scope, attrs, schema, in)
		ok = ok && sound && !tc.Unresolved
		tables = append(tables, providers.Table{Name: t.name, Provider: p.Address, Data: providers.DataConfig{Address: "table." + t.name, Attributes: tc.Values}})
		h.Add(t.name, p.Address)
		attributes(h, tc.Shown)
	}
	if tables != nil {
		c.Values[providers.Tables], c.Shown[providers.Tables] = tables, h.Sum()
	}
	return ok
}

// partitionAttribute names the column by whose values one folder block is many folders.
const partitionAttribute = "partition"

// isPartitioned reports whether folders of a driver can have partitions.
func isPartitioned(schema providers.Schema) bool {
	return slices.ContainsFunc(schema.Folder, func(a providers.Attribute) bool { return a.Name == partitionAttribute })
}

// partitioned is what a folder block with a partition stands for: folders that are made as they are named.
func (l *loader) partitioned(base *Folder, keyed, ok bool) cty.Value {
	if keyed {
		l.Report(diagnose.Mistake(base.Range, "Partition of a block with for_each", fmt.Sprintf("%s has for_each, and a partition makes many folders of one block already.", base.Address), "Leave one of them out."))
		return cty.DynamicVal
	}
	if !ok {
		return cty.DynamicVal
	}
	h := fingerprint.New()
	attributes(h, base.shown)
	made := map[string]*Folder{}
	locate := func(key *string) *Folder {
		f := *base
		f.Address, f.Unresolved = base.Address+".partition[null]", true
		if key != nil {
			f.Address, f.Unresolved = base.Address+".partition["+scope.Quote(*key)+"]", base.Unresolved
			f.key, f.Config.Partition = *key, key
		}
		f.Config.Address = f.Address
		l.locate(&f)
		return &f
	}
	of := func(key *string) *Folder {
		f := locate(key)
		l.add(f)
		f.seen = f.value(l.folderAs)
		return f
	}
	l.workspace.partitions[base.Address] = locate
	return cty.CapsuleVal(scope.PartitionedAs, &scope.Partitioned{Address: base.Address, Mark: h.Sum(), Of: func(key *string) cty.Value {
		name := ""
		if key != nil {
			name = scope.Quote(*key)
		}
		if made[name] == nil {
			made[name] = of(key)
		}
		return made[name].seen
	}})
}
