package variable

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/accord-sync/accord/schema/diagnose"
)

// Given is what a saved plan keeps of the values that variables were given from outside, so that it is applied with those that it was made
// with. What is sensitive or ephemeral is not kept.
type Given struct {
	Values map[string]json.RawMessage `json:",omitempty"` // by name, each with its type
	Files  []string                   `json:",omitempty"` // names of the -var-files that lie in the workspace's directory
}

// givenAgain is the summary of a diagnostic, see GivenAgain.
const givenAgain = "Variable of a saved plan"

// GivenAgain reports whether a variable that a saved plan keeps was given a value again: a mistake of the command line, not of the configuration.
func GivenAgain(diags hcl.Diagnostics) bool {
	return slices.ContainsFunc(diags, func(d *hcl.Diagnostic) bool { return d.Summary == givenAgain })
}

// kept reports whether a variable belongs to the saved plan that is applied: other values for it are refused, and the environment's is ignored.
func (r *Reader) kept(label string) bool {
	return r.saved != nil && r.Declared("var."+label) && !r.secret[label] && !r.ephemeral[label]
}

// recall assigns what the saved plan keeps.
func (r *Reader) recall() {
	if r.saved == nil {
		return
	}
	for label, text := range r.saved.Values {
		if !r.kept(label) {
			continue
		}
		v, err := ctyjson.Unmarshal(text, cty.DynamicPseudoType)
		if err != nil {
			r.Report(diagnose.Nowhere("Unreadable value in a saved plan", fmt.Sprintf("var.%s: %v.", label, err), "Make a new plan."))
			continue
		}
		r.given[label] = given{expr: v, from: "The saved plan"}
	}
}

// give takes a value from -var or -var-file.
func (r *Reader) give(label string, g given) {
	if !r.kept(label) {
		r.given[label] = g
		return
	}
	d := diagnose.Nowhere(givenAgain, fmt.Sprintf("%s gives a value to var.%s, and the plan is applied with the one that it was made with.", g.from, label),
		"Leave it out, or make a new plan: only ephemeral and sensitive variables are given with a plan file.")
	d.Subject = g.at
	r.Report(d)
}

// keep notes a value that came from outside.
func (r *Reader) keep(label string, v cty.Value) {
	if r.secret[label] || r.ephemeral[label] {
		return
	}
	text, err := ctyjson.Marshal(v, cty.DynamicPseudoType)
	if err != nil {
		r.Report(diagnose.Nowhere("Invalid value for a variable", fmt.Sprintf("var.%s cannot be kept in a plan: %v.", label, err), ""))
		return
	}
	r.values[label] = text
}

// Values is what the variables whose value was found were given from outside, as Given keeps it.
func (r *Reader) Values() map[string]json.RawMessage { return r.values }
