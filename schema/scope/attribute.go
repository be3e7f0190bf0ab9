package scope

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

// Attribute is an attribute of a block as written.
type Attribute struct {
	*Expression
	Name string    // with its block: "on_source.edit"
	At   hcl.Range // of its name
	Bad  bool      // a mistake in it was reported
}

// Attribute compiles one attribute of a block.
func (sc *Scope) Attribute(name string, a *hcl.Attribute, at Place) *Attribute {
	return &Attribute{Expression: sc.Compile(a.Expr, at), Name: name, At: a.NameRange}
}

// CompileAll compiles the attributes of a body by name.
func (sc *Scope) CompileAll(attrs hcl.Attributes, at Place) map[string]*Attribute {
	all := make(map[string]*Attribute, len(attrs))
	for name, a := range attrs {
		all[name] = sc.Attribute(name, a, at)
	}
	return all
}

// Refuse reports a mistake in the attribute's value.
func (sc *Scope) Refuse(a *Attribute, summary, cause, todo string) {
	a.Bad = true
	sc.Report(diagnose.Mistake(a.Range(), summary, cause, todo))
}

// Get is the value of an attribute in a type. ok is false when there is none: it was not written, is null, or a mistake was reported.
func (sc *Scope) Get(a *Attribute, in *Instance, want cty.Type) (v cty.Value, ok bool) {
	if a == nil {
		return cty.NilVal, false
	}
	raw := sc.Evaluate(a.Expression, in)
	if raw.IsNull() {
		return cty.NilVal, false
	}
	v, err := convert.Convert(raw, want)
	if err != nil {
		sc.WrongType(a, raw, want)
		return cty.NilVal, false
	}
	if p := functions.Plain(v); !p.IsWhollyKnown() {
		a.Bad = true
		return cty.NilVal, false
	} else if p.IsNull() {
		return cty.NilVal, false
	}
	return v, true
}

// Shown is get for what appears in addresses, plans and the state: nothing sensitive may be in it.
func (sc *Scope) Shown(a *Attribute, in *Instance, want cty.Type) (cty.Value, bool) {
	v, ok := sc.Get(a, in, want)
	if ok && functions.Marked(v, functions.Sensitive) {
		sc.Refuse(a, "Sensitive value would be shown", fmt.Sprintf("%s is shown in plans and kept in the state, and its value is marked sensitive.", a.Name),
			"Use a value that is not, or say nonsensitive(…) when it may be shown.")
		return cty.NilVal, false
	}
	if !ok {
		return v, false
	}
	return functions.Plain(v), true
}

// Text is a string.
func (sc *Scope) Text(a *Attribute, in *Instance) (string, bool) {
	v, ok := sc.Shown(a, in, cty.String)
	if !ok {
		return "", false
	}
	return v.AsString(), true
}

// Required is a string that is neither null nor empty; an attribute that was not written was reported when its block was read.
func (sc *Scope) Required(a *Attribute, in *Instance, todo string) (string, bool) {
	s, ok := sc.Text(a, in)
	switch {
	case ok && strings.TrimSpace(s) != "":
		return s, true
	case ok:
		sc.Refuse(a, "Missing value", a.Name+" is empty, and it is required.", todo)
	case a != nil && !a.Bad && !a.Broken && functions.Plain(sc.Evaluate(a.Expression, in)).IsNull():
		sc.Refuse(a, "Missing value", a.Name+" is null, and it is required.", todo)
	}
	return "", false
}

// Boolean is otherwise when the attribute was not written.
func (sc *Scope) Boolean(a *Attribute, in *Instance, otherwise bool) bool {
	if v, ok := sc.Shown(a, in, cty.Bool); ok {
		return v.True()
	}
	return otherwise
}

// Texts is a list of strings, or a set.
func (sc *Scope) Texts(a *Attribute, in *Instance) []string {
	v, ok := sc.Shown(a, in, cty.List(cty.String))
	if !ok {
		return nil
	}
	all := []string{}
	for _, e := range v.AsValueSlice() {
		if e.IsNull() {
			sc.Refuse(a, "Null in a list", fmt.Sprintf("An element of %s is null.", a.Name), "Leave it out: compact(…).")
			return nil
		}
		all = append(all, e.AsString())
	}
	return all
}

// TextMap is a map of strings.
func (sc *Scope) TextMap(a *Attribute, in *Instance) map[string]string {
	v, ok := sc.Shown(a, in, cty.Map(cty.String))
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

// Choose reads one of a few words into into.
func Choose[T ~string](sc *Scope, a *Attribute, in *Instance, into *T, words ...T) {
	s, ok := sc.Text(a, in)
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
	sc.Refuse(a, "Unknown value", fmt.Sprintf("%s cannot be %q.", a.Name, s), todo)
}
