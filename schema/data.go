package schema

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

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

// laterData are the types of data that drivers are to offer.
var laterData = []string{"ldap", "sql"}

// declareData makes a data block known. Its value is an object with rows.
func (l *loader) declareData(b *hcl.Block) {
	of, address := b.Labels[0], "data."+b.Labels[0]+"."+b.Labels[1]
	switch {
	case slices.Contains(laterData, of):
		l.unsupported(b.DefRange, fmt.Sprintf("data of type %s is not carried out by this version: use %s.", of, strings.Join(roster.Types(), ", ")))
	case !slices.Contains(roster.Types(), of):
		l.Misnamed("data", b.Labels[1])
		l.Report(diagnose.Mistake(b.LabelRanges[0], "Unknown type of data", fmt.Sprintf("There is no data of type %q.", of), diagnose.DidYouMean(of, roster.Types(), "")))
	default:
		l.Declare(address, b.DefRange, func() cty.Value { return l.data(b, address) })
		return
	}
	l.Declare(address, b.DefRange, func() cty.Value { return cty.DynamicVal })
}

func (l *loader) data(b *hcl.Block, address string) cty.Value {
	schema := dataSchema
	if b.Labels[0] == "csv" {
		schema = csvSchema
	}
	content := l.Content(b.Body, schema)
	attrs := l.CompileAll(content.Attributes, 0)
	d := &Data{Address: address, Range: b.DefRange}
	sound := l.dataGuard(d, content.Blocks)
	if b.Labels[0] == "csv" && attrs["key"] == nil {
		l.Report(diagnose.Mistake(content.MissingItemRange, diagnose.Missing, "key is required here: the column that names a row.", `Write key = "id".`))
		sound = false
	}
	o := roster.Options{KeyAt: b.DefRange, Delimiter: ','}
	path, ok := l.Required(attrs["path"], nil, `Write where the file is, from the workspace's directory: path = "staff.csv".`)
	if a := attrs["key"]; a != nil {
		var named bool
		o.Key, named = l.Required(a, nil, `Name the column that names a row: key = "id".`)
		o.KeyAt, sound = a.Range(), sound && named
	}
	if text, there := l.Text(attrs["delimiter"], nil); there {
		o.Delimiter, _ = utf8.DecodeRuneInString(text)
		if utf8.RuneCountInString(text) != 1 || strings.ContainsAny(text, "\"\r\n\uFFFD") {
			l.Refuse(attrs["delimiter"], "Invalid delimiter", fmt.Sprintf("%q is not one character that can separate fields.", text), `Write for example ";" or "\t".`)
			sound = false
		}
	}
	if !ok || !sound {
		return cty.DynamicVal
	}
	text, err := functions.ReadText(l.surroundings.Resolve(path))
	if err != nil {
		l.Refuse(attrs["path"], "Unreadable file", err.Error()+".", "Correct the path: it starts at the workspace's directory.")
		return cty.DynamicVal
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	l.Sources.Add(path, text)
	rows, n, diags := roster.Read(b.Labels[0], path, text, o)
	l.Report(diags...)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	d.Rows = n
	l.workspace.Data = append(l.workspace.Data, d)
	return cty.ObjectVal(map[string]cty.Value{"rows": rows})
}

// dataGuard reads the guard of a data block. It is false when a mistake was reported.
func (l *loader) dataGuard(d *Data, blocks hcl.Blocks) bool {
	ok := true
	for i, b := range blocks {
		if i > 0 {
			l.duplicate(b, blocks[0].DefRange)
			continue
		}
		attrs := l.CompileAll(l.Content(b.Body, guardSchema).Attributes, 0)
		if least := l.limit(attrs["min_rows"], nil); least.Percent {
			l.Refuse(attrs["min_rows"], "Invalid limit", "min_rows is a percentage, and there is nothing that it could be of.", "Write a whole number, such as 50.")
		} else {
			d.MinRows = int(least.Value)
		}
		d.MaxShrink = l.limit(attrs["max_shrink"], nil)
		for _, a := range attrs {
			ok = ok && !a.Bad && !a.Broken
		}
	}
	return ok
}
