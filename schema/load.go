package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/data"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/drivers"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/history"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/template"
	"github.com/accord-sync/accord/schema/variable"
)

// Options is what Load is given beside a directory.
type Options struct {
	Drivers map[string]providers.Driver               // by the name that a provider block gives: "vdir"
	Vars    []VarAssignment                           // -var and -var-file, in order: the last one wins
	Saved   *Given                                    // of the saved plan that is applied; nil: none is
	Env     func(name string) (value string, ok bool) // for ACCORD_VAR_name and env(); nil: nothing is set
	Version string                                    // of Accord, for required_version; "" is not checked
	Now     func() time.Time                          // for timestamp(); nil: timestamp() is refused

	// Rows asks a provider for the rows of a data block, as providers.Source does; nil: nobody is asked, and what depends on such rows is not known.
	Rows func(p *Provider, cfg providers.DataConfig, each func(providers.Row) error) error
}

// Given is what a saved plan keeps of the values that variables were given from outside.
type Given = variable.Given

// GivenAgain reports whether a variable that the saved plan keeps was given a value again: a mistake of the command line.
func GivenAgain(diags hcl.Diagnostics) bool { return variable.GivenAgain(diags) }

// VarAssignment is one -var (Name and Value) or one -var-file (File).
type VarAssignment struct {
	Name, Value string
	File        string
}

// Load reads every *.hcl, *.accord.json and *.accord.yaml of dir, evaluates, expands and checks it. All mistakes are reported in one run.
// It needs no network but what Options.Rows uses, and no disk beyond dir and the files that functions name. A Workspace is returned also with errors, as far as it
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
	*scope.Scope
	dir          string
	opts         Options
	surroundings functions.Surroundings
	workspace    *Workspace
	folderAs     cty.Type // what expressions see of a folder
	variables    *variable.Reader
	policies     map[string]*policyBlock
	folders      map[string]*Folder
	unlocated    []*Folder // whose driver does not understand where they are
	templates    *template.Reader
	rosters      *data.Reader
	blocks       []*relationshipBlock
	byAddress    map[string]*relationshipBlock
}

func newLoader(dir string, opts Options) *loader {
	l := &loader{
		dir: dir, opts: opts, surroundings: functions.Surroundings{Dir: dir, Env: opts.Env, Now: opts.Now},
		workspace: &Workspace{Dir: dir, StatePath: filepath.Join(dir, ".accord", "state"), Journal: Journal{Keep: 90 * 24 * time.Hour, MaxSize: 1 << 30}, partitions: map[string]func(*string) *Folder{}}, folderAs: drivers.FolderType(opts.Drivers),
		policies: map[string]*policyBlock{}, folders: map[string]*Folder{}, byAddress: map[string]*relationshipBlock{},
	}
	l.Scope = scope.New(l.surroundings, l.folderAs)
	assignments := make([]variable.Assignment, len(opts.Vars))
	for i, a := range opts.Vars {
		assignments[i] = variable.Assignment(a)
	}
	l.variables = variable.NewReader(l.Scope, assignments, opts.Saved, opts.Env)
	l.rosters = data.NewReader(l.Scope, l.surroundings.Resolve, opts.Drivers, l.ask)
	l.templates = template.NewReader(l.Scope)
	l.Sources.HideNamed(drivers.SensitiveNames(opts.Drivers))
	return l
}

// file is one file of a workspace.
type file struct {
	name string
	text []byte
}

// read reads the files of the directory, in order of name. Hidden files and files given as -var-file are none of them.
func (l *loader) read() []file {
	fail := func(summary, cause, todo string) {
		l.Torn = true
		l.Report(diagnose.Nowhere(summary, cause, todo))
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
		case strings.HasPrefix(name, ".") || entry.IsDir():
			continue
		case l.variables.IsFile(path):
			l.workspace.Given.Files = append(l.workspace.Given.Files, name)
			continue
		case !isConfiguration(name):
			continue
		}
		text, err := functions.ReadText(path)
		if err != nil {
			fail("Unreadable file", err.Error(), "Make it readable, or take it out of the workspace.")
			continue
		}
		files = append(files, file{name, text})
	}
	if len(files) == 0 && !l.Torn {
		fail("No configuration", fmt.Sprintf("There is no *.hcl, *.accord.json or *.accord.yaml in %s.", l.dir), "Run accord init there, or say which directory with -chdir=DIR.")
	}
	return files
}

