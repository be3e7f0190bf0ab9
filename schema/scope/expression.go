package scope

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/functions"
)

// Evaluate finds the value of an expression for an instance. What went wrong is reported, and the value is unknown then.
func (sc *Scope) Evaluate(e *Expression, in *Instance) cty.Value {
	if e.Broken {
		return cty.DynamicVal
	}
	if e.value != nil {
		return *e.value
	}
	ctx := e.known
	if e.Each && in != nil {
		ctx = ctx.NewChild()
		ctx.Variables = map[string]cty.Value{"each": in.Each}
	}
	v, diags := e.Value(ctx)
	sc.Report(sc.plain(e.discreet(diags, in))...)
	if diags.HasErrors() {
		v = cty.DynamicVal
	}
	if !e.Each {
		e.value = &v
	}
	return v
}

// EvaluateOver finds the value of an expression that sees nothing but one name. ok is false when a mistake was reported.
func (sc *Scope) EvaluateOver(expr hcl.Expression, root string, v cty.Value) (result cty.Value, ok bool) {
	result, diags := expr.Value(&hcl.EvalContext{Functions: sc.builtin, Variables: map[string]cty.Value{root: v}})
	sc.Report(sc.plain(discreet(diags, functions.Marked(v, functions.Sensitive)))...)
	return result, !diags.HasErrors()
}

// discreet takes the detail from diagnostics when something sensitive takes part: a function's message may quote it.
func (e *Expression) discreet(diags hcl.Diagnostics, in *Instance) hcl.Diagnostics {
	if len(diags) == 0 {
		return nil
	}
	secret := e.Secret || e.SecretName() != "" || e.Each && in != nil && functions.Marked(in.Each, functions.Sensitive)
	return discreet(diags, secret)
}

func discreet(diags hcl.Diagnostics, secret bool) hcl.Diagnostics {
	for _, d := range diags {
		if secret {
			d.Detail = secretReason
			d.Expression, d.EvalContext = nil, nil
		}
	}
	return diags
}

const secretReason = "The reason is not shown, as a sensitive value takes part."

// Digest covers an expression's text and the values of the names in it. It is found once.
func (sc *Scope) Digest(e *Expression) string {
	if e.digested == "" {
		h := fingerprint.New()
		h.Add(fingerprint.Source(e.Expression, sc.Sources.Text))
		for _, n := range e.names {
			h.Add(n.address)
			h.Value(n.value)
		}
		e.digested = h.Sum()
	}
	return e.digested
}

// SecretName is the address of a sensitive value that an expression reads, or "".
func (e *Expression) SecretName() string {
	for _, n := range e.names {
		if functions.Marked(n.value, functions.Sensitive) {
			return n.address
		}
	}
	return ""
}

// Constant is the value when it was found and is the same for every instance.
func (e *Expression) Constant() (v cty.Value, ok bool) {
	if e.value == nil {
		return cty.NilVal, false
	}
	return *e.value, true
}

// Blocks are those blocks that the expression names, of a type that stands for blocks.
func (e *Expression) Blocks(of cty.Type) []any {
	var blocks []any
	for _, n := range e.names {
		if n.value.Type() == of && n.value.IsKnown() {
			blocks = append(blocks, n.value.EncapsulatedValue())
		}
	}
	return blocks
}
