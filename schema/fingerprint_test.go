package schema

import (
	"strings"
	"testing"
)

const fingerprinted = `
accord { workspace = "f" }
variable "word" { default = "W" }
variable "token" {
  default   = "t"
  sensitive = true
}
variable "passing" {
  default   = "e"
  ephemeral = true
}
locals { unused = "u" }
provider "disk" "local" {
  path     = "d"
  password = var.token
}
folder "a" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "a"
  color    = var.passing
  labels   = { team = "sales" }
}
folder "b" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "b"
}
template "t" {
  kind = "calendar"
  set {
    summary = "${var.word} ${item.summary} ${source.labels.team}"
  }
}
relationship "r" {
  source      = folder.a
  destination = folder.b
  profile     = "one_way"
  template    = template.t
  filter      = item.summary != "x" # why
}
`

// TestFingerprints changes one thing at a time and says which of the two fingerprints has to change with it.
func TestFingerprints(t *testing.T) {
	tests := []struct {
		name, old, new          string
		relationship, workspace bool
	}{
		{"nothing", "", "", false, false},
		{"a comment", "# why", "# because", false, false},
		{"a window", "  filter ", "  window { past = \"7d\" }\n  filter ", true, true},
		{"how long a change waits", "  filter ", "  settle = \"5m\"\n  filter ", false, true},
		{"what is owned", "  set {", "  owned = [\"alarms\"]\n  set {", true, true},
		{"how late changes are shown", "  set {", "  late {\n within = \"1d\"\n changed { color = \"red\" }\n }\n  set {", true, true},
		{"the colour of a category", "  set {", "  category \"x\" { color = \"red\" }\n  set {", true, true},
		{"formatting", "item.summary != \"x\"", "item.summary   !=   \"x\"", false, false},
		{"a sensitive value", `"t"`, `"t2"`, false, false},
		{"an ephemeral value", `"e"`, `"e2"`, false, false},
		{"a local that nothing uses", `"u"`, `"u2"`, false, false},
		{"the filter", `!= "x"`, `!= "y"`, true, true},
		{"the template", `${item.summary} $`, `${item.location} $`, true, true},
		{"a value in the template", `"W"`, `"V"`, true, true},
		{"a label in the template", `"sales"`, `"law"`, true, true},
		{"a folder", `path     = "b"`, `path     = "c"`, false, true},
		{"a time zone", `path     = "b"`, "path     = \"b\"\n  timezone = \"Europe/Paris\"", true, true},
		{"a policy", `"one_way"`, "\"one_way\"\n  existing = \"copy\"", false, true},
		{"how fast a provider is asked", `"d"`, "\"d\"\n  limits { connections = 2 }", false, false},
		{"the workspace", `"f"`, `"g"`, false, true},
	}
	before := load(t, fingerprinted)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !strings.Contains(fingerprinted, test.old) {
				t.Fatalf("there is no %s", test.old)
			}
			after := load(t, strings.Replace(fingerprinted, test.old, test.new, 1))
			if got := after.Relations[0].Fingerprint != before.Relations[0].Fingerprint; got != test.relationship {
				t.Errorf("the relationship's fingerprint changed: %v, want %v", got, test.relationship)
			}
			if got := after.Fingerprint != before.Fingerprint; got != test.workspace {
				t.Errorf("the workspace's fingerprint changed: %v, want %v", got, test.workspace)
			}
		})
	}
}
