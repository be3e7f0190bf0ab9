package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/diagnose"
)

// directory writes files into a directory of its own.
func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestVariableComesFrom(t *testing.T) {
	const config = `
accord { workspace = "ws-${var.n}" }
variable "n" {
  type    = number
  default = 1
}
variable "list" {
  type    = list(string)
  default = []
}
locals { joined = join("", var.list) }
provider "disk" "local" { path = "p${local.joined}" }
`
	dir := directory(t, map[string]string{"main.hcl": config, "office.vars.hcl": "n = 3\nlist = [\"a\"]\n", "office.json": `{"n": 4}`, ".hidden.hcl": "nonsense {"})
	file := func(name string) VarAssignment { return VarAssignment{File: filepath.Join(dir, name)} }
	env := func(name string) (string, bool) { return " 2 ", name == "ACCORD_VAR_n" }
	tests := []struct {
		name string
		vars []VarAssignment
		env  func(string) (string, bool)
		want string
		path string
	}{
		{"the default", []VarAssignment{file("office.vars.hcl"), {Name: "n", Value: "1"}}, nil, "ws-1", "pa"},
		{"the environment", []VarAssignment{file("office.vars.hcl"), {Name: "n", Value: "2"}}, env, "ws-2", "pa"},
		{"a file before the environment", []VarAssignment{file("office.vars.hcl")}, env, "ws-3", "pa"},
		{"JSON, the last one", []VarAssignment{file("office.vars.hcl"), file("office.json")}, env, "ws-4", "pa"},
		{"an expression", []VarAssignment{file("office.vars.hcl"), {Name: "list", Value: `["b", "c"]`}}, nil, "ws-3", "pbc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			opts := testOptions()
			opts.Vars, opts.Env = test.vars, test.env
			w, _, diags := Load(dir, opts)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if w.Name != test.want || w.Providers[0].Config.Attributes.String("path") != test.path {
				t.Errorf("workspace %s with path %s, want %s with %s", w.Name, w.Providers[0].Config.Attributes["path"], test.want, test.path)
			}
		})
	}
	opts := testOptions()
	opts.Vars = []VarAssignment{file("office.vars.hcl"), {Name: "m", Value: "1"}}
	if _, _, diags := Load(dir, opts); len(diags) != 1 || diagnose.Remedy(diags[0]) != "There is: var.list, var.n." {
		t.Errorf("-var m=1: %v", diags)
	}
}

func TestLoadWithoutConfiguration(t *testing.T) {
	for name, dir := range map[string]string{"empty": t.TempDir(), "missing": filepath.Join(t.TempDir(), "none")} {
		if _, _, diags := Load(dir, testOptions()); len(diags) != 1 || diagnose.Remedy(diags[0]) == "" {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// TestSecretsStayHidden loads configurations that fail beside, on and because of a secret, and looks for it in all that is shown or kept.
func TestSecretsStayHidden(t *testing.T) {
	const secret = "hunter2"
	frame := `
accord { workspace = "secrets" }
variable "password" {
  type      = string
  sensitive = true
}
variable "pin" {
  type      = number
  sensitive = true
  default   = 0
}
locals { wrapped = { inner = "x${var.password}" } }
`
	for name, config := range map[string]string{
		"literal of a wrong type": `provider "disk" "p" { 
  path     = "p" 
  password = ["hunter2"] 
}`,
		"literal beside a mistake": `provider "disk" "p" { 
  path = 1 + "x", password = "hunter2"
}`,
		"function on a literal": `provider "disk" "p" { 
  path     = "p" 
  password = parseint("hunter2", 10)
}
variable "v" {
  sensitive = true
  default   = parseint("hunter2", 10)
}`,
		"function on it":    `locals { n = parseint(var.password, 10) }`,
		"function on local": `locals { n = jsondecode(local.wrapped.inner) }`,
		"in a path":         `provider "disk" "p" { path = var.password }`,
		"in a key":          `locals { x = { a = 1 }[var.password] }`,
		"as for_each": `provider "disk" "p" { 
  for_each = toset([var.password])
  path = each.key
}`,
		"as an enum": `provider "disk" "p" { path = "p" }
folder "f" {
  provider = provider.disk.p
  kind = var.password
  path = "f"
}`,
		"in a duration": `provider "disk" "p" { path = "p" }
folder "f" {
  provider = provider.disk.p
  kind = "calendar"
  path = "f"
}
folder "g" {
  provider = provider.disk.p
  kind = "calendar"
  path = "g"
}
relationship "r" {
  source = folder.f
  destination = folder.g
  profile = "one_way"
  settle = var.password
  filter = parseint(var.password, 10) == 1
}`,
		"in a validation": `variable "v" {
  default   = "hunter2"
  sensitive = true
  validation {
    condition     = length(var.v) > 100
    error_message = "${var.v} is too short."
  }
}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := directory(t, map[string]string{"main.hcl": frame + config, "secret.vars": `password = "hunter2"` + "\npin = \"hunter2\"\n"})
			opts := testOptions()
			opts.Vars = []VarAssignment{{File: filepath.Join(dir, "secret.vars")}}
			w, src, diags := Load(dir, opts)
			var shown bytes.Buffer
			for _, styles := range [][]Style{nil, {Color}, {JSON}} {
				if err := WriteDiagnostics(&shown, src, diags, styles...); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(shown.String(), secret) {
				t.Errorf("shown:\n%s", shown.String())
			}
			if !diags.HasErrors() {
				t.Error("no mistake was found")
			}
			for _, f := range w.Folders {
				if strings.Contains(f.Address+f.Location, secret) {
					t.Errorf("%s at %s", f.Address, f.Location)
				}
			}
		})
	}
}

func TestDiagnosticsAsJSON(t *testing.T) {
	dir := directory(t, map[string]string{"main.hcl": "accord { workspace = \"x\" }\ntemplate \"x\" {\n  kind = \"ä${loca.b}\"\n}\n"})
	_, src, diags := Load(dir, testOptions())
	var out bytes.Buffer
	if err := WriteDiagnostics(&out, src, diags, JSON); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"diagnostic","severity":"error","summary":"Unknown reference","detail":"Nothing is called \"loca\".","remedy":"Did you mean local?","address":"template.x",` +
		`"range":{"filename":"main.hcl","start":{"line":3,"column":14,"byte":56},"end":{"line":3,"column":20,"byte":62}},` +
		`"snippet":{"context":"template \"x\"","code":"  kind = \"ä${loca.b}\"","start_line":3,"highlight_start_offset":13,"highlight_end_offset":19}}` + "\n"
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("%s\nwant\n%s", out.String(), want)
	}
	if !json.Valid(out.Bytes()[:bytes.IndexByte(out.Bytes(), '\n')]) {
		t.Errorf("%s", out.String())
	}
}
