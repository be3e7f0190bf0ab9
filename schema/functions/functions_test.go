package functions

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func evaluate(t *testing.T, s Surroundings, source string) (cty.Value, error) {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(source), "test", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: s.Outside()})
	if diags.HasErrors() {
		return v, diags
	}
	return v, nil
}

func TestFunctions(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "roster.csv"), []byte("id,name\n1,anna\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Surroundings{
		Dir: dir,
		Env: func(name string) (string, bool) { return "blue", name == "COLOUR" },
		Now: func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) },
	}
	for source, want := range map[string]string{
		`length("äö")`: "2", `length([1, 2])`: "2", `length({ a = 1 })`: "1",
		`anytrue([false, true])`: "true", `anytrue([])`: "false", `alltrue([])`: "true", `alltrue([true, null])`: "false",
		`startswith("abc", "ab")`: "true", `endswith("abc", "ab")`: "false", `strcontains("abc", "b")`: "true",
		`base64decode(base64encode("ü"))`: "ü", `timecmp("2026-03-01T09:00:00Z", "2026-03-01T10:00:00+01:00")`: "0", `timecmp("2026-03-01", "2026-03-02T00:00:00Z")`: "-1",
		`contains(["a", "b"], "b")`: "true", `contains(toset([]), "b")`: "false", `flatten([["a"], ["b"]])[1]`: "b", `coalescelist([], ["b"])[0]`: "b",
		`try(tonumber("x"), 7)`: "7", `can(tonumber("x"))`: "false", `env("COLOUR")`: "blue", `env("SIZE", "small")`: "small",
		`csvdecode(file("roster.csv"))[0].name`: "anna", `fileexists("roster.csv")`: "true", `fileexists("none.csv")`: "false",
		`yamldecode("a: [1, 2]").a[1]`: "2", `jsondecode("{\"a\": 1}").a`: "1", `timestamp()`: "2026-03-01T09:00:00Z",
		`nonsensitive(sensitive("x"))`: "x", `formatdate("YYYY", "2026-03-01T09:00:00Z")`: "2026",
	} {
		v, err := evaluate(t, s, source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, err := convert.Convert(Plain(v), cty.String); err != nil || got.AsString() != want {
			t.Errorf("%s is %#v, want %s", source, v, want)
		}
	}
	for source, why := range map[string]string{
		`contains("abc", "b")`: "must be a list or a set, and this is a text", `contains({ a = 1 }, 1)`: "this is a map", `contains(tolist([{ a = 1 }]), "a")`: "compares a part of each",
		`flatten("a")`: "must be a list", `env("SIZE")`: "is not set", `file("none.csv")`: "no such file", `file(".")`: "not a regular file", `base64decode("?")`: "not base64", `timecmp("x", "y")`: "not an RFC 3339 time",
	} {
		if _, err := evaluate(t, s, source); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want an error that says %q", source, err, why)
		}
	}
	if _, err := evaluate(t, Surroundings{}, `timestamp()`); err == nil {
		t.Error("the time is known without a clock")
	}
}

func TestMarks(t *testing.T) {
	s := Surroundings{Now: time.Now}
	for source, want := range map[string][2]bool{
		`upper(sensitive("x"))`: {true, false}, `{ a = [sensitive("x")] }`: {true, false}, `"${timestamp()}!"`: {false, true}, `"x"`: {false, false},
		`nonsensitive("${sensitive("x")}${timestamp()}")`: {false, true},
	} {
		v, err := evaluate(t, s, source)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{Marked(v, Sensitive), Marked(v, Ephemeral)}; got != want {
			t.Errorf("%s is sensitive, ephemeral: %v, want %v", source, got, want)
		}
		if Plain(v).ContainsMarked() {
			t.Errorf("%s keeps marks", source)
		}
	}
}
