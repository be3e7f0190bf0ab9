package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Mapped is what is made of the rows that are about one item: attributes over row and rows, compiled.
type Mapped struct {
	names  []string // of what is made, sorted; nil: one expression makes an object
	parts  map[string]*scope.Attribute
	types  map[string]cty.Type
	digest string
}

// Fields reads the block that says what items of a kind say, by the fields that each attribute names. ok is false when a mistake was reported.
func (r *Reader) Fields(b *hcl.Block, kind pim.Kind, at scope.Place) (m *Mapped, ok bool) {
	m, ok = &Mapped{parts: map[string]*scope.Attribute{}, types: map[string]cty.Type{}}, true
	attrs := r.JustAttributes(b.Body)
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		raw := attrs[name]
		a := r.Attribute(b.Type+"."+name, raw, at|scope.PerRow)
		field, settable := name, name == "uid"
		if !settable {
			field, settable = r.field(kind, name, raw.NameRange)
		}
		if !settable || a.Broken {
			ok = false
			continue
		}
		if first := m.parts[field]; first != nil {
			r.Report(diagnose.Mistake(raw.NameRange, "Duplicate field", fmt.Sprintf("%s is said at %s:%d already.", name, first.At.Filename, first.At.Start.Line), "Leave one of them out."))
			ok = false
			continue
		}
		ok = r.visible(a) && ok
		m.parts[field], m.types[field] = a, cty.String
		if field != "uid" {
			m.types[field] = typeOf(kind, field)
		}
	}
	m.names = slices.Sorted(maps.Keys(m.parts))
	m.digest = r.mappedDigest(m)
	return m, ok
}

// Object reads an attribute that is an object over row and rows. ok is false when a mistake was reported.
func (r *Reader) Object(raw *hcl.Attribute, at scope.Place) (m *Mapped, ok bool) {
	m = &Mapped{parts: map[string]*scope.Attribute{}, types: map[string]cty.Type{}}
	if pairs, diags := hcl.ExprMap(raw.Expr); !diags.HasErrors() {
		m.names = []string{}
		ok = true
		for _, pair := range pairs {
			name := hcl.ExprAsKeyword(pair.Key)
			if key, diags := pair.Key.Value(nil); name == "" && !diags.HasErrors() {
				name, _ = scope.AsString(key)
			}
			if name == "" {
				r.Report(diagnose.Mistake(pair.Key.Range(), "Invalid name", fmt.Sprintf("A name in %s is no text.", raw.Name), "Write a name: { course = row.course }."))
				ok = false
				continue
			}
			a := r.Attribute(raw.Name+"."+name, &hcl.Attribute{Name: raw.Name + "." + name, Expr: pair.Value, Range: pair.Value.Range(), NameRange: pair.Key.Range()}, at|scope.PerRow)
			ok = ok && !a.Broken && r.visible(a)
			m.parts[name], m.types[name] = a, cty.String
			m.names = append(m.names, name)
		}
		slices.Sort(m.names)
	} else {
		a := r.Attribute(raw.Name, raw, at|scope.PerRow)
		ok = !a.Broken && r.visible(a)
		m.parts[""], m.types[""] = a, cty.Map(cty.String)
	}
	m.digest = r.mappedDigest(m)
	return m, ok
}

// visible reports whether an expression over rows has nothing sensitive in it.
func (r *Reader) visible(a *scope.Attribute) bool {
	n := a.SecretName()
	if n == "" {
		return true
	}
	r.Refuse(a, "Sensitive value would be shown", fmt.Sprintf("%s is sensitive, and items and plans would show it.", n), "Use a value that is not, or say nonsensitive(…) when it may be shown.")
	return false
}

func (r *Reader) mappedDigest(m *Mapped) string {
	h := fingerprint.New()
	for _, name := range slices.Sorted(maps.Keys(m.parts)) {
		h.Add(name, r.Digest(m.parts[name].Expression))
	}
	return h.Sum()
}

// Mapping is what a driver is given, for one instance of the block.
func (m *Mapped) Mapping(in *scope.Instance) providers.Mapping {
	identity := m.digest
	if in.Keyed && m.ReadsEach() {
		h := fingerprint.New()
		h.Add(m.digest)
		h.Value(in.Each)
		identity = h.Sum()
	}
	columns := make(map[string][]string, len(m.parts))
	for name, a := range m.parts {
		columns[name] = a.Columns()
	}
	return providers.Mapping{
		Names: m.names, Columns: columns, Identity: identity,
		Of:   func(rows []providers.Row) (map[string]any, error) { return m.of(rows, in) },
		Fits: func(columns []string) error { return m.fits(columns, in) },
	}
}

// ReadsEach reports whether what is made goes for one instance of the block alone.
func (m *Mapped) ReadsEach() bool {
	for _, a := range m.parts {
		if a.Each {
			return true
		}
	}
	return false
}

func (m *Mapped) fits(columns []string, in *scope.Instance) error {
	for _, name := range slices.Sorted(maps.Keys(m.parts)) {
		if err := m.parts[name].Fits(columns, in); err != nil {
			return m.about(name, err)
		}
	}
	return nil
}

// about names what an error is about.
func (m *Mapped) about(name string, err error) error {
	if m.names == nil {
		return err
	}
	return fmt.Errorf("%s: %w", strings.TrimPrefix(name, extra+"."), err)
}

func (m *Mapped) of(rows []providers.Row, in *scope.Instance) (map[string]any, error) {
	seen := scope.NewRows(rows)
	if m.names == nil {
		v, err := m.parts[""].AboutRows(seen, in, m.types[""])
		if err != nil {
			return nil, err
		}
		all, _ := scope.Data(v).(map[string]any)
		return all, nil
	}
	all := make(map[string]any, len(m.names))
	for _, name := range m.names {
		v, err := m.parts[name].AboutRows(seen, in, m.types[name])
		if err != nil {
			return nil, m.about(name, err)
		}
		all[name] = scope.Data(v)
	}
	return all, nil
}
