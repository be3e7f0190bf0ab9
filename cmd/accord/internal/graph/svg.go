package graph

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Widths of a character in pixels, in fonts that have one width for all.
const (
	nameAdvance = 8.0 // 13 px
	noteAdvance = 6.8 // 11 px
	longest     = 44  // characters of a name or label
)

// SVG draws the graph as one SVG element that needs nothing from elsewhere and that an HTML page can hold as it is. Its only style is the element
// with Style in it, so that a page's Content-Security-Policy can name it by its hash.
func (g *Graph) SVG(w io.Writer) error {
	d := g.draw()
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" class="accord-graph" role="img" viewBox="0 0 %.0f %.0f" width="%.0[1]f" height="%.0[2]f">`+"\n",
		d.width, d.height)
	fmt.Fprintf(out, "<title>%s</title>\n<style>%s</style>\n", xmlText("Folders and relationships of "+words.Safe(g.Workspace)), Style())
	for i, e := range g.Edges {
		d.edge(out, d.chains[i], e)
	}
	chains := d.chains[len(g.Edges):]
	for i, group := range g.Groups {
		for _, m := range group.Members {
			d.member(out, chains[0], m, group)
			chains = chains[1:]
		}
		d.hub(out, d.boxes[len(g.Nodes)+i], group)
	}
	for i, n := range g.Nodes {
		d.node(out, d.boxes[i], n)
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

// Style is the style sheet of every SVG: light or dark as the reader has it.
func Style() string {
	var b strings.Builder
	b.WriteString(`
.accord-graph{background:#fff;font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.accord-graph text{fill:#1f2328;font-size:11px;text-anchor:middle}
.accord-graph .name{font-size:13px}
.accord-graph .box{fill:#f6f8fa;stroke:#57606a}
.accord-graph .line{fill:none;stroke:#57606a;stroke-width:1.5}
.accord-graph .head{fill:#57606a;stroke:none}
`)
	for _, s := range precedence() {
		if look := lookOf(s); look.color != "" {
			fmt.Fprintf(&b, ".accord-graph .%s text,.accord-graph .%[1]s .head{fill:%s}\n.accord-graph .%[1]s .box,.accord-graph .%[1]s .line{stroke:%[2]s", s, look.color)
			if look.dashed {
				b.WriteString(";stroke-dasharray:5 3")
			}
			b.WriteString("}\n")
		}
	}
	b.WriteString(`@media (prefers-color-scheme:dark){
.accord-graph{background:#0d1117}
.accord-graph text{fill:#e6edf3}
.accord-graph .box{fill:#161b22;stroke:#9198a1}
.accord-graph .line{stroke:#9198a1}
.accord-graph .head{fill:#9198a1}
`)
	for _, s := range precedence() {
		if look := lookOf(s); look.color != "" {
			fmt.Fprintf(&b, ".accord-graph .%s text,.accord-graph .%[1]s .head{fill:%s}\n.accord-graph .%[1]s .box,.accord-graph .%[1]s .line{stroke:%[2]s}\n", s, look.dark)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// drawing is a graph with its layout.
type drawing struct{ *layout }

func (g *Graph) draw() drawing {
	var boxes []box
	at := map[string]int{}
	add := func(address string, width, height float64) {
		at[address] = len(boxes)
		boxes = append(boxes, box{width: width + 24, height: height, gap: nodeGap})
	}
	for _, n := range g.Nodes {
		add(n.Address, max(textWidth(short(numbered(n.Address, n.Count), longest))*nameAdvance, textWidth(n.about())*noteAdvance), nodeHeight)
	}
	for _, m := range g.Groups {
		add(m.Address, textWidth(short(m.label(), longest))*nameAdvance, hubHeight)
	}
	var lines []line
	for _, e := range g.Edges {
		lines = append(lines, line{at[e.From], at[e.To], textWidth(short(e.label(), longest))*noteAdvance + 12})
	}
	for _, m := range g.Groups {
		for _, member := range m.Members {
			lines = append(lines, line{at[member.Node], at[m.Address], 0})
		}
	}
	return drawing{arrange(boxes, lines)}
}

// textWidth is the number of characters of a text, in which those of East Asian scripts and emoji count twice.
func textWidth(s string) float64 {
	n := 0.0
	for _, r := range s {
		n++
		if r >= 0x1100 && (unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xff00 && r <= 0xff60 || r >= 0x1f000) {
			n++
		}
	}
	return n
}

func (d drawing) node(out io.Writer, b box, n Node) {
	open(out, n.Status, n.tip())
	fmt.Fprintf(out, `<rect class="box" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="6"/>`, b.x-b.width/2, b.y-b.height/2, b.width, b.height)
	name, about := b.y+4.5, n.about()
	if about != "" {
		name = b.y - 3
		text(out, "", b.x, b.y+14, about)
	}
	text(out, "name", b.x, name, short(numbered(n.Address, n.Count), longest))
	fmt.Fprintln(out, "</g>")
}

func (d drawing) hub(out io.Writer, b box, m Group) {
	open(out, m.Status, m.tip())
	left, right, top, bottom := b.x-b.width/2, b.x+b.width/2, b.y-b.height/2, b.y+b.height/2
	fmt.Fprintf(out, `<path class="box" d="M%.1f %.1fL%.1f %.1fH%.1fL%.1f %.1fL%.1f %.1fH%.1fZ"/>`, left, b.y, left+10, top, right-10, right, b.y, right-10, bottom, left+10)
	text(out, "name", b.x, b.y+4.5, short(m.label(), longest))
	fmt.Fprintln(out, "</g>")
}

func (d drawing) member(out io.Writer, c chain, m Member, of Group) {
	open(out, m.Status, m.tip(of.Address))
	d.line(out, c, true)
	fmt.Fprintln(out, "</g>")
}

func (d drawing) edge(out io.Writer, c chain, e Edge) {
	open(out, e.Status, e.tip())
	d.line(out, c, e.TwoWay)
	at := d.boxes[c.label]
	text(out, "", at.x, at.y+2, short(e.label(), longest))
	fmt.Fprintln(out, "</g>")
}

// open begins the group of an element, which has its state as class and says all about itself.
func open(out io.Writer, s plan.Status, tip string) {
	fmt.Fprintf(out, `<g class="%s"><title>%s</title>`, class(s), xmlText(tip))
}

// class is the class of a state; one that this program does not know has none.
func class(s plan.Status) string {
	if !slices.Contains(precedence(), s) {
		return ""
	}
	return string(s)
}

func text(out io.Writer, class string, x, y float64, s string) {
	if class != "" {
		class = fmt.Sprintf(` class=%q`, class)
	}
	fmt.Fprintf(out, `<text%s x="%.1f" y="%.1f">%s</text>`, class, x, y, xmlText(s))
}

func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
