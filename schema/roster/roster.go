// Package roster reads the rows of data blocks from the text of files: CSV, JSON and YAML.
package roster

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/form"
)

// Options is what a data block says about its file.
type Options struct {
	Key       string    // the column that names a row; "" for a map, whose rows have names
	KeyAt     hcl.Range // where that is written
	Delimiter rune      // between the fields of CSV
}

// Types are the types of files that Read reads, in order.
func Types() []string { return []string{"csv", "json", "yaml"} }

// Read reads the rows of a file of one of Types. The value is a map by key of objects: of strings alone in CSV; in JSON and YAML values keep their
// types, and what only other rows have is null. n is their number. Of very many mistakes the first are reported.
func Read(of, name string, text []byte, o Options) (rows cty.Value, n int, diags hcl.Diagnostics) {
	r := &reader{Options: o, name: name, rows: map[string]map[string]cty.Value{}, first: map[string]int{}}
	if bad := form.Encoding(text, name); bad != nil {
		return cty.DynamicVal, 0, hcl.Diagnostics{bad}
	}
	switch of {
	case "csv":
		r.csv(text)
	default:
		r.tree(of, text)
	}
	if r.diags.HasErrors() {
		return cty.DynamicVal, 0, r.diags
	}
	return r.value(), len(r.rows), nil
}

// most is how many mistakes of one file are reported: a wrong delimiter makes as many as there are lines.
const most = 10

type reader struct {
	Options
	name  string
	rows  map[string]map[string]cty.Value
	first map[string]int // the line of each key
	diags hcl.Diagnostics
}

// say reports a mistake; it is false when enough were.
func (r *reader) say(at hcl.Range, summary, cause, todo string) bool {
	if len(r.diags) < most {
		r.diags = append(r.diags, diagnose.Mistake(at, summary, cause, todo))
	}
	return len(r.diags) < most
}

// add adds a row. It is false when enough mistakes were reported.
func (r *reader) add(key string, row map[string]cty.Value, at hcl.Range) bool {
	if strings.TrimSpace(key) == "" {
		what := "A row"
		if r.Key != "" {
			what = fmt.Sprintf("%s of a row", r.Key)
		}
		return r.say(at, "Empty key", what+" is empty, which leaves nothing to name the row by.", "Give it a value, or take the row out.")
	}
	if line, twice := r.first[key]; twice {
		return r.say(at, "Duplicate key", fmt.Sprintf("%q names the row in line %d already.", key, line), "Take one of the two out, or use a column as key whose values are all different.")
	}
	r.first[key], r.rows[key] = at.Start.Line, row
	return true
}

// value is all rows in one map: of one type when their fields agree, else an object.
func (r *reader) value() cty.Value {
	types := map[string]cty.Type{}
	for _, row := range r.rows {
		for name, v := range row {
			if known, ok := types[name]; !ok || known == cty.DynamicPseudoType {
				types[name] = v.Type()
			}
		}
	}
	values := make(map[string]cty.Value, len(r.rows))
	alike := true
	for key, row := range r.rows {
		full := make(map[string]cty.Value, len(types))
		for name, t := range types {
			v, there := row[name]
			if !there || v.IsNull() {
				v = cty.NullVal(t)
			}
			alike = alike && v.Type().Equals(t)
			full[name] = v
		}
		values[key] = cty.ObjectVal(full)
	}
	switch {
	case len(values) == 0:
		return cty.MapValEmpty(cty.EmptyObject)
	case alike:
		return cty.MapVal(values)
	}
	return cty.ObjectVal(values)
}

// column says that a column which is named as key is not there.
func (r *reader) column(columns []string) {
	r.say(r.KeyAt, "Unknown column", fmt.Sprintf("%s has no column %q.", r.name, r.Key), diagnose.DidYouMean(r.Key, columns, "Name one of its columns."))
}

// tree reads JSON or YAML: a list of objects, or a map of them.
func (r *reader) tree(of string, text []byte) {
	read := form.ReadJSON
	if of == "yaml" {
		read = form.ReadYAML
	}
	n, diags := read(text, r.name)
	if n == nil {
		r.diags = diags
		return
	}
	const todo = "A roster is a list of maps, or a map of maps by key."
	switch {
	case n.Kind == form.Null:
	case n.Kind == form.Object && r.Key != "":
		r.say(r.KeyAt, "Rows have keys", fmt.Sprintf("%s is a map, in which every row has its key.", r.name), "Leave key out.")
	case n.Kind == form.Object:
		for _, m := range n.Members {
			if m.Value.Kind != form.Object && !r.say(m.NameRange, "Not a row", fmt.Sprintf("%q is %s, and a row is a map of its fields.", m.Name, m.Value.Kind), todo) {
				return
			}
			if m.Value.Kind == form.Object && !r.add(m.Name, m.Value.Literal().AsValueMap(), m.NameRange) {
				return
			}
		}
	case n.Kind == form.List && r.Key == "":
		r.say(r.KeyAt, "Missing attribute", fmt.Sprintf("%s is a list, in which nothing names a row.", r.name), `Name the field that does: key = "id".`)
	case n.Kind == form.List:
		r.list(n, todo)
	default:
		r.say(n.Range, "Not a roster", fmt.Sprintf("%s holds %s.", r.name, n.Kind), todo)
	}
}

// list reads a list of objects.
func (r *reader) list(n *form.Node, todo string) {
	columns := map[string]bool{}
	for _, e := range n.Elements {
		for _, m := range e.Members {
			columns[m.Name] = true
		}
	}
	if len(n.Elements) > 0 && !columns[r.Key] {
		r.column(slices.Sorted(maps.Keys(columns)))
		return
	}
	for _, e := range n.Elements {
		at := e.Header()
		if e.Kind != form.Object {
			if !r.say(at, "Not a row", fmt.Sprintf("An element is %s, and a row is a map of its fields.", e.Kind), todo) {
				return
			}
			continue
		}
		key := ""
		for _, m := range e.Members {
			switch {
			case m.Name != r.Key:
			case m.Value.Kind == form.String:
				key, at = m.Value.Text, m.Value.Range
			case m.Value.Kind == form.Number:
				key, at = m.Value.Value.AsBigFloat().Text('f', -1), m.Value.Range
			}
		}
		if !r.add(key, e.Literal().AsValueMap(), at) {
			return
		}
	}
}
