package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/accord-sync/accord/"

// root is the module's directory, seen from this package's.
var root = filepath.Join("..", "..")

// layers are the module's rooms from top to bottom. Imports point down, or stay in their room.
var layers = []string{"examples", "cmd", "reconcile", "schema", "providers", "schema/pim"}

// layer is the index in layers of the room that a package lies in: the longest that fits.
func layer(pkg string) int {
	at := -1
	for i, l := range layers {
		if (pkg == l || strings.HasPrefix(pkg, l+"/")) && (at < 0 || len(l) > len(layers[at])) {
			at = i
		}
	}
	return at
}

// TestLayers reads what every file imports.
func TestLayers(t *testing.T) {
	seen := map[int]int{}
	for name, file := range sources(t) {
		from := layer(path.Dir(name))
		if from < 0 {
			t.Errorf("%s lies in none of %v", name, layers)
			continue
		}
		seen[from]++
		for _, imported := range importsOf(t, file) {
			pkg, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if to := layer(pkg); to < from {
				t.Errorf("%s imports %s: imports point down only, %s", name, pkg, strings.Join(layers, " → "))
			}
			if isDriver(pkg) && path.Dir(name) != "cmd/accord" && path.Dir(name) != pkg {
				t.Errorf("%s imports %s: only cmd/accord knows which drivers there are", name, pkg)
			}
			home, _, _ := strings.Cut(path.Dir(name), "/internal/")
			if isDriver(home) && pkg != "providers" && !strings.HasPrefix(pkg, "providers/internal/") && layers[layer(pkg)] != "schema/pim" && pkg != path.Dir(name) && !strings.HasPrefix(pkg, home+"/internal/") {
				t.Errorf("%s imports %s: a driver imports providers, what drivers share in providers/internal, schema/pim, and rooms of its own in internal, nothing else of this module", name, pkg)
			}
		}
	}
	for i, l := range layers {
		if seen[i] == 0 {
			t.Errorf("no file was read in %s", l)
		}
	}
}

// isDriver reports whether a package is a driver of its own; faults and providertest work with any driver, and davtest is a server.
func isDriver(pkg string) bool {
	name, below := strings.CutPrefix(pkg, "providers/")
	return below && !strings.Contains(name, "/") && name != "faults" && name != "providertest" && name != "davtest"
}

// TestDecideIsPure holds what decides to values: nothing that reads or writes the world is in its reach, and the policy table knows
// nothing but the policies.
func TestDecideIsPure(t *testing.T) {
	world := []string{"bufio", "context", "database/sql", "io", "io/fs", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "runtime", "sync", "syscall"}
	table := 0
	for name, file := range sources(t) {
		if path.Dir(name) != "reconcile/decide" {
			continue
		}
		imported := importsOf(t, file)
		for _, i := range imported {
			if slices.Contains(world, i) {
				t.Errorf("%s imports %s", name, i)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && isName(s.X, "time") && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick"}, s.Sel.Name) {
				t.Errorf("%s asks for time.%s: the time is given", name, s.Sel.Name)
			}
			return true
		})
		if path.Base(name) == "policy.go" {
			table++
			if !slices.Equal(imported, []string{module + "schema"}) {
				t.Errorf("%s imports %v: the policy table is a function of policies alone", name, imported)
			}
		}
	}
	if table != 1 {
		t.Errorf("%d policy tables were found", table)
	}
}

// TestNoHiddenStart looks for code that runs, or ends the program, without being called by main.
func TestNoHiddenStart(t *testing.T) {
	for name, file := range sources(t) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init", name)
			}
		}
		if file.Name.Name == "main" {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if ok && (isName(s.X, "os") && s.Sel.Name == "Exit" || isName(s.X, "log") && strings.HasPrefix(s.Sel.Name, "Fatal")) {
				t.Errorf("%s ends the program by itself", name)
			}
			return true
		})
	}
}

// TestTopLevel holds the top of the repository to the directories of the design.
func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "reconcile", "schema", "providers", "examples", "testdata", "docs", "go.mod", "go.sum", "README.md", "CHANGELOG.md", "LICENSE"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s is no part of the layout", e.Name())
		}
	}
}

// sources is every Go file of the program: not its tests. Names are slashed and relative to the root.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		files[name], err = parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func importsOf(t *testing.T, file *ast.File) []string {
	t.Helper()
	var paths []string
	for _, i := range file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
