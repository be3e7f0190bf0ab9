package format

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/accord-sync/accord/schema/form"
)

// TestIdempotent formats every configuration of the examples and of the tests twice: the second time nothing changes, and what is said stays.
func TestIdempotent(t *testing.T) {
	var names []string
	for _, pattern := range []string{"../../examples/*/*.hcl", "../testdata/*/*.hcl", "../testdata/*/*.accord.json", "../../cmd/accord/starter/*.hcl"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		names = append(names, found...)
	}
	torn := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		once, diags := Text(name, text)
		if diags.HasErrors() {
			if torn++; !bytes.Equal(once, text) {
				t.Errorf("%s has mistakes and is changed", name)
			}
			continue
		}
		twice, diags := Text(name, once)
		if diags.HasErrors() || !bytes.Equal(once, twice) {
			t.Errorf("%s is not stable: %v\n%s\n%s", name, diags, once, twice)
		}
		if words(once) != words(text) {
			t.Errorf("%s says something else", name)
		}
	}
	if torn == 0 || torn > len(names)/2 {
		t.Errorf("%d of %d files have mistakes", torn, len(names))
	}
}

// words is a text without white space and commas.
func words(text []byte) string { return string(bytes.Join(bytes.Fields(text), nil)) }

// TestText: line ends, a missing last one, and nothing at all.
func TestText(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a.hcl", "a=1", "a = 1\n"}, {"a.hcl", "a=1\r\nb =2", "a = 1\r\nb = 2\r\n"}, {"a.hcl", "", ""}, {"a.hcl", " \n\n", ""},
		{"a.hcl", "# only a comment", "# only a comment\n"}, {"a.hcl", "a = <<E\n  x  =  1\nE\n", "a = <<E\n  x  =  1\nE\n"},
		{"a.accord.json", `{"b":1.50,"a":{}}`, "{\n  \"b\": 1.50,\n  \"a\": {}\n}\n"},
	} {
		got, diags := Text(test.name, []byte(test.text))
		if diags.HasErrors() || string(got) != test.want {
			t.Errorf("%s %q: %q, %v, want %q", test.name, test.text, got, diags, test.want)
		}
	}
	for name, text := range map[string]string{"a.hcl": "a {", "a.accord.json": `{"a":1,}`, "b.accord.json": "[]"} {
		if got, diags := Text(name, []byte(text)); !diags.HasErrors() || string(got) != text {
			t.Errorf("%s %q: %q, %v", name, text, got, diags)
		}
	}
}

// FuzzText formats any bytes: it must not panic, and what it made is stable.
func FuzzText(f *testing.F) {
	for _, text := range []string{"a=1\r\nb {\nc = \"${d}\"\n}", `{"a":[1,{"b":null}]}`, "a = <<-E\n  x\n  E\n", "a = {b=1,\nc=2}\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, name := range []string{"a.hcl", "a.accord.json"} {
			once, diags := Text(name, text)
			if diags.HasErrors() {
				continue
			}
			if twice, diags := Text(name, once); diags.HasErrors() || !bytes.Equal(once, twice) {
				t.Errorf("%s: %q becomes %q becomes %q: %v", name, text, once, twice, diags)
			}
			if _, diags := form.Parse(once, name); form.Is(name) && diags.HasErrors() {
				t.Errorf("%q: %v", once, diags)
			}
		}
	})
}
