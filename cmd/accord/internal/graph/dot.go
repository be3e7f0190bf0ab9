package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// DOT writes the graph for Graphviz (https://graphviz.org/doc/info/lang.html).
func (g *Graph) DOT(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "digraph %s {\n  rankdir=LR\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"monospace\"]\n  edge [fontname=\"monospace\", fontsize=10]\n",
		dotString(words.Safe(g.Workspace)))
	for _, n := range g.Nodes {
		label := []string{numbered(n.Address, n.Count)}
		if about := n.about(); about != "" {
			label = append(label, about)
		}
		fmt.Fprintf(out, "  %s [label=%s%s]\n", dotString(words.Safe(n.Address)), dotString(label...), dotLook(n.Status, "rounded,filled,"))
	}
	for _, m := range g.Groups {
		fmt.Fprintf(out, "  %s [label=%s, shape=hexagon, style=filled%s]\n", dotString(words.Safe(m.Address)), dotString(m.label()), dotLook(m.Status, "filled,"))
		for _, line := range m.Members {
			fmt.Fprintf(out, "  %s -> %s [dir=both%s]\n", dotString(words.Safe(line.Node)), dotString(words.Safe(m.Address)), dotLook(line.Status, ""))
		}
	}
	for _, e := range g.Edges {
		both := ""
		if e.TwoWay {
			both = ", dir=both"
		}
		fmt.Fprintf(out, "  %s -> %s [label=%s%s%s]\n", dotString(words.Safe(e.From)), dotString(words.Safe(e.To)), dotString(e.label()), both, dotLook(e.Status, ""))
	}
	fmt.Fprintln(out, "}")
	return out.Flush()
}

// dotString is lines as one quoted string. Graphviz reads escapes and HTML entities in labels.
func dotString(lines ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")
	var escaped []string
	for _, l := range lines {
		escaped = append(escaped, escape.Replace(l))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}

// dotLook are the attributes that a state has, on top of a style.
func dotLook(s plan.Status, style string) string {
	look := lookOf(s)
	if look.color == "" {
		return ""
	}
	dashed := ""
	if look.dashed {
		dashed = fmt.Sprintf(`, style="%sdashed"`, style)
	}
	return fmt.Sprintf(`, color="%s", fontcolor="%[1]s"%s`, look.color, dashed)
}
