package found

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// Write writes a folder block for each folder that is not configured.
func Write(w io.Writer, provider *schema.Provider, driver providers.Driver, folders []Folder) error {
	reference, diags := hclsyntax.ParseTraversalAbs([]byte(provider.Address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return fmt.Errorf("%s cannot be written as a reference: %w", provider.Address, diags)
	}
	file := hclwrite.NewEmptyFile()
	first := true
	for _, f := range folders {
		if f.Name == "" {
			continue
		}
		if !first {
			file.Body().AppendNewline()
		}
		first = false
		kind := f.Kind
		switch {
		case kind == "":
			kind = pim.Calendar
			comment(file.Body(), words.Title(f.Discovered.Name)+" holds nothing that tells its kind: calendar, contacts, tasks or notes.")
		case f.Discovered.Name != f.Name:
			comment(file.Body(), words.Title(f.Discovered.Name))
		}
		body := file.Body().AppendNewBlock("folder", []string{f.Name}).Body()
		body.SetAttributeTraversal("provider", reference)
		body.SetAttributeValue("kind", cty.StringVal(string(kind)))
		for _, a := range driver.Schema().Folder {
			if v, ok := value(f.Attributes[a.Name]); ok {
				body.SetAttributeValue(a.Name, v)
			}
		}
		if f.ReadOnly {
			body.SetAttributeValue("access", cty.StringVal("read"))
		}
	}
	_, err := w.Write(hclwrite.Format(file.Bytes()))
	return err
}

// comment adds a line for people.
func comment(body *hclwrite.Body, text string) {
	body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + text + "\n")}})
}

// writable reports whether attributes come back from a configuration as they are: its texts are Unicode in normal form C.
func writable(attributes providers.Attributes) bool {
	for _, v := range attributes {
		texts := []string{}
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []string:
			texts = v
		case map[string]string:
			for name, text := range v {
				if strings.ContainsRune(name, '\ufeff') { // hclwrite puts no quotes around it
					return false
				}
				texts = append(texts, name, text)
			}
		}
		for _, t := range texts {
			if cty.StringVal(t).AsString() != t || !utf8.ValidString(t) {
				return false
			}
		}
	}
	return true
}

// value is an attribute's value as HCL writes it.
func value(v any) (cty.Value, bool) {
	switch v := v.(type) {
	case string:
		return cty.StringVal(v), true
	case float64:
		return cty.NumberFloatVal(v), true
	case bool:
		return cty.BoolVal(v), true
	case []string:
		var list []cty.Value
		for _, s := range v {
			list = append(list, cty.StringVal(s))
		}
		return cty.TupleVal(list), true
	case map[string]string:
		entries := map[string]cty.Value{}
		for k, s := range v {
			entries[k] = cty.StringVal(s)
		}
		return cty.ObjectVal(entries), true
	}
	return cty.NilVal, false
}
