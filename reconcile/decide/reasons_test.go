package decide_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
)

var update = flag.Bool("update", false, "write docs/reasons.md")

// TestReasonsPage holds the page of reason codes to the codes that there are.
func TestReasonsPage(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Reason codes\n\n" +
		"Every line of a plan gives its reason, in words and as a stable code. The code is `reason` in the plan's document. Programs that read it\n" +
		"tolerate codes that they do not know. This page is written by `go test ./reconcile/decide -run TestReasonsPage -update`.\n\n" +
		"| code | meaning |\n| --- | --- |\n")
	for _, r := range decide.ReasonDocs() {
		fmt.Fprintf(&page, "| `%s` | %s |\n", r.Code, r.Doc)
	}
	const path = "../../docs/reasons.md"
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page.String() {
		t.Errorf("docs/reasons.md is out of date: go test ./reconcile/decide -run TestReasonsPage -update")
	}
}

// TestReasonsDocumented reads the constants, so that a new code cannot be left out of the page.
func TestReasonsDocumented(t *testing.T) {
	var documented []string
	for _, r := range decide.ReasonDocs() {
		if !strings.HasSuffix(r.Doc, ".") {
			t.Errorf("%s has no sentence: %q", r.Code, r.Doc)
		}
		if r.Words == "" || strings.HasSuffix(r.Words, ".") {
			t.Errorf("%s is not said in a few words: %q", r.Code, r.Words)
		}
		documented = append(documented, string(r.Code))
	}
	declared := codes(t, "output.go")
	for _, code := range declared {
		if !slices.Contains(documented, code) {
			t.Errorf("%s is not documented", code)
		}
	}
	if len(declared) == 0 || len(declared) != len(documented) {
		t.Errorf("%d codes are declared and %d documented", len(declared), len(documented))
	}
}

// codes is every constant of type Code in a file.
func codes(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		kind, named := spec.Type.(*ast.Ident)
		value, literal := spec.Values[0].(*ast.BasicLit)
		if named && literal && kind.Name == "Code" {
			text, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, text)
		}
		return true
	})
	return found
}
