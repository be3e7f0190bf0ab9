package scope

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/functions"
)

// Rows are the rows that are about one item, as expressions see them.
type Rows struct {
	rows []providers.Row
	row  cty.Value // the first of them
	all  cty.Value // made when it is first asked for
}

// NewRows makes them of what a driver read. There is at least one.
func NewRows(rows []providers.Row) *Rows {
	return &Rows{rows: rows, row: rowValue(rows[0])}
}

// rowsOf are rows of these columns of which nothing else is known.
func rowsOf(columns []string) *Rows {
	row, values := make(providers.Row, len(columns)), make(map[string]cty.Value, len(columns))
	for _, column := range columns {
		row[column], values[column] = nil, cty.DynamicVal
	}
	v := cty.ObjectVal(values)
	return &Rows{rows: []providers.Row{row}, row: v, all: cty.TupleVal([]cty.Value{v})}
}

func rowValue(row providers.Row) cty.Value {
	values := make(map[string]cty.Value, len(row))
	for column, v := range row {
		values[column] = RowValue(v)
	}
	return cty.ObjectVal(values)
}

// RowValue is what an expression sees of one value of a row.
func RowValue(v providers.Value) cty.Value {
	switch v := v.(type) {
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case int64:
		return cty.NumberIntVal(v)
	case float64:
		return cty.NumberFloatVal(v)
	case []string:
		return FromGo(v, cty.List(cty.String))
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func (r *Rows) list() cty.Value {
	if r.all == cty.NilVal {
		values := make([]cty.Value, len(r.rows))
		for i, row := range r.rows {
			values[i] = rowValue(row)
		}
		r.all = cty.TupleVal(values)
	}
	return r.all
}

// PerRow reports whether the value depends on rows.
func (e *Expression) PerRow() bool { return e.perRow }

// Columns are the columns of row that the expression names, sorted.
func (e *Expression) Columns() []string {
	var names []string
	for _, t := range e.Variables() {
		if t.RootName() == "row" && len(t) > 1 {
			names = append(names, Step(t[1]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// AboutRows evaluates an expression for rows that are about one item. The error names file and line and what is wrong. It is safe for concurrent use, not with the same
// Rows.
func (e *Expression) AboutRows(r *Rows, in *Instance, want cty.Type) (cty.Value, error) {
	v, diags := e.aboutRows(r, in)
	if diags.HasErrors() {
		return cty.NilVal, e.Errorf("%s", strings.TrimSuffix(r.reason(e.discreet(diags, in)[0]), "."))
	}
	converted, err := convert.Convert(functions.Plain(v), want)
	if err != nil {
		return cty.NilVal, e.Errorf("the value is %s and must be %s", typeName(v.Type()), typeName(want))
	}
	return converted, nil
}

// Fits reports a column that the expression needs and that is none of those that the rows will have, as AboutRows would for each of them.
func (e *Expression) Fits(columns []string, in *Instance) error {
	r := rowsOf(columns)
	_, diags := e.aboutRows(r, in)
	for _, d := range e.discreet(diags, in) {
		if missingColumn.MatchString(d.Detail) {
			return e.Errorf("%s", r.reason(d))
		}
	}
	return nil
}

func (e *Expression) aboutRows(r *Rows, in *Instance) (cty.Value, hcl.Diagnostics) {
	ctx := e.known.NewChild()
	ctx.Variables = map[string]cty.Value{"row": r.row}
	if e.rows {
		ctx.Variables["rows"] = r.list()
	}
	if e.Each {
		ctx.Variables["each"] = in.Each
	}
	return e.Value(ctx)
}

// reason is why an expression failed for rows, and which columns there are.
func (r *Rows) reason(d *hcl.Diagnostic) string {
	if m := missingColumn.FindStringSubmatch(d.Detail); m != nil && r.rows[0][m[1]] == nil {
		return fmt.Sprintf("there is no column %q: the columns are %s", m[1], strings.Join(slices.Sorted(maps.Keys(r.rows[0])), ", "))
	}
	todo := remedies[d.Summary]
	return strings.TrimSpace(d.Summary + ": " + friendly.Replace(strings.TrimSpace(d.Detail)) + " " + todo)
}

// missingColumn is what HCL says of an attribute that an object lacks.
var missingColumn = regexp.MustCompile(`does not have an attribute named "([^"]+)"`)
