package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Mermaid writes the graph as a flowchart (https://mermaid.js.org/syntax/flowchart.html), which GitHub and GitLab draw.
func (g *Graph) Mermaid(w io.Writer) error {
	m := &mermaid{out: bufio.NewWriter(w), ids: map[string]string{}}
	fmt.Fprintln(m.out, "flowchart LR")
	for i, n := range g.Nodes {
		text := mermaidText(numbered(n.Address, n.Count))
		if about := n.about(); about != "" {
			text += "<br/>" + mermaidText(about)
		}
		m.vertex(n.Address, fmt.Sprintf("f%d", i), `["`+text+`"]`, n.Status)
	}
	for i, mesh := range g.Groups {
		m.vertex(mesh.Address, fmt.Sprintf("m%d", i), `{{"`+mermaidText(mesh.label())+`"}}`, mesh.Status)
		for _, line := range mesh.Members {
			m.link(line.Node, "<-->", "", mesh.Address, line.Status)
		}
	}
	for _, e := range g.Edges {
		arrow := "-->"
		if e.TwoWay {
			arrow = "<-->"
		}
		m.link(e.From, arrow, `|"`+mermaidText(e.label())+`"|`, e.To, e.Status)
	}
	m.looks()
	return m.out.Flush()
}

type mermaid struct {
	out   *bufio.Writer
	ids   map[string]string // by address
	links int
	used  map[plan.Status]bool
	style []string
}

func (m *mermaid) vertex(address, id, text string, s plan.Status) {
	m.ids[address] = id
	class := ""
	if lookOf(s).color != "" {
		class = ":::" + string(s)
		m.use(s)
	}
	fmt.Fprintf(m.out, "  %s%s%s\n", id, text, class)
}

func (m *mermaid) use(s plan.Status) {
	if m.used == nil {
		m.used = map[plan.Status]bool{}
	}
	m.used[s] = true
}

func (m *mermaid) link(from, arrow, label, to string, s plan.Status) {
	fmt.Fprintf(m.out, "  %s %s%s %s\n", m.ids[from], arrow, label, m.ids[to])
	if look := lookOf(s); look.color != "" {
		m.style = append(m.style, fmt.Sprintf("linkStyle %d stroke:%s%s", m.links, look.color, dashes(look)))
	}
	m.links++
}

func dashes(l look) string {
	if l.dashed {
		return ",stroke-dasharray:4"
	}
	return ""
}

// looks writes how states are drawn, of those that there are.
func (m *mermaid) looks() {
	for _, s := range precedence() {
		if m.used[s] {
			look := lookOf(s)
			fmt.Fprintf(m.out, "  classDef %s stroke:%s%s\n", s, look.color, dashes(look))
		}
	}
	for _, line := range m.style {
		fmt.Fprintf(m.out, "  %s\n", line)
	}
}

// mermaidText is a text inside of quotes: what Mermaid, its Markdown or HTML would read as more than text is written as an entity code.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\"#&;<>\\`*~|{}", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
