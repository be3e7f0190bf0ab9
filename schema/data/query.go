package data

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/drivers"
	"github.com/accord-sync/accord/schema/scope"
)

var querySchema = scope.BodySchema([]string{"provider", "key"}, []string{"provider", "key"}, "guard")

// query is the value of a data block whose rows a provider has.
func (r *Reader) query(b *hcl.Block, address string, schema []providers.Attribute) cty.Value {
	content := r.Content(b.Body, drivers.BodySchema(querySchema, schema))
	attrs := r.CompileAll(content.Attributes, 0)
	d := &Data{Address: address, MinRows: AnyButNone, Range: b.DefRange}
	sound := r.guard(d, content.Blocks)
	c, ok := drivers.Configure(r.Scope, attrs, drivers.Beyond(querySchema, schema), nil)
	key, keyed := r.Required(attrs["key"], nil, `Name the column that names a row: key = "id".`)
	for _, s := range schema {
		ok = ok && (!s.Required || attrs[s.Name] != nil)
	}
	if !sound || !ok || !keyed || attrs["provider"] == nil {
		return cty.DynamicVal
	}
	rows := collected{address: address, key: key, at: map[string]int{}}
	asked, err := r.ask(attrs["provider"], providers.DataConfig{Address: address, Attributes: c.Values}, rows.add)
	switch {
	case err != nil:
		r.Report(diagnose.Mistake(b.DefRange, "Rows cannot be read", fmt.Sprintf("%s: %s.", address, strings.TrimSuffix(err.Error(), ".")), "Nothing is planned without them: people whose rows are missing would look like people who left. Correct it, or try again when it answers."))
		return cty.DynamicVal
	case !asked:
		r.unasked = append(r.unasked, address)
		return cty.ObjectVal(map[string]cty.Value{"rows": cty.DynamicVal})
	}
	d.Rows = len(rows.list)
	r.found = append(r.found, d)
	return cty.ObjectVal(map[string]cty.Value{"rows": rows.value()})
}

// collected are the rows of one data block.
type collected struct {
	address, key string
	list         []providers.Row
	keys         []string
	at           map[string]int // by key: which row it is, from 1
}

// add takes a row. The error says what is wrong with its key.
func (c *collected) add(row providers.Row) error {
	n := len(c.list) + 1
	v, there := row[c.key]
	if !there {
		return fmt.Errorf("there is no column %q, which is its key: the columns are %s", c.key, strings.Join(slices.Sorted(maps.Keys(row)), ", "))
	}
	key, ok := scope.AsString(scope.RowValue(v))
	switch first := c.at[key]; {
	case !ok || key == "":
		return fmt.Errorf("the key %q of row %d is null or empty: every row needs one", c.key, n)
	case first > 0:
		return fmt.Errorf("the key %q is %q in rows %d and %d: a key names one row", c.key, key, first, n)
	}
	c.list, c.keys, c.at[key] = append(c.list, row), append(c.keys, key), n
	return nil
}

// value is the rows by key. A column has one type: that of its values, and text where they differ.
func (c *collected) value() cty.Value {
	types := map[string]cty.Type{}
	for _, row := range c.list {
		for column, v := range row {
			t, seen := types[column]
			is := scope.RowValue(v)
			switch {
			case is.IsNull() && seen:
			case is.IsNull():
				types[column] = cty.DynamicPseudoType
			case !seen || t == cty.DynamicPseudoType:
				types[column] = is.Type()
			case !t.Equals(is.Type()):
				types[column] = cty.String
			}
		}
	}
	for column, t := range types {
		if t == cty.DynamicPseudoType {
			types[column] = cty.String
		}
	}
	if len(c.list) == 0 {
		return cty.MapValEmpty(cty.EmptyObject)
	}
	values := make(map[string]cty.Value, len(c.list))
	for i, row := range c.list {
		object := make(map[string]cty.Value, len(types))
		for column, t := range types {
			v, err := convert.Convert(scope.RowValue(row[column]), t)
			if err != nil {
				v = cty.NullVal(t)
			}
			object[column] = v
		}
		values[c.keys[i]] = cty.ObjectVal(object)
	}
	return cty.MapVal(values)
}
