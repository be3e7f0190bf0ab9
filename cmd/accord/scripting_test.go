package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
)

// script is a part of a page that readers may run, with what it says then.
var script = regexp.MustCompile("(?s)<!-- run -->\n```sh\n(.*?)```\n\n<!-- says -->\n```text\n(.*?)```\n")

// TestScripting runs the scripts of docs/scripting.md as they stand, each in a new copy of examples/quickstart.
func TestScripting(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "scripting.md"))
	if err != nil {
		t.Fatal(err)
	}
	scripts := script.FindAllStringSubmatch(string(text), -1)
	if len(scripts) < 4 {
		t.Fatalf("%d scripts were found", len(scripts))
	}
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a POSIX shell")
	}
	bash := shell(t, "bash")
	for i, s := range scripts {
		if _, err := exec.LookPath("jq"); err != nil && regexp.MustCompile(`\bjq\b`).MatchString(s[1]) {
			if required("jq") {
				t.Fatal(err)
			}
			t.Logf("script %d is not run: jq is not there", i+1)
			continue
		}
		dir := t.TempDir()
		for _, part := range []string{"main.hcl", "calendars/team"} { // what is committed of it, and not what somebody's run left behind
			copyTo(t, dir, filepath.Join(root, "examples", "quickstart"), part)
		}
		cmd := exec.CommandContext(t.Context(), bash, "-c", s[1])
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != s[2] {
			t.Errorf("script %d says (%v)\n%s\nwant\n%s", i+1, err, out, s[2])
		}
	}
}

// copyTo copies a file, or a directory of files, to its place below another directory.
func copyTo(t *testing.T, to, from, part string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(from, filepath.FromSlash(part)), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		below, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		place{t, to}.put(below, string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
