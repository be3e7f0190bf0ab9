package schema

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/reference"
)

// probe is a body that has every block that it is asked for, and notes what it is asked for. It has no attributes but those without which a reader
// asks no further.
type probe struct {
	path string // of its block: "relationship.on_source"
	seen map[string]*asked
}

// asked is what a reader asks a block for.
type asked struct {
	required   map[string]bool // by attribute
	blocks     map[string][]string
	anyName    bool
	undeclared bool // it is asked for nothing
}

var probed = map[string]cty.Value{"template.kind": cty.StringVal("calendar"), "variable.default": cty.True}

var probedLabels = map[string][]string{"provider": {"disk", "x"}, "accord.state": {"pebble"}, "data": {"csv", "x"}}

func (p probe) note() *asked {
	if p.seen[p.path] == nil {
		p.seen[p.path] = &asked{required: map[string]bool{}, blocks: map[string][]string{}}
	}
	return p.seen[p.path]
}

func (p probe) below(name string) string { return strings.TrimPrefix(p.path+"."+name, ".") }

func (p probe) Content(s *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content := &hcl.BodyContent{Attributes: hcl.Attributes{}}
	a := p.note()
	for _, attribute := range s.Attributes {
		a.required[attribute.Name] = attribute.Required
		if v, ok := probed[p.below(attribute.Name)]; ok {
			content.Attributes[attribute.Name] = &hcl.Attribute{Name: attribute.Name, Expr: hcl.StaticExpr(v, hcl.Range{})}
		}
	}
	for _, b := range s.Blocks {
		a.blocks[b.Type] = b.LabelNames
		below := p.below(b.Type)
		p.blocksOf(content, b, below)
	}
	return content, nil
}

func (p probe) blocksOf(content *hcl.BodyContent, b hcl.BlockHeaderSchema, path string) {
	labels := probedLabels[path]
	for len(labels) < len(b.LabelNames) {
		labels = append(labels, "x")
	}
	content.Blocks = append(content.Blocks, &hcl.Block{Type: b.Type, Labels: labels, LabelRanges: make([]hcl.Range, len(labels)), Body: probe{path, p.seen}})
}

func (p probe) PartialContent(s *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	content, diags := p.Content(s)
	return content, hcl.EmptyBody(), diags
}

func (p probe) JustAttributes() (hcl.Attributes, hcl.Diagnostics) {
	p.note().anyName = true
	return nil, nil
}

func (p probe) MissingItemRange() hcl.Range { return hcl.Range{} }

// bare is a driver without attributes.
type bare struct{ disk }

func (bare) Schema() providers.Schema { return providers.Schema{} }

// TestReference asks the readers which attributes and blocks they take, and compares that with the reference.
func TestReference(t *testing.T) {
	seen := map[string]*asked{}
	opts := testOptions()
	opts.Drivers = map[string]providers.Driver{"disk": bare{}}
	l := newLoader(t.TempDir(), opts)
	blocks := l.Content(probe{"", seen}, rootSchema).Blocks
	l.declareAll(blocks)
	l.accord(blocks.OfType("accord"))
	l.FindAll()
	l.expand()
	l.left(blocks)

	root := reference.Block{Blocks: reference.Blocks()}
	compareBlock(t, seen, "", root)
	for path := range seen {
		t.Errorf("%s is read, and the reference does not know it", path)
	}
}

// compareBlock takes what it compared out of seen.
func compareBlock(t *testing.T, seen map[string]*asked, path string, b reference.Block) {
	t.Helper()
	a := seen[path]
	delete(seen, path)
	if a == nil {
		a = &asked{undeclared: true}
	}
	if a.anyName != (b.Names != "") {
		t.Errorf("%q: attributes of any name are read: %v; the reference says %q", path, a.anyName, b.Names)
	}
	known := map[string]bool{}
	for _, attribute := range b.Attributes {
		required, read := a.required[attribute.Name]
		if known[attribute.Name] = true; !read || required != attribute.Required {
			t.Errorf("%s.%s: read: %v, required: %v; the reference says required: %v", path, attribute.Name, read, required, attribute.Required)
		}
		if !strings.HasSuffix(attribute.Doc, ".") && !strings.HasSuffix(attribute.Doc, "`") || attribute.Type == "" {
			t.Errorf("%s.%s: its meaning is no sentence, or it has no type: %q", path, attribute.Name, attribute.Doc)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.required)) {
		if !known[name] {
			t.Errorf("%s.%s is read, and the reference does not know it", path, name)
		}
	}
	for _, inner := range b.Blocks {
		labels, read := a.blocks[inner.Type]
		if known[inner.Type] = true; !read || len(labels) != len(inner.Labels) {
			t.Errorf("%s %s: read: %v, with %v; the reference says %v", path, inner.Type, read, labels, inner.Labels)
		}
		compareBlock(t, seen, strings.TrimPrefix(path+"."+inner.Type, "."), inner)
	}
	for name := range a.blocks {
		if !known[name] {
			t.Errorf("block %s %s is read, and the reference does not know it", path, name)
		}
	}
}