// isConfiguration reports whether a file of this name belongs to a workspace.
func isConfiguration(name string) bool {
	return slices.ContainsFunc([]string{".hcl", ".accord.json", ".accord.yaml", ".accord.yml"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

func (l *loader) load(files []file) (*Workspace, *Sources, hcl.Diagnostics) {
	var blocks hcl.Blocks
	for _, f := range files {
		if body := l.Parse(f.name, f.text); body != nil {
			found := l.Content(body, rootSchema).Blocks
			l.Sources.Mark(found)
			blocks = append(blocks, found...)
		}
	}
	l.declareAll(blocks)
	if len(files) > 0 {
		l.accord(blocks.OfType("accord"))
	}
	l.FindAll()
	l.variables.Undeclared()
	l.workspace.Given.Values = l.variables.Values()
	l.expand()
	l.left(blocks)
	l.check()
	l.finish()
	return l.workspace, l.Sources, l.Diagnostics()
}

// ask asks the provider that a data block names for its rows.
func (l *loader) ask(provider *scope.Attribute, cfg providers.DataConfig, each func(providers.Row) error) (asked bool, err error) {
	p := l.providerOf(provider, nil)
	if p == nil || l.opts.Rows == nil {
		return false, nil
	}
	if of, _, _ := strings.Cut(strings.TrimPrefix(cfg.Address, "data."), "."); of != p.Driver {
		l.Refuse(provider, "Wrong provider", fmt.Sprintf("%s has the driver %q, and %s is asked of one of driver %q.", p.Address, p.Driver, cfg.Address, of), fmt.Sprintf("Write provider.%s.NAME.", of))
		return false, nil
	}
	return true, l.opts.Rows(p, cfg, each)
}

// left reads what became of addresses that left.
func (l *loader) left(blocks hcl.Blocks) {
	moved, removed := history.Read(l.Scope, blocks, l.expanded(), []string{string(RemoveDelete), string(RemoveRetire), string(RemoveRelease)})
	l.workspace.Moved = moved
	for _, r := range removed {
		l.workspace.Removed = append(l.workspace.Removed, Removed{r.From, OnRemove(r.OnRemove), r.Range})
	}
}

var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "accord"}, {Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"},
	{Type: "provider", LabelNames: []string{"driver", "name"}}, {Type: "folder", LabelNames: []string{"name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "template", LabelNames: []string{"name"}}, {Type: "policy", LabelNames: []string{"name"}},
	{Type: "relationship", LabelNames: []string{"name"}}, {Type: "mesh", LabelNames: []string{"name"}},
	{Type: "moved"}, {Type: "removed"},
}}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// declareAll makes every block known, before anything is evaluated.
func (l *loader) declareAll(blocks hcl.Blocks) {
	for _, b := range blocks {
		for i, label := range b.Labels {
			if !nameForm.MatchString(label) {
				l.Report(diagnose.Mistake(b.LabelRanges[i], "Invalid name", fmt.Sprintf("%q is no name.", label), "A name has letters, digits, _ and - alone."))
			}
		}
		switch b.Type {
		case "variable":
			l.variables.Block(b)
		case "locals":
			l.variables.Locals(b)
		case "provider":
			l.declareProvider(b)
		case "folder":
			l.declareFolder(b)
		case "template":
			l.templates.Block(b)
		case "policy":
			l.declarePolicy(b)
		case "relationship", "mesh":
			l.declareRelationship(b)
		case "data":
			l.rosters.Block(b)
		}
	}
	l.variables.Assign()
	sort.SliceStable(l.blocks, func(i, j int) bool { return l.blocks[i].address < l.blocks[j].address })
}
