package schema

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad loads any bytes as one file: it must not panic, and what it says can be written.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*/main.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, filepath.Ext(name) == ".json")
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, json bool) {
		name := "main.hcl"
		if json {
			name = "main.accord.json"
		}
		w, src, diags := newLoader(dir, testOptions()).load([]file{{name, text}})
		for _, styles := range [][]Style{nil, {Color}, {JSON}} {
			if err := WriteDiagnostics(io.Discard, src, diags, styles...); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Relations {
			if r.Source == nil || r.Destination == nil {
				t.Errorf("%s lacks an end", r.Address)
			}
		}
	})
}
