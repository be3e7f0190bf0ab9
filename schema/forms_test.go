package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"go.yaml.in/yaml/v3"
)

// TestThreeForms writes every workspace of testdata and of the examples as JSON and as YAML. What is loaded from the three is the same, and so are their fingerprints.
func TestThreeForms(t *testing.T) {
	names, err := filepath.Glob("testdata/*/main.hcl")
	if err != nil || len(names) < 8 {
		t.Fatalf("%v: %v", names, err)
	}
	examples, err := filepath.Glob("../examples/*/main.hcl")
	if err != nil || len(examples) == 0 {
		t.Fatalf("%v: %v", examples, err)
	}
	recipes, err := filepath.Glob("../examples/recipes/*/main.hcl")
	if err != nil || len(recipes) == 0 {
		t.Fatalf("%v: %v", recipes, err)
	}
	names = append(append(names, examples...), recipes...)
	sound := 0
	for _, name := range names {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text = bytes.ReplaceAll(text, []byte(`"vdir"`), []byte(`"disk"`))
			text = bytes.ReplaceAll(text, []byte(`.vdir.`), []byte(`.disk.`))
			tree, err := generated(text)
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := json.MarshalIndent(tree, "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			asYAML, err := yaml.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			want := summary(filepath.Dir(name), "main.hcl", text)
			if strings.HasPrefix(want, "valid") {
				sound++
			}
			for form, text := range map[string][]byte{"main.accord.json": asJSON, "main.accord.yaml": asYAML} {
				if got := summary(filepath.Dir(name), form, text); got != want {
					t.Errorf("%s:\n%s\nwant\n%s\n%s", form, got, want, text)
				}
			}
		})
	}
	if sound < 6 {
		t.Errorf("only %d of the workspaces are valid", sound)
	}
}

// summary is a workspace without the places where it is written. Of one with mistakes, only that it has some.
func summary(dir, name string, text []byte) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err.Error()
	}
	opts := testOptions()
	opts.Env = func(name string) (string, bool) { return "blue", name == "ACCORD_VAR_from_env" }
	w, src, diags := newLoader(abs, opts).load([]file{{name, text}})
	if diags.HasErrors() {
		if src.Text(hcl.Range{Filename: name}) == nil {
			return "not read"
		}
		return "with mistakes"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "valid %s %s %+v %s\n", w.Name, w.StatePath, w.Guard, w.Fingerprint)
	for _, p := range w.Providers {
		fmt.Fprintf(&b, "%s %s %v\n", p.Address, p.Driver, p.Config.Attributes)
	}
	for _, f := range w.Folders {
		fmt.Fprintf(&b, "%s %s %s %v %v %v %v %s %v\n", f.Address, f.Provider.Address, f.Kind, f.Config, f.ReadOnly, f.Create, f.Unresolved, f.Zone, f.Labels)
	}
	for _, r := range w.Relations {
		fmt.Fprintf(&b, "%s %s %s %v %s %v %v %v %v %v %s\n", r.Address, r.Source.Address, r.Destination.Address, r.Enabled, r.Profile, r.Policies, r.Guard, r.Settle, r.Every, r.Labels, r.Fingerprint)
	}
	for _, block := range w.Blocks {
		fmt.Fprintf(&b, "%s %q\n", block.Address, block.Keys)
	}
	for _, m := range w.Moved {
		fmt.Fprintln(&b, m.From, m.To)
	}
	for _, r := range w.Removed {
		fmt.Fprintln(&b, r.From, r.OnRemove)
	}
	fmt.Fprintln(&b, w.Unasked)
	return b.String()
}

// generated is a file in native syntax as a program would generate it for JSON or YAML: every value that is no literal is an expression.
func generated(text []byte) (map[string]any, error) {
	file, diags := hclsyntax.ParseConfig(text, "main.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	return object(file.Body.(*hclsyntax.Body), text), nil
}

func object(body *hclsyntax.Body, text []byte) map[string]any {
	m := map[string]any{}
	for name, a := range body.Attributes {
		m[name] = value(name, a.Expr, text)
	}
	for _, b := range body.Blocks {
		at := m
		for _, key := range append([]string{b.Type}, b.Labels...)[:len(b.Labels)] {
			inner, ok := at[key].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[key] = inner
			}
			at = inner
		}
		last := append([]string{b.Type}, b.Labels...)[len(b.Labels)]
		switch there := at[last].(type) {
		case nil:
			at[last] = object(b.Body, text)
		case []any:
			at[last] = append(there, object(b.Body, text))
		default:
			at[last] = []any{there, object(b.Body, text)}
		}
	}
	return m
}

// value is what is written for an expression: references of blocks are bare, as in "folder.company".
func value(name string, expr hclsyntax.Expression, text []byte) any {
	source := string(expr.Range().SliceBytes(text))
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		var v any
		decoder := json.NewDecoder(bytes.NewReader([]byte(source)))
		if decoder.Decode(&v) == nil {
			return v
		}
	case *hclsyntax.TemplateExpr:
		if strings.HasPrefix(source, "<<") {
			_, lines, _ := strings.Cut(source, "\n")
			return strings.TrimSuffix(strings.TrimSuffix(lines, "\n"), "EOT")
		}
		if strings.HasPrefix(source, `"`) && !strings.Contains(source, `\`) {
			return strings.Trim(source, `"`)
		}
	case *hclsyntax.TupleConsExpr:
		list := []any{}
		for _, element := range e.Exprs {
			list = append(list, value(name, element, text))
		}
		return list
	case *hclsyntax.ObjectConsExpr:
		if name != "extra" {
			break
		}
		object := map[string]any{}
		for _, item := range e.Items {
			key, _ := item.KeyExpr.Value(nil)
			object[key.AsString()] = value(key.AsString(), item.ValueExpr, text)
		}
		return object
	case *hclsyntax.ScopeTraversalExpr:
		switch name {
		case "provider", "source", "destination", "template", "policy", "folders", "folder", "from", "to", "type":
			return source
		}
	}
	return "${" + source + "}"
}

// TestReferencesAsStrings: wherever a reference belongs, a string is one; anywhere else it is a text.
func TestReferencesAsStrings(t *testing.T) {
	dir := directory(t, map[string]string{"main.accord.yaml": `
accord: { workspace: w }
locals:
  people: { a: { at: folder.one }, b: { at: folder.two } }
  word: folder.one
provider: { disk: { local: { path: d } } }
folder:
  one: { provider: provider.disk.local, kind: calendar, path: folder.one }
  two: { provider: "provider.disk[\"local\"]", kind: calendar, path: "${local.word}2" }
  hub: { provider: "${provider.disk.local}", kind: calendar, path: hub, labels: { of: folder.hub, no: no } }
relationship:
  down: { for_each: local.people, source: folder.hub, destination: each.value.at, profile: one_way }
`})
	w, _, diags := Load(dir, testOptions())
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	got := fmt.Sprint(w.Folders[1].Location, " ", w.Folders[2].Location, " ", w.Folders[0].Labels)
	for _, r := range w.Relations {
		got += " " + r.Address + ">" + r.Destination.Address
	}
	const want = `d/folder.one d/folder.one2 map[no:no of:folder.hub] relationship.down["a"]>folder.one relationship.down["b"]>folder.two`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
