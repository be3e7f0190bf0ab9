package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"

	"github.com/accord-sync/accord/schema/diagnose"
)

// parse reads a file as far as it can be read.
func (l *loader) parse(f file) hcl.Body {
	var parsed *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(f.name, ".json") {
		parsed, diags = hcljson.Parse(f.text, f.name)
	} else {
		parsed, diags = hclsyntax.ParseConfig(f.text, f.name, hcl.InitialPos)
	}
	if diags.HasErrors() {
		l.torn, l.broken[f.name] = true, true
	}
	l.report(ofSyntax(diags)...)
	if parsed == nil || parsed.Body == nil {
		l.src.Add(f.name, f.text, nil)
		return nil
	}
	native, _ := parsed.Body.(*hclsyntax.Body)
	l.src.Add(f.name, f.text, native)
	return parsed.Body
}

// ofSyntax leaves of a parser's messages those that come from a mistake of their own: one a line, and none behind a string or block
// that never ends.
func ofSyntax(diags hcl.Diagnostics) hcl.Diagnostics {
	var kept hcl.Diagnostics
	lines := map[int]bool{}
	for _, d := range diags {
		if d.Subject == nil || !lines[d.Subject.Start.Line] {
			kept = append(kept, d)
		}
		if d.Subject != nil {
			lines[d.Subject.Start.Line] = true
		}
		for _, endless := range []string{"Invalid multi-line", "Unterminated", "Unclosed"} {
			if strings.HasPrefix(d.Summary, endless) {
				return kept
			}
		}
	}
	return kept
}

var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "accord"}, {Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"},
	{Type: "provider", LabelNames: []string{"driver", "name"}}, {Type: "folder", LabelNames: []string{"name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "template", LabelNames: []string{"name"}}, {Type: "policy", LabelNames: []string{"name"}},
	{Type: "relationship", LabelNames: []string{"name"}}, {Type: "mesh", LabelNames: []string{"name"}},
	{Type: "moved"}, {Type: "removed"},
}}

// content reads a body by a schema and reports what does not fit. What fits is returned.
func (l *loader) content(body hcl.Body, schema *hcl.BodySchema) *hcl.BodyContent {
	content, diags := body.Content(schema)
	l.misfit(diags, schema)
	return content
}

// misfit reports what does not fit a schema; what a file lacks that could not be read to its end is not known.
func (l *loader) misfit(diags hcl.Diagnostics, schema *hcl.BodySchema) {
	for _, d := range diags {
		if d = l.reword(d, schema); d.Summary != missingAttribute || !l.broken[d.Subject.Filename] {
			l.report(d)
		}
	}
}

const (
	missingAttribute = "Missing attribute"
	unknownAttribute = "Unknown attribute"
	missingProfile   = "Missing profile"
)

// withoutMisspelt leaves out that an attribute is missing where another diagnostic says that it is only misspelt.
func (l *loader) withoutMisspelt(diags hcl.Diagnostics) hcl.Diagnostics {
	type attribute struct{ file, block, name string }
	meant := map[attribute]bool{}
	for _, d := range diags {
		if name, ok := strings.CutPrefix(diagnose.Remedy(d), "Did you mean "); ok && d.Summary == unknownAttribute {
			meant[attribute{d.Subject.Filename, l.src.Block(*d.Subject), strings.TrimSuffix(name, "?")}] = true
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		switch d.Summary {
		case missingAttribute:
			name, _, _ := strings.Cut(d.Detail, " ")
			return meant[attribute{d.Subject.Filename, l.src.Block(*d.Subject), name}]
		case missingProfile:
			return meant[attribute{d.Subject.Filename, l.src.Block(*d.Subject), "profile"}]
		}
		return false
	})
}

// reword says in this project's words what the parser found in a body that does not fit a schema.
func (l *loader) reword(d *hcl.Diagnostic, schema *hcl.BodySchema) *hcl.Diagnostic {
	if d.Subject == nil {
		return d
	}
	written := strings.Trim(string(l.src.Text(*d.Subject)), `"`)
	var attributes, blocks []string
	for _, a := range schema.Attributes {
		attributes = append(attributes, a.Name)
	}
	for _, b := range schema.Blocks {
		blocks = append(blocks, b.Type)
	}
	switch {
	case d.Summary == "Unsupported argument":
		return diagnose.Mistake(*d.Subject, unknownAttribute, fmt.Sprintf("There is no attribute %q here.", written), diagnose.DidYouMean(written, attributes, "See the reference for the attributes of this block."))
	case d.Summary == "Extraneous JSON object property":
		return diagnose.Mistake(*d.Subject, unknownAttribute, fmt.Sprintf("There is nothing called %q here.", written), diagnose.DidYouMean(written, append(attributes, blocks...), "See the reference for what may be here."))
	case d.Summary == "Unsupported block type":
		return diagnose.Mistake(*d.Subject, "Unknown block", fmt.Sprintf("There is no block %q here.", written), diagnose.DidYouMean(written, blocks, "See the reference for the blocks that may be here."))
	case d.Summary == "Missing required argument":
		name := strings.Trim(quoted.FindString(d.Detail), `"`)
		return diagnose.Mistake(*d.Subject, missingAttribute, fmt.Sprintf("%s is required here.", name), fmt.Sprintf("Write %s = ….", name))
	case strings.HasPrefix(d.Summary, "Missing name for "):
		kind := strings.TrimPrefix(d.Summary, "Missing name for ")
		for _, b := range schema.Blocks {
			if b.Type == kind {
				return diagnose.Mistake(*d.Subject, "Missing name", fmt.Sprintf("A %s block has its %s between its type and its brace.", kind, strings.Join(b.LabelNames, " and ")), fmt.Sprintf("Write %s \"%s\" { … }.", kind, strings.ToUpper(strings.Join(b.LabelNames, "\" \""))))
			}
		}
	}
	return d
}

var quoted = regexp.MustCompile(`"[^"]+"`)
