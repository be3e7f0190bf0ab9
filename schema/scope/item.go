package scope

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/pim"
)

// Edge is the relationship that an expression about an item is evaluated for. Its String is its address.
type Edge interface {
	fmt.Stringer
	// See is what source, destination, relationship or each stands for.
	See(root string) cty.Value
	// Floating is the zone that an item's floating times are read in.
	Floating() *time.Location
	// Extras are the names that every item of the source has in extra; those that it says nothing of are empty.
	Extras() []string
}

// About evaluates an expression for an item of a relationship. The value keeps its marks. The error names file and line and what is wrong.
// It is safe for concurrent use.
func (e *Expression) About(it *pim.Item, edge Edge, want cty.Type) (cty.Value, error) {
	ctx, in := e.surroundings(it, edge)
	v, diags := e.Value(ctx)
	if diags.HasErrors() {
		return cty.NilVal, e.Errorf("%s", e.reason(e.discreet(diags, in)[0], ctx, it))
	}
	converted, err := convert.Convert(v, want)
	if err != nil {
		return cty.NilVal, e.Errorf("the value is %s and must be %s", typeName(v.Type()), typeName(want))
	}
	return converted, nil
}

// reason is why an expression failed for an item, and what to do. What it says of a private item's values is left out.
func (e *Expression) reason(d *hcl.Diagnostic, ctx *hcl.EvalContext, it *pim.Item) string {
	absent := e.absent(ctx)
	if len(absent) > 0 && strings.Contains(d.Detail, "null") {
		are := "is"
		if len(absent) > 1 {
			are = "are"
		}
		return fmt.Sprintf("%s %s null for it. Write %s == null ? … : …, or try(…, OTHERWISE).", strings.Join(absent, " and "), are, absent[0])
	}
	detail := friendly.Replace(strings.TrimSpace(d.Detail))
	if it.Private() && d.Detail != secretReason {
		detail = "The reason is not shown, as the item is private."
	}
	return strings.TrimSpace(d.Summary + ": " + detail + " " + remedies[d.Summary])
}

// absent are the names that the expression reads of an item and that are null.
func (e *Expression) absent(ctx *hcl.EvalContext) []string {
	if e.item == nil {
		return nil
	}
	var names []string
	item := ctx.Variables["item"]
	for _, name := range slices.Sorted(maps.Keys(e.types)) {
		if item.GetAttr(name).IsNull() {
			names = append(names, "item."+name)
		}
	}
	return names
}

// surroundings are the names that an expression sees when it is about an item of a relationship.
func (e *Expression) surroundings(it *pim.Item, edge Edge) (*hcl.EvalContext, *Instance) {
	ctx := e.known.NewChild()
	ctx.Variables = make(map[string]cty.Value, 1+len(e.context))
	if e.item != nil {
		item := make(map[string]cty.Value, len(e.types))
		for name, t := range e.types {
			v := it.Attribute(name, edge.Floating())
			if extra, is := v.(map[string]any); is && name == "extra" {
				v = asColumns(extra, edge.Extras())
			}
			item[name] = itemValue(v, t)
		}
		ctx.Variables["item"] = cty.ObjectVal(item)
	}
	for root := range e.context {
		ctx.Variables[root] = edge.See(root)
	}
	in := &Instance{}
	if e.Each {
		in.Each = edge.See("each")
		ctx.Variables["each"] = in.Each
	}
	return ctx, in
}

// asColumns is extra with each property also under the name that an SQL folder's extra has for it: group_type for X-GROUP-TYPE. What such a folder says nothing of
// is empty.
func asColumns(extra map[string]any, names []string) map[string]any {
	all := make(map[string]any, len(names)+2*len(extra))
	for _, name := range names {
		all[name] = ""
	}
	maps.Copy(all, extra)
	for _, property := range slices.Sorted(maps.Keys(extra)) { // where two have one such name, the same one counts in every run
		all[strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(property, "X-"), "-", "_"))] = extra[property]
	}
	return all
}

// Errorf makes an error that says where in the configuration it comes from.
func (e *Expression) Errorf(format string, args ...any) error {
	r := e.Range()
	return fmt.Errorf("%s:%d: %w", r.Filename, r.Start.Line, fmt.Errorf(format, args...))
}

// Sees reports whether the value depends on what root stands for: source, destination or relationship.
func (e *Expression) Sees(root string) bool { return e.context[root] }

// ReadsOf lists the canonical fields behind what an expression reads of an item.
func (e *Expression) ReadsOf(kind pim.Kind) []string {
	var fields []string
	for _, n := range pim.Names(kind) {
		if e.item[n.Name] || e.item[""] {
			fields = append(fields, n.Fields...)
		}
	}
	return fields
}
