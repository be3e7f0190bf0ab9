// Package variable is the values that a workspace is given from outside or names itself: variable and locals blocks.
package variable

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

// Assignment is one -var (Name and Value) or one -var-file (File).
type Assignment struct {
	Name, Value string
	File        string
}

// Reader reads variable and locals blocks.
type Reader struct {
	*scope.Scope
	assignments []Assignment
	saved       *Given
	env         func(name string) (value string, ok bool)
	given       map[string]given
	values      map[string]json.RawMessage
	secret      map[string]bool // variables that are sensitive
	ephemeral   map[string]bool
}

// NewReader reads in a scope. The last assignment to a name wins, and each wins over ACCORD_VAR_name of env, which may be nil. With a saved
// plan, which may be nil too, its values are the only ones of the variables that it keeps.
func NewReader(sc *scope.Scope, assignments []Assignment, saved *Given, env func(name string) (value string, ok bool)) *Reader {
	return &Reader{Scope: sc, assignments: assignments, saved: saved, env: env,
		given: map[string]given{}, values: map[string]json.RawMessage{}, secret: map[string]bool{}, ephemeral: map[string]bool{}}
}

// given is a value that a variable was given from outside.
type given struct {
	text string     // from -var or the environment: read by the variable's type
	from string     // "-var", "ACCORD_VAR_x" or a file's name, for messages
	expr cty.Value  // from a file, or a saved plan
	at   *hcl.Range // in a file
}

// Assign reads the assignments, when every variable is declared.
func (r *Reader) Assign() {
	r.recall()
	for _, a := range r.assignments {
		if a.File == "" {
			r.give(a.Name, given{text: a.Value, from: "-var"})
			continue
		}
		r.assignFile(a.File)
	}
}

func (r *Reader) assignFile(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		r.Report(diagnose.Nowhere("Unreadable -var-file", err.Error(), "Check the path that -var-file names."))
		return
	}
	body := r.Parse(path, text)
	if body == nil {
		return
	}
	attrs := r.JustAttributes(body)
	for name, a := range attrs {
		v, diags := a.Expr.Value(nil)
		r.Report(diags...)
		if !diags.HasErrors() {
			r.give(name, given{expr: v, from: path, at: a.NameRange.Ptr()})
		}
		if r.secret[name] {
			r.Sources.Hide(a.Expr.Range())
		}
	}
}

// IsFile reports whether a file of the workspace is given as a -var-file, or was when the saved plan was made: it is no configuration then.
func (r *Reader) IsFile(path string) bool {
	if r.saved != nil && slices.Contains(r.saved.Files, filepath.Base(path)) {
		return true
	}
	for _, a := range r.assignments {
		if a.File == "" {
			continue
		}
		if abs, err := filepath.Abs(a.File); err == nil && abs == path {
			return true
		}
	}
	return false
}

// Undeclared reports values for variables that are not there.
func (r *Reader) Undeclared() {
	if r.Torn {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.given)) {
		g := r.given[name]
		if r.Declared("var." + name) {
			continue
		}
		d := diagnose.Mistake(hcl.Range{}, "Unknown variable", fmt.Sprintf("%s gives a value to %q, which is not declared.", g.from, name),
			diagnose.DidYouMean("var."+name, r.Addresses("var."), fmt.Sprintf("Declare it: variable %q {}", name)))
		d.Subject = g.at
		if g.at != nil {
			d.Severity = hcl.DiagWarning
		}
		r.Report(d)
	}
}

var variableSchema = scope.BodySchema([]string{"type", "default", "sensitive", "ephemeral", "description"}, nil, "validation")

// Block declares a variable block.
func (r *Reader) Block(b *hcl.Block) {
	content := r.Content(b.Body, variableSchema)
	label := b.Labels[0]
	flag := func(name string) bool {
		a := content.Attributes[name]
		return a != nil && r.Boolean(r.Attribute(name, a, 0), nil, false)
	}
	if flag("sensitive") {
		r.secret[label] = true
		if d := content.Attributes["default"]; d != nil {
			r.Sources.Hide(d.Expr.Range())
		}
	}
	r.ephemeral[label] = flag("ephemeral")
	r.Declare("var."+label, b.DefRange, func() cty.Value {
		v := r.variable(label, b, content.Attributes)
		if r.secret[label] {
			v = v.Mark(functions.Sensitive)
		}
		if r.ephemeral[label] {
			v = v.Mark(functions.Ephemeral)
		}
		if v.IsKnown() {
			r.validate(label, v, content.Blocks)
		}
		return v
	})
}

