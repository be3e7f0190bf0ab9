package form

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// TestMistakes: what is wrong with a file, at which line and column, and what to do.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ name, text, at, summary, todo string }{
		{"a.json", "{\n  \"a\": 1,\n}", "2:9", "Invalid JSON", "Take it out"},
		{"a.json", "{\n  \"a\": 1\n  \"b\": 2\n}", "3:3", "Invalid JSON", "Write a comma"},
		{"a.json", "{\n  // why\n}", "2:3", "Invalid JSON", `"//": "why"`},
		{"a.json", "{\n  'a': 1}", "2:3", "Invalid JSON", "double quotes"},
		{"a.json", "{\"a\": [1, 2}", "1:12", "Invalid JSON", "commas, colons and quotes"},
		{"a.json", "{\"a\": {\n\"b\": 1\n\n", "2:6", "Invalid JSON", "Close what is open"},
		{"a.json", "{\"a\": \"x\ny\"}", "1:9", "Invalid JSON", `Write \n`},
		{"a.json", "", "1:1", "Invalid JSON", "Write {}"},
		{"a.json", "{} {}", "1:4", "Invalid JSON", "Put everything into one"},
		{"a.json", "{\"a\": 1,\n \"b\": 2, \"a\": 3}", "2:10", "Duplicate key", "Leave one of them out"},
		{"a.json", "[]", "1:1", "Not a configuration", `{"accord"`},
		{"a.json", "\xef\xbb\xbf{}", "1:1", "Byte order mark", "UTF-8"},
		{"a.json", "{\"\xe9\": 1}", "1:3", "Not UTF-8", "UTF-8"},
		{"a.json", strings.Repeat("[", 100), "1:65", "Too deep", "flatter"},
		{"a.yaml", "a: 1\n\tb: 2\n", "2:2", "Invalid YAML", "Replace the tab"},
		{"a.yaml", "a:\n\t- b\n", "2:2", "Invalid YAML", "Replace the tab"},
		{"a.yaml", "a: 1\nb: 2\na: 3\n", "3:1", "Duplicate key", "Leave one of them out"},
		{"a.yaml", "a: 1\n---\nb: 2\n", "2:1", "Several documents", "file of its own"},
		{"a.yaml", "a: &x 1\nb: *x\n", "1:1", "YAML anchor", "locals"},
		{"a.yaml", "a: {<<: {b: 1}}\n", "1:5", "YAML merge key", "merge(…)"},
		{"a.yaml", "a: 1\nb: 2: 3\n", "2:1", "Invalid YAML", "in quotes"},
		{"a.yaml", "a: 1\nc: x\n  b: 2\nd: 4\n", "3:3", "Invalid YAML", "quotes"},
		{"a.yaml", "a:\n  b: 1\n c: 2\nd: 3\n", "3:2", "Invalid YAML", "Indent it as its neighbours"},
		{"a.yaml", "a: @x\n", "1:1", "Invalid YAML", "in quotes"},
		{"a.yaml", "a: 1\nb: \"x\n", "2:1", "Invalid YAML", "missing quote"},
		{"a.yaml", "? [a]\n: 1\n", "1:3", "Invalid key", "Write a name"},
		{"a.yaml", "a: !!binary aGk=\n", "1:4", "Unknown value", "in quotes"},
		{"a.yaml", "a: .inf\nb: !thing {}\n", "2:1", "Unknown value", "Take it out"},
		{"a.yaml", "- a\n", "1:1", "Not a configuration", "accord:"},
		{"a.yaml", strings.Repeat("[", 100) + strings.Repeat("]", 100), "1:66", "Too deep", "flatter"},
	} {
		_, diags := Parse([]byte(test.text), test.name)
		if len(diags) == 0 {
			t.Errorf("%s %q: nothing is said", test.name, test.text)
			continue
		}
		d := diags[0]
		if at := fmt.Sprintf("%d:%d", d.Subject.Start.Line, d.Subject.Start.Column); at != test.at || d.Summary != test.summary || !strings.Contains(diagnose.Remedy(d), test.todo) {
			t.Errorf("%s %q: at %s: %s: %s %s\nwant at %s: %s: … %s", test.name, test.text, at, d.Summary, d.Detail, diagnose.Remedy(d), test.at, test.summary, test.todo)
		}
	}
}

