package graph

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible is a text with everything that is not drawn, or that turns the direction of writing, written as an escape: on one line.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// short is a text of at most about max characters: its middle gives way, since both ends of an address tell.
func short(s string, max int) string {
	runes := []rune(s)
	if len(runes) <= max {
		return s
	}
	tail := max * 2 / 5
	return string(runes[:max-tail-1]) + "…" + string(runes[len(runes)-tail:])
}

// about is the second line of a node: its kind, driver and state.
func (n Node) about() string { return join(visible(n.Kind), visible(n.Driver), n.state()) }

func join(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " · ")
}

// numbered is an address with the number that it stands for, when that is not one.
func numbered(address string, count int) string {
	if count == 1 {
		return visible(address)
	}
	return fmt.Sprintf("%s (%d)", visible(address), count)
}

// label is the text at an edge.
func (e Edge) label() string { return join(numbered(e.Address, e.Count), e.state()) }

// label is the text of a mesh. Its relationships are not counted: members are what people see of it.
func (g Group) label() string { return join(visible(g.Address), g.state()) }

// tip is all that there is to say of an edge.
func (e Edge) tip() string {
	arrow := "→"
	if e.TwoWay {
		arrow = "⇄"
	}
	return fmt.Sprintf("%s: %s %s %s, %s", numbered(e.Address, e.Count), visible(e.From), arrow, visible(e.To), cmp.Or(e.state(), "ok"))
}

func (n Node) tip() string {
	return numbered(n.Address, n.Count) + ": " + join(visible(n.Kind), visible(n.Driver), cmp.Or(n.state(), "ok"))
}

func (g Group) tip() string {
	return fmt.Sprintf("%s: members: %d, relationships: %d, %s", visible(g.Address), len(g.Members), g.Count, cmp.Or(g.state(), "ok"))
}

func (m Member) tip(mesh string) string {
	return fmt.Sprintf("%s: member %s, %s", visible(mesh), visible(m.Node), cmp.Or(m.state(), "ok"))
}
