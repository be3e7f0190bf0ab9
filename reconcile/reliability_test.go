package reconcile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is where the module begins, and paths on docs/reliability.md do.
const root = ".."

// A mutant that does not apply any more shows nothing: .ci/mutants needs each to fit the code as it is, and its test to be there.
func TestMutantsFit(t *testing.T) {
	patches, err := filepath.Glob(root + "/testdata/mutants/*.patch")
	if err != nil || len(patches) < 10 {
		t.Fatalf("there are %d mutants, want ten at least (%v)", len(patches), err)
	}
	page := readText(t, root+"/docs/reliability.md")
	for _, file := range patches {
		name := strings.TrimSuffix(filepath.Base(file), ".patch")
		head, diff, _ := strings.Cut(readText(t, file), "\ndiff --git ")
		pkg, test := after(head, "Package: "), after(head, "Test: ")
		if !hasTest(t, pkg, test) {
			t.Errorf("%s: there is no %s in %s", name, test, pkg)
		}
		if row := fmt.Sprintf("| `%s` | `%s` |", name, test); !strings.Contains(page, row) {
			t.Errorf("docs/reliability.md has no row %s", row)
		}
		for _, section := range strings.Split(diff, "\ndiff --git ") {
			path := after(section, "+++ b/")
			text := readText(t, root+"/"+path)
			hunks := strings.Split(section, "\n@@ ")
			for _, hunk := range hunks[1:] {
				if !strings.Contains(text, replaced(hunk)) {
					t.Errorf("%s does not fit %s any more: make it anew\n%s", name, path, hunk)
				}
			}
		}
	}
}

// replaced is what a hunk takes the place of.
func replaced(hunk string) string {
	var b strings.Builder
	_, body, _ := strings.Cut(hunk, "\n")
	for line := range strings.Lines(body) {
		if line[0] == ' ' || line[0] == '-' {
			b.WriteString(line[1:])
		}
	}
	return b.String()
}

// command is a command on the page that runs tests by their names.
var command = regexp.MustCompile(`go test (?:-\S+ )*(\./\S+) -run '?([\w|/$^]+)'?`)

// The page names tests that are there.
func TestReliabilityPage(t *testing.T) {
	commands := command.FindAllStringSubmatch(readText(t, root+"/docs/reliability.md"), -1)
	if len(commands) < 10 {
		t.Fatalf("the page has %d commands", len(commands))
	}
	for _, c := range commands {
		for _, name := range strings.Split(c[2], "|") {
			if name, _, _ = strings.Cut(strings.Trim(name, "^$"), "/"); !hasTest(t, c[1], name) {
				t.Errorf("docs/reliability.md: there is no %s in %s", name, c[1])
			}
		}
	}
}

// hasTest reports whether a package has a test of a name.
func hasTest(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(readText(t, file), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// after is the rest of the first line that begins with some words.
func after(text, words string) string {
	_, rest, _ := strings.Cut("\n"+text, "\n"+words)
	line, _, _ := strings.Cut(rest, "\n")
	return line
}
