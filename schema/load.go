package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// Options is what Load is given beside a directory.
type Options struct {
	Drivers map[string]providers.Driver               // by the name that a provider block gives: "vdir"
	Vars    []VarAssignment                           // -var and -var-file, in order: the last one wins
	Env     func(name string) (value string, ok bool) // for ACCORD_VAR_name and env(); nil: nothing is set
	Version string                                    // of Accord, for required_version; "" is not checked
	Now     func() time.Time                          // for timestamp(); nil: timestamp() is refused
}

// VarAssignment is one -var (Name and Value) or one -var-file (File).
type VarAssignment struct {
	Name, Value string
	File        string
}

// Load reads every *.hcl and *.accord.json of dir, evaluates, expands and checks it. All mistakes are reported in one run.
// It needs no network, and no disk beyond dir and the files that functions name. A Workspace is returned also with errors, as far as it
// goes: nothing may be done with it then.
func Load(dir string, opts Options) (*Workspace, *Sources, hcl.Diagnostics) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	l := newLoader(abs, opts)
	files := l.read()
	return l.load(files)
}

// loader is the work of one Load.
type loader struct {
	dir       string
	opts      Options
	src       *Sources
	diags     hcl.Diagnostics
	workspace *Workspace

	broken   map[string]bool // files that could not be read to their end
	torn     bool            // a file could not be read to its end: what it declares is not known
	names    map[string]*name
	visiting []*name
	strings  map[string]cty.Value // references written as strings, found already
	given    map[string]given
	secret   map[string]bool // variables that are sensitive
	policies map[string]*policyBlock
	folders  map[string]*Folder
	folderAs cty.Type // what expressions see of a folder

	surroundings   functions.Surroundings
	builtin        map[string]function.Function
	builtinOutside map[string]function.Function // where no item is: timestamp as well

	blocks    []*relationshipBlock
	byAddress map[string]*relationshipBlock
}

func newLoader(dir string, opts Options) *loader {
	l := &loader{
		dir: dir, opts: opts, src: diagnose.NewSources(),
		workspace: &Workspace{Dir: dir, StatePath: filepath.Join(dir, ".accord", "state")},
		names:     map[string]*name{}, strings: map[string]cty.Value{}, given: map[string]given{}, broken: map[string]bool{}, secret: map[string]bool{},
		policies: map[string]*policyBlock{}, folders: map[string]*Folder{}, byAddress: map[string]*relationshipBlock{},
	}
	l.surroundings = functions.Surroundings{Dir: dir, Env: opts.Env, Now: opts.Now}
	l.builtin, l.builtinOutside = l.surroundings.Everywhere(), l.surroundings.Outside()
	l.folderAs = folderType(opts.Drivers)
	l.src.HideNamed(sensitiveNames(opts.Drivers))
	return l
}

func (l *loader) report(diags ...*hcl.Diagnostic) { l.diags = append(l.diags, diags...) }

// file is one file of a workspace.
type file struct {
	name string
	text []byte
}

// read reads the files of the directory, in order of name. Hidden files and files given as -var-file are none of them.
func (l *loader) read() []file {
	fail := func(summary, cause, todo string) {
		l.torn = true
		l.report(diagnose.Nowhere(summary, cause, todo))
	}
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		fail("Unreadable workspace", err.Error(), "Check the path, or say which directory with -chdir=DIR.")
		return nil
	}
	var files []file
	for _, entry := range entries {
		name := entry.Name()
		path := filepath.Join(l.dir, name)
		switch {
		case strings.HasPrefix(name, ".") || entry.IsDir() || l.isVarFile(path):
			continue
		case strings.HasSuffix(name, ".accord.yaml") || strings.HasSuffix(name, ".accord.yml"):
			fail("YAML configuration is not read", name+" is YAML, which this version does not read.", "Write it as "+strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml")+".json: the structure is the same.")
			continue
		case !strings.HasSuffix(name, ".hcl") && !strings.HasSuffix(name, ".accord.json"):
			continue
		}
		text, err := functions.ReadText(path)
		if err != nil {
			fail("Unreadable file", err.Error(), "Make it readable, or take it out of the workspace.")
			continue
		}
		files = append(files, file{name, text})
	}
	if len(files) == 0 && !l.torn {
		fail("No configuration", fmt.Sprintf("There is no *.hcl and no *.accord.json in %s.", l.dir), "Run accord init there, or say which directory with -chdir=DIR.")
	}
	return files
}

func (l *loader) load(files []file) (*Workspace, *Sources, hcl.Diagnostics) {
	var blocks hcl.Blocks
	for _, f := range files {
		if body := l.parse(f); body != nil {
			blocks = append(blocks, l.content(body, rootSchema).Blocks...)
		}
	}
	l.declareAll(blocks)
	if len(files) > 0 {
		l.accord(blocks.OfType("accord"))
	}
	for _, address := range l.addresses("") {
		l.value(l.names[address])
	}
	l.undeclared()
	l.expand()
	l.history(blocks)
	l.check()
	l.finish()
	return l.workspace, l.src, diagnose.Tidy(l.withoutMisspelt(l.diags))
}

// bodySchema is a body with optional and required attributes, and blocks without labels.
func bodySchema(attributes, required []string, blocks ...string) *hcl.BodySchema {
	s := &hcl.BodySchema{}
	must := map[string]bool{}
	for _, name := range required {
		must[name] = true
	}
	for _, name := range attributes {
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: name, Required: must[name]})
	}
	for _, name := range blocks {
		s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: name})
	}
	return s
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// declareAll makes every block known, before anything is evaluated.
func (l *loader) declareAll(blocks hcl.Blocks) {
	for _, b := range blocks {
		for i, label := range b.Labels {
			if !nameForm.MatchString(label) {
				l.report(diagnose.Mistake(b.LabelRanges[i], "Invalid name", fmt.Sprintf("%q is no name.", label), "A name has letters, digits, _ and - alone."))
			}
		}
		switch b.Type {
		case "variable":
			l.declareVariable(b)
		case "locals":
			l.declareLocals(b)
		case "provider":
			l.declareProvider(b)
		case "folder":
			l.declareFolder(b)
		case "template":
			l.declareTemplate(b)
		case "policy":
			l.declarePolicy(b)
		case "relationship", "mesh":
			l.declareRelationship(b)
		case "data":
			l.unsupported(b.DefRange, "data blocks are not carried out by this version: use csvdecode(file(…)) or yamldecode(file(…)).")
		}
	}
	l.assign()
	sort.SliceStable(l.blocks, func(i, j int) bool { return l.blocks[i].address < l.blocks[j].address })
}

// unsupported records what this version does not carry out: a plan refuses it, validate warns.
func (l *loader) unsupported(at hcl.Range, sentence string) {
	for _, u := range l.workspace.Unsupported {
		if u.Range == at {
			return
		}
	}
	l.workspace.Unsupported = append(l.workspace.Unsupported, Unsupported{at, sentence})
	l.report(diagnose.Warning(at, "Not carried out by this version", sentence, "Take it out: a plan is refused as long as it is there."))
}
