package functions

import "github.com/zclconf/go-cty/cty"

// Mark is a cty mark: where a value came from, carried to wherever it goes.
type Mark string

const (
	Sensitive Mark = "sensitive" // never shown, never stored
	Ephemeral Mark = "ephemeral" // may differ between plan and apply: in no fingerprint
)

// Marked reports whether v, or anything in it, has the mark.
func Marked(v cty.Value, m Mark) bool {
	if v == cty.NilVal || v.Type().IsPrimitiveType() || !v.ContainsMarked() {
		return v != cty.NilVal && v.HasMark(m)
	}
	_, paths := v.UnmarkDeepWithPaths()
	for _, p := range paths {
		if _, ok := p.Marks[m]; ok {
			return true
		}
	}
	return false
}

// Plain takes all marks off v.
func Plain(v cty.Value) cty.Value {
	if !v.ContainsMarked() {
		return v
	}
	v, _ = v.UnmarkDeep()
	return v
}
