package graph

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
)

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
func (n Node) about() string { return join(words.Safe(n.Kind), words.Safe(n.Driver), n.state()) }

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
		return words.Safe(address)
	}
	return fmt.Sprintf("%s (%d)", words.Safe(address), count)
}

// label is the text at an edge.
func (e Edge) label() string { return join(numbered(e.Address, e.Count), e.state()) }

// label is the text of a mesh. Its relationships are not counted: members are what people see of it.
func (g Group) label() string { return join(words.Safe(g.Address), g.state()) }

// tip is all that there is to say of an edge.
func (e Edge) tip() string {
	arrow := "→"
	if e.TwoWay {
		arrow = "⇄"
	}
	return fmt.Sprintf("%s: %s %s %s, %s", numbered(e.Address, e.Count), words.Safe(e.From), arrow, words.Safe(e.To), cmp.Or(e.state(), "ok"))
}

func (n Node) tip() string {
	return numbered(n.Address, n.Count) + ": " + join(words.Safe(n.Kind), words.Safe(n.Driver), cmp.Or(n.state(), "ok"))
}

func (g Group) tip() string {
	return fmt.Sprintf("%s: members: %d, relationships: %d, %s", words.Safe(g.Address), len(g.Members), g.Count, cmp.Or(g.state(), "ok"))
}

func (m Member) tip(mesh string) string {
	return fmt.Sprintf("%s: member %s, %s", words.Safe(mesh), words.Safe(m.Node), cmp.Or(m.state(), "ok"))
}
