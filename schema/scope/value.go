package scope

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// ToGo is a value in the Go type that a providers.Type names.
func ToGo(v cty.Value) any {
	switch t := v.Type(); {
	case t == cty.String:
		return v.AsString()
	case t == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case t == cty.Bool:
		return v.True()
	case t.IsListType():
		list := []string{}
		for _, e := range v.AsValueSlice() {
			if !e.IsNull() {
				list = append(list, e.AsString())
			}
		}
		return list
	default:
		m := map[string]string{}
		for k, e := range v.AsValueMap() {
			if !e.IsNull() {
				m[k] = e.AsString()
			}
		}
		return m
	}
}

// FromGo is the reverse of ToGo; what is not of the type is null.
func FromGo(v any, t cty.Type) cty.Value {
	switch v := v.(type) {
	case string:
		if t == cty.String {
			return cty.StringVal(v)
		}
	case float64:
		if t == cty.Number {
			return cty.NumberFloatVal(v)
		}
	case bool:
		if t == cty.Bool {
			return cty.BoolVal(v)
		}
	case []string:
		if t.IsListType() {
			list := make([]cty.Value, len(v))
			for i, s := range v {
				list[i] = cty.StringVal(s)
			}
			if len(list) == 0 {
				return cty.ListValEmpty(cty.String)
			}
			return cty.ListVal(list)
		}
	case map[string]string:
		if t.IsMapType() {
			m := make(map[string]cty.Value, len(v))
			for k, s := range v {
				m[k] = cty.StringVal(s)
			}
			if len(m) == 0 {
				return cty.MapValEmpty(cty.String)
			}
			return cty.MapVal(m)
		}
	}
	return cty.NullVal(t)
}

// itemValue is a value that pim gives, as expressions see it.
func itemValue(v any, t cty.Type) cty.Value {
	switch v := v.(type) {
	case nil:
		if t == cty.DynamicPseudoType {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		return cty.NullVal(t)
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case int:
		return cty.NumberIntVal(int64(v))
	case float64:
		return cty.NumberFloatVal(v)
	case []string:
		return FromGo(v, cty.List(cty.String))
	case []any:
		list := make([]cty.Value, len(v))
		for i, e := range v {
			list[i] = itemValue(e, cty.DynamicPseudoType)
		}
		if t.IsListType() {
			if len(list) == 0 {
				return cty.ListValEmpty(t.ElementType())
			}
			return cty.ListVal(list)
		}
		return cty.TupleVal(list)
	case map[string]any:
		m := make(map[string]cty.Value, len(v))
		for k, e := range v {
			m[k] = itemValue(e, cty.DynamicPseudoType)
		}
		return cty.ObjectVal(m)
	}
	return cty.NullVal(t)
}

// Data is the reverse of itemValue: what pim makes a field's value of.
func Data(v cty.Value) any {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	switch t := v.Type(); {
	case t == cty.String:
		return v.AsString()
	case t == cty.Bool:
		return v.True()
	case t == cty.Number:
		f, _ := v.AsBigFloat().Float64()
		return f
	case t.IsListType() || t.IsTupleType() || t.IsSetType():
		list := []any{}
		for _, e := range v.AsValueSlice() {
			list = append(list, Data(e))
		}
		return list
	case t.IsMapType() || t.IsObjectType():
		m := map[string]any{}
		for k, e := range v.AsValueMap() {
			m[k] = Data(e)
		}
		return m
	}
	return nil
}

// AsString converts a plain value to a string; ok is false for null, unknown and what is none.
func AsString(v cty.Value) (string, bool) {
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() || !s.IsKnown() {
		return "", false
	}
	return s.AsString(), true
}
