package schema

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

const givenConfig = `
accord { workspace = var.name }
variable "name" { type = string }
variable "list" {
  type    = list(string)
  default = ["none"]
}
variable "any" { default = "nothing" }
variable "plain" { default = "as written" }
variable "token" {
  type      = string
  sensitive = true
  default   = ""
}
variable "now" {
  type      = string
  ephemeral = true
  default   = ""
}
locals { joined = "${join("-", var.list)} ${jsonencode(var.any)} ${var.plain}" }
provider "disk" "local" { path = "p ${local.joined}" }
`

// savedIn loads a workspace with values from everywhere, and gives what a plan file keeps of them.
func savedIn(t *testing.T) (dir string, made *Workspace, saved *Given) {
	t.Helper()
	dir = directory(t, map[string]string{"main.hcl": givenConfig, "office.vars.hcl": `any = { a = [1, true, null] }` + "\n", "secret.hcl": `token = "hunter2"` + "\n"})
	opts := testOptions()
	opts.Vars = []VarAssignment{{Name: "list", Value: `["b", "c"]`}, {File: filepath.Join(dir, "office.vars.hcl")}, {File: filepath.Join(dir, "secret.hcl")}, {Name: "now", Value: "hunter2"}}
	opts.Env = func(name string) (string, bool) { return "office", name == "ACCORD_VAR_name" }
	made, _, diags := Load(dir, opts)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	text, err := json.Marshal(made.Given)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hunter2") || strings.Contains(string(text), "as written") {
		t.Errorf("the plan keeps %s", text)
	}
	saved = new(Given)
	if err := json.Unmarshal(text, saved); err != nil {
		t.Fatal(err)
	}
	return dir, made, saved
}

// A plan is applied with the values that it was made with: nothing has to be given again, and the environment has no say.
func TestSavedPlanBringsItsVariables(t *testing.T) {
	dir, made, saved := savedIn(t)
	for name, env := range map[string]func(string) (string, bool){
		"nothing in the environment": nil,
		"other values":               func(name string) (string, bool) { return "elsewhere", strings.HasPrefix(name, "ACCORD_VAR_") },
	} {
		opts := testOptions()
		opts.Saved, opts.Env = saved, env
		opts.Vars = []VarAssignment{{Name: "token", Value: "again"}, {Name: "now", Value: "later"}}
		w, _, diags := Load(dir, opts)
		if diags.HasErrors() || w.Name != "office" || w.Fingerprint != made.Fingerprint {
			t.Errorf("%s: %v, workspace %q, path %v", name, diags, w.Name, w.Providers[0].Config.Attributes["path"])
		}
	}
}

func TestSavedPlanIsGivenNoVariableAgain(t *testing.T) {
	dir, _, saved := savedIn(t)
	for name, again := range map[string]VarAssignment{
		"var.name":  {Name: "name", Value: "office"},
		"var.plain": {Name: "plain", Value: "other"},
		"var.any":   {File: filepath.Join(dir, "office.vars.hcl")},
	} {
		opts := testOptions()
		opts.Saved, opts.Vars = saved, []VarAssignment{again}
		_, src, diags := Load(dir, opts)
		var shown bytes.Buffer
		if err := WriteDiagnostics(&shown, src, diags); err != nil {
			t.Fatal(err)
		}
		if !GivenAgain(diags) || !strings.Contains(shown.String(), name) {
			t.Errorf("%s: %s", name, shown.String())
		}
	}
}

// What a plan keeps of a configuration that changed since is no mistake of the configuration: its fingerprint tells.
func TestSavedVariableThatIsGone(t *testing.T) {
	_, made, saved := savedIn(t)
	dir := directory(t, map[string]string{"main.hcl": `accord { workspace = "office" }` + "\n"})
	opts := testOptions()
	opts.Saved = saved
	if w, _, diags := Load(dir, opts); diags.HasErrors() || w.Fingerprint == made.Fingerprint {
		t.Errorf("%v", diags)
	}
}
