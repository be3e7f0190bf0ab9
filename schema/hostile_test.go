package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostileConfigurations loads what somebody may propose who is not trusted: it ends, with an error or without, soon and in bounded memory.
func TestHostileConfigurations(t *testing.T) {
	begin := "accord { workspace = \"w\" }\nprovider \"disk\" \"p\" { path = \"p\" }\n"
	for name, c := range map[string]struct{ file, text, says string }{
		"a device":               {"main.hcl", begin + `locals { x = file("/dev/zero") }`, "not a regular file"},
		"a directory":            {"main.hcl", begin + `locals { x = file("/") }`, "not a regular file"},
		"brackets in brackets":   {"main.hcl", begin + "locals { x = " + strings.Repeat("[", 3_000_000) + strings.Repeat("]", 3_000_000) + " }", "too deep"},
		"parentheses":            {"main.hcl", begin + "locals { x = " + strings.Repeat("(", 3_000_000) + "1" + strings.Repeat(")", 3_000_000) + " }", "too deep"},
		"signs":                  {"main.hcl", begin + "locals { x = " + strings.Repeat("!", 3_000_000) + "true }", "too deep"},
		"choices":                {"main.hcl", begin + "locals { x = " + strings.Repeat("true ? 1 : ", 1_000_000) + "1 }", "too deep"},
		"parentheses in YAML":    {"main.accord.yaml", "accord: {workspace: w}\nlocals: {a: \"${" + strings.Repeat("(", 3_000_000) + "1" + strings.Repeat(")", 3_000_000) + "}\"}\n", "too deep"},
		"blocks in blocks":       {"main.hcl", begin + strings.Repeat("a {\n", 1_000_000) + strings.Repeat("}\n", 1_000_000), "too deep"},
		"locals of each other":   {"main.hcl", begin + "locals {\n  a = local.b\n  b = local.a\n}\n", "any"},
		"YAML that unfolds":      {"main.accord.yaml", "accord: {workspace: w}\nlocals:\n  a: &a [x,x,x,x,x,x,x,x,x]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  c: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n", "anchor"},
		"YAML lists in lists":    {"main.accord.yaml", "accord: {workspace: w}\nlocals: {a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}\n", "any"},
		"JSON lists in lists":    {"main.accord.json", `{"accord":{"workspace":"w"},"locals":{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}}`, "any"},
		"a key that leads out":   {"main.hcl", begin + "folder \"f\" {\n  for_each = toset([\"../../etc\"])\n  provider = provider.disk.p\n  kind = \"calendar\"\n  path = each.key\n}\n", ""},
		"twenty thousand locals": {"main.hcl", begin + "locals {\n" + many(20_000) + "}\n", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, _, diags := Load(dir, testOptions())
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		asked := (after.TotalAlloc - before.TotalAlloc) >> 20
		said := ""
		for _, d := range diags {
			said += d.Summary + ": " + d.Detail + "\n"
		}
		t.Logf("%s: %v, %d MiB: %.200s", name, took, asked, said)
		switch {
		case c.says != "" && !diags.HasErrors(), c.says != "" && c.says != "any" && !strings.Contains(strings.ToLower(said), c.says):
			t.Errorf("%s: it says %.300q, want %q", name, said, c.says)
		case took > 20*time.Second || asked > 4096:
			t.Errorf("%s: it took %v and %d MiB", name, took, asked)
		}
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  l%d = %d\n", i, i)
	}
	return b.String()
}
