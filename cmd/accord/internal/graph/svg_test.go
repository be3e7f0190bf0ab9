package graph

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// extent is the room that something takes.
type extent struct {
	what                     string
	left, top, right, bottom float64
}

func (a extent) meets(b extent) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// picture is an SVG as its reader sees it.
type picture struct {
	width, height float64
	boxes         []extent // of folders and meshes
	labels        []extent
	elements      []string // of all kinds, in order
	untitled      int      // groups without a title of their own
}

// read reads an SVG as XML.
func read(t interface{ Fatalf(string, ...any) }, text string) picture {
	var p picture
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	title, name := "", ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.CharData:
			switch {
			case name == "title":
				title = string(token)
			case name == "text" && strings.HasPrefix(title, "relationship."):
				half := textWidth(string(token)) * noteAdvance / 2
				at := &p.labels[len(p.labels)-1]
				at.left, at.right = at.left-half, at.right+half
			}
		case xml.EndElement:
			if token.Name.Local == "g" && title == "" {
				p.untitled++
			}
			name = ""
		case xml.StartElement:
			at := map[string]string{}
			for _, a := range token.Attr {
				at[a.Name.Local] = a.Value
			}
			number := func(attribute string) float64 {
				f, err := strconv.ParseFloat(at[attribute], 64)
				if err != nil {
					t.Fatalf("%s: %v", attribute, err)
				}
				return f
			}
			name = token.Name.Local
			p.elements = append(p.elements, name)
			switch {
			case name == "svg":
				p.width, p.height = number("width"), number("height")
			case name == "g":
				title = ""
			case name == "rect":
				p.boxes = append(p.boxes, extent{title, number("x"), number("y"), number("x") + number("width"), number("y") + number("height")})
			case name == "path" && at["class"] == "box":
				var e extent
				var middle, in, out, in2, middle2 float64
				_, err := fmt.Sscanf(at["d"], "M%f %fL%f %fH%fL%f %fL%f %fH%fZ", &e.left, &middle, &in, &e.top, &out, &e.right, &middle2, &in2, &e.bottom, &out)
				if err != nil {
					t.Fatalf("%s: %v", at["d"], err)
				}
				e.what = title
				p.boxes = append(p.boxes, e)
			case name == "text" && strings.HasPrefix(title, "relationship."):
				p.labels = append(p.labels, extent{title, number("x"), number("y") - 10, number("x"), number("y") + 2})
			}
		}
	}
}

// anyGraph is folders with relationships and meshes between them, in any order.
func anyGraph(t *rapid.T) ([]folder, []relation) {
	statuses := rapid.SampledFrom(precedence())
	var folders []folder
	n := rapid.IntRange(1, 14).Draw(t, "folders")
	for i := range n {
		address := fmt.Sprintf("folder.f%d", i)
		if rapid.Bool().Draw(t, "instance") {
			address = fmt.Sprintf(`folder.each["%d"]`, i)
		}
		folders = append(folders, folder{address, "calendar", rapid.SampledFrom([]string{"vdir", "caldav"}).Draw(t, "driver"), statuses.Draw(t, "status")})
	}
	end := func() string { return folders[rapid.IntRange(0, n-1).Draw(t, "end")].address }
	var relations []relation
	for i := range rapid.IntRange(0, 25).Draw(t, "relationships") {
		address := fmt.Sprintf("relationship.%s%d", strings.Repeat("long", rapid.IntRange(0, 20).Draw(t, "long")), i)
		if rapid.IntRange(0, 3).Draw(t, "mesh") == 0 {
			address = fmt.Sprintf(`mesh.m%d["%d"]`, i%3, i)
		}
		relations = append(relations, relation{address, end(), end(), rapid.Bool().Draw(t, "two-way"), statuses.Draw(t, "status")})
	}
	return folders, relations
}

