package schema

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad loads any bytes as one file: it must not panic, and what it says can be written.
func FuzzLoad(f *testing.F) {
	files := seeds(f)
	for name, text := range files {
		f.Add(text, filepath.Ext(name) == ".json")
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, json bool) {
		loads(t, dir, map[bool]string{false: "main.hcl", true: "main.accord.json"}[json], text)
	})
}

// FuzzLoadYAML is FuzzLoad for YAML.
func FuzzLoadYAML(f *testing.F) {
	for name, text := range seeds(f) {
		if filepath.Ext(name) == ".yaml" {
			f.Add(text)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) { loads(t, dir, "main.accord.yaml", text) })
}

func seeds(f *testing.F) map[string][]byte {
	names, err := filepath.Glob("testdata/*/main.*")
	if err != nil || len(names) == 0 {
		f.Fatalf("%v: %v", names, err)
	}
	texts := map[string][]byte{}
	for _, name := range names {
		if texts[name], err = os.ReadFile(name); err != nil {
			f.Fatal(err)
		}
	}
	return texts
}

func loads(t *testing.T, dir, name string, text []byte) {
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
}
