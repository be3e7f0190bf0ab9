package schema

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// instance is one of those that for_each makes of a block; without for_each, the only one.
type instance struct {
	key   string
	keyed bool
	each  cty.Value // {key, value}; NilVal without for_each
}

// suffix is what the instance's address has beyond its block's: `["alice"]`.
func (i *instance) suffix() string {
	if !i.keyed {
		return ""
	}
	return "[" + quote(i.key) + "]"
}

// quote writes a key as HCL reads it back.
func quote(s string) string {
	s = strconv.Quote(s)
	if strings.Contains(s, "{") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "${", "$${"), "%{", "%%{")
	}
	return s
}

// evaluate finds the value of an expression for an instance. What went wrong is reported, and the value is unknown then.
func (l *loader) evaluate(e *expression, in *instance) cty.Value {
	if e.broken {
		return cty.DynamicVal
	}
	if e.value != nil {
		return *e.value
	}
	ctx := e.known
	if e.each && in != nil {
		ctx = ctx.NewChild()
		ctx.Variables = map[string]cty.Value{"each": in.each}
	}
	v, diags := e.Value(ctx)
	l.report(l.unknownFunction(e.discreet(diags, in))...)
	if diags.HasErrors() {
		v = cty.DynamicVal
	}
	if !e.each {
		e.value = &v
	}
	return v
}

// discreet takes the detail from diagnostics about an expression in which something sensitive takes part: a function's message may quote it.
func (e *expression) discreet(diags hcl.Diagnostics, in *instance) hcl.Diagnostics {
	if len(diags) == 0 {
		return nil
	}
	secret := e.secret || e.each && in != nil && functions.Marked(in.each, functions.Sensitive)
	for _, n := range e.names {
		secret = secret || functions.Marked(n.value, functions.Sensitive)
	}
	for _, d := range diags {
		if secret {
			d.Detail = "The reason is not shown, as a sensitive value takes part."
		}
		d.Expression, d.EvalContext = nil, nil
	}
	return diags
}

// unknownFunction says which function was meant. The parser's own guess differs from run to run.
func (l *loader) unknownFunction(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		if d.Summary == "Call to unknown function" && d.Subject != nil {
			name := string(l.src.Text(*d.Subject))
			d.Summary, d.Detail = "Unknown function", fmt.Sprintf("There is no function %q.", name)
			diagnose.Advise(d, diagnose.DidYouMean(name, sortedKeys(l.builtin), "See the reference for the functions that there are."))
		}
	}
	return diags
}

// attribute is an attribute of a block as written.
type attribute struct {
	*expression
	name string // with its block: "on_source.edit"
	at   hcl.Range
	bad  bool // a mistake in it was reported
}

func (l *loader) attribute(name string, a *hcl.Attribute, at place) *attribute {
	return &attribute{expression: l.compile(a.Expr, at), name: name, at: a.NameRange}
}

// compileAll compiles the attributes of a body by name.
func (l *loader) compileAll(attrs hcl.Attributes, at place) map[string]*attribute {
	all := make(map[string]*attribute, len(attrs))
	for name, a := range attrs {
		all[name] = l.attribute(name, a, at)
	}
	return all
}

// refuse reports a mistake in the attribute's value.
func (l *loader) refuse(a *attribute, summary, cause, todo string) {
	a.bad = true
	l.report(diagnose.Mistake(a.Range(), summary, cause, todo))
}

// get is the value of an attribute in a type. ok is false when there is none: it was not written, is null, or a mistake was reported.
func (l *loader) get(a *attribute, in *instance, want cty.Type) (v cty.Value, ok bool) {
	if a == nil {
		return cty.NilVal, false
	}
	raw := l.evaluate(a.expression, in)
	if raw.IsNull() {
		return cty.NilVal, false
	}
	v, err := convert.Convert(raw, want)
	if err != nil {
		l.refuse(a, "Wrong type", fmt.Sprintf("%s must be a %s, not a %s.", a.name, typeName(want), typeName(raw.Type())), "")
		return cty.NilVal, false
	}
	if p := functions.Plain(v); !p.IsWhollyKnown() {
		a.bad = true
		return cty.NilVal, false
	} else if p.IsNull() {
		return cty.NilVal, false
	}
	return v, true
}

// typeName is a type as people call it.
func typeName(t cty.Type) string {
	switch {
	case t.IsTupleType() || t.IsListType():
		return "list"
	case t.Equals(providerAs) || t.Equals(templateAs):
		return t.FriendlyName()
	case t.IsObjectType() || t.IsMapType():
		return "map"
	}
	return t.FriendlyName()
}

// shown is get for what appears in addresses, plans and the state: nothing sensitive may be in it.
func (l *loader) shown(a *attribute, in *instance, want cty.Type) (cty.Value, bool) {
	v, ok := l.get(a, in, want)
	if ok && functions.Marked(v, functions.Sensitive) {
		l.refuse(a, "Sensitive value would be shown", fmt.Sprintf("%s is shown in plans and kept in the state, and its value is marked sensitive.", a.name),
			"Use a value that is not, or say nonsensitive(…) when it may be shown.")
		return cty.NilVal, false
	}
	if !ok {
		return v, false
	}
	return functions.Plain(v), true
}

func (l *loader) text(a *attribute, in *instance) (string, bool) {
	v, ok := l.shown(a, in, cty.String)
	if !ok {
		return "", false
	}
	return v.AsString(), true
}

// boolean is otherwise when the attribute was not written.
func (l *loader) boolean(a *attribute, in *instance, otherwise bool) bool {
	if v, ok := l.shown(a, in, cty.Bool); ok {
		return v.True()
	}
	return otherwise
}

// texts is a list of strings, or a set.
func (l *loader) texts(a *attribute, in *instance) []string {
	v, ok := l.shown(a, in, cty.List(cty.String))
	if !ok {
		return nil
	}
	all := []string{}
	for _, e := range v.AsValueSlice() {
		if e.IsNull() {
			l.refuse(a, "Null in a list", fmt.Sprintf("An element of %s is null.", a.name), "Leave it out: compact(…).")
			return nil
		}
		all = append(all, e.AsString())
	}
	return all
}

// textMap is a map of strings.
func (l *loader) textMap(a *attribute, in *instance) map[string]string {
	v, ok := l.shown(a, in, cty.Map(cty.String))
	if !ok {
		return nil
	}
	all := map[string]string{}
	for k, e := range v.AsValueMap() {
		if !e.IsNull() {
			all[k] = e.AsString()
		}
	}
	return all
}

// choose reads one of a few words into into.
func choose[T ~string](l *loader, a *attribute, in *instance, into *T, words ...T) {
	s, ok := l.text(a, in)
	if !ok {
		return
	}
	known := make([]string, len(words))
	for i, w := range words {
		if T(s) == w {
			*into = w
			return
		}
		known[i] = strconv.Quote(string(w))
	}
	todo := "It is one of " + strings.Join(known, ", ") + "."
	if near := diagnose.Nearest(strconv.Quote(s), known); near != "" {
		todo = "Did you mean " + near + "? " + todo
	}
	l.refuse(a, "Unknown value", fmt.Sprintf("%s cannot be %q.", a.name, s), todo)
}

// asString converts a plain value to a string; ok is false for null, unknown and what is none.
func asString(v cty.Value) (string, bool) {
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() || !s.IsKnown() {
		return "", false
	}
	return s.AsString(), true
}
