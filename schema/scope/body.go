package scope

import (
	"fmt"
	"regexp"
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
	parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if parsed == nil || parsed.Body == nil {
		return nil, diagnose.Syntax(diags)
	}
	return parsed.Body, diagnose.Syntax(diags)
}

// Content reads a body by a schema and reports what does not fit. What fits is returned.
func (sc *Scope) Content(body hcl.Body, schema *hcl.BodySchema) *hcl.BodyContent {
	content, diags := body.Content(schema)
	sc.Misfit(diags, schema)
	return content
}

// Misfit reports what does not fit a schema; what a file lacks that could not be read to its end is not known.
func (sc *Scope) Misfit(diags hcl.Diagnostics, schema *hcl.BodySchema) {
	for _, d := range diags {
		if d = sc.reword(d, schema); d.Summary != diagnose.Missing || !sc.broken[d.Subject.Filename] {
			sc.Report(d)
		}
	}
}

const unknownAttribute = "Unknown attribute"

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

// reword says in this project's words what the parser found in a body that does not fit a schema.
func (sc *Scope) reword(d *hcl.Diagnostic, schema *hcl.BodySchema) *hcl.Diagnostic {
	if d.Subject == nil {
		return d
	}
	written := strings.Trim(string(sc.Sources.Text(*d.Subject)), `"`)
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
	case d.Summary == form.Unsupported:
		return diagnose.Mistake(*d.Subject, unknownAttribute, fmt.Sprintf("There is nothing called %q here.", d.Detail), diagnose.DidYouMean(d.Detail, append(attributes, blocks...), "See the reference for what may be here."))
	case d.Summary == "Unsupported block type":
		return diagnose.Mistake(*d.Subject, "Unknown block", fmt.Sprintf("There is no block %q here.", written), diagnose.DidYouMean(written, blocks, "See the reference for the blocks that may be here."))
	case d.Summary == "Missing required argument":
		name := strings.Trim(quoted.FindString(d.Detail), `"`)
		return diagnose.Mistake(*d.Subject, diagnose.Missing, fmt.Sprintf("%s is required here.", name), fmt.Sprintf("Write %s = ….", name))
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
