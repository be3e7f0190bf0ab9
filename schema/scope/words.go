package scope

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// plain says in this project's words what went wrong in evaluating an expression, and what to do.
func (sc *Scope) plain(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		if diagnose.Remedy(d) == "" && d.Severity == hcl.DiagError {
			sc.plainly(d)
		}
		d.Expression, d.EvalContext = nil, nil
	}
	return diags
}

func (sc *Scope) plainly(d *hcl.Diagnostic) {
	function := ""
	if called, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok {
		function = called.CalledFunctionName()
	}
	if called, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallUnknownDiagExtra](d); ok {
		sc.unknownFunction(d, called.CalledFunctionName())
		return
	}
	if name := quoted.FindString(d.Detail); function == "" && strings.HasSuffix(d.Summary, "function arguments") {
		function = strings.Trim(name, `"`)
	}
	secret := d.Detail == secretReason
	todo := remedies[d.Summary]
	switch {
	case d.Summary == "Unsupported attribute":
		todo = sc.attributeMeant(d)
	case function != "" && !secret:
		d.Detail = friendly.Replace(d.Detail)
		todo = fmt.Sprintf("It is %s.", sc.signature(function))
		if function == "file" || function == "fileexists" {
			todo = "Correct the path: it starts at the workspace's directory."
		}
	case !secret:
		d.Detail = friendly.Replace(d.Detail)
	}
	if todo == "" {
		todo = "Correct the expression: the reference says what expressions can do."
	}
	diagnose.Advise(d, todo)
}

// friendly replaces the words of the expression language by those of this project.
var friendly = strings.NewReplacer("string required", "a text is required", "argument(s)", "arguments", "primitive-typed value (string)", "text",
	"but have tuple", "and this is a list", "but have list of string", "and this is a list of texts", "but have list", "and this is a list", "but have object", "and this is a map",
	"but have map", "and this is a map", "but have string", "and this is a text", "but have ", "and this is ", "value is tuple", "value is a list", "value is object", "value is a map")

// remedies say what to do, by the expression language's own summaries.
var remedies = map[string]string{
	"Invalid operand":                          "Use a value of that type: tonumber(…) and tobool(…) convert, timecmp(a, b) compares times.",
	"Incorrect condition type":                 `Compare something: item.class == "private" ? … : ….`,
	"Inconsistent conditional result types":    "Give both results one type.",
	"Invalid index":                            "Correct the key; lookup(MAP, KEY, OTHERWISE) and try(…, OTHERWISE) are for one that may be missing.",
	"Iteration over non-iterable value":        `Give it a list, a set or a map: [VALUE], or split(",", TEXT).`,
	"Iteration over null value":                "Give it a list when there is none: coalesce(…, []).",
	"Invalid template interpolation value":     `Make a text of it: join(", ", LIST), jsonencode(VALUE).`,
	"Unknown variable":                         "Only var.NAME of the variable itself is known here.",
	"Attempt to get attribute from null value": "Look whether it is there: VALUE == null ? … : …, or try(…, OTHERWISE).",
	"Attempt to index null value":              "Look whether it is there: VALUE == null ? … : …, or try(…, OTHERWISE).",
	"Operation failed":                         "Correct one of the operands.",
}

// unknownFunction says which function was meant. The parser's own guess differs from run to run.
func (sc *Scope) unknownFunction(d *hcl.Diagnostic, name string) {
	if _, outside := sc.builtinOutside[name]; outside {
		d.Summary, d.Detail = "No timestamp here", "An expression about an item must say the same of the same item at any time, as a plan must be repeatable."
		diagnose.Advise(d, "Use window { … }, or late { … } in a template, for what depends on the time of a run.")
		return
	}
	if clock[name] {
		d.Summary, d.Detail = "Unknown function", fmt.Sprintf("There is no function %q, as a plan must be repeatable.", name)
		diagnose.Advise(d, "Use window { … }, or late { … } in a template, for what depends on the time of a run; where no item is looked at, timestamp() is that time.")
		return
	}
	d.Summary, d.Detail = "Unknown function", fmt.Sprintf("There is no function %q.", name)
	diagnose.Advise(d, diagnose.DidYouMean(name, slices.Sorted(maps.Keys(sc.builtin)), "See the reference for the functions that there are."))
}

// clock are names under which people look for the time of a run.
var clock = map[string]bool{"now": true, "today": true, "date": true, "time": true}

// signature is how a function is called.
func (sc *Scope) signature(name string) string {
	f, ok := sc.builtinOutside[name]
	if !ok {
		return name + "(…)"
	}
	var params []string
	for _, p := range f.Params() {
		params = append(params, p.Name)
	}
	if p := f.VarParam(); p != nil {
		params = append(params, p.Name+"…")
	}
	return name + "(" + strings.Join(params, ", ") + ")"
}

// attributeMeant is the remedy for a part that a value does not have: those that it has.
func (sc *Scope) attributeMeant(d *hcl.Diagnostic) string {
	const otherwise = "Correct the name; try(…, OTHERWISE) is for what may be missing."
	expr := d.Expression
	if text, ok := expr.(interface {
		Inner() (hclsyntax.Expression, func(hcl.Range) []byte)
	}); ok {
		expr, _ = text.Inner()
	}
	e, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || d.EvalContext == nil {
		return otherwise
	}
	for i := 1; i < len(e.Traversal); i++ {
		v, diags := e.Traversal[:i].TraverseAbs(d.EvalContext)
		if diags.HasErrors() {
			break
		}
		name := Step(e.Traversal[i])
		switch t := v.Type(); {
		case t == cty.DynamicPseudoType || name == "":
		case t.IsObjectType() && !t.HasAttribute(name):
			d.Detail = fmt.Sprintf("It has no %q.", name)
			return diagnose.DidYouMean(name, slices.Sorted(maps.Keys(t.AttributeTypes())), otherwise)
		case t.IsPrimitiveType():
			d.Detail = fmt.Sprintf("%s has no parts, so it has no %q.", sentence(typeName(t)), name)
			return fmt.Sprintf("Leave .%s out.", name)
		case t.IsListType():
			d.Detail = fmt.Sprintf("A list has no %q: its elements may have.", name)
			return fmt.Sprintf("Write LIST[*].%s for a list of them, or [for x in LIST : x.%s].", name, name)
		}
	}
	return otherwise
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