// placeFor is a block with a place for an attribute of it, where it has words for values.
func placeFor(path string) (place string, has bool) {
	const ends = "relationship \"x\" {\n  source = folder.a\n  destination = folder.b\n"
	if inner, ok := strings.CutPrefix(path, "relationship."); ok {
		return ends + "  profile = \"one_way\"\n  " + inner + " {\n    %s\n  }\n}\n", true
	}
	place, has = map[string]string{
		"folder":         "folder \"x\" {\n  provider = provider.disk.d\n  kind = \"calendar\"\n  path = \"x\"\n  %s\n}\n",
		"template":       "template \"x\" {\n  kind = \"calendar\"\n  %s\n}\n",
		"policy":         "policy \"x\" {\n  %s\n}\n",
		"relationship":   ends + "  %s\n}\n",
		"mesh.on_leaver": "mesh \"x\" {\n  folders = [folder.a, folder.b]\n  profile = \"two_way\"\n  on_leaver {\n    %s\n  }\n}\n",
		"removed":        "removed {\n  from = relationship.gone\n  %s\n}\n",
	}[path]
	return place, has
}

const twoFolders = `accord { workspace = "w" }
provider "disk" "d" { path = "data" }
folder "a" {
  provider = provider.disk.d
  kind     = "calendar"
  path     = "a"
}
folder "b" {
  provider = provider.disk.d
  kind     = "calendar"
  path     = "b"
}
`

var quotedWord = regexp.MustCompile(`"([a-z_]+)"`)

// TestReferenceOfWords writes something else than a word into every attribute, and compares what is said about it with the words of the reference; and what
// this version does not carry out with what the reference says of that.
func TestReferenceOfWords(t *testing.T) {
	tried := 0
	var walk func(path string, blocks []reference.Block)
	walk = func(path string, blocks []reference.Block) {
		for _, b := range blocks {
			at := strings.TrimPrefix(path+"."+b.Type, ".")
			for _, a := range b.Attributes {
				place, has := placeFor(at)
				if !has {
					if len(a.Values) > 0 && !a.Shared && !b.Shared {
						t.Errorf("%s.%s: there is no place to try it in", at, a.Name)
					}
					continue
				}
				tried++
				var words []string
				for _, d := range diagnosed(t, place, a.Name) {
					_, list, there := strings.Cut(diagnose.Remedy(d), "It is one of ")
					if there && strings.Contains(d.Detail, a.Name) {
						for _, w := range quotedWord.FindAllStringSubmatch(list, -1) {
							words = append(words, w[1])
						}
					}
				}
				if !slices.Equal(words, a.Values) {
					t.Errorf("%s.%s: the words are %q, and the reference says %q", at, a.Name, words, a.Values)
				}
			}
			walk(at, b.Blocks)
		}
	}
	walk("", reference.Blocks())
	if tried < 40 {
		t.Errorf("%d attributes were tried", tried)
	}
}

func diagnosed(t *testing.T, place, name string) hcl.Diagnostics {
	t.Helper()
	dir := t.TempDir()
	text := twoFolders + fmt.Sprintf(place, name+` = "nonsense"`)
	if name == "kind" { // it is there already
		text = twoFolders + strings.Replace(fmt.Sprintf(place, ""), `kind = "calendar"`, `kind = "nonsense"`, 1)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, diags := Load(dir, testOptions())
	return diags
}
