// Package form reads JSON and YAML as what native syntax is: bodies with attributes and blocks, whose strings are templates or references, and
// whose ranges are the file's own lines.
package form

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// Parse reads a file as configuration. The body holds what could be read: nil when that is nothing.
func Parse(text []byte, name string) (hcl.Body, hcl.Diagnostics) {
	n, diags := Read(text, name)
	if n == nil {
		return nil, diags
	}
	if n.Kind != Object && n.Kind != Null {
		return nil, append(diags, diagnose.Mistake(n.Range, "Not a configuration", "The file holds "+n.Kind.String()+", and a configuration is a map of blocks by their type.",
			`Write for example `+example(name)+`.`))
	}
	return newBody(n), diags
}

func example(name string) string {
	if IsYAML(name) {
		return "accord: { workspace: office }"
	}
	return `{"accord": {"workspace": "office"}}`
}

// Is reports whether a file of this name is one that Parse and Read understand.
func Is(name string) bool { return IsYAML(name) || strings.HasSuffix(name, ".json") }

// IsYAML reports whether a file of this name is YAML.
func IsYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// Read reads a file as a tree of values, by its name YAML 1.2 with the core schema or else JSON. It is nil with errors.
func Read(text []byte, name string) (*Node, hcl.Diagnostics) {
	if IsYAML(name) {
		return ReadYAML(text, name)
	}
	return ReadJSON(text, name)
}

// ReadYAML reads YAML 1.2 with the core schema, whatever the file is called.
func ReadYAML(text []byte, name string) (*Node, hcl.Diagnostics) {
	if bad := Encoding(text, name); bad != nil {
		return nil, hcl.Diagnostics{bad}
	}
	return newDocument(text, name).yaml()
}

// ReadJSON reads JSON, whatever the file is called.
func ReadJSON(text []byte, name string) (*Node, hcl.Diagnostics) {
	if bad := Encoding(text, name); bad != nil {
		return nil, hcl.Diagnostics{bad}
	}
	return newDocument(text, name).json()
}

// Encoding says what is wrong with a text that is not UTF-8, or has a byte order mark; nil when nothing is.
func Encoding(text []byte, name string) *hcl.Diagnostic { return newDocument(text, name).encoding() }

// Kind is what a Node holds.
type Kind int

// Null and the others are JSON's six kinds of values.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a map"}[k]
}

// Node is one value of a document, and where it is written.
type Node struct {
	Kind     Kind
	Text     string    // of a String
	Value    cty.Value // of a Null, Bool or Number
	Elements []*Node   // of a List
	Members  []Member  // of an Object, in the file's order; names are distinct
	Range    hcl.Range

	in *document
	at []int // of a String: where in the file each of its bytes is written; nil: it cannot be told
}

// Member is one name of an Object with its value.
type Member struct {
	Name      string
	NameRange hcl.Range
	Value     *Node

	at []int
}

// Literal is the node as a value in which strings are as they are written: no templates.
func (n *Node) Literal() cty.Value {
	switch n.Kind {
	case String:
		return cty.StringVal(n.Text)
	case List:
		elements := make([]cty.Value, len(n.Elements))
		for i, e := range n.Elements {
			elements[i] = e.Literal()
		}
		return cty.TupleVal(elements)
	case Object:
		members := make(map[string]cty.Value, len(n.Members))
		for _, m := range n.Members {
			members[m.Name] = m.Value.Literal()
		}
		return cty.ObjectVal(members)
	}
	return n.Value
}

// deepest is how deep values may lie in each other: a person writes ten, and a hostile file a million.
const deepest = 64

// addMember adds a member to an object, or says that it is there already.
func (n *Node) addMember(m Member, seen map[string]hcl.Range) *hcl.Diagnostic {
	if first, twice := seen[m.Name]; twice {
		return diagnose.Mistake(m.NameRange, "Duplicate key", "The key is at "+first.Filename+":"+itoa(first.Start.Line)+" already, in the same map.",
			"Leave one of them out; several blocks of one type without names are a list.")
	}
	seen[m.Name] = m.NameRange
	n.Members = append(n.Members, m)
	return nil
}
