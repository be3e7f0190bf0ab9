package variable

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

// read reads variable and locals blocks; names are what was found for each of them.
func read(t *testing.T, config string, assignments []Assignment, saved *Given, env map[string]string) (r *Reader, names map[string]cty.Value) {
	t.Helper()
	sc := scope.New(functions.Surroundings{}, cty.EmptyObject)
	r = NewReader(sc, assignments, saved, func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	content := sc.Content(sc.Parse("main.hcl", []byte(config)), &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"}}})
	sc.Sources.Mark(content.Blocks)
	for _, b := range content.Blocks {
		if b.Type == "variable" {
			r.Block(b)
		} else {
			r.Locals(b)
		}
	}
	r.Assign()
	sc.FindAll()
	r.Undeclared()
	names = map[string]cty.Value{}
	for _, address := range sc.Addresses("") {
		expr := sc.Parse("probe.hcl", []byte("v = "+address+"\n"))
		attrs := sc.JustAttributes(expr)
		names[address] = sc.Evaluate(sc.Compile(attrs["v"].Expr, 0), nil)
	}
	return r, names
}

// TestTypes: a text from outside is read by the variable's type.
func TestTypes(t *testing.T) {
	for _, test := range []struct{ typ, text, want string }{
		{"string", "07", `"07"`}, {"", "[1]", `"[1]"`}, {"number", " 7 ", "7"}, {"bool", "true", "true"}, {"list(string)", `["a", "b"]`, `["a","b"]`},
		{"map(number)", `{ a = 1 }`, `{"a":1}`}, {"set(string)", `["b", "a", "b"]`, `["a","b"]`}, {"object({ a = string, b = optional(number, 2) })", `{ a = "x" }`, `{"a":"x","b":2}`},
		{"number", "seven", "Invalid value for a variable"}, {"bool", "yes", "Invalid value for a variable"}, {"list(string)", "[a", "Invalid value for a variable"},
		{"list(number)", `["x"]`, "Invalid value for a variable"}, {"strin", "x", "Invalid type"}, {`list`, "[]", "Invalid type"},
	} {
		config := "variable \"v\" {\n"
		if test.typ != "" {
			config += "  type = " + test.typ + "\n"
		}
		r, names := read(t, config+"}\n", []Assignment{{Name: "v", Value: test.text}}, nil, nil)
		got := ""
		for _, d := range r.Diagnostics() {
			got += d.Summary
			if diagnose.Remedy(d) == "" {
				t.Errorf("%s %q: it is not said what to do: %v", test.typ, test.text, d)
			}
		}
		if got == "" {
			var kept struct{ Value json.RawMessage }
			if v := names["var.v"]; v.Type() == cty.String {
				kept.Value, _ = json.Marshal(v.AsString())
			} else if err := json.Unmarshal(bare(t, r.Values()["v"], test.typ), &kept.Value); err != nil {
				t.Fatal(err)
			}
			got = string(kept.Value)
		}
		if got != test.want {
			t.Errorf("%s %q is %s, want %s", test.typ, test.text, got, test.want)
		}
	}
}

// bare is a kept value without its type, when it has one.
func bare(t *testing.T, kept json.RawMessage, typ string) []byte {
	t.Helper()
	var typed struct{ Value, Type json.RawMessage }
	if err := json.Unmarshal(kept, &typed); err == nil && typed.Type != nil {
		return typed.Value
	}
	if len(kept) == 0 {
		t.Errorf("%s: nothing is kept", typ)
	}
	return kept
}

// TestOrder: the last assignment wins, over the environment, over the default.
func TestOrder(t *testing.T) {
	const config = "variable \"v\" {\n  default = \"default\"\n}\nlocals {\n  twice = \"${var.v} ${var.v}\"\n}\n"
	dir := t.TempDir()
	for name, text := range map[string]string{"a.vars": `v = "native"`, "b.json": `{"v": "json"}`, "c.yaml": "v: yaml\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) Assignment { return Assignment{File: filepath.Join(dir, name)} }
	for _, test := range []struct {
		assignments []Assignment
		env         map[string]string
		want        string
	}{
		{nil, nil, "default"}, {nil, map[string]string{"ACCORD_VAR_v": "env"}, "env"}, {[]Assignment{{Name: "v", Value: "flag"}}, map[string]string{"ACCORD_VAR_v": "env"}, "flag"},
		{[]Assignment{{Name: "v", Value: "flag"}, file("a.vars")}, nil, "native"}, {[]Assignment{file("a.vars"), file("b.json")}, nil, "json"},
		{[]Assignment{file("b.json"), file("c.yaml")}, nil, "yaml"}, {[]Assignment{file("c.yaml"), {Name: "v", Value: "flag"}}, nil, "flag"},
	} {
		r, names := read(t, config, test.assignments, nil, test.env)
		if got := names["local.twice"]; len(r.Diagnostics()) > 0 || got.AsString() != test.want+" "+test.want {
			t.Errorf("%v %v: %#v, want %s; %v", test.assignments, test.env, got, test.want, r.Diagnostics())
		}
	}
}

// TestMistakes: what is said about values from outside, once each.
func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		config string
		given  Assignment
		want   string
	}{
		{"variable \"region\" {}\n", Assignment{Name: "regoin", Value: "x"}, "Unknown variable: Did you mean var.region?"},
		{"variable \"v\" {}\n", Assignment{File: "nowhere.vars"}, "Unreadable -var-file: Check the path"},
		{"variable \"v\" {}\n", Assignment{Name: "other", Value: "x"}, "Variable without a value: Say -var v=…"},
		{"variable \"v\" {\n  validation {\n    condition     = var.v != \"x\"\n    error_message = \"not x\"\n  }\n}\n", Assignment{Name: "v", Value: "x"}, "Invalid value for a variable: Give it another value."},
	} {
		r, _ := read(t, test.config, []Assignment{test.given}, nil, nil)
		var said []string
		for _, d := range r.Diagnostics() {
			said = append(said, d.Summary+": "+diagnose.Remedy(d))
		}
		if !strings.Contains(strings.Join(said, "\n"), test.want) || strings.Count(strings.Join(said, "\n"), test.want) != 1 {
			t.Errorf("%v: %q, want %q", test.given, said, test.want)
		}
	}
}

// TestGivenAgain: a saved plan is applied with the values that it was made with; only what it does not keep is given again.
func TestGivenAgain(t *testing.T) {
	const config = "variable \"kept\" {}\nvariable \"secret\" {\n  sensitive = true\n}\nvariable \"now\" {\n  ephemeral = true\n}\n"
	all := []Assignment{{Name: "kept", Value: "a"}, {Name: "secret", Value: "b"}, {Name: "now", Value: "c"}}
	first, _ := read(t, config, all, nil, nil)
	saved := &Given{Values: first.Values()}
	if len(saved.Values) != 1 || saved.Values["kept"] == nil {
		t.Fatalf("kept are %v", saved.Values)
	}
	r, names := read(t, config, all[1:], saved, map[string]string{"ACCORD_VAR_kept": "other"})
	if len(r.Diagnostics()) > 0 || names["var.kept"].AsString() != "a" {
		t.Errorf("%#v: %v", names["var.kept"], r.Diagnostics())
	}
	again, _ := read(t, config, all, saved, nil)
	if !GivenAgain(again.Diagnostics()) {
		t.Errorf("var.kept is given again: %v", again.Diagnostics())
	}
}
