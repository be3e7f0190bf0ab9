package schema

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

// given is a value that a variable was given from outside.
type given struct {
	text string    // from -var or the environment: read by the variable's type
	from string    // "-var", "ACCORD_VAR_x" or a file's name, for messages
	expr cty.Value // from a file
	at   *hcl.Range
}

// assign reads -var and -var-file. The last one of a name wins, and both win over the environment.
func (l *loader) assign() {
	for _, a := range l.opts.Vars {
		if a.File == "" {
			l.given[a.Name] = given{text: a.Value, from: "-var"}
			continue
		}
		l.assignFile(a.File)
	}
}

func (l *loader) assignFile(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		l.Report(diagnose.Nowhere("Unreadable -var-file", err.Error(), "Check the path that -var-file names."))
		return
	}
	parse := func(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
		return hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	}
	if strings.HasSuffix(path, ".json") {
		parse = hcljson.Parse
	}
	l.Sources.Add(path, text, nil)
	file, diags := parse(text, path)
	l.Report(diags...)
	if file == nil {
		return
	}
	attrs, diags := file.Body.JustAttributes()
	l.Report(diags...)
	for name, a := range attrs {
		v, diags := a.Expr.Value(nil)
		l.Report(diags...)
		if !diags.HasErrors() {
			l.given[name] = given{expr: v, from: path, at: a.NameRange.Ptr()}
		}
		if l.secret[name] {
			l.Sources.Hide(a.Expr.Range())
		}
	}
}

// isVarFile reports whether a file of the workspace is given as a -var-file: it is no configuration then.
func (l *loader) isVarFile(path string) bool {
	for _, a := range l.opts.Vars {
		if a.File == "" {
			continue
		}
		if abs, err := filepath.Abs(a.File); err == nil && abs == path {
			return true
		}
	}
	return false
}

// undeclared reports values for variables that are not there.
func (l *loader) undeclared() {
	if l.Torn {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(l.given)) {
		g := l.given[name]
		if l.Declared("var." + name) {
			continue
		}
		d := diagnose.Mistake(hcl.Range{}, "Unknown variable", fmt.Sprintf("%s gives a value to %q, which is not declared.", g.from, name),
			diagnose.DidYouMean("var."+name, l.Addresses("var."), fmt.Sprintf("Declare it: variable %q {}", name)))
		d.Subject = g.at
		if g.at != nil {
			d.Severity = hcl.DiagWarning
		}
		l.Report(d)
	}
}

var variableSchema = scope.BodySchema([]string{"type", "default", "sensitive", "ephemeral", "description"}, nil, "validation")

func (l *loader) declareVariable(b *hcl.Block) {
	content := l.Content(b.Body, variableSchema)
	label := b.Labels[0]
	flag := func(name string) bool {
		a := content.Attributes[name]
		return a != nil && l.Boolean(l.Attribute(name, a, 0), nil, false)
	}
	if flag("sensitive") {
		l.secret[label] = true
		if d := content.Attributes["default"]; d != nil {
			l.Sources.Hide(d.Expr.Range())
		}
	}
	passing := flag("ephemeral")
	l.Declare("var."+label, b.DefRange, func() cty.Value {
		v := l.variable(label, b, content.Attributes)
		if l.secret[label] {
			v = v.Mark(functions.Sensitive)
		}
		if passing {
			v = v.Mark(functions.Ephemeral)
		}
		if v.IsKnown() {
			l.validate(label, v, content.Blocks)
		}
		return v
	})
}

func (l *loader) variable(label string, b *hcl.Block, attrs hcl.Attributes) cty.Value {
	want, defaults := cty.DynamicPseudoType, (*typeexpr.Defaults)(nil)
	if a := attrs["type"]; a != nil {
		var diags hcl.Diagnostics
		want, defaults, diags = typeexpr.TypeConstraintWithDefaults(a.Expr)
		l.Report(diags...)
		if diags.HasErrors() {
			return cty.DynamicVal
		}
	}
	var v cty.Value
	at, from := b.DefRange, "The default"
	g, ok := l.given[label]
	if !ok && l.opts.Env != nil {
		if text, set := l.opts.Env("ACCORD_VAR_" + label); set {
			g, ok = given{text: text, from: "ACCORD_VAR_" + label}, true
		}
	}
	switch {
	case ok && g.at != nil:
		v, at, from = g.expr, *g.at, g.from
	case ok:
		from = g.from
		if v, ok = l.readText(g, want); !ok {
			l.Report(diagnose.Mistake(at, "Invalid value for a variable", fmt.Sprintf("%s gives var.%s a value that cannot be read as a %s.", from, label, want.FriendlyName()),
				`Write it as in a *.hcl file: 'name=["a", "b"]'.`))
			return cty.DynamicVal
		}
	case attrs["default"] != nil:
		at = attrs["default"].Expr.Range()
		e := l.Compile(attrs["default"].Expr, 0)
		e.Secret = l.secret[label]
		v = l.Evaluate(e, nil)
	default:
		l.Report(diagnose.Mistake(at, "Variable without a value", fmt.Sprintf("var.%s has no default and was given no value.", label),
			fmt.Sprintf("Say -var %s=…, set ACCORD_VAR_%s, or give it a default.", label, label)))
		return cty.DynamicVal
	}
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		l.Report(diagnose.Mistake(at, "Invalid value for a variable", fmt.Sprintf("%s of var.%s is no %s: %v.", from, label, want.FriendlyName(), err), ""))
		return cty.DynamicVal
	}
	return converted
}

// readText reads what came from the command line or the environment: a string as it is, anything else as an expression.
func (l *loader) readText(g given, want cty.Type) (cty.Value, bool) {
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
func (l *loader) validate(label string, v cty.Value, blocks hcl.Blocks) {
	for _, b := range blocks {
		content := l.Content(b.Body, validationSchema)
		condition, message := content.Attributes["condition"], content.Attributes["error_message"]
		if condition == nil || message == nil {
			continue
		}
		sees := cty.ObjectVal(map[string]cty.Value{label: v})
		result, ok := l.EvaluateOver(condition.Expr, "var", sees)
		said, too := l.EvaluateOver(message.Expr, "var", sees)
		if !ok || !too {
			continue
		}
		if b, err := convert.Convert(functions.Plain(result), cty.Bool); err != nil || b.IsNull() || !b.IsKnown() {
			l.Report(diagnose.Mistake(condition.Expr.Range(), "Wrong type", "condition must be true or false.", ""))
		} else if b.False() {
			cause, _ := scope.AsString(functions.Plain(said))
			if functions.Marked(said, functions.Sensitive) {
				cause = "The message is not shown, as a sensitive value is in it."
			}
			l.Report(diagnose.Mistake(condition.Expr.Range(), "Invalid value for a variable", fmt.Sprintf("var.%s: %s", label, cause), "Give it another value."))
		}
	}
}

// declareLocals makes each attribute of a locals block a name.
func (l *loader) declareLocals(b *hcl.Block) {
	attrs, diags := b.Body.JustAttributes()
	l.Report(diags...)
	for label, a := range attrs {
		l.Declare("local."+label, a.NameRange, func() cty.Value { return l.Evaluate(l.Compile(a.Expr, 0), nil) })
	}
}
