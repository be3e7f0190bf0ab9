package schema

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden loads each workspace of testdata and compares what was said about it, and what it expanded to, with its want.golden.
func TestGolden(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*/want.golden")
	if *update {
		dirs, err = filepath.Glob("testdata/*/main.*")
	}
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no workspaces in testdata: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := loaded(t, dir)
			golden := filepath.Join(dir, "want.golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; run go test -run TestGolden -update and look at the difference\n%s", golden, got)
			}
		})
	}
}

// loaded is everything that people and the engine get to see of a workspace.
func loaded(t *testing.T, dir string) []byte {
	t.Helper()
	opts := testOptions()
	opts.Env = func(name string) (string, bool) {
		return map[string]string{"ACCORD_VAR_from_env": "blue"}[name], name == "ACCORD_VAR_from_env"
	}
	w, src, diags := Load(dir, opts)
	var b bytes.Buffer
	if err := WriteDiagnostics(&b, src, diags); err != nil {
		t.Fatal(err)
	}
	errs, warnings := 0, 0
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			errs++
		} else {
			warnings++
		}
	}
	fmt.Fprintf(&b, "%d errors, %d warnings\n", errs, warnings)
	for _, f := range w.Folders {
		fmt.Fprintf(&b, "%s %s %s\n", f.Address, f.Config.Kind, f.Location)
	}
	for _, d := range w.Data {
		fmt.Fprintf(&b, "%s: %d rows, at least %d, shrinks by at most %v\n", d.Address, d.Rows, d.MinRows, d.MaxShrink)
	}
	for _, r := range w.Relations {
		fmt.Fprintf(&b, "%s: %s -> %s\n", r.Address, r.Source.Address, r.Destination.Address)
	}
	for _, address := range w.Unasked {
		fmt.Fprintf(&b, "unasked: %s\n", address)
	}
	return b.Bytes()
}

// TestTenMistakes holds the workspace with ten mistakes to its promise, in each form: ten diagnostics, each at the line that a comment marks.
func TestTenMistakes(t *testing.T) {
	for dir, name := range map[string]string{"ten": "main.hcl", "ten-json": "main.accord.json", "ten-yaml": "main.accord.yaml"} {
		t.Run(dir, func(t *testing.T) {
			_, _, diags := Load(filepath.Join("testdata", dir), testOptions())
			text, err := os.ReadFile(filepath.Join("testdata", dir, name))
			if err != nil {
				t.Fatal(err)
			}
			var want, got []int
			for i, line := range strings.Split(string(text), "\n") {
				if strings.Contains(line, "mistake ") {
					want = append(want, i+1)
				}
			}
			for _, d := range diags {
				got = append(got, d.Subject.Start.Line)
			}
			if len(want) != 10 || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("diagnostics at lines %v, want ten at %v", got, want)
			}
		})
	}
}
