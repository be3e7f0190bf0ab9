// Package format writes configuration in its canonical layout: what it says stays as it is.
package format

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/form"
)

// Has reports whether files of this name have a canonical layout: native syntax and JSON.
func Has(name string) bool {
	return strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".accord.json")
}

// Text is the text of a file of this name in its canonical layout. One that cannot be read is not changed, and the diagnostics say why.
// Formatting what is formatted changes nothing.
func Text(name string, text []byte) ([]byte, hcl.Diagnostics) {
	if strings.HasSuffix(name, ".json") {
		return jsonText(name, text)
	}
	if diags := diagnose.TooDeep(text, name); diags.HasErrors() {
		return text, diags
	}
	if _, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); diags.HasErrors() {
		return text, diagnose.Syntax(diags)
	}
	if blank := len(bytes.TrimSpace(text)) == 0; blank {
		return nil, nil
	}
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	if !bytes.HasSuffix(text, []byte("\n")) {
		text = append(bytes.Clone(text), end...)
	}
	return hclwrite.Format(text), nil
}

// jsonText indents by two.
func jsonText(name string, text []byte) ([]byte, hcl.Diagnostics) {
	if _, diags := form.Parse(text, name); diags.HasErrors() {
		return text, diags
	}
	var out bytes.Buffer
	if err := json.Indent(&out, bytes.TrimSpace(text), "", "  "); err != nil {
		return text, hcl.Diagnostics{diagnose.Nowhere("Invalid JSON", name+": "+err.Error()+".", "Correct it.")}
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