// TestBillionLaughs: a file whose aliases would make a billion values is refused at its first anchor.
func TestBillionLaughs(t *testing.T) {
	text := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'i'; c++ {
		text += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	if _, diags := Read([]byte(text), "a.yaml"); len(diags) < 9 || diags[0].Summary != "YAML anchor" || diags[0].Subject.Start.Line != 1 {
		t.Errorf("%v", diags)
	}
}

// TestCoreSchema: words that were booleans, numbers or dates in YAML 1.1 are texts.
func TestCoreSchema(t *testing.T) {
	for source, want := range map[string]cty.Value{
		"no": cty.StringVal("no"), "on": cty.StringVal("on"), "y": cty.StringVal("y"), "Yes": cty.StringVal("Yes"), "OFF": cty.StringVal("OFF"),
		"true": cty.True, "FALSE": cty.False, "tRue": cty.StringVal("tRue"), "~": cty.NullVal(cty.DynamicPseudoType), "": cty.NullVal(cty.DynamicPseudoType), "null": cty.NullVal(cty.DynamicPseudoType),
		"12": cty.NumberIntVal(12), "-1.5": cty.NumberFloatVal(-1.5), "+7": cty.NumberIntVal(7), "1e3": cty.NumberIntVal(1000), "0o17": cty.NumberIntVal(15), "0xff": cty.NumberIntVal(255),
		"0777": cty.NumberIntVal(777), "1_000": cty.StringVal("1_000"), "0b1": cty.StringVal("0b1"), "12:30": cty.StringVal("12:30"), "2026-01-31": cty.StringVal("2026-01-31"),
		"'12'": cty.StringVal("12"), `"true"`: cty.StringVal("true"), "!!str 12": cty.StringVal("12"), `"a\tb\u00e9"`: cty.StringVal("a\tbé"),
	} {
		n, diags := Read([]byte("v: "+source+"\n"), "a.yaml")
		if diags.HasErrors() {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		if got := n.Literal().GetAttr("v"); !got.RawEquals(want) {
			t.Errorf("%s is %#v, want %#v", source, got, want)
		}
	}
}

// TestPlaces: what an expression refers to is marked where it is written, in whatever way the string is.
func TestPlaces(t *testing.T) {
	for name, sources := range map[string][]string{
		"a.json": {`{"v": "${f(\"é\", item.here)}"}`, `{"v": "\u00e9\ud83d\ude00\n ${item.here}"}`, "{\n\"v\": [1, {\"k\": \"${item.here}\"}]}", `{"v": {"${item.here}": 1}}`},
		"a.yaml": {"v: ${item.here}\n", "v: \"\\x41\\u00e9 ${f(\\\"x\\\", item.here)}\"\n", "v: 'it''s ${item.here}'\n", "v: |\n  first\n  ${item.here}\n", "v: >-\n  first\n  and ${item.here}\n",
			"v: words that\n  go on ${item.here}\n", "v: [a, {b: \"${item.here}\"}]\n", "v: !!str ${item.here}\n"},
	} {
		for _, source := range sources {
			body, diags := Parse([]byte(source), name)
			if diags.HasErrors() {
				t.Errorf("%s: %v", source, diags)
				continue
			}
			attrs, diags := body.JustAttributes()
			found := attrs["v"].Expr.Variables()
			if diags.HasErrors() || len(found) != 1 {
				t.Errorf("%s: %v %v", source, diags, found)
				continue
			}
			r := found[0].SourceRange()
			marked := string(r.SliceBytes([]byte(source)))
			if lines := strings.Split(source, "\n"); marked != "item.here" && !strings.Contains(source, "!!str") || !strings.Contains(lines[r.Start.Line-1], "item.here") {
				t.Errorf("%s: %q at %s", source, marked, r)
			}
		}
	}
}

// TestBlocks: blocks with names are maps in each other, several of one are a list, and null is none.
func TestBlocks(t *testing.T) {
	schema := &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "a"}}, Blocks: []hcl.BlockHeaderSchema{
		{Type: "plain"}, {Type: "named", LabelNames: []string{"name"}}, {Type: "twice", LabelNames: []string{"type", "name"}}}}
	for source, want := range map[string]string{
		"plain: {}": "plain@1", "plain: [{}, {a: 1}]": "plain@1 plain@1", "plain:\n": "", "named: {x: {}, y: }": `named "x"@1 named "y"@1`,
		"named:\n  x:\n    - a: 1\n    - a: 2\n": `named "x"@3 named "x"@4`, "twice: {t: {x: {}, y: {}}}": `twice "t" "x"@1 twice "t" "y"@1`,
		"named:\n- x: {a: 1}\n- y: {a: 2}\n": `named "x"@2 named "y"@3`,
		"plain: 1":                           "Not a block: plain must be a map of attributes, and is a number.", "named: {a: 1, b: 2}": `Not a block: named "a" must be a map of attributes, and is a number.`,
		"twice: {t: }": `Not a block: twice "t" must be a map of attributes, and is nothing.`, "other: 1": "Unsupported member: other", "plain: [[]]": "Not a block: plain must be a map of attributes, and is a list.",
	} {
		body, diags := Parse([]byte(source), "a.yaml")
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		content, diags := body.Content(schema)
		var got []string
		for _, b := range content.Blocks {
			name := b.Type
			for _, l := range b.Labels {
				name += fmt.Sprintf(" %q", l)
			}
			got = append(got, fmt.Sprintf("%s@%d", name, b.DefRange.Start.Line))
		}
		for _, d := range diags {
			got = append(got, d.Summary+": "+d.Detail)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %s, want %s", source, strings.Join(got, " "), want)
		}
	}
}