// No two folders or meshes lie upon each other, no label lies on one, nothing lies outside, all have titles, and the order in which things were given
// makes no difference.
func TestNothingOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folders, relations := anyGraph(t)
		g := build("w", folders, relations)
		text := drawn(t, g, "svg")
		p := read(t, text)
		if len(p.boxes) != len(g.Nodes)+len(g.Groups) || len(p.labels) != len(g.Edges) || p.untitled > 0 {
			t.Fatalf("%d boxes, %d labels, %d without title", len(p.boxes), len(p.labels), p.untitled)
		}
		for i, a := range p.boxes {
			for _, b := range append(p.boxes[:i:i], p.labels...) {
				if a.meets(b) {
					t.Fatalf("%+v and %+v overlap", a, b)
				}
			}
		}
		for _, e := range append(p.boxes, p.labels...) {
			if e.left < 0 || e.top < 0 || e.right > p.width || e.bottom > p.height {
				t.Fatalf("%+v is outside of %v×%v", e, p.width, p.height)
			}
		}
		again := drawn(t, build("w", rapid.Permutation(folders).Draw(t, "folders again"), rapid.Permutation(relations).Draw(t, "relationships again")), "svg")
		if again != text {
			t.Fatal("another order makes another picture")
		}
	})
}

// A line that passes a column never runs through what stands there: on its level stretches it has a place of its own.
func TestLinesPassBeside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folders, relations := anyGraph(t)
		d := build("w", folders, relations).draw()
		for _, c := range d.chains {
			for _, i := range c.boxes[1:] {
				for _, other := range d.columns[d.boxes[i].column] {
					a, b := d.boxes[i], d.boxes[other]
					if other != i && math.Abs(a.y-b.y) < (a.height+b.height)/2 {
						t.Fatalf("%+v runs into %+v", a, b)
					}
				}
			}
		}
	})
}

// hostile are texts that would change the structure of a format that took them as they are.
func hostile() []string {
	return []string{
		`"]; evil -> x; "`, "</title><script>alert(1)</script>", "]]><g>", "a\nb\r\n  evil --> x", "\u202egnirts", "\x1b[31mred\x1b[0m", `\" back\`, "<br/>", "-->", "&lt;&quot;&#34;",
		"#quot;#35;", "a`b`*c*_d_", "|x|y|", "{{x}}", "\xff\xfe", "\u2028", "%%{init}%%", "end", "日本語 👩‍👩‍👧", strings.Repeat("long ", 2000), "\x00",
	}
}

// TestHostile draws the same graph with harmless and with hostile names: what is not a name stays the same.
func TestHostile(t *testing.T) {
	of := func(s string) *Graph {
		return build(s, []folder{{"folder.x[" + s + "]", s, s, plan.OK}, {"folder.y", "calendar", "vdir", plan.Unresolved}}, []relation{
			{"relationship.r[" + s + "]", "folder.x[" + s + "]", "folder.y", false, plan.Alert},
			{"mesh.m[" + s + "]", "folder.x[" + s + "]", "folder.y", true, plan.Status(s)},
		})
	}
	harmless := of("harmless")
	for _, s := range hostile() {
		g := of(s)
		if got, want := fmt.Sprint(read(t, drawn(t, g, "svg")).elements), fmt.Sprint(read(t, drawn(t, harmless, "svg")).elements); got != want {
			t.Errorf("%q: the SVG has the elements\n%s, want\n%s", s, got, want)
		}
		for _, format := range []string{"dot", "mmd"} {
			if got, want := skeleton(drawn(t, g, format)), skeleton(drawn(t, harmless, format)); got != want {
				t.Errorf("%q: the %s is\n%s\nwant\n%s", s, format, got, want)
			}
		}
		for format := range formats() {
			text := drawn(t, g, format)
			if words.Safe(strings.ReplaceAll(text, "\n", "")) != strings.ReplaceAll(text, "\n", "") {
				t.Errorf("%q: the %s has characters that are not drawn", s, format)
			}
		}
		for _, bad := range []string{"<script", "evil -->", "<br/><br/>"} {
			if text := drawn(t, g, "mmd"); strings.Contains(text, bad) {
				t.Errorf("%q: the Mermaid text holds %s:\n%s", s, bad, text)
			}
		}
	}
}

// skeleton is a text without what stands in quotes.
func skeleton(text string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
			b.WriteByte('"')
		case !quoted:
			b.WriteByte(text[i])
		}
	}
	if quoted {
		return "a quote is open at the end of " + text
	}
	return b.String()
}
