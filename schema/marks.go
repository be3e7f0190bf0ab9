package schema

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// mark is a cty mark: where a value came from, carried to wherever it goes.
type mark string

const (
	sensitive mark = "sensitive" // never shown, never stored
	ephemeral mark = "ephemeral" // may differ between plan and apply: in no fingerprint
)

// marked reports whether v, or anything in it, has the mark.
func marked(v cty.Value, m mark) bool {
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

// plain takes all marks off v.
func plain(v cty.Value) cty.Value {
	if !v.ContainsMarked() {
		return v
	}
	v, _ = v.UnmarkDeep()
	return v
}

// asString converts a plain value to a string; ok is false for null, unknown and what is none.
func asString(v cty.Value) (string, bool) {
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() || !s.IsKnown() {
		return "", false
	}
	return s.AsString(), true
}
