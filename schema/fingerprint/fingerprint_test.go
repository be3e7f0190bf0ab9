package fingerprint

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
)

func of(values ...cty.Value) string {
	h := New()
	for _, v := range values {
		h.Value(v)
	}
	return h.Sum()
}

// TestValueTellsApart: values that mean something else have another fingerprint.
func TestValueTellsApart(t *testing.T) {
	a, b := cty.StringVal("a"), cty.StringVal("b")
	seen := map[string]int{}
	for i, values := range [][]cty.Value{
		{a}, {b}, {a, b}, {b, a}, {cty.StringVal("ab")}, {cty.StringVal("1")}, {cty.NumberIntVal(1)}, {cty.True}, {cty.False},
		{cty.NullVal(cty.String)}, {cty.StringVal("")}, {cty.ListVal([]cty.Value{a, b})}, {cty.ListVal([]cty.Value{a}), b},
		{cty.ObjectVal(map[string]cty.Value{"a": b})}, {cty.ObjectVal(map[string]cty.Value{"b": a})}, {cty.NilVal},
	} {
		sum := of(values...)
		if other, ok := seen[sum]; ok {
			t.Errorf("cases %d and %d have one fingerprint", other, i)
		}
		seen[sum] = i
	}
}

// TestValueHidesSecrets: a value that is sensitive, or of this run alone, changes no fingerprint.
func TestValueHidesSecrets(t *testing.T) {
	for _, mark := range []functions.Mark{functions.Sensitive, functions.Ephemeral} {
		if of(cty.StringVal("a").Mark(mark)) != of(cty.StringVal("b").Mark(mark)) {
			t.Errorf("a %s value changes the fingerprint", mark)
		}
	}
}

func TestTokens(t *testing.T) {
	for text, same := range map[string]string{
		"a  +\n b": "a + b", "[a, # why\n b]": "[a, b]", "a /* why */ == b": "a==b",
	} {
		if Tokens([]byte(text)) != Tokens([]byte(same)) {
			t.Errorf("%q and %q are told apart", text, same)
		}
	}
	if Tokens([]byte(`"a b"`)) == Tokens([]byte(`"a  b"`)) {
		t.Error("spaces in a text do not count")
	}
}