// FuzzRead reads any bytes as either form, and evaluates all that is in them: it must not panic, and ranges lie in the file.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"a: [1, {b: \"${c.d}\"}]\n", "a: |2\n   x\n", "a: >+\n\n x\n\n", "'a''b': \"\\u00e9\"\n", "? a\n: b\n", "a: !!str\n", "%YAML 1.2\n---\na: 1\n...\n", "a: ${{ b = 1 }}\n"} {
		f.Add([]byte(text), true)
	}
	for _, text := range []string{`{"a": ["\ud83d\ude00", 1e5, {"${b}": "${f(\"x\")}"}]}`, `{"a": "%{ if x }y%{ endif }", "//": 1}`, `{"a":1e999999999}`} {
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, asYAML bool) {
		name := map[bool]string{true: "a.yaml", false: "a.json"}[asYAML]
		inside := func(r hcl.Range) {
			if r.Start.Byte < 0 || r.End.Byte > len(text) || r.Start.Byte > r.End.Byte {
				t.Errorf("%s lies outside of %d bytes", r, len(text))
			}
		}
		body, diags := Parse(text, name)
		if body != nil {
			attrs, more := body.JustAttributes()
			diags = append(diags, more...)
			for _, a := range attrs {
				inside(a.Range)
				for _, v := range a.Expr.Variables() {
					inside(v.SourceRange())
				}
				_, more := a.Expr.Value(&hcl.EvalContext{})
				diags = append(diags, more...)
				hcl.ExprCall(a.Expr)
				hcl.AbsTraversalForExpr(a.Expr)
			}
			_, more = body.Content(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "a"}}, Blocks: []hcl.BlockHeaderSchema{{Type: "b", LabelNames: []string{"n"}}}})
			diags = append(diags, more...)
		}
		for _, d := range diags {
			if d.Subject == nil || d.Summary == "" {
				t.Errorf("%#v says nothing or nowhere", d)
				continue
			}
			inside(*d.Subject)
		}
	})
}
