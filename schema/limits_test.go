package schema

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLimits reads how fast a provider may be asked, in each form of configuration.
func TestLimits(t *testing.T) {
	for name, text := range map[string]string{
		"main.hcl": `
accord { workspace = "w" }
variable "pace" { default = 90 }
provider "disk" "slow" {
  for_each = { a = 2, b = 3 }
  path     = each.key
  limits {
    requests_per_minute = var.pace
    connections         = each.value
  }
}
provider "disk" "free" { path = "x" }
`,
		"main.accord.json": `{
  "accord": {"workspace": "w"},
  "provider": {"disk": {
    "slow": {"for_each": {"a": 2, "b": 3}, "path": "${each.key}", "limits": {"requests_per_minute": 90, "connections": "${each.value}"}},
    "free": {"path": "x"}
  }}
}`,
		"main.accord.yaml": `
accord: { workspace: w }
provider:
  disk:
    slow:
      for_each: { a: 2, b: 3 }
      path: ${each.key}
      limits: { requests_per_minute: 90, connections: "${each.value}" }
    free: { path: x }
`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		w, _, diags := Load(dir, testOptions())
		if diags.HasErrors() || len(w.Providers) != 3 {
			t.Fatalf("%s: %d providers, %v", name, len(w.Providers), diags)
		}
		for i, want := range []Limits{{}, {90, 2}, {90, 3}} {
			if got := w.Providers[i].Limits; got != want {
				t.Errorf("%s: %s has the limits %+v, want %+v", name, w.Providers[i].Address, got, want)
			}
		}
	}
}
