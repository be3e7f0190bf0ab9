package decide_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
)

// TestReasonsDocumented reads the constants, so that a new code cannot be left out of docs/reference/reasons.md.
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
