// Package data is what data blocks say: rows from files beside the configuration, and from what a provider can be asked.
package data

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/roster"
	"github.com/accord-sync/accord/schema/scope"
)

var (
	dataSchema  = scope.BodySchema([]string{"path", "key"}, []string{"path"}, "guard")
	csvSchema   = scope.BodySchema([]string{"path", "key", "delimiter"}, []string{"path"}, "guard")
	guardSchema = scope.BodySchema([]string{"min_rows", "max_shrink"}, nil)
)

// Data is one data block: how many rows it has, and the guard that is held against how many it had at the last apply.
type Data struct {
	Address   string // data.csv.staff
	Rows      int
	MinRows   int          // fewer are refused; AnyButNone: a block that had several rows at the last apply, and has none
	MaxShrink amount.Limit // a greater loss since the last apply is refused; a percentage is of the rows there were then
	Range     hcl.Range
}

// AnyButNone is the MinRows of a block that says none.
const AnyButNone = -1

// Reader reads data blocks.
type Reader struct {
	*scope.Scope
	resolve func(path string) string
	drivers map[string]providers.Driver
	ask     Ask
	found   []*Data
	unasked []string
}

// Ask asks the provider that an attribute names for rows. asked is false when that was a mistake, which was reported, or nobody is to be asked: the rows are not known then.
type Ask func(provider *scope.Attribute, cfg providers.DataConfig, each func(providers.Row) error) (asked bool, err error)

// NewReader reads in a scope. resolve says where a path of a block is.
func NewReader(sc *scope.Scope, resolve func(path string) string, drivers map[string]providers.Driver, ask Ask) *Reader {
	return &Reader{Scope: sc, resolve: resolve, drivers: drivers, ask: ask}
}

// Found are the blocks whose rows were read, and the addresses of those whose rows nobody was asked for, in order of address.
func (r *Reader) Found() (read []*Data, unasked []string) {
	slices.SortFunc(r.found, func(a, b *Data) int { return strings.Compare(a.Address, b.Address) })
	slices.Sort(r.unasked)
	return r.found, r.unasked
}

// Block makes a data block known. Its value is an object with rows.
func (r *Reader) Block(b *hcl.Block) {
	of, address := b.Labels[0], "data."+b.Labels[0]+"."+b.Labels[1]
	if slices.Contains(roster.Types(), of) {
		r.Declare(address, b.DefRange, func() cty.Value { return r.data(b, address) })
		return
	}
	if driver := r.drivers[of]; driver != nil && driver.Schema().Data != nil {
		r.Declare(address, b.DefRange, func() cty.Value { return r.query(b, address, driver.Schema().Data) })
		return
	}
	types := roster.Types()
	for name, driver := range r.drivers {
		if driver.Schema().Data != nil {
			types = append(types, name)
		}
	}
	slices.Sort(types)
	r.Misnamed("data", b.Labels[1])
	r.Report(diagnose.Mistake(b.LabelRanges[0], "Unknown type of data", fmt.Sprintf("There is no data of type %q.", of), diagnose.DidYouMean(of, types, "")))
	r.Declare(address, b.DefRange, func() cty.Value { return cty.DynamicVal })
}

func (r *Reader) data(b *hcl.Block, address string) cty.Value {
	schema := dataSchema
	if b.Labels[0] == "csv" {
		schema = csvSchema
	}
	content := r.Content(b.Body, schema)
	attrs := r.CompileAll(content.Attributes, 0)
	d := &Data{Address: address, MinRows: AnyButNone, Range: b.DefRange}
	sound := r.guard(d, content.Blocks)
	if b.Labels[0] == "csv" && attrs["key"] == nil {
		r.Report(diagnose.Mistake(content.MissingItemRange, diagnose.Missing, "key is required here: the column that names a row.", `Write key = "id".`))
		sound = false
	}
	path, ok := r.Required(attrs["path"], nil, `Write where the file is, from the workspace's directory: path = "staff.csv".`)
	o, read := r.options(b, attrs)
	if !ok || !read || !sound {
		return cty.DynamicVal
	}
	text, err := functions.ReadText(r.resolve(path))
	if err != nil {
		r.Refuse(attrs["path"], "Unreadable file", err.Error()+".", "Correct the path: it starts at the workspace's directory.")
		return cty.DynamicVal
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r.Sources.Add(path, text)
	rows, n, diags := roster.Read(b.Labels[0], path, text, o)
	r.Report(diags...)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	d.Rows = n
	r.found = append(r.found, d)
	return cty.ObjectVal(map[string]cty.Value{"rows": rows})
}

// options reads how the rows are found in the file. It is false when a mistake was reported.
func (r *Reader) options(b *hcl.Block, attrs map[string]*scope.Attribute) (o roster.Options, ok bool) {
	o, ok = roster.Options{KeyAt: b.DefRange, Delimiter: ','}, true
	if a := attrs["key"]; a != nil {
		o.KeyAt = a.Range()
		o.Key, ok = r.Required(a, nil, `Name the column that names a row: key = "id".`)
	}
	if text, there := r.Text(attrs["delimiter"], nil); there {
		o.Delimiter, _ = utf8.DecodeRuneInString(text)
		if utf8.RuneCountInString(text) != 1 || strings.ContainsAny(text, "\"\r\n\uFFFD") {
			r.Refuse(attrs["delimiter"], "Invalid delimiter", fmt.Sprintf("%q is not one character that can separate fields.", text), `Write for example ";" or "\t".`)
			ok = false
		}
	}
	return o, ok
}

// guard reads the guard of a data block. It is false when a mistake was reported.
func (r *Reader) guard(d *Data, blocks hcl.Blocks) bool {
	ok := true
	for i, b := range blocks {
		if i > 0 {
			r.DuplicateBlock(b, blocks[0].DefRange)
			continue
		}
		attrs := r.CompileAll(r.Content(b.Body, guardSchema).Attributes, 0)
		if least := amount.LimitOf(r.Scope, attrs["min_rows"], nil); least.Percent {
			r.Refuse(attrs["min_rows"], "Invalid limit", "min_rows is a percentage, and there is nothing that it could be of.", "Write a whole number, such as 50.")
		} else if least.Set {
			d.MinRows = int(least.Value)
		}
		d.MaxShrink = amount.LimitOf(r.Scope, attrs["max_shrink"], nil)
		for _, a := range attrs {
			ok = ok && !a.Bad && !a.Broken
		}
	}
	return ok
}
