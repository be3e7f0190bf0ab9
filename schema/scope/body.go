package scope

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/form"
)

// BodySchema is a body with optional and required attributes, and blocks without labels.
func BodySchema(attributes, required []string, blocks ...string) *hcl.BodySchema {
	s := &hcl.BodySchema{}
	must := map[string]bool{}
	for _, name := range required {
		must[name] = true
	}
	for _, name := range attributes {
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: name, Required: must[name]})
	}
	for _, name := range blocks {
		s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: name})
	}
	return s
}

// Parse reads a file as far as it can be read, in native syntax or, by its name, as JSON or YAML; nil when that is not at all.
func (sc *Scope) Parse(name string, text []byte) hcl.Body {
	if d := misencoded(name, text); d != nil {
		if bytes.IndexByte(text, 0) < 0 {
			sc.Sources.Add(name, text)
		}
		sc.Torn, sc.broken[name] = true, true
		sc.Report(d)
		return nil
	}
	sc.Sources.Add(name, text)
	var body hcl.Body
	var diags hcl.Diagnostics
	if form.Is(name) {
		body, diags = form.Parse(text, name)
	} else {
		body, diags = native(name, text)
	}
	if diags.HasErrors() {
		sc.Torn, sc.broken[name] = true, true
	}
	sc.Report(diags...)
	return body
}

func native(name string, text []byte) (hcl.Body, hcl.Diagnostics) {
	if diags := diagnose.TooDeep(text, name); diags.HasErrors() {
		return nil, diags
	}
	parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	diags = diagnose.Syntax(diags)
	for _, d := range diags {
		if d.Summary == diagnose.SeveralOnOneLine && bytes.HasPrefix(text[d.Subject.Start.Byte:], []byte("=")) {
			diagnose.Advise(d, `Write == to compare, or put the next attribute on a line of its own.`)
		}
	}
	if parsed == nil || parsed.Body == nil {
		return nil, diags
	}
	return parsed.Body, diags
}

// Content reads a body by a schema and reports what does not fit. What fits is returned.
func (sc *Scope) Content(body hcl.Body, schema *hcl.BodySchema) *hcl.BodyContent {
	content, diags := body.Content(schema)
	sc.Misfit(diags, schema)
	return content
}

// JustAttributes reads a body in which every name is an attribute.
func (sc *Scope) JustAttributes(body hcl.Body) hcl.Attributes {
	attrs, diags := body.JustAttributes()
	for _, d := range diags {
		if strings.HasPrefix(d.Summary, "Unexpected ") && d.Subject != nil {
			written := string(sc.Sources.Text(*d.Subject))
			d = diagnose.Mistake(*d.Subject, "Unknown block", fmt.Sprintf("There is no block %q here: every name is an attribute.", written), fmt.Sprintf("Write %s = { … }.", written))
		}
		sc.Report(d)
	}
	return attrs
}

// Misfit reports what does not fit a schema; what a file lacks that could not be read to its end is not known.
func (sc *Scope) Misfit(diags hcl.Diagnostics, schema *hcl.BodySchema) {
	for _, d := range diags {
		if d = sc.reword(d, schema); d.Summary != diagnose.Missing || !sc.broken[d.Subject.Filename] {
			sc.Report(d)
		}
	}
}

// Summaries that other diagnostics depend on.
const (
	unknownAttribute = "Unknown attribute"
	notABlock        = "Not a block"
	wrongType        = "Wrong type"
)

// MissingProfile is the summary of what is said about a block without profile: not when profile is only misspelt.
const MissingProfile = "Missing profile"

// withoutMisspelt leaves out that an attribute is missing where another diagnostic says that it is only misspelt.
func (sc *Scope) withoutMisspelt(diags hcl.Diagnostics) hcl.Diagnostics {
	type attribute struct{ file, block, name string }
	meant := map[attribute]bool{}
	for _, d := range diags {
		if name, ok := strings.CutPrefix(diagnose.Remedy(d), "Did you mean "); ok && d.Summary == unknownAttribute {
			meant[attribute{d.Subject.Filename, sc.Sources.Block(*d.Subject), strings.TrimSuffix(name, "?")}] = true
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		switch d.Summary {
		case diagnose.Missing:
			name, _, _ := strings.Cut(d.Detail, " ")
			return meant[attribute{d.Subject.Filename, sc.Sources.Block(*d.Subject), name}]
		case MissingProfile:
			return meant[attribute{d.Subject.Filename, sc.Sources.Block(*d.Subject), "profile"}]
		}
		return false
	})
}

// withoutConsequences leaves out what is only said because the parser went on, on the same line, with something that nobody wrote.
func withoutConsequences(diags hcl.Diagnostics) hcl.Diagnostics {
	type line struct {
		file    string
		number  int
		summary string
	}
	said := map[line]bool{}
	for _, d := range diags {
		if d.Subject != nil {
			said[line{d.Subject.Filename, d.Subject.Start.Line, d.Summary}] = true
		}
	}
	causes := map[string]string{diagnose.BlockWithoutBraces: notABlock, wrongType: diagnose.SeveralOnOneLine}
	return slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool {
		return d.Subject != nil && causes[d.Summary] != "" && said[line{d.Subject.Filename, d.Subject.Start.Line, causes[d.Summary]}]
	})
}
