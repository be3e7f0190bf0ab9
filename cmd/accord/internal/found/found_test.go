package found

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// shelf is a driver whose folders have an attribute of every type.
type shelf struct{ providers.Driver }

func (shelf) Schema() providers.Schema {
	return providers.Schema{Folder: []providers.Attribute{
		{Name: "path", Type: providers.String, Required: true, Address: true}, {Name: "number", Type: providers.Number}, {Name: "on", Type: providers.Bool},
		{Name: "list", Type: providers.List}, {Name: "map", Type: providers.Map}, {Name: "secret", Type: providers.String, Sensitive: true},
	}}
}

func (shelf) Locate(_ providers.Config, f providers.FolderConfig) (string, error) {
	return f.Attributes.String("path"), nil
}

func (shelf) Open(context.Context, providers.Config) (providers.Provider, error) { return nil, nil }

const head = `
accord {
  workspace = "w"
}
provider "shelf" "x" {
  for_each = toset(["one", "with \"quotes\" and $${more}"])
}
`

// load reads a workspace that has more in it than its head.
func load(t interface {
	Fatalf(string, ...any)
}, dir, more string) *schema.Workspace {
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(head+more), 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	ws, _, diags := schema.Load(dir, schema.Options{
		Drivers: map[string]providers.Driver{"shelf": shelf{}}, Version: "0.1.0", Now: time.Now, Env: func(string) (string, bool) { return "", false },
	})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, more)
	}
	return ws
}

// What is written for folders of any names and attributes is a configuration of these folders: none is left to write.
func TestWhatIsWrittenIsAConfiguration(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		ws := load(t, dir, "folder \"taken\" {\n  provider = provider.shelf.x[\"one\"]\n  kind = \"calendar\"\n  path = \"taken\"\n}\n")
		provider := ws.Providers[rapid.IntRange(0, 1).Draw(t, "provider")]
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"taken", "Taken", "${x}", "%{if}", `"`, "a\nfolder \"b\" {", "#", "2024", "日本語", "\u202e", "\x1b[31m", "a\u0308"}))
		var discovered []providers.Discovered
		paths := map[string]bool{"": true, "taken": true}
		for range rapid.IntRange(1, 5).Draw(t, "folders") {
			d := providers.Discovered{
				Name: text.Draw(t, "name"), Kind: rapid.SampledFrom(append(pim.Kinds(), "")).Draw(t, "kind"), ReadOnly: rapid.Bool().Draw(t, "read-only"),
				Attributes: providers.Attributes{"path": text.Draw(t, "path"), "number": 1.5, "on": true, "list": []string{text.Draw(t, "element")},
					"map": map[string]string{text.Draw(t, "key"): text.Draw(t, "value")}, "secret": "never shown"},
			}
			if path := d.Attributes.String("path"); !paths[path] {
				paths[path] = true
				discovered = append(discovered, d)
			}
		}
		folders, err := Compare(ws, provider, shelf{}, discovered)
		if err != nil {
			t.Fatalf("%v", err)
		}
		var blocks bytes.Buffer
		if err := Write(&blocks, provider, shelf{}, folders); err != nil {
			t.Fatalf("%v", err)
		}
		if strings.ContainsAny(blocks.String(), "\x1b\u202e") || strings.Contains(blocks.String(), "never shown") {
			t.Fatalf("the blocks hold what nobody should see:\n%q", blocks.String())
		}
		ws = load(t, dir, "folder \"taken\" {\n  provider = provider.shelf.x[\"one\"]\n  kind = \"calendar\"\n  path = \"taken\"\n}\n"+blocks.String())
		again, err := Compare(ws, provider, shelf{}, discovered)
		if err != nil {
			t.Fatalf("%v", err)
		}
		for i, f := range again {
			if folders[i].Trouble != "" {
				continue
			}
			at := slices.IndexFunc(ws.Folders, func(c *schema.Folder) bool { return c.Address == "folder."+folders[i].Name })
			if f.Name != "" || at < 0 {
				t.Fatalf("%+v is not configured by\n%s", f, blocks.String())
			}
			c := ws.Folders[at]
			if !reflect.DeepEqual(c.Config.Attributes, f.Attributes) || c.ReadOnly != f.ReadOnly || c.Provider.Address != provider.Address || f.Kind != "" && c.Kind != f.Kind {
				t.Fatalf("%+v is configured as %+v by\n%s", f, c, blocks.String())
			}
		}
	})
}

func TestIdentifier(t *testing.T) {
	for name, want := range map[string]string{
		"Work calendar": "work_calendar", "work": "work", "a-b": "a-b", "": "folder", "日本語": "folder", "2024": "folder_2024", "--x--": "x", "Büro (neu)": "b_ro_neu",
		"a/b": "a_b", strings.Repeat("long ", 20): "long_long_long_long_long_long_long_long",
	} {
		if got := identifier(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	if got := free("a", map[string]bool{"a": true, "a_2": true}); got != "a_3" {
		t.Errorf("the name is %q", got)
	}
}

// A location that a configuration would change on its way is said to be one.
func TestLocationThatCannotBeWritten(t *testing.T) {
	ws := load(t, t.TempDir(), "")
	for _, path := range []string{"a\u0308", "\xff"} {
		folders, err := Compare(ws, ws.Providers[0], shelf{}, []providers.Discovered{{Name: "a", Attributes: providers.Attributes{"path": path}}})
		if err != nil || len(folders) != 1 || folders[0].Name != "" || folders[0].Trouble == "" {
			t.Errorf("%q: %+v, %v", path, folders, err)
		}
	}
}
