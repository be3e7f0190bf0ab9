package schema

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestMistakes makes each mistake once that can be made in a block, in a workspace that is sound otherwise, and compares what is said with the
// table: a file for each type of block, in which NAME.hcl is the mistake and NAME.want what an administrator reads.
func TestMistakes(t *testing.T) {
	tables, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil || len(tables) == 0 {
		t.Fatalf("%v: %v", tables, err)
	}
	frame, err := os.ReadFile("testdata/mistakes/frame.hcl")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { mistakes(t, name, frame) })
	}
}

func mistakes(t *testing.T, name string, frame []byte) {
	table, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range table.Files {
		want[f.Name] = string(f.Data)
	}
	var files []txtar.File
	for _, f := range table.Files {
		mistake, is := strings.CutSuffix(f.Name, ".hcl")
		if !is {
			continue
		}
		said := saidOf(t, frame, f.Data)
		if strings.HasPrefix(said, "Error: ") && !strings.Contains(said, "on mistake.hcl line") && !strings.Contains(mistake, "accord") {
			t.Errorf("%s: what is said names no line of it:\n%s", mistake, said)
		}
		for _, message := range strings.Split(strings.TrimSpace(said), "\n\nError: ") {
			if lines := strings.Split(message, "\n"); len(lines) < 3 || lines[len(lines)-2] == "" {
				t.Errorf("%s: it is not said what to do:\n%s", mistake, message)
			}
		}
		if got := want[mistake+".want"]; got != said && !*update {
			t.Errorf("%s: said is\n%s\nwant\n%s", mistake, said, got)
		}
		files = append(files, f, txtar.File{Name: mistake + ".want", Data: []byte(said)})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(&txtar.Archive{Comment: table.Comment, Files: files}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// saidOf is what is said about a mistake beside the frame. A mistake in the accord block comes with one of its own.
func saidOf(t *testing.T, frame, mistake []byte) string {
	t.Helper()
	if bytes.HasPrefix(mistake, []byte("accord")) {
		_, frame, _ = bytes.Cut(frame, []byte("\n\n"))
	}
	dir := directory(t, map[string]string{"frame.hcl": string(frame), "mistake.hcl": string(mistake), "staff.csv": "id,name\nanna,Anna\n"})
	_, src, diags := Load(dir, testOptions())
	var b strings.Builder
	if err := WriteDiagnostics(&b, src, diags); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), dir, "DIR")
}
