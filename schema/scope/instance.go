package scope

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// Instance is one of those that for_each makes of a block; without for_each, the only one.
type Instance struct {
	Key   string
	Keyed bool
	Each  cty.Value // {key, value}; NilVal without for_each
}

// Suffix is what the instance's address has beyond its block's: `["alice"]`.
func (i *Instance) Suffix() string {
	if !i.Keyed {
		return ""
	}
	return "[" + Quote(i.Key) + "]"
}

// Quote writes a key as HCL reads it back.
func Quote(s string) string {
	s = strconv.Quote(s)
	if strings.Contains(s, "{") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "${", "$${"), "%{", "%%{")
	}
	return s
}

// Unquote is the key that Quote wrote.
func Unquote(s string) (string, error) {
	return strconv.Unquote(strings.NewReplacer("$${", "${", "%%{", "%{").Replace(s))
}

// Instances evaluates for_each: one instance for each key, in order of key; a nil attribute means one without key.
// ok is false when a mistake in it was reported (here or where it comes from).
func (sc *Scope) Instances(a *hcl.Attribute) (found []*Instance, ok bool) {
	if a == nil {
		return []*Instance{{}}, true
	}
	if t, diags := hcl.AbsTraversalForExpr(a.Expr); !diags.HasErrors() && t.RootName() == "data" && len(t) == 3 {
		address := fmt.Sprintf("data.%s.%s", Step(t[1]), Step(t[2]))
		sc.Report(diagnose.Mistake(a.Expr.Range(), "Invalid for_each", fmt.Sprintf("%s is a data block, and not its rows.", address), fmt.Sprintf("Write %s.rows.", address)))
		return nil, false
	}
	v := sc.Dereference(sc.Evaluate(sc.Compile(a.Expr, 0), nil), a.Expr.Range(), nil)
	const summary = "Invalid for_each"
	refuse := func(cause, todo string) ([]*Instance, bool) {
		sc.Report(diagnose.Mistake(a.Expr.Range(), summary, cause, todo))
		return nil, false
	}
	const todo = `Give it a map, a set of strings (toset(["a", "b"])), or a folder that has for_each itself.`
	switch {
	case functions.Marked(v, functions.Sensitive) && !v.Type().IsObjectType() && !v.Type().IsMapType(), v.HasMark(functions.Sensitive):
		return refuse("for_each is sensitive, and its keys would be shown in every address.", "Use keys that are not: nonsensitive(…) when they may be shown.")
	case functions.Marked(v, functions.Ephemeral):
		return refuse("for_each is ephemeral: its keys could be others when a plan is applied.", "Use a value that is the same in both.")
	case v.IsNull():
		return refuse("for_each is null.", todo)
	case !v.IsKnown():
		return nil, false
	}
	t := v.Type()
	switch {
	case t.Equals(sc.folder):
		return refuse("for_each names one folder.", "Name a folder block that has for_each, or write { key = folder.NAME }.")
	case t.IsMapType(), t.IsObjectType():
		for key, each := range v.AsValueMap() {
			found = append(found, newInstance(key, each))
		}
	case t.IsSetType():
		if !functions.Plain(v).IsWhollyKnown() {
			return nil, false
		}
		for _, each := range functions.Plain(v).AsValueSlice() {
			if each.Type() != cty.String || each.IsNull() {
				return refuse(fmt.Sprintf("for_each is a set of %s.", t.ElementType().FriendlyName()), todo)
			}
			found = append(found, newInstance(each.AsString(), each))
		}
	case t.IsTupleType(), t.IsListType():
		return refuse("for_each is a list, in which nothing names an element.", `Make it a set of texts, which are the keys: toset(["a", "b"]); or a map: { key = folder.NAME }.`)
	default:
		return refuse(fmt.Sprintf("for_each is %s.", typeName(t)), todo)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Key < found[j].Key })
	if len(found) > 0 && found[0].Key == "" {
		return refuse("A key of for_each is empty, which leaves nothing to name an instance by.", "Leave it out, or give it a name.")
	}
	return found, true
}

func newInstance(key string, value cty.Value) *Instance {
	return &Instance{Key: key, Keyed: true, Each: cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key), "value": value})}
}

// Keyed makes a value of what build makes for each instance: the value itself without for_each, else a map by key.
// Where build fails, the value is unknown, so that whoever refers to it stays silent.
func (sc *Scope) Keyed(forEach *hcl.Attribute, of cty.Type, build func(in *Instance) (cty.Value, bool)) cty.Value {
	found, ok := sc.Instances(forEach)
	if !ok {
		return cty.DynamicVal
	}
	values := make(map[string]cty.Value, len(found))
	for _, in := range found {
		v, ok := build(in)
		if !ok {
			v = cty.UnknownVal(of)
		}
		if !in.Keyed {
			return v
		}
		values[in.Key] = v
	}
	if len(values) == 0 {
		return cty.MapValEmpty(of)
	}
	return cty.MapVal(values)
}
