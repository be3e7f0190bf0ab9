package scope

import "testing"

// TestQuote: a key is what it was when it is read back, and HCL takes nothing in it for an expression.
func TestQuote(t *testing.T) {
	for key, quoted := range map[string]string{
		"anna": `"anna"`, `a "b" \c`: `"a \"b\" \\c"`, "cy ${x}": `"cy $${x}"`, "%{if}": `"%%{if}"`, "": `""`,
	} {
		if got := Quote(key); got != quoted {
			t.Errorf("%q is quoted as %s, want %s", key, got, quoted)
		}
		if got, err := Unquote(quoted); err != nil || got != key {
			t.Errorf("%s is read as %q (%v)", quoted, got, err)
		}
	}
	if _, err := Unquote("anna"); err == nil {
		t.Error("what is not quoted is read")
	}
}