func (r *Reader) variable(label string, b *hcl.Block, attrs hcl.Attributes) cty.Value {
	want, defaults := cty.DynamicPseudoType, (*typeexpr.Defaults)(nil)
	if a := attrs["type"]; a != nil {
		var diags hcl.Diagnostics
		want, defaults, diags = typeexpr.TypeConstraintWithDefaults(a.Expr)
		r.Report(plainTypes(r.Sources, diags)...)
		if diags.HasErrors() {
			return cty.DynamicVal
		}
	}
	var v cty.Value
	at, from := b.DefRange, "The default"
	g, ok := r.given[label]
	if !ok && r.env != nil && !r.kept(label) {
		if text, set := r.env("ACCORD_VAR_" + label); set {
			g, ok = given{text: text, from: "ACCORD_VAR_" + label}, true
		}
	}
	outside := ok
	switch {
	case ok && g.expr != cty.NilVal:
		v, from = g.expr, g.from
		if g.at != nil {
			at = *g.at
		}
	case ok:
		from = g.from
		if v, ok = r.readText(g, want); !ok {
			r.Report(diagnose.Mistake(at, "Invalid value for a variable", fmt.Sprintf("%s gives var.%s a value that cannot be read as a %s.", from, label, want.FriendlyName()),
				`Write it as in a *.hcl file: 'name=["a", "b"]'.`))
			return cty.DynamicVal
		}
	case attrs["default"] != nil:
		at = attrs["default"].Expr.Range()
		e := r.Compile(attrs["default"].Expr, 0)
		e.Secret = r.secret[label]
		v = r.Evaluate(e, nil)
	default:
		r.Report(diagnose.Mistake(at, "Variable without a value", fmt.Sprintf("var.%s has no default and was given no value.", label),
			fmt.Sprintf("Say -var %s=…, set ACCORD_VAR_%s, or give it a default.", label, label)))
		return cty.DynamicVal
	}
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		r.Report(diagnose.Mistake(at, "Invalid value for a variable", fmt.Sprintf("%s of var.%s is no %s: %v.", from, label, want.FriendlyName(), err), "Change the value, or the variable's type."))
		return cty.DynamicVal
	}
	if outside {
		r.keep(label, converted)
	}
	return converted
}

// readText reads what came from the command line or the environment: a string as it is, anything else as an expression.
func (r *Reader) readText(g given, want cty.Type) (cty.Value, bool) {
	if want == cty.String || want == cty.DynamicPseudoType {
		return cty.StringVal(g.text), true
	}
	if want.IsPrimitiveType() {
		v, err := convert.Convert(cty.StringVal(strings.TrimSpace(g.text)), want)
		return v, err == nil
	}
	expr, diags := hclsyntax.ParseExpression([]byte(g.text), g.from, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	v, diags := expr.Value(nil)
	return v, !diags.HasErrors()
}

var validationSchema = scope.BodySchema([]string{"condition", "error_message"}, []string{"condition", "error_message"})

// validate asks a variable's validation blocks about its value. They see the variable itself and no other name.
func (r *Reader) validate(label string, v cty.Value, blocks hcl.Blocks) {
	for _, b := range blocks {
		content := r.Content(b.Body, validationSchema)
		condition, message := content.Attributes["condition"], content.Attributes["error_message"]
		if condition == nil || message == nil {
			continue
		}
		sees := cty.ObjectVal(map[string]cty.Value{label: v})
		result, ok := r.EvaluateOver(condition.Expr, "var", sees)
		said, too := r.EvaluateOver(message.Expr, "var", sees)
		if !ok || !too {
			continue
		}
		if b, err := convert.Convert(functions.Plain(result), cty.Bool); err != nil || b.IsNull() || !b.IsKnown() {
			r.Report(diagnose.Mistake(condition.Expr.Range(), "Wrong type", "condition must be true or false.", fmt.Sprintf("Compare something: var.%s > 0.", label)))
		} else if b.False() {
			cause, _ := scope.AsString(functions.Plain(said))
			if functions.Marked(said, functions.Sensitive) {
				cause = "The message is not shown, as a sensitive value is in it."
			}
			r.Report(diagnose.Mistake(condition.Expr.Range(), "Invalid value for a variable", fmt.Sprintf("var.%s: %s", label, cause), "Give it another value."))
		}
	}
}

// Locals makes each attribute of a locals block a name.
func (r *Reader) Locals(b *hcl.Block) {
	attrs := r.JustAttributes(b.Body)
	for label, a := range attrs {
		r.Declare("local."+label, a.NameRange, func() cty.Value { return r.Evaluate(r.Compile(a.Expr, 0), nil) })
	}
}
