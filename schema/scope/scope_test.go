package scope

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
)

func compile(t *testing.T, sc *Scope, source string, at Place) *Expression {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(source), "main.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return sc.Compile(expr, at)
}

// declared is a scope with local.word, with local.a and local.b that need each other, and with local.wrong.
func declared(t *testing.T) *Scope {
	sc := New(functions.Surroundings{}, cty.Object(map[string]cty.Type{"address": cty.String}))
	for name, source := range map[string]string{"word": `"w"`, "a": "local.b", "b": "local.a", "wrong": `tonumber("x")`} {
		sc.Declare("local."+name, hcl.Range{Filename: name}, func() cty.Value { return sc.Evaluate(compile(t, sc, source, 0), nil) })
	}
	return sc
}

// TestEvaluate: a value, or what is said instead. Whoever depends on a mistake stays silent.
func TestEvaluate(t *testing.T) {
	for source, want := range map[string]string{
		"upper(local.word)": "",
		"local.wrod":        "There is no local.wrod in this workspace.",
		"local.a":           "local.a → local.b → local.a",
		"local":             "local alone says nothing.",
		"each.key":          "each is known only inside a block that has for_each.",
		"item.summary":      "item is known only where an expression is about an item",
		"policy.strict":     "A policy can be used by the attribute policy alone.",
		"nothing.here":      `Nothing is called "nothing".`,
		"uper(local.word)":  "There is no function",
	} {
		sc := declared(t)
		v := sc.Evaluate(compile(t, sc, source, 0), nil)
		var said []string
		for _, d := range sc.Diagnostics() {
			said = append(said, d.Detail)
		}
		switch {
		case want == "" && (len(said) > 0 || v.AsString() != "W"):
			t.Errorf("%s is %#v: %q", source, v, said)
		case want != "" && (len(said) != 1 || !strings.Contains(said[0], want) || v.IsKnown()):
			t.Errorf("%s is %#v: %q, want %q once", source, v, said, want)
		}
	}
	sc := declared(t)
	sc.Evaluate(compile(t, sc, `"${local.wrong} and ${local.wrong}"`, 0), nil)
	if n := len(sc.Diagnostics()); n != 1 {
		t.Errorf("one mistake is reported %d times", n)
	}
}

// TestInstances: the keys of for_each, in order, or what is said instead.
func TestInstances(t *testing.T) {
	for source, want := range map[string]string{
		`{ b = 1, a = 2 }`:          `["a"]["b"]`,
		`toset(["y", "x"])`:         `["x"]["y"]`,
		`{}`:                        "",
		`["a"]`:                     "for_each is a list, in which nothing names an element.",
		`null`:                      "for_each is null.",
		`"a"`:                       "for_each is a text.",
		`{ "" = 1 }`:                "A key of for_each is empty, which leaves nothing to name an instance by.",
		`toset([sensitive("a")])`:   "for_each is sensitive, and its keys would be shown in every address.",
		`{ "a\"$${b}" = "quoted" }`: `["a\"$${b}"]`,
	} {
		sc := declared(t)
		expr := compile(t, sc, source, 0)
		found, ok := sc.Instances(&hcl.Attribute{Name: "for_each", Expr: expr.Expression})
		got := ""
		for _, in := range found {
			got += in.Suffix()
		}
		if !ok && len(sc.Diagnostics()) == 1 {
			got = sc.Diagnostics()[0].Detail
		}
		if got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}
