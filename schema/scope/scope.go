// Package scope is what expressions mean: the names that a workspace declares, where they may be used, and the values found for them.
package scope

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// Scope is the names of one workspace, and the mistakes found in what refers to them. It is not for concurrent use.
type Scope struct {
	Sources *diagnose.Sources
	Torn    bool // a file could not be read to its end: what it declares is not known

	folder         cty.Type // what expressions see of a folder
	diags          hcl.Diagnostics
	broken         map[string]bool // files that could not be read to their end
	miswritten     map[string]bool // types of blocks of which one could not be read
	misnamed       map[string]bool // blocks with two names whose first is wrong: "provider.NAME"
	names          map[string]*name
	visiting       []*name
	strings        map[string]cty.Value // references written as strings, found already
	builtin        map[string]function.Function
	builtinOutside map[string]function.Function // where no item is: timestamp as well
}

// New is a scope in which nothing is declared yet. folder is the type of what expressions see of any folder.
func New(surroundings functions.Surroundings, folder cty.Type) *Scope {
	sc := &Scope{
		Sources: diagnose.NewSources(), folder: folder, broken: map[string]bool{}, miswritten: map[string]bool{}, misnamed: map[string]bool{}, names: map[string]*name{}, strings: map[string]cty.Value{},
		builtin: surroundings.Everywhere(), builtinOutside: surroundings.Outside(),
	}
	sc.builtin[oneOf], sc.builtinOutside[oneOf] = oneOfFunction, oneOfFunction
	return sc
}

// Report adds mistakes to those found so far.
func (sc *Scope) Report(diags ...*hcl.Diagnostic) { sc.diags = append(sc.diags, diags...) }

// Miswritten reports whether a block of the type could not be read: what it would declare is not known.
func (sc *Scope) Miswritten(of string) bool { return sc.miswritten[of] }

// Misnamed notes a provider or data block whose driver or type is wrong, which was reported: who refers to it by the right one stays silent.
func (sc *Scope) Misnamed(of, name string) { sc.misnamed[of+"."+name] = true }

// HasErrors reports whether a mistake was found so far.
func (sc *Scope) HasErrors() bool { return sc.diags.HasErrors() }

// Diagnostics are all that was reported, in order of file and line, each once.
func (sc *Scope) Diagnostics() hcl.Diagnostics {
	return diagnose.Tidy(sc.withoutMisspelt(withoutConsequences(sc.diags)))
}
